"""The clock strikes at the scheduled times, once for all replicas, and runs nothing itself."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.clock import Clock, _Cron, _Every
from app.db import jobs as rows
from app.engine.lease import LeaseEngine
from app.errors import Invalid

SHORT = timedelta(milliseconds=50)


@pytest.fixture
def queue(sessions, reading):
    def ran(_key):
        with ran.changed:
            ran.times += 1
            ran.changed.notify_all()

    ran.times, ran.changed = 0, threading.Condition()
    engine = LeaseEngine(sessions, reading, {"poll": ran}, lambda: datetime.now(UTC), poll_seconds=0.02)
    engine.ran = ran
    yield engine
    engine.stop()


def strikes(sessions):
    with sessions() as session:
        return list(session.scalars(select(rows.Tick.at).order_by(rows.Tick.at)))


def test_replicas_strike_at_the_same_times_and_each_time_counts_once(queue, sessions):
    clocks = [Clock(queue, (("poll", SHORT),), "Asia/Seoul") for _ in range(3)]
    queue.start()
    for clock in clocks:
        clock.start()
        clock.start()
    with queue.ran.changed:
        assert queue.ran.changed.wait_for(lambda: queue.ran.times >= 3, 10)
    for clock in clocks:
        clock.stop()
        clock.stop()
    found = strikes(sessions)
    assert queue.ran.times <= len(found)
    assert all(at.microsecond % 50_000 == 0 for at in found), "scheduled times, not the times of striking"
    assert strikes(sessions) == found, "stopped is stopped"


def test_a_strike_that_the_database_refuses_does_not_stop_the_clock(queue):
    struck = threading.Semaphore(0)

    class Refusing:
        def tick(self, kind, at):
            struck.release()
            raise OSError("no database")

    clock = Clock(Refusing(), (("poll", SHORT),), "UTC")
    clock.start()
    assert struck.acquire(timeout=10)
    assert struck.acquire(timeout=10)
    clock.stop()


def test_weekday_numbers_mean_what_cron_means_by_them():
    sunday = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert _Cron("0 9 * * 1", "UTC").get_next_fire_time(None, sunday) == datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_intervals_are_counted_from_the_same_moment_everywhere():
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    minute = _Every(timedelta(minutes=1))
    assert minute.get_next_fire_time(None, noon + timedelta(seconds=7)) == noon + timedelta(minutes=1)
    assert minute.get_next_fire_time(noon, noon + timedelta(seconds=7)) == noon + timedelta(minutes=1)


def test_a_schedule_that_cannot_be_read_is_refused_before_the_clock_starts(queue):
    with pytest.raises(Invalid, match="cannot be read: bad minute"):
        Clock(queue, (("poll", "61 * * * *"),), "UTC")
