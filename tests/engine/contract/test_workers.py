"""Workers in threads: they start, are quick, share the work, drain, and survive each other's death."""

import threading
import time


def nothing(_key: str) -> None:
    pass


class Gate:
    """A job that stands still until it is let go."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def __call__(self, _key: str) -> None:
        self.reached.set()
        assert self.open.wait(10)


def test_a_ring_is_answered_at_once_by_the_workers_of_the_same_process(rig):
    begun = []
    engine = rig.engine(publish=lambda _key: begun.append(time.perf_counter()))
    engine.start()
    for key in "abcde":
        rig.ring(engine, "publish", key)
        committed = time.perf_counter()
        assert rig.wait(lambda key=key: ("publish", key) in rig.runs)
        assert time.perf_counter() - committed < 1


def test_a_job_enqueued_by_another_process_is_found(rig):
    engine, elsewhere = rig.engine(publish=nothing), rig.engine(publish=nothing)
    engine.start()
    rig.ring(elsewhere, "publish", "a")
    assert rig.wait(lambda: rig.runs == [("publish", "a")])


def test_starting_twice_is_starting_once_and_stopping_can_be_undone(rig):
    engine = rig.engine(publish=nothing)
    engine.start()
    before = threading.active_count()
    engine.start()
    assert threading.active_count() == before
    engine.stop()
    engine.stop()
    engine.start()
    rig.ring(engine, "publish", "a")
    assert rig.wait(lambda: rig.runs == [("publish", "a")])


def test_workers_of_several_processes_run_each_job_once(rig):
    keys = [str(number) for number in range(60)]
    engines = [rig.engine(publish=nothing) for _ in range(3)]
    rig.ring(engines[0], "publish", *keys)
    for engine in engines:
        engine.start()
    assert rig.wait(lambda: len(rig.runs) >= len(keys))
    for engine in engines:
        engine.stop()
    assert sorted(key for _, key in rig.runs) == sorted(keys)


def test_a_slow_job_does_not_hold_up_the_others(rig):
    gate = Gate()
    engine = rig.engine(sync=gate, publish=nothing)
    engine.start()
    rig.ring(engine, "sync")
    assert gate.reached.wait(10)
    rig.ring(engine, "publish", "a", "b")
    assert rig.wait(lambda: len(rig.runs) == 3)
    gate.open.set()


def test_stopping_waits_for_what_runs(rig):
    gate, finished = Gate(), threading.Event()

    def run(key):
        gate(key)
        finished.set()

    engine = rig.engine(sync=run)
    engine.start()
    rig.ring(engine, "sync")
    assert gate.reached.wait(10)
    threading.Timer(0.1, gate.open.set).start()
    engine.stop()
    assert finished.is_set()
    assert rig.engine(sync=nothing).run_pending() == 0


def test_who_was_stopped_takes_nothing_new(rig):
    gate = Gate()
    engine = rig.engine(sync=gate, publish=nothing)
    engine.start()
    rig.ring(engine, "sync")
    assert gate.reached.wait(10)
    engine.stop(timeout=0)
    rig.ring(engine, "publish", "a")
    gate.open.set()
    engine.stop()
    assert rig.engine(sync=nothing, publish=nothing).run_pending() == 1
    assert sorted(rig.runs) == [("publish", "a"), ("sync", "")]


def test_stopping_does_not_wait_longer_than_it_was_told(rig):
    gate = Gate()
    engine = rig.engine(sync=gate)
    engine.start()
    rig.ring(engine, "sync")
    assert gate.reached.wait(10)
    began = time.monotonic()
    engine.stop(timeout=0.1)
    assert time.monotonic() - began < 2
    gate.open.set()


def test_a_ring_while_jobs_end_is_never_lost(rig):
    """Each ring comes after a change; the run that begins last must have seen the last change."""
    changes, seen = 0, []
    engine = rig.engine(publish=lambda _key: seen.append(changes))
    engine.start()
    for number in range(1, 101):
        changes = number
        rig.ring(engine, "publish", "a")
    assert rig.wait(lambda: 100 in seen)
