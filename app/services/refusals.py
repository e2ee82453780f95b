"""Webhook deliveries that were refused, counted by why: an admin would otherwise only see that nothing arrives."""

import logging
import threading
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from app.db.models import RefusedDeliveryRow
from app.db.session import insert_into
from app.errors import AppError, TooLarge, Unreadable
from app.services.inbox import Unproven
from app.world import World

log = logging.getLogger(__name__)
APART = timedelta(minutes=1)
"""Between two writes for one reason, so that a flood of forged deliveries does not become one of commits."""


def reason_of(error: AppError) -> str | None:
    """Why a delivery was refused, in one word; None for an error that is no refusal."""
    match error:
        case Unproven():
            return error.reason
        case Unreadable():
            return "unreadable"
        case TooLarge():
            return "too_large"
    return None


class Refusals:
    """What one process refused. The first of a kind is written down at once, those that follow a minute (`apart`)
    later, and by `stop`. A database that does not answer is no reason to fail."""

    def __init__(self, world: World, apart: timedelta = APART) -> None:
        self._world = world
        self._apart = apart
        self._later: dict[str, threading.Timer] = {}
        self._lock = threading.Lock()
        self._unwritten: Counter[str] = Counter()
        self._last: dict[str, datetime] = {}
        self._written: dict[str, datetime] = {}

    def start(self) -> None:
        """Nothing to do: it begins with nothing counted."""

    def count(self, reason: str) -> bool:
        """One more; True when `write` is due for this reason."""
        now = self._world.now()
        with self._lock:
            self._unwritten[reason] += 1
            self._last[reason] = now
            written = self._written.get(reason)
            due = written is None or abs(now - written) >= self._apart
            if due:
                self._written[reason] = now
            elif reason not in self._later:
                self._later[reason] = threading.Timer(self._apart.total_seconds(), self.write, (reason,))
                self._later[reason].daemon = True
                self._later[reason].start()
            return due

    def write(self, reason: str) -> None:
        """Add what was counted since the last write, in one statement."""
        with self._lock:
            count, at = self._unwritten.pop(reason, 0), self._last.get(reason)
            if (timer := self._later.pop(reason, None)) is not None:
                timer.cancel()
        if not count or at is None:
            return
        try:
            self._add(reason, count, at)
        except SQLAlchemyError as error:
            log.warning("%d refused deliveries (%s) could not be noted down: %s", count, reason, type(error).__name__)
            with self._lock:
                self._unwritten[reason] += count

    def stop(self) -> None:
        for reason in list(self._unwritten):
            self.write(reason)

    def _add(self, reason: str, count: int, at: datetime) -> None:
        with self._world.session() as session:
            new = insert_into(session, RefusedDeliveryRow).values(reason=reason, at=at, count=count)
            session.execute(
                new.on_conflict_do_update(
                    index_elements=[RefusedDeliveryRow.reason],
                    set_={"at": new.excluded.at, "count": RefusedDeliveryRow.count + new.excluded.count},
                )
            )
