"""The engines that must keep the contract, and a rig to watch one at work."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import pytest

from app.db.jobs import Parked, parked
from app.db.session import Sessions
from app.engine.lease import LeaseEngine
from app.ports import Queue

Jobs = dict[str, Callable[[str], None]]


class Engine(Queue, Protocol):
    """What the contract asks beyond the port: run in this thread what is due by the injected clock."""

    def run_pending(self) -> int: ...


@dataclass
class Rig:
    """Engines over one database, and what their jobs did: `runs` lists (kind, key) in the order they began."""

    sessions: Sessions
    reading: Sessions
    make: Callable[[Jobs], Engine]
    runs: list[tuple[str, str]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)
    engines: list[Engine] = field(default_factory=list)

    def engine(self, **jobs: Callable[[str], None]) -> Engine:
        """A new engine, as another process would have it, whose jobs are recorded as they begin."""
        engine = self.make({kind: self._recorded(kind, job) for kind, job in jobs.items()})
        self.engines.append(engine)
        return engine

    def ring(self, engine: Engine, kind: str, *keys: str) -> None:
        with self.sessions() as session:
            for key in keys or ("",):
                engine.enqueue(session, kind, key)

    def parked(self) -> list[Parked]:
        with self.reading() as session:
            return parked(session)

    def wait(self, condition: Callable[[], bool], seconds: float = 10.0) -> bool:
        with self.changed:
            return self.changed.wait_for(condition, seconds)

    def _recorded(self, kind: str, job: Callable[[str], None]) -> Callable[[str], None]:
        def run(key: str) -> None:
            with self.changed:
                self.runs.append((kind, key))
                self.changed.notify_all()
            job(key)

        return run


def lease_engine(sessions: Sessions, reading: Sessions, now: Callable[[], datetime]) -> Callable[[Jobs], Engine]:
    return lambda jobs: LeaseEngine(sessions, reading, jobs, now, poll_seconds=0.05, lease_seconds=30)


ENGINES = {"lease": lease_engine}


@pytest.fixture(params=sorted(ENGINES))
def rig(
    request: pytest.FixtureRequest, sessions: Sessions, reading: Sessions, clock: Callable[[], datetime]
) -> Iterator[Rig]:
    rig = Rig(sessions, reading, ENGINES[request.param](sessions, reading, clock))
    yield rig
    for engine in rig.engines:
        engine.stop()
