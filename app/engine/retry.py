"""Whether a job that failed is run again, and when: one bit of the error decides, `permanent` (design 7)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.errors import AppError, RetryAfter

FIRST_DELAY = timedelta(seconds=2)
LONGEST_DELAY = timedelta(minutes=10)
SHORTEST_PAUSE = timedelta(seconds=1)  # some gateways answer Retry-After: 0 for ever
MOST_CRASHES = 5
DIED = "The worker ended, or was too slow to renew its lease, each time this ran."


@dataclass(frozen=True)
class Verdict:
    """Run again at `at`, or never (None) until somebody mends what `reason` says; with the counts so far."""

    at: datetime | None
    reason: str
    failures: int
    crashes: int


def judge(error: Exception, failures: int, crashes: int, now: datetime) -> Verdict:
    """A rate limit waits as long as it says and counts for nothing; what is transient is tried for ever, at growing
    distances; what we do not know is a bug, tried a few times in case it was the weather."""
    if isinstance(error, RetryAfter):
        return Verdict(max(error.at, now + SHORTEST_PAUSE), error.message, failures, crashes)
    if isinstance(error, AppError) and error.permanent:
        return Verdict(None, error.message, failures + 1, crashes)
    if isinstance(error, AppError):
        return Verdict(now + delay(failures), error.message, failures + 1, crashes)
    reason = f"{type(error).__name__}: {error}"
    at = now + delay(failures) if crashes + 1 < MOST_CRASHES else None
    return Verdict(at, reason, failures + 1, crashes + 1)


def delay(failures: int) -> timedelta:
    """2, 4, 8 … seconds, ten minutes at most."""
    return min(FIRST_DELAY * (1 << min(failures, 20)), LONGEST_DELAY)
