"""Mode recurring: the same target every week, month or quarter (40 leads a month), judged over the finished ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from app.domain.lines import N_, Line
from app.domain.model import Period
from app.domain.numbers import as_stored
from app.domain.periods import Span, counted
from app.domain.progress import parameters
from app.domain.progress.parameters import Parameter
from app.domain.progress.scoring import (
    Expected,
    Facts,
    Mode,
    Reading,
    Score,
    clamped_lines,
    expected_always,
    progress,
    rule,
    unknown,
)
from app.errors import Invalid

NAME = "recurring"
RULE = "recurring v1"
UP, DOWN = "up", "down"
UNKNOWN, ZERO = "unknown", "zero"
LAST, SUM = "last", "sum"
LOOKBACK = 13
PERIOD = parameters.period_of(Period.MONTH, "How often the target is to be reached.")
DIRECTION = Parameter("direction", "Whether more or less is better.", "choice", options=(UP, DOWN), default=UP)
CARRY_OVER = Parameter("carry_over", "Whether what is over in one period helps the others.", "flag", default=False)
MISSING = Parameter(
    "missing", "How a finished period without a value counts.", "choice", options=(UNKNOWN, ZERO), default=UNKNOWN
)
SEVERAL = Parameter(
    "several",
    "Of several values in a period the last one counts, or their sum.",
    "choice",
    options=(LAST, SUM),
    default=LAST,
)
TAKES = (
    Parameter("target", "What each period is to reach, in the metric's unit.", required=True),
    PERIOD,
    DIRECTION,
    CARRY_OVER,
    MISSING,
    SEVERAL,
)


@dataclass(frozen=True)
class Recurring:
    """`target` per period in the metric's unit; `down`: the less the better. `adds_up`: several readings of a period
    are parts of it (sum); else each tells the period so far and the last one counts."""

    target: Decimal
    period: Period
    down: bool
    carry_over: bool
    missing_is_zero: bool
    adds_up: bool


@dataclass(frozen=True)
class Actual:
    """What a period came to; `value` None: nothing was measured, and nothing stands for it."""

    span: Span
    readings: tuple[Reading, ...]
    value: Decimal | None
    over: bool


def parse(raw: Mapping[str, object], unit: str) -> Recurring:
    """`period: month`, `direction: up`, `carry_over: false`, `missing: unknown` and `several: last` unless said
    otherwise. `last`, because a measurement is the metric's value at a time and sources measure the same month again
    and again: adding these up would count things twice. Say `several: sum` when each reading is a further part."""
    parameters.known(NAME, raw, TAKES)
    params = Recurring(
        target=parameters.number(NAME, raw, "target"),
        period=parameters.period(NAME, raw, PERIOD),
        down=parameters.choice(NAME, raw, DIRECTION) == DOWN,
        carry_over=parameters.flag(NAME, raw, CARRY_OVER),
        missing_is_zero=parameters.choice(NAME, raw, MISSING) == ZERO,
        adds_up=parameters.choice(NAME, raw, SEVERAL) == SUM,
    )
    if params.target < 0 or (params.target == 0 and not params.down):
        raise Invalid(f"recurring: `target` is {params.target}; give a number above 0 (0 only with `direction: down`).")
    what = f"`target: {params.target}` or more"
    parameters.refuse_rising_rank(NAME, unit, not params.down, what)
    return params


def score(params: Recurring, facts: Facts) -> Score:
    if not facts.readings:
        return unknown(RULE)
    actuals = tuple(_actual(params, facts, span) for span in counted(params.period, facts.window))
    finished = [one for one in actuals if one.over]
    raw = _raw(params, [Fraction(one.value) for one in finished if one.value is not None])
    return Score(
        progress=None if raw is None else as_stored(raw),
        raw=raw,
        current=_current(facts, actuals),
        lines=(*_period_lines(params, facts, actuals), *_sum_lines(params, facts, finished, raw), rule(RULE)),
        inputs=tuple(reading for one in reversed(actuals) for reading in reversed(one.readings)),
        measured=sum(1 for one in finished if one.readings),
        missing=sum(1 for one in finished if not one.readings),
    )


def condense(params: Recurring, readings: tuple[Reading, ...]) -> Decimal:
    return sum((one.value for one in readings), Decimal(0)) if params.adds_up else readings[-1].value


def _actual(params: Recurring, facts: Facts, span: Span) -> Actual:
    over = span.is_over(facts.today)
    found = facts.within(span)
    if not found:
        return Actual(span, found, Decimal(0) if over and params.missing_is_zero else None, over)
    return Actual(span, found if params.adds_up else found[-1:], condense(params, found), over)


def _current(facts: Facts, actuals: tuple[Actual, ...]) -> Decimal:
    """The newest measured period's value, be it over or open; else the newest reading."""
    measured = [one.value for one in actuals if one.readings and one.value is not None]
    return measured[-1] if measured else facts.readings[-1].value


