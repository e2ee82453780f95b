"""What every progress mode is given and gives back, and the sentences that the modes share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from app.domain.lines import N_, Line, Quantity
from app.domain.model import Measurement, Period
from app.domain.numbers import as_stored
from app.domain.periods import Span
from app.domain.progress.parameters import Parameter

P = TypeVar("P")


@dataclass(frozen=True)
class Reading:
    """One value of the metric that stands (no correction replaces it); `at` is aware."""

    at: datetime
    value: Decimal
    by: str = ""


@dataclass(frozen=True)
class Facts:
    """All that a mode looks at: readings oldest first, none after `today`; the days that count (a cycle, or a KPI's
    own period); and the zone in which days are meant."""

    readings: tuple[Reading, ...]
    unit: str
    window: Span
    today: date
    zone: tzinfo

    def day_of(self, reading: Reading) -> date:
        return reading.at.astimezone(self.zone).date()

    def within(self, span: Span) -> tuple[Reading, ...]:
        return tuple(reading for reading in self.readings if self.day_of(reading) in span)

    def quantity(self, value: Decimal | Fraction) -> Quantity:
        return Quantity(value, self.unit)


def gather(measurements: Iterable[Measurement], unit: str, window: Span, today: date, zone: tzinfo) -> Facts:
    """The facts of one metric: corrected measurements and those after `today` are left out, the rest is ordered."""
    known = sorted(measurements, key=lambda one: (one.at, one.id))
    replaced = {one.replaces for one in known}
    readings = (Reading(one.at, one.value, one.by) for one in known if one.id not in replaced)
    return Facts(tuple(r for r in readings if r.at.astimezone(zone).date() <= today), unit, window, today, zone)


@dataclass(frozen=True)
class Tally:
    """How n of m periods stand. `best` is the best progress still attainable (0–1)."""

    hits: int
    misses: int
    open: int
    best: Fraction
    reachable: bool
    certain: bool


@dataclass(frozen=True)
class Score:
    """What a mode makes of the facts.

    `progress` is 0–1 to 12 places as stored, `raw` the exact value before clamping; None is unknown, never zero.
    `current` is the value shown as *now*, None when there is no reading at all. `inputs` are the readings that
    entered, newest first; `measured` and `missing` count finished periods where a mode has periods, else 1 and 0.
    `lines` let a reader do the sum again by hand.
    """

    progress: Fraction | None
    raw: Fraction | None
    current: Decimal | None
    lines: tuple[Line, ...]
    inputs: tuple[Reading, ...] = ()
    measured: int = 0
    missing: int = 0
    tally: Tally | None = None


@dataclass(frozen=True)
class Expected:
    """The progress (0–1) that is expected on a day, and how that came about."""

    value: Fraction
    line: Line


def _fits_anywhere(params: object, window: Span) -> None:
    """Most modes ask nothing of the days they are given."""


def _own_period(params: object) -> tuple[Period, int] | None:
    return None


def latest(params: object, readings: tuple[Reading, ...]) -> Decimal:
    """The newest of several readings is the one that counts."""
    return readings[-1].value


@dataclass(frozen=True)
class Mode(Generic[P]):
    """A way to turn values into progress, as plain functions over its own parameters `P`.

    `takes` says what `parse(raw, unit)` reads; that raises Invalid, naming the parameter and how to mend it.
    `score(params, facts)`. `ends(params)` gives start and target in the metric's unit for display, None where there is
    none; `rising(params)` whether more is better. `expected(params, window, day)`. `cumulative` modes can be *done*.
    `fit(params, window)` raises Invalid when the window cannot hold what is asked. `condense(params, readings)`: what
    several readings (at least one) of a period come to. `lookback(params)`: over how many of which periods a KPI is
    judged; None: its own.
    """

    name: str
    takes: tuple[Parameter, ...]
    cumulative: bool
    parse: Callable[[Mapping[str, object], str], P]
    score: Callable[[P, Facts], Score]
    ends: Callable[[P], tuple[Decimal | None, Decimal | None]]
    rising: Callable[[P], bool]
    expected: Callable[[P, Span, date], Expected]
    fit: Callable[[P, Span], None] = _fits_anywhere
    condense: Callable[[P, tuple[Reading, ...]], Decimal] = latest
    lookback: Callable[[P], tuple[Period, int] | None] = _own_period

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what it takes."""
        return tuple(one.name for one in self.takes)


def progress(value: Fraction) -> Quantity:
    return Quantity(value, "progress")


def rule(name: str) -> Line:
    """The last line of an explanation: which rule, in which version, gave the number."""
    return Line(N_("Rule: {rule}"), {"rule": name})


def unknown(name: str) -> Score:
    """The score without any reading."""
    line = Line(N_("There is no value yet, so progress is unknown; unknown is not zero."))
    return Score(None, None, None, (line, rule(name)))


def now_lines(facts: Facts, reading: Reading) -> tuple[Line, ...]:
    """The value that counts, when and by whom it was measured, and whether it came after the last day."""
    values = {"value": facts.quantity(reading.value), "on": facts.day_of(reading), "by": reading.by}
    message = N_("Now {value}, measured on {on} by {by}.") if reading.by else N_("Now {value}, measured on {on}.")
    if facts.day_of(reading) <= facts.window.ends_on:
        return (Line(message, values),)
    late = Line(N_("This value is late: the last day was {on}."), {"on": facts.window.ends_on})
    return (Line(message, values), late)


def clamped_lines(raw: Fraction) -> tuple[Line, ...]:
    """Why the progress is not the raw value, where it is not."""
    if 0 <= raw <= 1:
        return ()
    message = N_("Below 0 counts as {progress}.") if raw < 0 else N_("Above 1 counts as {progress}.")
    return (Line(message, {"progress": progress(as_stored(raw))}),)


def expected_by_days(window: Span, day: date) -> Expected:
    """Days passed ÷ days of the window. Today has not passed yet: 0 on the first day. The last day counts as passed,
    so that on it health and the grade's band are the same (domain.md §2)."""
    passed = window.days if day >= window.ends_on else max((day - window.starts_on).days, 0)
    value = Fraction(passed, window.days)
    message = N_("Expected by now: {passed} of {days} days = {expected}")
    return Expected(value, Line(message, {"passed": passed, "days": window.days, "expected": progress(value)}))


def expected_always() -> Expected:
    """The whole, on any day."""
    one = Fraction(1)
    return Expected(one, Line(N_("Expected at any time: {expected}"), {"expected": progress(one)}))
