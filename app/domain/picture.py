"""What a picture is made of: panels with curves and levels on a scale from 0 to 1000, and words ready to be drawn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from hashlib import sha256
from typing import Protocol

from app.domain.lines import Line
from app.domain.model import Text

DRAWING = 1
"""The version of how pictures are drawn: a change of app/pictures that is to be seen on pages raises it."""
MOST_PANELS = 12
ALT_LIMIT = 600
TOP = 1000

Number = Decimal | Fraction


class Words(Protocol):
    """The languages of a page speaking as one; `app.voice.Voice` is one."""

    @property
    def languages(self) -> tuple[str, ...]: ...
    def gettext(self, message: str, **values: object) -> str: ...
    def lines(self, line: Line) -> list[str]: ...
    def texts(self, text: Text) -> list[str]: ...
    def word(self, code: str) -> str: ...
    def term(self, code: str) -> Line: ...
    def score(self, value: Number | None) -> str: ...
    def briefly(self, value: Number, unit: str) -> str: ...


class Mark(StrEnum):
    """What a curve, a level or a legend's entry stands for; each has its own shape, not only its own colour."""

    ACTUAL = "actual"
    EXPECTED = "expected"
    TARGET = "target"
    HEALTHY = "healthy"
    WATCH = "watch"


@dataclass(frozen=True)
class Level:
    """A line across a panel at `at`. `zone`: what is filled, up to there or down to there; None: the line alone."""

    mark: Mark
    at: int
    zone: tuple[int, int] | None = None


@dataclass(frozen=True)
class Tick:
    """A label beside an axis, at 0–1000 of its length."""

    at: int
    words: str


@dataclass(frozen=True)
class Panel:
    """One chart. Curves are heights of 0–1000, None where nothing is known, spread evenly over `slots` places from the
    left. `title`: once per language. `code` is a health or a standing, `status` says it in words; `newest` is written
    beside the last point."""

    title: tuple[str, ...]
    code: str
    status: str
    slots: int
    actual: tuple[int | None, ...]
    newest: str
    expected: tuple[int | None, ...] = ()
    levels: tuple[Level, ...] = ()
    across: tuple[Tick, ...] = ()
    upwards: tuple[Tick, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A picture by the name of its file. `alt` says in words what it shows; `leads`: the first panel is the sum of the
    others, and the largest."""

    name: str
    alt: str
    panels: tuple[Panel, ...]
    legend: tuple[tuple[Mark, str], ...]
    leads: bool = False

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all that is drawn; `alt` stands on the page."""
        drawn = (DRAWING, self.name, self.panels, self.legend, self.leads)
        return sha256(repr(drawn).encode("utf-8", "backslashreplace")).hexdigest()


@dataclass(frozen=True)
class Scale:
    """From values to heights: `low` is at 0, `high` at 1000; what lies outside is drawn at the edge."""

    low: Fraction
    high: Fraction

    def at(self, value: Number) -> int:
        if self.high == self.low:
            return TOP // 2
        return min(TOP, max(0, round((Fraction(value) - self.low) / (self.high - self.low) * TOP)))

    def curve(self, values: Sequence[Number | None]) -> tuple[int | None, ...]:
        return tuple(None if value is None else self.at(value) for value in values)


def known(values: Sequence[Number | None]) -> bool:
    """Whether there is anything to draw."""
    return any(value is not None for value in values)


def shortened(sentences: Mapping[str, None] | Sequence[str]) -> str:
    """One text, no longer than an alternative text should be; whole sentences are left out at the end."""
    kept = ""
    for sentence in sentences:
        longer = f"{kept} {sentence}".strip()
        if len(longer) > ALT_LIMIT:
            return kept or longer[: ALT_LIMIT - 1] + "…"
        kept = longer
    return kept
