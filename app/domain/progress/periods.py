"""Mode periods: a threshold met in n of m weeks, months or quarters (10 of 12 weeks at 4 points or more)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
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
    Tally,
    clamped_lines,
    progress,
    rule,
    unknown,
)
from app.errors import Invalid

NAME = "periods"
RULE = "periods v1"
AT_LEAST, AT_MOST = "at_least", "at_most"
MISS, OPEN = "miss", "open"
MOST = 400
N = Parameter("n", "How many periods must meet the threshold.", "whole", required=True, most=MOST)
OF = Parameter("of", "Out of how many periods.", "whole", required=True, most=MOST)
PERIOD = parameters.period_of(Period.WEEK, "What is counted.")
THRESHOLD = Parameter("threshold", "What a period must reach, in the metric's unit.", required=True)
DIRECTION = Parameter(
    "direction", "Whether more or less is better.", "choice", options=(AT_LEAST, AT_MOST), default=AT_LEAST
)
MISSING = Parameter(
    "missing", "How a finished period without a value counts.", "choice", options=(OPEN, MISS), default=OPEN
)
TAKES = (N, OF, PERIOD, THRESHOLD, DIRECTION, MISSING)


@dataclass(frozen=True)
class Periods:
    """`threshold` in the metric's unit. `missing_is_miss`: a finished period without a reading is missed; else it
    stays open, since its value may still be entered (the default: unknown is not zero)."""

    n: int
    of: int
    period: Period
    threshold: Decimal
    at_most: bool
    missing_is_miss: bool


class Outcome(Enum):
    HIT = "hit"
    MISS = "miss"
    OPEN = "open"


@dataclass(frozen=True)
class Judged:
    """One period and how it stands; `reading` is its latest, which is the one that counts."""

    span: Span
    reading: Reading | None
    over: bool
    outcome: Outcome


def parse(raw: Mapping[str, object], unit: str) -> Periods:
    """`n` of `of` periods; `period: week`, `direction: at_least` and `missing: open` unless said otherwise."""
    parameters.known(NAME, raw, TAKES)
    direction = parameters.choice(NAME, raw, DIRECTION)
    params = Periods(
        n=parameters.whole(NAME, raw, N),
        of=parameters.whole(NAME, raw, OF),
        period=parameters.period(NAME, raw, PERIOD),
        threshold=parameters.number(NAME, raw, "threshold"),
        at_most=direction == AT_MOST,
        missing_is_miss=parameters.choice(NAME, raw, MISSING) == MISS,
    )
    if params.n > params.of:
        raise Invalid(f"periods: {params.n} of {params.of} cannot be reached; give `n` no larger than `of`.")
    what = f"`threshold: {params.threshold}` or more"
    parameters.refuse_rising_rank(NAME, unit, not params.at_most, what)
    return params


def fit(params: Periods, window: Span) -> None:
    """Raise Invalid when the window holds fewer periods than are asked."""
    there = len(_chosen(params, window))
    if there < params.of:
        raise Invalid(
            f"periods: `of` is {params.of}, but from {window.starts_on} to {window.ends_on} there are {there} "
            f"{params.period}s; give at most {there}, or a shorter `period`."
        )


def _chosen(params: Periods, window: Span) -> tuple[Span, ...]:
    """The first m whole periods of the window (its cut ones as well, where the whole ones do not suffice)."""
    return counted(params.period, window, params.of)[: params.of]


def score(params: Periods, facts: Facts) -> Score:
    if not facts.readings:
        return unknown(RULE)
    judged = tuple(_judge(params, facts, span) for span in _chosen(params, facts.window))
    tally = _tally(params, judged)
    decided = tally.hits + tally.misses
    raw = Fraction(tally.hits, params.n) if decided else None
    readings = tuple(one.reading for one in reversed(judged) if one.reading)
    return Score(
        progress=None if raw is None else as_stored(raw),
        raw=raw,
        current=facts.readings[-1].value,
        lines=(*_period_lines(params, facts, judged), *_sum_lines(params, tally, raw), rule(RULE)),
        inputs=readings,
        measured=sum(1 for one in judged if one.over and one.reading),
        missing=sum(1 for one in judged if one.over and not one.reading),
        tally=tally,
    )


def _judge(params: Periods, facts: Facts, span: Span) -> Judged:
    """A period is judged when its last day has passed; until then a later reading may still change it."""
    readings = facts.within(span)
    latest = readings[-1] if readings else None
    over = span.is_over(facts.today)
    if not over or (latest is None and not params.missing_is_miss):
        return Judged(span, latest, over, Outcome.OPEN)
    if latest is None:
        return Judged(span, latest, over, Outcome.MISS)
    met = latest.value <= params.threshold if params.at_most else latest.value >= params.threshold
    return Judged(span, latest, over, Outcome.HIT if met else Outcome.MISS)


def _tally(params: Periods, judged: tuple[Judged, ...]) -> Tally:
    outcomes = [one.outcome for one in judged]
    hits, misses, open_ = (outcomes.count(outcome) for outcome in Outcome)
    best = min(Fraction(hits + open_, params.n), Fraction(1))
    return Tally(hits, misses, open_, best, reachable=hits + open_ >= params.n, certain=hits >= params.n)


def _period_lines(params: Periods, facts: Facts, judged: tuple[Judged, ...]) -> tuple[Line, ...]:
    """One line for every period that is over or already has a reading."""
    return tuple(_period_line(params, facts, one) for one in judged if one.over or one.reading)


def _period_line(params: Periods, facts: Facts, one: Judged) -> Line:
    values: dict[str, object] = {"start": one.span.starts_on, "end": one.span.ends_on}
    if one.reading is None:
        missed = one.outcome is Outcome.MISS
        return Line(
            N_("{start} – {end}: no value, counted as missed")
            if missed
            else N_("{start} – {end}: no value, left open"),
            values,
        )
    values |= {"value": facts.quantity(one.reading.value), "threshold": facts.quantity(params.threshold)}
    if one.outcome is Outcome.OPEN:
        return Line(N_("{start} – {end}: {value} so far, not over yet"), values)
    if one.outcome is Outcome.HIT:
        return Line(
            N_("{start} – {end}: {value} ≤ {threshold}, hit")
            if params.at_most
            else N_("{start} – {end}: {value} ≥ {threshold}, hit"),
            values,
        )
    return Line(
        N_("{start} – {end}: {value} > {threshold}, missed")
        if params.at_most
        else N_("{start} – {end}: {value} < {threshold}, missed"),
        values,
    )


def _sum_lines(params: Periods, tally: Tally, raw: Fraction | None) -> tuple[Line, ...]:
    counts = {"hits": tally.hits, "open": tally.open, "n": params.n, "of": params.of}
    if raw is None:
        result = Line(N_("None of the {of} periods is decided yet, so progress is unknown."), counts)
    else:
        result = Line(N_("{hits} hit ÷ {n} needed of {of} = {raw}"), {**counts, "raw": progress(raw)})
    clamped = () if raw is None else clamped_lines(raw)
    return (result, *clamped, _outlook_line(tally, counts))


def _outlook_line(tally: Tally, counts: dict[str, int]) -> Line:
    values = {**counts, "best": progress(tally.best)}
    if tally.certain:
        return Line(N_("{n} of {of} is already certain."), values)
    if tally.reachable:
        return Line(N_("{n} of {of} can still be reached: {hits} hit and {open} open."), values)
    return Line(N_("{n} of {of} can no longer be reached; at best ({hits} + {open}) ÷ {n} = {best}"), values)


def ends(params: Periods) -> tuple[None, Decimal]:
    return None, params.threshold


def rising(params: Periods) -> bool:
    return not params.at_most


def expected(params: Periods, window: Span, day: date) -> Expected:
    """Periods passed ÷ m, which is (periods passed × n/m) ÷ n."""
    passed = sum(1 for span in _chosen(params, window) if span.is_over(day))
    value = Fraction(passed, params.of)
    message = N_("Expected by now: {passed} of {of} periods = {expected}")
    return Expected(value, Line(message, {"passed": passed, "of": params.of, "expected": progress(value)}))


def lookback(params: Periods) -> tuple[Period, int]:
    return params.period, params.of


PERIODS = Mode(NAME, TAKES, True, parse, score, ends, rising, expected, fit, lookback=lookback)
