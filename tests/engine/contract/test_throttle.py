"""When a job runs, and how often: the throttle that every engine keeps."""

from datetime import timedelta

import pytest

SOON = timedelta(seconds=3)


def nothing(_key: str) -> None:
    pass


def test_a_job_runs_once_for_each_key(rig):
    engine = rig.engine(publish=nothing)
    rig.ring(engine, "publish", "a", "b", "a")
    assert engine.run_pending() == 2
    assert sorted(rig.runs) == [("publish", "a"), ("publish", "b")]
    assert engine.run_pending() == 0


def test_what_is_rolled_back_was_never_enqueued(rig):
    engine = rig.engine(publish=nothing)
    with pytest.raises(ZeroDivisionError), rig.sessions() as session:
        engine.enqueue(session, "publish", "a")
        raise ZeroDivisionError
    assert engine.run_pending() == 0


def test_the_first_ring_fixes_the_time_and_later_ones_join_it(rig, clock):
    engine = rig.engine(publish=nothing)
    for _ in range(3):  # at 0, 1 and 2 seconds
        with rig.sessions() as session:
            engine.enqueue(session, "publish", "a", SOON)
        clock.move(1)
        assert engine.run_pending() == (clock.time.second == 3)
    clock.move(60)
    assert engine.run_pending() == 0


def test_an_impatient_ring_does_not_move_a_waiting_job(rig, clock):
    engine = rig.engine(publish=nothing)
    with rig.sessions() as session:
        engine.enqueue(session, "publish", "a", SOON)
        engine.enqueue(session, "publish", "a")
    assert engine.run_pending() == 0
    clock.move(3)
    assert engine.run_pending() == 1


def test_any_number_of_rings_during_a_run_give_exactly_one_more(rig):
    def ring_twice(_key):
        if len(rig.runs) == 1:
            rig.ring(engine, "publish", "a")
            rig.ring(engine, "publish", "a")
            assert engine.run_pending() == 0, "one key must not run twice at a time"

    engine = rig.engine(publish=ring_twice)
    rig.ring(engine, "publish", "a")
    assert engine.run_pending() == 2
    assert engine.run_pending() == 0


def test_a_ring_during_a_run_keeps_its_delay(rig, clock):
    def ring(_key):
        if len(rig.runs) == 1:
            with rig.sessions() as session:
                engine.enqueue(session, "publish", "a", SOON)

    engine = rig.engine(publish=ring)
    rig.ring(engine, "publish", "a")
    assert engine.run_pending() == 1
    clock.move(3)
    assert engine.run_pending() == 1


def test_what_has_waited_longest_runs_first(rig, clock):
    engine = rig.engine(publish=nothing)
    for key in "cab":
        rig.ring(engine, "publish", key)
        clock.move(1)
    engine.run_pending()
    assert [key for _, key in rig.runs] == ["c", "a", "b"]


def test_a_job_of_an_unknown_kind_is_refused(rig):
    engine = rig.engine(publish=nothing)
    with pytest.raises(ValueError, match="no job 'publsh'; known are publish"), rig.sessions() as session:
        engine.enqueue(session, "publsh", "a")


def test_an_engine_leaves_kinds_it_does_not_know_to_others(rig):
    newer = rig.engine(publish=nothing, audit=nothing)
    older = rig.engine(publish=nothing)
    rig.ring(newer, "audit")
    assert older.run_pending() == 0
    assert newer.run_pending() == 1


def test_the_clock_fires_once_for_all_replicas(rig, clock):
    one, two = rig.engine(poll=nothing), rig.engine(poll=nothing)
    assert [one.tick("poll", clock()), two.tick("poll", clock())] == [True, False]
    assert one.run_pending() + two.run_pending() == 1
    assert not one.tick("poll", clock()), "nor a second time once it ran"
    clock.move(60)
    assert two.tick("poll", clock())
    assert one.run_pending() == 1
