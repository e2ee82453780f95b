"""How long to wait: what the site told us in its headers, else exponential back-off with jitter. All in seconds."""

import math
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

FIRST = 0.5
FLOOR = 0.5
"""Some gateways say `Retry-After: 0` for ever; believing them makes a storm (atlassian.md §4)."""
LONGEST = timedelta(days=1).total_seconds()


def told(headers: Mapping[str, str], now: datetime) -> float | None:
    """What `Retry-After` (seconds or a date) or else `X-RateLimit-Reset` (ISO 8601) asks for; None: nothing useful."""
    for name, read in (("Retry-After", _retry_after), ("X-RateLimit-Reset", _reset)):
        wait = read(headers.get(name, "").strip(), now)
        if wait is not None:
            return min(max(wait, FLOOR), LONGEST)
    return None


def backoff(attempt: int) -> float:
    """The wait after attempt 1, 2, 3, …: doubled each time, times 0.7 to 1.3."""
    return FIRST * 2.0 ** (attempt - 1) * random.uniform(0.7, 1.3)


def ahead(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How far the clock that wrote `Date` is ahead of ours; None: it told no time, or the answer lay in a cache."""
    told = _http_date(headers.get("Date", "").strip())
    if told is None or headers.get("Age", "0").strip() != "0":
        return None
    return (told if told.tzinfo else told.replace(tzinfo=UTC)) - now


def _retry_after(text: str, now: datetime) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return _until(_http_date(text), now)
    return seconds if math.isfinite(seconds) else None


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _reset(text: str, now: datetime) -> float | None:
    try:
        return _until(datetime.fromisoformat(text), now)  # takes 2026-03-26T16:00Z too, where the seconds are missing
    except ValueError:
        return None


def _until(at: datetime | None, now: datetime) -> float | None:
    if at is None:
        return None
    aware = at if at.tzinfo else at.replace(tzinfo=UTC)
    return (aware - now).total_seconds()
