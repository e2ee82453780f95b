"""Mode boolean: reached or not; the latest reading decides, 1 or more is reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.domain.lines import N_, Line
from app.domain.numbers import as_stored
from app.domain.periods import Span
from app.domain.progress import parameters
from app.domain.progress.scoring import (
    Expected,
    Facts,
    Mode,
    Score,
    expected_by_days,
    now_lines,
    progress,
    rule,
    unknown,
)

NAME = "boolean"
RULE = "boolean v1"


@dataclass(frozen=True)
class Boolean:
    """Nothing to set."""


def parse(raw: Mapping[str, object], unit: str) -> Boolean:
    parameters.known(NAME, raw, ())
    return Boolean()


def score(params: Boolean, facts: Facts) -> Score:
    if not facts.readings:
        return unknown(RULE)
    latest = facts.readings[-1]
    raw = Fraction(1 if latest.value >= 1 else 0)
    message = N_("Reached: {progress}") if raw else N_("Not reached: {progress}")
    lines = (*now_lines(facts, latest), Line(message, {"progress": progress(raw)}), rule(RULE))
    return Score(as_stored(raw), raw, latest.value, lines, (latest,), measured=1)


def ends(params: Boolean) -> tuple[Decimal, Decimal]:
    return Decimal(0), Decimal(1)


def rising(params: Boolean) -> bool:
    return True


def expected(params: Boolean, window: Span, day: date) -> Expected:
    return expected_by_days(window, day)


BOOLEAN = Mode(NAME, (), True, parse, score, ends, rising, expected)
