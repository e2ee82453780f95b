"""Mode from_to: how much of the way from a baseline to a target has been gone, up and down alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.domain.lines import N_, Line
from app.domain.numbers import as_stored
from app.domain.periods import Span
from app.domain.progress import parameters
from app.domain.progress.parameters import Parameter
from app.domain.progress.scoring import (
    Expected,
    Facts,
    Mode,
    Score,
    clamped_lines,
    expected_by_days,
    now_lines,
    progress,
    rule,
    unknown,
)

NAME = "from_to"
TAKES = (
    Parameter("baseline", "The value at the start, in the metric's unit.", required=True),
    Parameter("target", "The value to be reached, in the metric's unit; above or below the baseline.", required=True),
)


@dataclass(frozen=True)
class FromTo:
    """Both in the metric's unit, never equal."""

    baseline: Decimal
    target: Decimal


def parse(raw: Mapping[str, object], unit: str) -> FromTo:
    parameters.known(NAME, raw, TAKES)
    params = FromTo(parameters.number(NAME, raw, "baseline"), parameters.number(NAME, raw, "target"))
    parameters.refuse_standstill(NAME, params.baseline, params.target)
    what = f"{params.baseline} → {params.target}"
    parameters.refuse_rising_rank(NAME, unit, params.target > params.baseline, what)
    return params


def score(params: FromTo, facts: Facts) -> Score:
    return along(facts, params.baseline, params.target, "from_to v1")


def along(facts: Facts, baseline: Decimal, target: Decimal, name: str) -> Score:
    """(current − baseline) ÷ (target − baseline); the latest reading counts, also one from before the cycle."""
    if not facts.readings:
        return unknown(name)
    latest = facts.readings[-1]
    raw = (Fraction(latest.value) - Fraction(baseline)) / (Fraction(target) - Fraction(baseline))
    sum_line = Line(
        N_("({current} − {baseline}) ÷ ({target} − {baseline}) = {raw}"),
        {
            "current": facts.quantity(latest.value),
            "baseline": facts.quantity(baseline),
            "target": facts.quantity(target),
            "raw": progress(raw),
        },
    )
    lines = (*now_lines(facts, latest), sum_line, *clamped_lines(raw), rule(name))
    return Score(as_stored(raw), raw, latest.value, lines, (latest,), measured=1)


def ends(params: FromTo) -> tuple[Decimal, Decimal]:
    return params.baseline, params.target


def rising(params: FromTo) -> bool:
    return params.target > params.baseline


def expected(params: FromTo, window: Span, day: date) -> Expected:
    return expected_by_days(window, day)


FROM_TO = Mode(NAME, TAKES, True, parse, score, ends, rising, expected)
