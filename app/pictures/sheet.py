"""A picture as a sheet: panels in two columns, the leading one across both, and beneath them what the lines mean."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from PIL import Image, ImageDraw

from app.domain.picture import Mark, Panel, Picture
from app.pictures.ink import FAINT, FILLS, PAPER, PENS, TEXT, Brush
from app.pictures.lettering import REGULAR, STRONG, Font, clean, cut, font, width, wrap
from app.pictures.plot import DOT, SCALE, draw_plot

WIDTH = 1360
PAD, GAP, ROW_GAP = 12, 52, 44
TITLE, TITLE_LINE, TITLE_LINES = 36, 46, 2
STATUS, STATUS_LINE = 30, 48
PLOT, LEADING_PLOT = 270, 360
LEGEND, LEGEND_LINE = 30, 54
SAMPLE = 78
_ONE_AT_A_TIME = Lock()
"""Faces of a font are not to be used by two threads at once, and one large canvas is enough."""


@dataclass(frozen=True)
class _Place:
    """A panel on the sheet: its left edge, how wide it is, its title in lines, and the height of its plot."""

    panel: Panel
    left: int
    wide: int
    title: tuple[str, ...]
    plot: int


def draw_sheet(picture: Picture) -> bytes:
    """PNG without any time in it; 1360 pixels wide, as high as its panels need."""
    with _ONE_AT_A_TIME:
        rows = [_row(panels, leads) for panels, leads in _rows(picture)]
        legend = _legend_lines(picture)
        height = 2 * PAD + sum(_height(row) for row in rows) + ROW_GAP * len(rows) + LEGEND_LINE * len(legend)
        image = Image.new("RGB", (WIDTH, height), PAPER)
        top = PAD
        for row in rows:
            for place in row:
                _draw_panel(image, place, top, _height(row))
            top += _height(row) + ROW_GAP
        for line in legend:
            _draw_legend(image, line, top)
            top += LEGEND_LINE
        return _png(image)


def _png(image: Image.Image) -> bytes:
    """In 256 colours, which makes a third of the file and takes half of the time; the paper stays as white as it is."""
    few = image.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    palette, paper = few.getpalette() or [], few.getpixel((0, 0))
    assert isinstance(paper, int)
    palette[3 * paper : 3 * paper + 3] = image.getpixel((0, 0))
    few.putpalette(palette)
    written = BytesIO()
    few.save(written, "PNG", compress_level=6)
    return written.getvalue()


def _rows(picture: Picture) -> Iterator[tuple[Sequence[Panel], bool]]:
    rest = picture.panels
    if picture.leads or len(rest) == 1:
        yield rest[:1], True
        rest = rest[1:]
    for at in range(0, len(rest), 2):
        yield rest[at : at + 2], False


def _row(panels: Sequence[Panel], leads: bool) -> list[_Place]:
    wide = WIDTH - 2 * PAD if leads else (WIDTH - 2 * PAD - GAP) // 2
    face = font(STRONG, TITLE)
    titles = [_title(panel, face, wide) for panel in panels]
    plot = LEADING_PLOT if leads else PLOT
    return [
        _Place(panel, PAD + at * (wide + GAP), wide, title, plot)
        for at, (panel, title) in enumerate(zip(panels, titles, strict=True))
    ]


def _title(panel: Panel, face: Font, wide: int) -> tuple[str, ...]:
    """A line for each language, or two for one."""
    said = [clean(words) for words in panel.title]
    return wrap(said[0], face, wide, TITLE_LINES) if len(said) == 1 else tuple(cut(one, face, wide) for one in said)


def _height(row: Sequence[_Place]) -> int:
    """Plots of a row stand in line, however long the titles above them are."""
    return max(len(place.title) for place in row) * TITLE_LINE + STATUS_LINE + row[0].plot


def _draw_panel(image: Image.Image, place: _Place, top: int, height: int) -> None:
    pen, strong, regular = ImageDraw.Draw(image), font(STRONG, TITLE), font(REGULAR, STATUS)
    for line in place.title:
        pen.text((place.left, top), line, TEXT, strong)
        top += TITLE_LINE
    _draw_mark(image, place, top)
    room = place.wide - STATUS_LINE
    pen.text((place.left + 36, top + 2), cut(clean(place.panel.status), regular, room), TEXT, regular)
    bottom = top + STATUS_LINE + place.plot
    draw_plot(image, place.panel, (place.left, bottom - place.plot, place.left + place.wide, bottom))


def _draw_mark(image: Image.Image, place: _Place, top: int) -> None:
    size = 30
    large = Image.new("RGB", (size * SCALE, size * SCALE), PAPER)
    Brush(ImageDraw.Draw(large), SCALE).status((size / 2, size / 2), size / 2 - 2, place.panel.code)
    image.paste(large.reduce(SCALE), (place.left, top + 5))


def _legend_lines(picture: Picture) -> list[list[tuple[Mark, str, int]]]:
    """Mark, words and left edge of each entry, in as many lines as they need."""
    lines: list[list[tuple[Mark, str, int]]] = [[]]
    face, left = font(REGULAR, LEGEND), PAD
    for mark, said in picture.legend:
        words = cut(clean(said), face, WIDTH - 2 * PAD - SAMPLE)
        wide = SAMPLE + int(width(words, face)) + GAP
        if lines[-1] and left + wide - GAP > WIDTH - PAD:
            lines, left = [*lines, []], PAD
        lines[-1].append((mark, words, left))
        left += wide
    return lines


def _draw_legend(image: Image.Image, entries: Sequence[tuple[Mark, str, int]], top: int) -> None:
    pen, face = ImageDraw.Draw(image), font(REGULAR, LEGEND)
    for mark, words, left in entries:
        image.paste(_sample(mark), (left, top + 2))
        pen.text((left + SAMPLE, top + 2), words, FAINT, face)


def _sample(mark: Mark) -> Image.Image:
    """What the mark looks like in a plot."""
    wide, tall = SAMPLE - 14, 36
    large = Image.new("RGB", (wide * SCALE, tall * SCALE), PAPER)
    brush = Brush(ImageDraw.Draw(large), SCALE)
    at = tall / 2
    if mark in FILLS:
        brush.fill((0, at, wide, tall), mark) if mark is Mark.WATCH else brush.fill((0, 0, wide, at), mark)
    brush.line([(0, at), (wide, at)], PENS[mark])
    if mark is Mark.ACTUAL:
        brush.dot((wide / 2, at), DOT, PENS[mark].colour)
    return large.reduce(SCALE)
