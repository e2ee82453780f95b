"""Mode relative: a change against a frozen baseline, in percent of it or in percentage points."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.domain.lines import N_, Line, Quantity
from app.domain.numbers import exact_decimal
from app.domain.periods import Span
from app.domain.progress import parameters
from app.domain.progress.from_to import along
from app.domain.progress.parameters import Parameter
from app.domain.progress.scoring import Expected, Facts, Mode, Score, expected_by_days
from app.errors import Invalid

NAME = "relative"
PERCENT, POINTS = "percent", "points"
UP, DOWN = "up", "down"
DIRECTION = Parameter("direction", "Instead of a sign before the change.", "choice", options=(UP, DOWN))
AS = Parameter(
    "as",
    "25 percent more than 2 % is 2.5 %, 25 points more is 27 %; must be said where the unit is %.",
    "choice",
    options=(PERCENT, POINTS),
    default=PERCENT,
)
TAKES = (
    Parameter("baseline", "The value at the start, in the metric's unit; it stays frozen.", required=True),
    Parameter("change", "By how much it is to change, in % of the baseline or in points: 25, -30.", required=True),
    DIRECTION,
    AS,
)


@dataclass(frozen=True)
class Relative:
    """`baseline` in the metric's unit; `change` signed, in percent of the baseline or in percentage points."""

    baseline: Decimal
    change: Decimal
    points: bool

    @property
    def target(self) -> Decimal:
        baseline, change = Fraction(self.baseline), Fraction(self.change)
        return exact_decimal(baseline + change if self.points else baseline * (1 + change / 100))


def parse(raw: Mapping[str, object], unit: str) -> Relative:
    """`change` is signed (-30), or positive with `direction: up` or `down`. `as: percent` or `points` must be said when
    the unit is %: 25 % more than 2.0 % is 2.5 %, 25 points more is 27 %."""
    parameters.known(NAME, raw, TAKES)
    params = Relative(parameters.number(NAME, raw, "baseline"), _change(raw), _in_points(raw, unit))
    if params.baseline == 0:
        raise Invalid(
            "relative: `baseline` is 0, and any percentage of 0 is 0; use from_to with the target as a number."
        )
    if params.baseline < 0 and not params.points:
        raise Invalid(
            f"relative: `baseline` is {params.baseline}; a percentage of a negative number can be read two ways. "
            "Use from_to with the target as a number."
        )
    parameters.refuse_standstill(NAME, params.baseline, params.target)
    what = f"{params.baseline} → {params.target}"
    parameters.refuse_rising_rank(NAME, unit, params.target > params.baseline, what)
    return params


def _change(raw: Mapping[str, object]) -> Decimal:
    change = parameters.number(NAME, raw, "change")
    if raw.get("direction") is None:
        return change
    direction = parameters.choice(NAME, raw, DIRECTION)
    if change < 0:
        raise Invalid(f"relative: `change` is {change} and `direction` is {direction}; give the sign or the direction.")
    return change if direction == UP else change.copy_negate()


def _in_points(raw: Mapping[str, object], unit: str) -> bool:
    is_share = unit.strip() in ("%", "％")
    if is_share and raw.get("as") is None:
        raise Invalid(
            "relative: the metric is itself in %, so `as` must say what the change means: `as: percent` "
            "(25 % more than 2.0 % is 2.5 %) or `as: points` (25 points more than 2.0 % is 27.0 %)."
        )
    points = parameters.choice(NAME, raw, AS) == POINTS
    if points and not is_share:
        raise Invalid(
            f"relative: `as: points` needs a metric in %, this one is in {unit!r}; use from_to or `as: percent`."
        )
    return points


def score(params: Relative, facts: Facts) -> Score:
    found = along(facts, params.baseline, params.target, "relative v1")
    return replace(found, lines=(_target_line(params, facts), *found.lines))


def _target_line(params: Relative, facts: Facts) -> Line:
    up = params.change > 0
    if params.points:
        message = (
            N_("Target: {baseline} + {change} = {target}") if up else N_("Target: {baseline} − {change} = {target}")
        )
    elif up:
        message = N_("Target: {baseline} × (1 + {change}) = {target}")
    else:
        message = N_("Target: {baseline} × (1 − {change}) = {target}")
    change = Quantity(abs(params.change), "points" if params.points else "%")
    ends = {"baseline": facts.quantity(params.baseline), "target": facts.quantity(params.target)}
    return Line(message, {**ends, "change": change})


def ends(params: Relative) -> tuple[Decimal, Decimal]:
    return params.baseline, params.target


def rising(params: Relative) -> bool:
    return params.target > params.baseline


def expected(params: Relative, window: Span, day: date) -> Expected:
    return expected_by_days(window, day)


RELATIVE = Mode(NAME, TAKES, True, parse, score, ends, rising, expected)
