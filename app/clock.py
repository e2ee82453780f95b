"""APScheduler as the clock and nothing else: when it strikes, the queue is told the hour (design 13)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.executors.base import BaseExecutor
from apscheduler.job import Job
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from app.ports import Queue
from app.schedule import check, next_due

log = structlog.get_logger(__name__)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Strikes = Sequence[tuple[str, str | timedelta]]


class Clock:
    """Strikes for each `(kind, cron text or interval)` by calling `queue.tick(kind, scheduled time)`; cron text is
    meant in `zone`, and read as in app/schedule.py. It runs nothing itself and remembers nothing: what was missed
    while the process was down is not made up for; what was missed while it slept is struck once.

    Raises Invalid for cron text that cannot be read."""

    def __init__(self, queue: Queue, strikes: Strikes, zone: str) -> None:
        self._strikes, self._zone, self._queue = tuple(strikes), zone, queue
        self._scheduler: BackgroundScheduler | None = None
        for _kind, when in self._strikes:
            if isinstance(when, str):
                check(when, zone)

    def start(self) -> None:
        if self._scheduler is not None:
            return
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": _Bell()},  # type: ignore[no-untyped-call]
            job_defaults={"coalesce": True, "misfire_grace_time": None},
            timezone=UTC,
        )
        for kind, when in self._strikes:
            trigger = _Every(when) if isinstance(when, timedelta) else _Cron(when, self._zone)
            self._scheduler.add_job(self._strike, trigger, args=(kind, EPOCH), id=kind)
        self._scheduler.start()

    def stop(self) -> None:
        """Returns when the strike in progress, if any, is over."""
        if self._scheduler is not None:
            self._scheduler.shutdown()
            self._scheduler = None

    def _strike(self, kind: str, at: datetime) -> None:
        try:
            self._queue.tick(kind, at)
        except Exception:
            log.exception("a strike of the clock was lost", kind=kind, at=at.isoformat())


class _Bell(BaseExecutor):
    """Calls the function with the scheduled time: only an executor is told it."""

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        for at in run_times:
            job.func(job.id, at.astimezone(UTC))
        self._run_job_success(job.id, [])  # type: ignore[no-untyped-call]


class _Cron(BaseTrigger):
    """Ours, because APScheduler counts weekdays from Monday: its `0 9 * * 1` fires on Tuesday."""

    def __init__(self, cron: str, zone: str) -> None:
        self._cron, self._zone = cron, zone

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return next_due(self._cron, self._zone, previous or now)


class _Every(BaseTrigger):
    """Ours, because all replicas must strike at the same times: multiples of the interval since 1970."""

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime:
        return EPOCH + ((previous or now).astimezone(UTC) - EPOCH) // self._interval * self._interval + self._interval
