"""Colours and shapes: each meaning has its own line, fill or mark, so that nothing is told by colour alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from PIL import ImageDraw

from app.domain.picture import Mark

PAPER, TEXT, FAINT, GRID = "#ffffff", "#172b4d", "#44546f", "#dcdfe4"
RED, AMBER, GREEN, BLUE, GREY = "#ae2a19", "#974f0c", "#1f6b4e", "#0747a6", "#5e6c84"

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Pen:
    """A line's colour, its width, and the lengths of its dashes and gaps in turn (none: it is drawn through), in
    pixels."""

    colour: str
    width: int
    dashes: tuple[int, ...] = ()


PENS = {
    Mark.ACTUAL: Pen(BLUE, 6),
    Mark.EXPECTED: Pen(GREY, 4, (16, 11)),
    Mark.TARGET: Pen("#5e4db2", 4, (26, 9, 5, 9)),
    Mark.HEALTHY: Pen(GREEN, 3),
    Mark.WATCH: Pen(AMBER, 3, (4, 8)),
}
FILLS = {Mark.HEALTHY: "#dffcf0", Mark.WATCH: "#fff7d6"}
HATCH = {Mark.WATCH: Pen("#e2b203", 1)}
HATCH_STEP = 16
STATUS = {
    "off_track": ("triangle", RED),
    "unhealthy": ("triangle", RED),
    "at_risk": ("diamond", AMBER),
    "watch": ("diamond", AMBER),
    "on_track": ("circle", GREEN),
    "healthy": ("circle", GREEN),
    "done": ("square", BLUE),
}
"""A mark and a colour by health or standing; others, of which nothing is known, get a grey ring."""


@dataclass(frozen=True)
class Brush:
    """Draws on a canvas that is `scale` times as large as what is meant, so that edges become smooth when it is
    reduced. All lengths are given as meant."""

    canvas: ImageDraw.ImageDraw
    scale: int

    def line(self, points: Sequence[Point], pen: Pen) -> None:
        parts = _dashed(points, pen.dashes) if pen.dashes else [points]
        for part in parts:
            self.canvas.line(self._large(part), pen.colour, pen.width * self.scale, joint="curve")

    def dot(self, at: Point, radius: float, colour: str, hole: float = 0) -> None:
        self._ellipse(at, radius, colour)
        if hole:
            self._ellipse(at, hole, PAPER)

    def _ellipse(self, at: Point, radius: float, colour: str) -> None:
        (left, top), (right, bottom) = self._large([(at[0] - radius, at[1] - radius), (at[0] + radius, at[1] + radius)])
        self.canvas.ellipse((left, top, right, bottom), colour)

    def fill(self, box: Box, mark: Mark) -> None:
        left, top, right, bottom = box
        (x, y), (x2, y2) = self._large([(left, top), (right, bottom)])
        self.canvas.rectangle((x, y, x2, y2), FILLS[mark])
        if mark in HATCH:
            self._hatch(box, HATCH[mark])

    def _hatch(self, box: Box, pen: Pen) -> None:
        """Slanting lines, cut at the edges of the box."""
        left, top, right, bottom = box
        tall = bottom - top
        for step in range(HATCH_STEP, int(right - left + tall), HATCH_STEP):
            start, end = left + step, left + step - tall
            self.line(
                [
                    (min(start, right), top + max(start - right, 0)),
                    (max(end, left), bottom - max(left - end, 0)),
                ],
                pen,
            )

    def status(self, at: Point, radius: float, code: str) -> None:
        shape, colour = STATUS.get(code, ("ring", GREY))
        x, y = at
        if shape == "ring":
            self.dot(at, radius, colour, hole=radius * 0.55)
        elif shape == "circle":
            self.dot(at, radius, colour)
        else:
            self.canvas.polygon(self._large(_corners(shape, x, y, radius)), colour)

    def _large(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self.scale, y * self.scale) for x, y in points]


def _corners(shape: str, x: float, y: float, radius: float) -> list[Point]:
    if shape == "triangle":
        return [(x, y - radius), (x + radius, y + radius * 0.8), (x - radius, y + radius * 0.8)]
    if shape == "diamond":
        return [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
    side = radius * 0.88
    return [(x - side, y - side), (x + side, y - side), (x + side, y + side), (x - side, y + side)]


def _dashed(points: Sequence[Point], dashes: Sequence[int]) -> Iterator[list[Point]]:
    """The parts of the line that are drawn; a dash goes round a corner."""
    number, left, drawn = 0, float(dashes[0]), [points[0]]
    for start, end in pairwise(points):
        length, gone = hypot(end[0] - start[0], end[1] - start[1]), 0.0
        while length - gone > left:
            gone += left
            at = (
                start[0] + (end[0] - start[0]) * gone / length,
                start[1] + (end[1] - start[1]) * gone / length,
            )
            if number % 2 == 0:
                yield [*drawn, at]
            number += 1
            left, drawn = float(dashes[number % len(dashes)]), [at]
        left -= length - gone
        drawn = [*drawn, end]
    if number % 2 == 0 and len(drawn) > 1:
        yield drawn
