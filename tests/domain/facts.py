"""Readings and facts in one line, for the tests of the domain."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from app.domain.lines import Line, Quantity
from app.domain.model import Measurement, Text
from app.domain.periods import Span
from app.domain.progress import Facts, Score, gather, mode_of

SEOUL = ZoneInfo("Asia/Seoul")
QUARTER = Span(date(2026, 10, 1), date(2026, 12, 31))


def after(days: int) -> date:
    """The day on which so many days of the quarter have passed; 0 is its first day."""
    return QUARTER.starts_on + timedelta(days=days)


def noon(day: date) -> datetime:
    """Noon in Seoul, as it is stored."""
    return datetime.combine(day, time(12), SEOUL).astimezone(UTC)


def measured(*values: tuple[date, object]) -> tuple[Measurement, ...]:
    """Measurements of one metric from (day, value)."""
    return tuple(
        Measurement(number, "metric", noon(day), Decimal(str(value)), "Kim Jiwoo")
        for number, (day, value) in enumerate(values, 1)
    )


def facts(
    *values: tuple[date, object], unit: str = "count", window: Span = QUARTER, today: date = date(2026, 11, 16)
) -> Facts:
    return gather(measured(*values), unit, window, today, SEOUL)


def score(mode: str, params: Mapping[str, object], given: Facts) -> Score:
    """The score of a mode with parameters as a file gives them."""
    found = mode_of(mode)
    return found.score(found.parse(params, given.unit), given)


def said(line: Line) -> str:
    """An explanation line in plain English, numbers in full."""
    return line.message.format(**{name: _plain(value) for name, value in line.values.items()})


def _plain(value: object) -> str:
    if isinstance(value, Text):
        return value.in_language("en")
    if isinstance(value, Quantity):
        return str(Fraction(value.value)) if value.unit == "progress" else f"{value.value}{value.unit}"
    return str(value)
