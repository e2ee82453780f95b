"""Runs: who is told how far one is, and a record of when it was, what it counted, and how it failed."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.issues import visible
from app.db.models import RunRow
from app.domain.sync_health.keys import keys_in, masked
from app.errors import AppError, Missing
from app.services import listing
from app.services.listing import Part
from app.world import World

Progress = Callable[[str, int, int], None]
"""Told (what, done, of how many), for a progress bar."""


@dataclass(frozen=True)
class RunFound:
    """A run that ended, as everybody may read it."""

    id: int
    kind: str
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, Any]
    error: str


def latest(world: World, kind: str | None, cursor: int, limit: int) -> Part[RunFound]:
    """Runs of one kind or of all, the last first; the cursor is the last id of the part before, or 0. Here and in `one`
    what they failed for is told without the keys of issues that are not to be shown."""
    question = select(RunRow).order_by(RunRow.id.desc()).limit(limit + 1)
    if kind is not None:
        question = question.where(RunRow.kind == kind)
    if cursor:
        question = question.where(RunRow.id < cursor)
    with world.reading() as session:
        rows = session.scalars(question).all()
        return listing.of_rows(_found(session, rows), limit, lambda one: one.id)


def one(world: World, run_id: int) -> RunFound:
    """Missing: there is no such run, or it is so old that its record was deleted."""
    with world.reading() as session:
        row = session.get(RunRow, run_id)
        if row is None:
            raise Missing(f"There is no run {run_id}, or none any more.")
        return _found(session, [row])[0]


def _found(session: Session, rows: Sequence[RunRow]) -> list[RunFound]:
    shown = visible(session, keys_in(row.error for row in rows))
    return [
        RunFound(row.id, row.kind, row.started_at, row.finished_at, row.counts, masked(row.error, shown))
        for row in rows
    ]


def quiet(_what: str, _done: int, _total: int) -> None:
    """No progress is shown."""


@contextmanager
def recorded(world: World, kind: str) -> Iterator[dict[str, Any]]:
    """Yields a dictionary of counts; the run is stored when the block ends, with its error if it raised one."""
    counts: dict[str, Any] = {}
    started_at = world.now()
    error = ""
    try:
        yield counts
    except AppError as failure:
        error = failure.message
        raise
    except Exception as failure:
        error = f"{type(failure).__name__}: unexpected; see the log"
        raise
    finally:
        with world.session() as session:
            session.add(
                RunRow(kind=kind, started_at=started_at, finished_at=world.now(), counts=counts, error=error[:2000])
            )
