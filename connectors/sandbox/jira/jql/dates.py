"""Dates of JQL: literals in the account's time zone, periods relative to now, and epoch milliseconds."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.sandbox.jira.jql.nodes import JqlError

_UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
_PERIOD = re.compile(r"[+-]?(\d+[wdhm])(\s+\d+[wdhm])*")
_PART = re.compile(r"(\d+)([wdhm])")
_FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")


def moment(text: str, field: str, now: datetime, zone: ZoneInfo) -> int:
    """Epoch milliseconds of a date in a query. Minutes are the finest a literal can say. Raises JqlError."""
    text = text.strip()
    if text.isdigit():
        return int(text)
    if (shift := period(text)) is not None:
        return to_ms(now + shift)
    for form in _FORMATS:
        try:
            return to_ms(datetime.strptime(text, form).replace(tzinfo=zone))
        except ValueError:
            continue
    raise JqlError(
        f"Date value '{text}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        f"'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    )


def period(text: str) -> timedelta | None:
    """The length of a period such as `-15m` or `-1w 2d`, or None if the text is none."""
    if not _PERIOD.fullmatch(text):
        return None
    length = sum((int(count) * _UNITS[unit] for count, unit in _PART.findall(text)), timedelta())
    return -length if text.startswith("-") else length


def start_of_day(arguments: tuple[str, ...], now: datetime, zone: ZoneInfo) -> int:
    """Epoch milliseconds of midnight in the zone; an argument such as `-1d` shifts it. Raises JqlError."""
    shift = period(arguments[0]) if arguments else timedelta()
    if shift is None or len(arguments) > 1:
        raise JqlError("Function 'startOfDay' takes one period such as '-1d' at most.")
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return to_ms(midnight + shift)


def to_ms(when: datetime) -> int:
    return int(when.timestamp() * 1000)
