"""Runs: who is told how far one is, and a record of when it was, what it counted, and how it failed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select

from app.db.models import RunRow
from app.errors import AppError, Missing
from app.services import listing
from app.services.listing import Part
from app.world import World

Progress = Callable[[str, int, int], None]
"""Told (what, done, of how many), for a progress bar."""


def latest(world: World, kind: str | None, cursor: int, limit: int) -> Part[RunRow]:
    """Runs of one kind or of all, the last first; the cursor is the last id of the part before, or 0."""
    question = select(RunRow).order_by(RunRow.id.desc()).limit(limit + 1)
    if kind is not None:
        question = question.where(RunRow.kind == kind)
    if cursor:
        question = question.where(RunRow.id < cursor)
    with world.reading() as session:
        return listing.of_rows(session.scalars(question).all(), limit, lambda row: row.id)


def one(world: World, run_id: int) -> RunRow:
    """Missing: there is no such run, or it is so old that its record was deleted."""
    with world.reading() as session:
        row = session.get(RunRow, run_id)
    if row is None:
        raise Missing(f"There is no run {run_id}, or none any more.")
    return row


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
