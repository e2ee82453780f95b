"""The rate gate: one shared row per outside site, so that every worker and replica pauses together (design 15)."""

from collections.abc import Callable
from datetime import datetime, timedelta

from app.db import jobs as rows
from app.db.session import Sessions

REMEMBERED = timedelta(seconds=0.5)


class SharedRateGate:
    """The port RateGate over the database. What it read is remembered for half a second, because it is asked before
    every request: so long may another replica take to notice a pause; this one notices its own at once.

    It opens transactions of its own: never call it while one is open in the same thread."""

    def __init__(self, sessions: Sessions, reading: Sessions, now: Callable[[], datetime]) -> None:
        self._sessions, self._reading, self._now = sessions, reading, now
        self._known: dict[str, tuple[datetime, datetime | None]] = {}

    def not_before(self, site: str) -> datetime | None:
        now = self._now()
        known = self._known.get(site)
        # The lower bound: a clock that was set back must not keep an old answer alive.
        if known is None or not known[0] <= now < known[0] + REMEMBERED:
            with self._reading() as session:
                known = self._known[site] = (now, rows.paused_until(session, site))
        until = known[1]
        return until if until is not None and until > now else None

    def pause(self, site: str, until: datetime, reason: str) -> None:
        """Until then, or longer if a longer pause is on already."""
        with self._sessions() as session:
            rows.pause(session, site, until, reason)
        self._known.pop(site, None)
