"""The embedded engine behind the port Queue: jobs are rows, a worker holds one by a lease it keeps renewing."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.db import jobs as rows
from app.db.session import Sessions
from app.engine.retry import DIED, MOST_CRASHES, judge

log = structlog.get_logger(__name__)
TICKS_KEPT = timedelta(days=2)


class LeaseEngine:
    """Runs the jobs of one database, in this process and in others beside it.

    `jobs` maps a kind to the function of its key (it may be filled until `start`); kinds it does not name are left to
    others. A lease lasts `lease_seconds` by `now`, is renewed at a third of that, and is taken over once it ran out:
    the same job may then run twice at a time, which callers must bear (design 11). `poll_seconds` bounds how late a
    job is seen that another process enqueued; one of this process is seen as soon as it is committed."""

    def __init__(
        self,
        sessions: Sessions,
        reading: Sessions,
        jobs: Mapping[str, Callable[[str], None]],
        now: Callable[[], datetime],
        *,
        threads: int = 2,
        poll_seconds: float = 0.5,
        lease_seconds: float = 30.0,
    ) -> None:
        self._sessions, self._reading, self._jobs, self._now = sessions, reading, jobs, now
        self._number, self._poll, self._lease = threads, poll_seconds, lease_seconds
        self._rung = threading.Condition()
        self._rings = 0
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def enqueue(self, session: Session, kind: str, key: str = "", delay: timedelta = timedelta(0)) -> None:
        """See the port. Raises ValueError for a kind that is not in the table of jobs."""
        if kind not in self._jobs:
            raise ValueError(f"there is no job {kind!r}; known are {', '.join(sorted(self._jobs))}")
        rows.enqueue(session, kind, key, self._now() + delay)
        if not event.contains(session, "after_commit", self._ring):
            event.listen(session, "after_commit", self._ring)

    def tick(self, kind: str, at: datetime) -> bool:
        with self._sessions() as session:
            won = rows.strike(session, kind, at, self._now() - TICKS_KEPT)
            if won:
                self.enqueue(session, kind)
        return won

    def start(self) -> None:
        """Work in threads of this process; started twice is started once."""
        if self._threads:
            return
        self._stopping = threading.Event()
        for number in range(self._number):
            thread = threading.Thread(target=self._work, args=(self._stopping,), name=f"jobs-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Take nothing new and wait for what runs. What outlasts `timeout` seconds is left to its thread; should the
        process end before it does, its lease runs out and it is run again."""
        self._stopping.set()
        self._ring()
        deadline = time.monotonic() + timeout
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                log.warning("job still running after stop", thread=thread.name)
        self._threads = []

    def run_pending(self) -> int:
        """Run what is due now, and what that makes due, in the caller's thread; returns how many runs it took."""
        ran = 0
        while self._run_one():
            ran += 1
        return ran

    def _work(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            rings = self._rings
            try:
                wait = self._seconds_to_next()
                if wait <= 0 and self._run_one(stopping):
                    continue
            except Exception:
                log.exception("the jobs cannot be read or written; trying again")
                wait = self._poll
            # Due but not to be had: another worker has it, or its row is not committed yet.
            self._wait(rings, min(wait, self._poll) if wait > 0 else self._poll)

    def _wait(self, rings: int, seconds: float) -> None:
        with self._rung:
            self._rung.wait_for(lambda: self._rings != rings, seconds)

    def _ring(self, _session: Session | None = None) -> None:
        with self._rung:
            self._rings += 1
            self._rung.notify_all()

    def _seconds_to_next(self) -> float:
        with self._reading() as session:
            due = rows.next_due(session, self._jobs.keys())
        return self._poll if due is None else (due - self._now()).total_seconds()

    def _run_one(self, stopping: threading.Event | None = None) -> bool:
        now = self._now()
        with self._sessions() as session:
            held = rows.claim(session, self._jobs.keys(), now, self._lease_end())
            # Asked after the claim: a job enqueued once `stop` had begun is then never kept.
            if stopping is not None and stopping.is_set():
                session.rollback()
                return False
            if held is not None and held.crashes >= MOST_CRASHES:
                rows.park(session, held, DIED, now)
                log.error("job parked", kind=held.kind, key=held.key, reason=DIED)
                return True
        if held is not None:
            self._run(held)
        return held is not None

    def _run(self, held: rows.Claim) -> None:
        error: Exception | None = None
        try:
            with self._kept(held):
                self._jobs[held.kind](held.key)
        except Exception as raised:
            error = raised
        except BaseException:  # Ctrl-C: give it back, so that nobody waits for the lease to run out
            with self._sessions() as session:
                rows.postpone(session, held, self._now(), "interrupted", self._now())
            raise
        with self._sessions() as session:
            if error is None:
                rows.done(session, held)
            else:
                self._failed(session, held, error)

    def _failed(self, session: Session, held: rows.Claim, error: Exception) -> None:
        now = self._now()
        verdict = judge(error, held.failures, held.crashes, now)
        told = {"kind": held.kind, "key": held.key, "reason": verdict.reason, "failures": verdict.failures}
        # Only a bug is worth its traceback.
        trace = error if verdict.crashes > held.crashes else None
        if verdict.at is None:
            log.error("job parked", **told, exc_info=trace)
            rows.park(session, held, verdict.reason, now)
        else:
            log.warning("job postponed", **told, until=verdict.at.isoformat(), exc_info=trace)
            counted = replace(held, failures=verdict.failures, crashes=verdict.crashes)
            rows.postpone(session, counted, verdict.at, verdict.reason, now)

    @contextmanager
    def _kept(self, held: rows.Claim) -> Iterator[None]:
        """Renew the lease from another thread for as long as the block runs."""
        finished = threading.Event()
        thread = threading.Thread(target=self._renew, args=(held, finished), name=f"lease-{held.kind}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            finished.set()
            thread.join()

    def _renew(self, held: rows.Claim, finished: threading.Event) -> None:
        while not finished.wait(self._lease / 3):
            try:
                with self._sessions() as session:
                    kept = rows.renew(session, held, self._lease_end())
            except Exception:
                log.exception("a lease could not be renewed; trying again", kind=held.kind, key=held.key)
                continue
            if not kept:
                log.warning("lease lost to another worker", kind=held.kind, key=held.key)
                return

    def _lease_end(self) -> datetime:
        return self._now() + timedelta(seconds=self._lease)
