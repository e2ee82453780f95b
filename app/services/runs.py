"""Runs: who is told how far one is, and a record of when it was, what it counted, and how it failed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app.db.models import RunRow
from app.errors import AppError
from app.world import World

Progress = Callable[[str, int, int], None]
"""Told (what, done, of how many), for a progress bar."""


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
