"""Numbers, units, dates and times as each language writes them (by Babel), and small pictures made of text."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import NumberPattern, format_compact_decimal, parse_pattern
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
LARGE = 100_000
"""Numbers from here on are written in short where there is little room."""

Number = int | Decimal | Fraction


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language)


@cache
def _pattern(text: str) -> NumberPattern:
    return parse_pattern(text)


def _apply(pattern: str, value: Decimal, language: str) -> str:
    return str(_pattern(pattern).apply(value, _locale(language), decimal_quantization=False))


@cache
def _signs(language: str) -> dict[int, str]:
    """How the language writes what Python writes as `,`, `.` and `%`."""
    signs = _locale(language).number_symbols["latn"]
    names = {",": "group", ".": "decimal", "%": "percentSign"}
    return {ord(sign): signs[name] for sign, name in names.items()}


def _plain(value: Decimal, language: str, places: int = 0, sign: str = "") -> str:
    """As Babel's `#,##0.######` writes it (with at least so many decimals, and a sign behind), ten times as fast."""
    whole, _, decimals = f"{value:,f}".partition(".")
    decimals = decimals.rstrip("0").ljust(places, "0")
    return (f"{whole}.{decimals}{sign}" if decimals else whole + sign).translate(_signs(language))


def rounded(value: Number, places: int) -> Decimal:
    """Half-up, exact for fractions too."""
    return Decimal(_rounded(value, places)).scaleb(-places)


def _rounded(value: Number, places: int) -> int:
    """How many tenths, hundredths … it is."""
    above, below = value.as_integer_ratio()
    whole: int = (2 * abs(above) * 10**places + below) // (2 * below)
    return whole if above >= 0 else -whole


def _shortened(value: Number) -> Decimal:
    """About four significant digits, but never less than two decimals nor more than the six that are stored."""
    if isinstance(value, int):
        return Decimal(value)
    stored = value if isinstance(value, Decimal) and int(value.as_tuple().exponent) in (-1, -2) else rounded(value, 6)
    if stored == stored.to_integral_value():
        return stored.quantize(Decimal(1)) + 0
    return stored if stored is value else rounded(value, min(6, max(2, 3 - stored.adjusted())))


@lru_cache(maxsize=8192)
def number(value: Number, language: str) -> str:
    return _plain(_shortened(value), language)


def quantity(value: Number, unit: str, language: str) -> str:
    """A number with its unit: `₩1,200`, `2.3%`, `20일` or `20 days`. Units nobody knows stand behind the number."""
    return _progress(_rounded(value, 3), language) if unit == "progress" else _quantity(value, unit, language)


@lru_cache(maxsize=8192)
def _progress(thousandths: int, language: str) -> str:
    return _plain(Decimal(thousandths).scaleb(-3), language, 1)


@lru_cache(maxsize=8192)
def _quantity(value: Number, unit: str, language: str) -> str:
    if unit in CURRENCIES:
        return _money(_shortened(value), unit, language)
    if unit == "%":
        return _plain(_shortened(value), language, sign="%")
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
    return plain + _behind(unit)


def _behind(unit: str) -> str:
    return f"{'' if _is_hangul(unit[0]) or unit[0] == '%' else ' '}{unit}"


@lru_cache(maxsize=4096)
def brief(value: Number, unit: str, language: str, large: int = LARGE, digits: int = 1) -> str:
    """As `quantity`, where there is little room: numbers from `large` on in short, `₩48.5억`, `$4.8M`."""
    if -large < value < large or unit in DURATIONS:
        return quantity(value, unit, language)
    short = format_compact_decimal(abs(rounded(value, 0)), locale=_locale(language), fraction_digits=digits)
    after = "" if unit in CURRENCIES or unit in ("", "count") else _behind(unit)
    return f"{'-' if value < 0 else ''}{CURRENCIES.get(unit, '')}{short}{after}"


def _money(value: Decimal, unit: str, language: str) -> str:
    cents = "" if value == value.to_integral_value() else ".00" if unit != "KRW" else ".##"
    pattern = _locale(language).currency_formats["standard"].pattern.split(";")[0].replace(".00", cents)
    return _apply(pattern, value, language).replace("¤", CURRENCIES[unit])


def _is_hangul(character: str) -> bool:
    return "가" <= character <= "힣"


@lru_cache(maxsize=1024)
def score(value: Decimal | Fraction | None, language: str) -> str:
    """0.0 to 1.0 with one decimal, rounded half-up; unknown is a dash, never 0.0."""
    return UNKNOWN if value is None else _plain(rounded(value, 1), language, 1)


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
    return f"{local.hour:02}:{local.minute:02} {local.tzname()}"


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
    known = [value for value in values if value is not None]
    if not known:
        return UNKNOWN
    floor, parts = (min(known) if low is None else low).as_integer_ratio()
    top, pieces = (max(known) if high is None else high).as_integer_ratio()
    span = top * parts - floor * pieces  # in parts of parts * pieces
    return "".join([SPARK_UNKNOWN if value is None else _spark(value, floor, parts, span, pieces) for value in values])


def _spark(value: Decimal | Fraction, floor: int, parts: int, span: int, pieces: int) -> str:
    """Which eighth of the span it stands in, by whole numbers alone: there are hundreds of these on a page."""
    if span <= 0:
        return SPARKS[3]
    above, below = value.as_integer_ratio()
    return SPARKS[min(7, max(0, (above * parts - floor * below) * pieces * 8 // (below * span)))]
