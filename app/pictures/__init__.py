"""Drawing pictures as PNG: the same picture gives the same bytes; the library and the fonts are loaded when needed."""

from app.domain.picture import Picture


def draw(picture: Picture) -> bytes:
    """The picture as a PNG file. Unfitting: the fonts cannot be read here.

    Pillow is imported at the first picture, not when the service starts. Threads wait for each other.
    """
    from app.pictures.sheet import draw_sheet

    return draw_sheet(picture)
