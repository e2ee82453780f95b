"""KPIs: the same modes as key results over the KPI's own days, and where a value stands in its corridor."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.domain.health import of_rolled_up
from app.domain.lines import N_, Line, Quantity
from app.domain.model import Corridor, Health, Kpi, Measurement, ObjectiveKind, Period
from app.domain.periods import Span, judged_on, label, last_spans, span_of
from app.domain.progress import Expected, Facts, Mode, Score, gather, mode_of
from app.errors import Invalid

TREND = 12
DATES = ("starts_on", "due")


class Standing(StrEnum):
    HEALTHY = "healthy"
    WATCH = "watch"
    UNHEALTHY = "unhealthy"
    UNKNOWN = "unknown"


BY_HEALTH = {
    Health.ON_TRACK: Standing.HEALTHY,
    Health.DONE: Standing.HEALTHY,
    Health.AT_RISK: Standing.WATCH,
    Health.OFF_TRACK: Standing.UNHEALTHY,
    Health.PENDING: Standing.UNKNOWN,
}


@dataclass(frozen=True)
class Terms:
    """What a KPI aims at. With `due`, its days run from `starts_on` (else the start of the period that `due` is in)."""

    mode: Mode[Any]
    params: Any
    period: Period
    starts_on: date | None = None
    due: date | None = None

    @property
    def ends(self) -> tuple[Decimal | None, Decimal | None]:
        """Start and target in the metric's unit."""
        return self.mode.ends(self.params)


@dataclass(frozen=True)
class KpiScore:
    """How a KPI stands. `now_period` names the period of the newest value (`2026-10`), `previous` is the value of the
    period before that; `trend` holds its last 12 periods, oldest first, None where nothing was measured; `trend_from`
    names the first of them."""

    score: Score
    window: Span
    expected: Expected
    now_period: str | None
    previous: Decimal | None
    trend: tuple[Decimal | None, ...]
    trend_from: str
    standing: Standing
    reason: Line


def terms(kpi: Kpi, unit: str) -> Terms:
    """Read a KPI's parameters: those of its mode, and its own `starts_on` and `due`. Raises Invalid."""
    mode = mode_of(kpi.mode)
    raw = {key: value for key, value in kpi.params.items() if key not in DATES}
    if "period" in mode.parameters:
        raw = {"period": kpi.period.value, **raw}
    starts_on, due = (_day(kpi.params, key) for key in DATES)
    if due is None and starts_on is not None:
        raise Invalid("`starts_on` needs `due`; a KPI without a due date is judged period by period.")
    if due is not None and starts_on is not None and due < starts_on:
        raise Invalid(f"`due` {due} lies before `starts_on` {starts_on}; give a later day.")
    return Terms(mode, mode.parse(raw, unit), kpi.period, starts_on, due)


def _day(params: Mapping[str, object], key: str) -> date | None:
    given = params.get(key)
    if given is None or (isinstance(given, date) and not isinstance(given, datetime)):
        return given
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise Invalid(f"`{key}` is {str(given)[:40]!r}, which is not a day; write it like 2026-06-30.") from None


def window_of(aim: Terms, last_day: date | None, today: date) -> Span:
    """The days that count: up to the due date; or the last periods that a mode looks back on; or the period of the
    newest value, so that last month's value is judged as last month's until a new one comes."""
    if aim.due is not None:
        return Span(aim.starts_on or span_of(aim.period, aim.due).starts_on, aim.due)
    back = aim.mode.lookback(aim.params)
    if back is None:
        return span_of(aim.period, last_day or today)
    found = last_spans(back[0], today, back[1])
    return Span(found[0].starts_on, found[-1].ends_on)


def assess(
    aim: Terms, measurements: Iterable[Measurement], unit: str, corridor: Corridor | None, today: date, zone: tzinfo
) -> KpiScore:
    """Score a KPI from all measurements of its metric; values after its due date do not count."""
    until = today if aim.due is None else min(today, aim.due)
    known = gather(measurements, unit, span_of(aim.period, today), until, zone)
    last_day = known.day_of(known.readings[-1]) if known.readings else None
    window = window_of(aim, last_day, today)
    score = aim.mode.score(aim.params, Facts(known.readings, unit, window, today, zone))
    expected = aim.mode.expected(aim.params, window, judged_on(window, today))
    periods = last_spans(aim.period, last_day or today, TREND)
    trend = _trend(aim, known, periods)
    standing, reason = stand(aim, score, expected, unit, corridor)
    return KpiScore(
        score=score,
        window=window,
        expected=expected,
        now_period=label(aim.period, last_day) if last_day else None,
        previous=trend[-2],
        trend=trend,
        trend_from=label(aim.period, periods[0].starts_on),
        standing=standing,
        reason=reason,
    )


def _trend(aim: Terms, facts: Facts, periods: Iterable[Span]) -> tuple[Decimal | None, ...]:
    found = [facts.within(span) for span in periods]
    return tuple(aim.mode.condense(aim.params, readings) if readings else None for readings in found)


def stand(aim: Terms, score: Score, expected: Expected, unit: str, corridor: Corridor | None) -> tuple[Standing, Line]:
    """Where the value stands: by the corridor, or without one by the cut-offs of health (domain.md §2)."""
    if score.current is None:
        return Standing.UNKNOWN, Line(N_("No value yet."))
    if corridor is None:
        verdict = of_rolled_up(score.progress, expected.value, False, ObjectiveKind.ASPIRATIONAL)
        return BY_HEALTH[verdict.health], verdict.reason
    rising = aim.mode.rising(aim.params)
    limits = {"healthy": Quantity(corridor.healthy, unit), "watch": Quantity(corridor.watch, unit)}
    message = (
        N_("Healthy from {healthy} up, watch from {watch} up; now {value}.")
        if rising
        else N_("Healthy up to {healthy}, watch up to {watch}; now {value}.")
    )
    line = Line(message, {**limits, "value": Quantity(score.current, unit)})
    return between(score.current, corridor, rising), line


def between(value: Decimal, corridor: Corridor, rising: bool) -> Standing:
    """Rising metrics: healthy ≥ `healthy`, watch ≥ `watch`; falling ones ≤."""
    sign = 1 if rising else -1
    if value * sign >= corridor.healthy * sign:
        return Standing.HEALTHY
    return Standing.WATCH if value * sign >= corridor.watch * sign else Standing.UNHEALTHY
