"""What is special to the lease engine: leases run out, are renewed, lost and taken over."""

import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db import jobs as rows
from app.engine.lease import LeaseEngine
from app.engine.retry import DIED

LEASE = timedelta(seconds=30)


@pytest.fixture
def make(sessions, reading, clock):
    engines = []

    def make(job, **options):
        engine = LeaseEngine(sessions, reading, {"publish": job}, clock, **{"poll_seconds": 0.02} | options)
        engines.append(engine)
        return engine

    yield make
    for engine in engines:
        engine.stop()


@pytest.fixture
def held(sessions, make, clock):
    """A job that a worker took before it died."""
    with sessions() as session:
        make(print).enqueue(session, "publish", "a")
    with sessions() as session:
        return rows.claim(session, ["publish"], clock(), clock() + LEASE)


def due(sessions):
    with sessions() as session:
        return session.scalar(select(rows.Job.due_at))


def test_a_dead_workers_job_is_taken_over_once_its_lease_ran_out(held, make, clock):
    runs = []
    engine = make(runs.append)
    clock.move(29)
    assert engine.run_pending() == 0
    clock.move(1)
    assert engine.run_pending() == 1
    assert runs == ["a"]
    assert engine.run_pending() == 0


def test_a_ring_for_a_dead_workers_job_is_answered_by_the_run_that_takes_it_over(held, sessions, make, clock):
    engine = make(print)
    with sessions() as session:
        engine.enqueue(session, "publish", "a")
    clock.move(30)
    assert engine.run_pending() == 1


def test_a_ring_that_is_not_committed_yet_when_the_run_ends_is_not_lost(held, sessions, make, clock):
    def end():
        with sessions() as session:
            rows.done(session, held)

    ending = threading.Thread(target=end)
    with sessions() as session:
        make(print).enqueue(session, "publish", "a")
        ending.start()
        ending.join(0.2)
    ending.join(10)
    assert due(sessions) == clock()


def test_a_job_that_kills_its_worker_every_time_is_parked(held, sessions, reading, make, clock):
    for _ in range(4):
        clock.move(30)
        with sessions() as session:
            assert rows.claim(session, ["publish"], clock(), clock() + LEASE)
    clock.move(30)
    runs = []
    make(runs.append).run_pending()
    assert runs == []
    with reading() as session:
        assert [job.error for job in rows.parked(session)] == [DIED]


def test_a_lease_is_renewed_for_as_long_as_the_job_runs(sessions, make, clock):
    begun, end = threading.Event(), threading.Event()

    def slow(_key):
        begun.set()
        assert end.wait(10)

    engine = make(slow, lease_seconds=0.06)
    engine.start()
    with sessions() as session:
        engine.enqueue(session, "publish", "a")
    assert begun.wait(10)
    for _ in range(3):
        clock.move(0.05)
        _until(lambda: due(sessions) == clock() + timedelta(seconds=0.06))
    end.set()
    _until(lambda: due(sessions) is None)


def test_who_lost_the_lease_can_no_longer_settle_the_job(held, sessions, make, clock):
    clock.move(30)
    with sessions() as session:
        rows.claim(session, ["publish"], clock(), clock() + LEASE)
    with sessions() as session:
        assert not rows.renew(session, held, clock() + LEASE * 9)
        rows.done(session, held)
        rows.park(session, held, "late", clock())
        rows.postpone(session, held, clock(), "late", clock())
    assert due(sessions) == clock() + LEASE


def test_a_ring_wakes_a_worker_that_would_have_slept_on(sessions, make):
    ran = threading.Semaphore(0)
    engine = make(lambda _key: ran.release(), poll_seconds=60)
    engine.start()
    for key in "abc":
        with sessions() as session:
            engine.enqueue(session, "publish", key)
        assert ran.acquire(timeout=10)
    engine.tick("publish", engine._now())
    assert ran.acquire(timeout=10)


def test_old_strikes_of_the_clock_are_forgotten(sessions, make, clock):
    engine = make(print)
    for _ in range(5):
        engine.tick("publish", clock())
        clock.move(86400)
    with sessions() as session:
        assert session.scalar(select(func.count()).select_from(rows.Tick)) == 3


def test_the_engine_outlives_a_database_that_is_gone_for_a_while(sessions, reading, clock, make):
    broken, tried, ran = threading.Event(), threading.Event(), threading.Event()
    broken.set()

    def sometimes():
        if broken.is_set():
            tried.set()
            raise OSError("no database")
        return reading()

    engine = LeaseEngine(sessions, sometimes, {"publish": lambda _key: ran.set()}, clock, poll_seconds=0.02)
    engine.start()
    with sessions() as session:
        engine.enqueue(session, "publish", "a")
    assert tried.wait(10)
    broken.clear()
    assert ran.wait(10)
    engine.stop()


def test_the_job_of_a_killed_process_is_run_by_another(database_url, sessions, make, clock):
    """A real one, killed in the middle of the job."""
    program = """
import sys, time
from datetime import datetime
from app.db.session import open_engine, reader, writer
from app.engine.lease import LeaseEngine

def hang(key):
    print("running", flush=True)
    time.sleep(60)

engine = open_engine(sys.argv[1])
now = datetime.fromisoformat(sys.argv[2])
LeaseEngine(writer(engine), reader(engine), {"publish": hang}, lambda: now).run_pending()
"""
    runs = []
    engine = make(runs.append)
    with sessions() as session:
        engine.enqueue(session, "publish", "a")
    with subprocess.Popen(
        [sys.executable, "-c", program, database_url, clock().isoformat()], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"running\n"
        assert engine.run_pending() == 0
        process.kill()
    clock.move(30)
    assert engine.run_pending() == 1
    assert runs == ["a"]


def _until(condition):
    turn = threading.Event()
    for _ in range(1000):
        if condition():
            return
        turn.wait(0.01)
    pytest.fail("it never came about")


def test_who_is_stopped_between_looking_and_taking_takes_nothing(sessions, reading, clock):
    looked, go_on, runs = threading.Event(), threading.Event(), []

    def now():
        if threading.current_thread().name.startswith("jobs-"):
            looked.set()
            go_on.wait(10)
        return clock()

    engine = LeaseEngine(sessions, reading, {"publish": runs.append}, now, threads=1, poll_seconds=0.02)
    with sessions() as session:
        engine.enqueue(session, "publish", "a")
    engine.start()
    assert looked.wait(10)
    worker = next(thread for thread in threading.enumerate() if thread.name == "jobs-0")
    engine.stop(timeout=0)
    go_on.set()
    worker.join(10)
    assert runs == []
    assert engine.run_pending() == 1
