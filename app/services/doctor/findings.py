"""How findings are made: in a few words, with the cure apart from what was found."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from app.domain.finding import Finding, Verdict
from app.errors import AppError

Answer = TypeVar("Answer")


def fine(point: str, said: str) -> Finding:
    """Nothing to do."""
    return Finding(point, Verdict.FINE, said)


def look(point: str, said: str, cure: str) -> Finding:
    """It works, or may be meant; somebody should know."""
    return Finding(point, Verdict.LOOK, said, cure)


def wrong(point: str, said: str, cure: str) -> Finding:
    """It does not work until somebody mends it."""
    return Finding(point, Verdict.WRONG, said, cure)


def failed(point: str, error: AppError, cure: str = "") -> Finding:
    """What a site or the database answered to a question, with its own cure where no better one is given."""
    otherwise = "docs/connecting.md says what the account needs." if error.permanent else "Look again in a minute."
    return wrong(point, error.said, cure.strip() or error.cure or otherwise)


def tried(ask: Callable[[], Answer]) -> Answer | AppError:
    """The answer, or the error as a value, so that the examination goes on."""
    try:
        return ask()
    except AppError as error:
        return error


def span(length: timedelta) -> str:
    """About how long, in one unit: `40 seconds`, `3 hours`."""
    seconds = round(abs(length.total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        if seconds >= 2 * size or unit == "second":
            number = round(seconds / size)
            return f"{number} {unit}{'' if number == 1 else 's'}"
    raise AssertionError("unreachable")  # pragma: no cover


def ago(at: datetime, now: datetime) -> str:
    """`3 hours ago`, with the time itself, in UTC."""
    return f"{span(now - at)} ago ({at:%Y-%m-%d %H:%M} UTC)"