def _ratio(params: Recurring, actual: Fraction, target: Fraction) -> Fraction:
    """actual ÷ target, downward target ÷ actual; downward, nothing at all is the whole."""
    if not params.down:
        return actual / target
    return target / actual if actual > 0 else Fraction(1)


def _raw(params: Recurring, values: list[Fraction]) -> Fraction | None:
    """The mean of what each finished period reached of its target, at most 1 each; with carry-over of the sums."""
    if not values:
        return None
    target = Fraction(params.target)
    if params.carry_over:
        return _ratio(params, sum(values, Fraction(0)), target * len(values))
    return sum((min(_ratio(params, value, target), Fraction(1)) for value in values), Fraction(0)) / len(values)


def _period_lines(params: Recurring, facts: Facts, actuals: tuple[Actual, ...]) -> tuple[Line, ...]:
    """One line for every period that is over or already has a reading."""
    return tuple(_period_line(params, facts, one) for one in actuals if one.over or one.readings)


def _period_line(params: Recurring, facts: Facts, one: Actual) -> Line:
    values: dict[str, object] = {"start": one.span.starts_on, "end": one.span.ends_on}
    if one.value is None:
        return Line(N_("{start} – {end}: no value, left out"), values)
    values["actual"] = facts.quantity(one.value)
    if not one.over:
        return Line(N_("{start} – {end}: {actual} so far, not over yet, shown apart"), values)
    if not one.readings:
        return Line(N_("{start} – {end}: no value, counted as {actual}"), values)
    if params.carry_over:
        return Line(N_("{start} – {end}: {actual}"), values)
    return _ratio_line(params, facts, Fraction(one.value), values)


def _ratio_line(params: Recurring, facts: Facts, actual: Fraction, values: dict[str, object]) -> Line:
    ratio = _ratio(params, actual, Fraction(params.target))
    values = values | {"target": facts.quantity(params.target), "ratio": progress(ratio), "one": progress(Fraction(1))}
    if params.down and actual <= 0:
        return Line(N_("{start} – {end}: {actual}, counted as {one}"), values)
    if params.down and ratio > 1:
        return Line(N_("{start} – {end}: {target} ÷ {actual} = {ratio}, counted as {one}"), values)
    if params.down:
        return Line(N_("{start} – {end}: {target} ÷ {actual} = {ratio}"), values)
    if ratio > 1:
        return Line(N_("{start} – {end}: {actual} ÷ {target} = {ratio}, counted as {one}"), values)
    return Line(N_("{start} – {end}: {actual} ÷ {target} = {ratio}"), values)


def _sum_lines(params: Recurring, facts: Facts, finished: list[Actual], raw: Fraction | None) -> tuple[Line, ...]:
    """The sum over the finished periods, and how many of them have a value."""
    known = [Fraction(one.value) for one in finished if one.value is not None]
    if raw is None:
        return (Line(N_("No finished period has a value yet, so progress is unknown.")),)
    measured = sum(1 for one in finished if one.readings)
    coverage = Line(
        N_("{measured} of {finished} finished periods measured"), {"measured": measured, "finished": len(finished)}
    )
    return (coverage, _sum_line(params, facts, known, raw), *clamped_lines(raw))


def _sum_line(params: Recurring, facts: Facts, known: list[Fraction], raw: Fraction) -> Line:
    count = len(known)
    if not params.carry_over:
        values = {"sum": progress(raw * count), "count": count, "raw": progress(raw)}
        return Line(N_("Mean: {sum} ÷ {count} = {raw}"), values)
    total = sum(known, Fraction(0))
    values = {
        "sum": facts.quantity(total),
        "count": count,
        "target": facts.quantity(params.target),
        "raw": progress(raw),
    }
    if not params.down:
        return Line(N_("With carry-over: {sum} ÷ ({count} × {target}) = {raw}"), values)
    if total <= 0:
        return Line(N_("With carry-over: {sum} in all, counted as {raw}"), values)
    return Line(N_("With carry-over: ({count} × {target}) ÷ {sum} = {raw}"), values)


def ends(params: Recurring) -> tuple[None, Decimal]:
    return None, params.target


def rising(params: Recurring) -> bool:
    return not params.down


def expected(params: Recurring, window: Span, day: date) -> Expected:
    return expected_always()


def lookback(params: Recurring) -> tuple[Period, int]:
    """A KPI is judged over a dozen finished periods and shows the open one."""
    return params.period, LOOKBACK


RECURRING = Mode(NAME, TAKES, False, parse, score, ends, rising, expected, condense=condense, lookback=lookback)
