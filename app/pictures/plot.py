"""One chart: zones and levels beneath, the expected curve, the actual one on top with a dot for each value."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from app.domain.picture import TOP, Mark, Panel
from app.pictures.ink import FAINT, GRID, PAPER, PENS, TEXT, Box, Brush, Pen, Point
from app.pictures.lettering import REGULAR, STRONG, Font, clean, cut, font, width

SCALE = 3
SMALL, NEWEST = 28, 30
EDGE = 18
"""Room for dots at the edges of the plot."""
GUTTER = 14
WIDEST_LABEL = 190
DOT, NEWEST_DOT = 8, 13
LOW = 220
"""Beneath a point that low, of 1000, there is no room for words."""
FOOT = 46
"""Height of the labels beneath."""


@dataclass(frozen=True)
class Field:
    """Where a chart's values lie, in pixels of the picture."""

    left: int
    top: int
    right: int
    bottom: int

    def x(self, place: float) -> float:
        return self.left + EDGE + (self.right - self.left - 2 * EDGE) * place / TOP

    def y(self, height: float) -> float:
        return self.bottom - EDGE - (self.bottom - self.top - 2 * EDGE) * height / TOP

    def points(self, curve: Sequence[int | None], slots: int) -> list[Point | None]:
        step = TOP / (slots - 1)
        return [None if height is None else (self.x(step * at), self.y(height)) for at, height in enumerate(curve)]


def draw_plot(image: Image.Image, panel: Panel, box: tuple[int, int, int, int]) -> None:
    """The chart with its labels, inside of the box (left, top, right, bottom in pixels)."""
    left, top, right, bottom = box
    small = font(REGULAR, SMALL)
    labels = [(tick.at, cut(clean(tick.words), small, WIDEST_LABEL)) for tick in panel.upwards]
    gutter = max((width(words, small) for _, words in labels), default=0)
    field = Field(left + int(gutter) + GUTTER, top, right - _beside(panel), bottom - FOOT)
    _draw_curves(image, panel, field)
    pen = ImageDraw.Draw(image)
    for at, words in labels:
        pen.text((field.left - GUTTER, field.y(at)), words, FAINT, small, anchor="rm")
    _label_weeks(pen, panel, field, small)
    _label_newest(pen, panel, field)


def _draw_curves(image: Image.Image, panel: Panel, field: Field) -> None:
    """Drawn large and made small, which is what makes the edges smooth."""
    size = ((field.right - field.left) * SCALE, (field.bottom - field.top) * SCALE)
    large = Image.new("RGB", size, PAPER)
    brush = Brush(ImageDraw.Draw(large), SCALE)
    here = Field(0, 0, field.right - field.left, field.bottom - field.top)
    _levels(brush, panel, here)
    for part in _unbroken(here.points(panel.expected, panel.slots)):
        brush.line(part, PENS[Mark.EXPECTED])
    _actual(brush, here.points(panel.actual, panel.slots), min(DOT, here.right / panel.slots / 3))
    image.paste(large.reduce(SCALE), (field.left, field.top))


def _levels(brush: Brush, panel: Panel, field: Field) -> None:
    ends = (0.0, float(field.right))
    for level in panel.levels:
        if level.zone:
            low, high = level.zone
            zone: Box = (ends[0], _edge(field, high), ends[1], _edge(field, low))
            brush.fill(zone, level.mark)
    for tick in panel.upwards if not panel.levels else ():
        brush.line([(ends[0], field.y(tick.at)), (ends[1], field.y(tick.at))], Pen(GRID, 2))
    for level in panel.levels:
        brush.line([(ends[0], field.y(level.at)), (ends[1], field.y(level.at))], PENS[level.mark])


def _edge(field: Field, height: int) -> float:
    """A zone that goes on to the end of the scale goes on to the edge."""
    return field.top if height >= TOP else field.bottom if height <= 0 else field.y(height)


def _actual(brush: Brush, points: Sequence[Point | None], radius: float) -> None:
    for part in _unbroken(points):
        brush.line(part, PENS[Mark.ACTUAL])
    known = [point for point in points if point]
    for point in known:
        brush.dot(point, radius, PENS[Mark.ACTUAL].colour)
    if known and points[-1]:
        brush.dot(known[-1], NEWEST_DOT, PENS[Mark.ACTUAL].colour, hole=6)


def _unbroken(points: Sequence[Point | None]) -> Iterator[list[Point]]:
    """The stretches without a gap that are more than a point."""
    part: list[Point] = []
    for point in (*points, None):
        if point:
            part.append(point)
            continue
        if len(part) > 1:
            yield part
        part = []


def _label_weeks(pen: ImageDraw.ImageDraw, panel: Panel, field: Field, small: Font) -> None:
    """Beneath the plot; those at its ends stay inside, and one that would touch the one before it is left out."""
    free = float(field.left)
    for tick in panel.across:
        words = clean(tick.words)
        wide = width(words, small)
        start = min(max(field.x(tick.at) - wide / 2, field.left), field.right - wide)
        if start >= free:
            pen.text((start, field.bottom + 8), words, FAINT, small, anchor="la")
            free = start + wide + GUTTER


def _newest(panel: Panel) -> str:
    return cut(clean(panel.newest), font(STRONG, NEWEST), WIDEST_LABEL)


def _beside(panel: Panel) -> int:
    """Room to the right of the plot for the newest value, where its point is the last one that there can be."""
    is_last = len(panel.actual) == panel.slots and bool(panel.newest)
    return int(width(_newest(panel), font(STRONG, NEWEST))) + GUTTER if is_last else 0


def _label_newest(pen: ImageDraw.ImageDraw, panel: Panel, field: Field) -> None:
    """Beside the last point, where it is at the edge; else above it, or beneath where the expectation is above."""
    last = field.points(panel.actual, panel.slots)[-1]
    if not last or not panel.newest:
        return
    words, (x, y) = _newest(panel), last
    if _beside(panel):
        place, anchor = (x + NEWEST_DOT + 11, y), "lm"
    elif _is_above(panel, y - field.top):
        place, anchor = (x, y - NEWEST_DOT - 5), "ms"
    else:
        place, anchor = (x, y + NEWEST_DOT + 5), "ma"
    pen.text(place, words, TEXT, font(STRONG, NEWEST), anchor=anchor, stroke_width=5, stroke_fill=PAPER)


def _is_above(panel: Panel, room: float) -> bool:
    newest, at = panel.actual[-1], len(panel.actual) - 1
    expected = panel.expected[at] if at < len(panel.expected) else None
    if newest is None or room < NEWEST_DOT + NEWEST + 8:
        return False
    return expected is None or expected <= newest or newest < LOW
