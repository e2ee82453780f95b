"""Numbers, units, dates and times as each language writes them (by Babel), and small pictures made of text."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import NumberPattern, parse_pattern
from babel.units import format_unit

UNKNOWN = "–"
CURRENCIES = {"USD": "$", "KRW": "₩", "EUR": "€", "JPY": "¥", "GBP": "£"}
DURATIONS = {
    "minutes": "duration-minute",
    "hours": "duration-hour",
    "days": "duration-day",
    "weeks": "duration-week",
    "months": "duration-month",
}
POINTS = {"ko": "{}%p", "en": "{} pp"}
RANKS = {"ko": "{}위", "en": "#{}"}
SPARKS = "▁▂▃▄▅▆▇█"
SPARK_UNKNOWN = "·"

Number = int | Decimal | Fraction


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@cache
def _pattern(text: str) -> NumberPattern:
    return parse_pattern(text)


def _apply(pattern: str, value: Decimal, language: str) -> str:
    return str(_pattern(pattern).apply(value, _locale(language), decimal_quantization=False))


def rounded(value: Number, places: int) -> Decimal:
    """Half-up, exact for fractions too."""
    scaled = Fraction(value) * 10**places
    whole = (2 * abs(scaled.numerator) + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-places)


def _shortened(value: Number) -> Decimal:
    """About four significant digits, but never less than two decimals nor more than the six that are stored."""
    if isinstance(value, int):
        return Decimal(value)
    stored = rounded(value, 6)
    if stored == stored.to_integral_value():
        return stored.quantize(Decimal(1))
    return rounded(value, min(6, max(2, 3 - stored.adjusted())))


@lru_cache(maxsize=8192)
def number(value: Number, language: str) -> str:
    return _apply("#,##0.######", _shortened(value), language)


@lru_cache(maxsize=8192)
def quantity(value: Number, unit: str, language: str) -> str:
    """A number with its unit: `₩1,200`, `2.3%`, `20일` or `20 days`. Units nobody knows stand behind the number."""
    if unit == "progress":
        return _apply("0.0##", rounded(value, 3), language)
    if unit in CURRENCIES:
        return _money(_shortened(value), unit, language)
    if unit == "%":
        return _apply("#,##0.######%", _shortened(value) / 100, language)
    if unit in DURATIONS:
        exact, locale = _shortened(value), _locale(language)
        return str(format_unit(exact, DURATIONS[unit], "short", "#,##0.######", locale))  # Korean has no long forms
    plain = number(value, language)
    if unit in ("", "count"):
        return plain
    if unit == "pp":
        return POINTS.get(language, POINTS["en"]).format(plain)
    if unit == "rank":
        return RANKS.get(language, RANKS["en"]).format(plain)
    return f"{plain}{'' if _is_hangul(unit[0]) or unit[0] == '%' else ' '}{unit}"


def _money(value: Decimal, unit: str, language: str) -> str:
    cents = "" if value == value.to_integral_value() else ".00" if unit != "KRW" else ".##"
    pattern = _locale(language).currency_formats["standard"].pattern.split(";")[0].replace(".00", cents)
    return _apply(pattern, value, language).replace("¤", CURRENCIES[unit])


def _is_hangul(character: str) -> bool:
    return "가" <= character <= "힣"


@lru_cache(maxsize=1024)
def score(value: Decimal | Fraction | None, language: str) -> str:
    """0.0 to 1.0 with one decimal, rounded half-up; unknown is a dash, never 0.0."""
    return UNKNOWN if value is None else _apply("0.0", rounded(value, 1), language)


def change(difference: Decimal | None, unit: str, language: str) -> str:
    """A difference with its sign: `+0.1` (unit `score`), `−20 days`, `±0`; of percentages in percentage points."""
    if difference is None:
        return UNKNOWN
    size = abs(difference)
    sign = "±" if difference == 0 else "+" if difference > 0 else "−"
    return sign + (
        score(size, language) if unit == "score" else quantity(size, "pp" if unit == "%" else unit, language)
    )


@lru_cache(maxsize=4096)
def day(value: date, language: str) -> str:
    return str(format_date(value, "medium", locale=_locale(language)))


@lru_cache(maxsize=1024)
def day_of_year(value: date, language: str) -> str:
    """Without the year: `11월 20일`, `Nov 20`."""
    return str(format_skeleton("MMMd", value, locale=_locale(language)))


def moment(value: datetime, time_zone: str, language: str) -> str:
    """Date and time of day in the zone, to the minute, with the zone's name: `Nov 20, 2026 15:04 KST`."""
    local = value.astimezone(_zone(time_zone))
    return f"{day(local.date(), language)} {clock(local)}"


def iso_moment(value: datetime, time_zone: str) -> str:
    """The same for readers of several languages: `2026-11-20 15:04 KST`."""
    local = value.astimezone(_zone(time_zone))
    return f"{local.date().isoformat()} {clock(local)}"


def local_day(value: date | datetime, time_zone: str) -> date:
    """The calendar day in the zone; a plain date is one already."""
    return value.astimezone(_zone(time_zone)).date() if isinstance(value, datetime) else value


def clock(local: datetime) -> str:
    return f"{local:%H:%M} {local.tzname()}"


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def bar(value: Decimal | Fraction | None) -> str:
    """Ten cells, as many full ones as tenths of the score; nothing for an unknown one."""
    if value is None:
        return ""
    full = min(10, max(0, int(rounded(value, 1) * 10)))
    return "▮" * full + "▯" * (10 - full)


def sparkline(
    values: Sequence[Decimal | Fraction | None], low: Number | None = None, high: Number | None = None
) -> str:
    """One block per value, between `low` and `high` (default: the least and the greatest); unknown is a middle dot."""
    known = [Fraction(value) for value in values if value is not None]
    if not known:
        return UNKNOWN
    floor = min(known) if low is None else Fraction(low)
    span = (max(known) if high is None else Fraction(high)) - floor
    return "".join(SPARK_UNKNOWN if value is None else _spark(Fraction(value) - floor, span) for value in values)


def _spark(height: Fraction, span: Fraction) -> str:
    if span <= 0:
        return SPARKS[3]
    return SPARKS[min(7, max(0, int(height / span * 8)))]
