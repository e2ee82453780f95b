"""What becomes of a job that fails: again, later, or told to somebody."""

from datetime import timedelta

import pytest

from app.errors import Conflict, Rejected, RetryAfter, Transient


def failing(*errors):
    """A job that raises these errors in turn, and then succeeds."""
    left = list(errors)

    def run(_key: str) -> None:
        if left and (error := left.pop(0)):
            raise error

    return run


def waits(engine, clock, seconds):
    """How many of the seconds pass until the engine runs something."""
    for passed in range(seconds + 1):
        if engine.run_pending():
            return passed
        clock.move(1)
    return None


def test_a_transient_failure_is_tried_again_at_growing_distances(rig, clock):
    engine = rig.engine(publish=failing(*[Transient("Jira answered 503")] * 3))
    rig.ring(engine, "publish", "a")
    assert [waits(engine, clock, 60) for _ in range(4)] == [0, 2, 4, 8]
    assert rig.parked() == []


def test_a_transient_failure_is_tried_for_ever_at_most_ten_minutes_apart(rig, clock):
    engine = rig.engine(publish=failing(*[Conflict("somebody wrote first")] * 40))
    rig.ring(engine, "publish", "a")
    for _ in range(41):
        assert engine.run_pending() == 1
        clock.move(600)
    assert engine.run_pending() == 0
    assert rig.parked() == []


def test_a_success_forgets_the_failures_before_it(rig, clock):
    engine = rig.engine(publish=failing(Transient("503"), Transient("503"), None, Transient("503")))
    rig.ring(engine, "publish", "a")
    assert [waits(engine, clock, 60) for _ in range(3)] == [0, 2, 4]
    rig.ring(engine, "publish", "a")
    assert [waits(engine, clock, 60) for _ in range(2)] == [0, 2]


def test_a_permanent_failure_is_parked_where_somebody_sees_its_reason(rig, clock):
    engine = rig.engine(publish=failing(Rejected("Confluence refuses the title: it is taken")))
    rig.ring(engine, "publish", "a")
    engine.run_pending()
    (job,) = rig.parked()
    assert (job.kind, job.key, job.at) == ("publish", "a", clock())
    assert job.error == "Confluence refuses the title: it is taken"
    clock.move(24 * 3600)
    assert engine.run_pending() == 0


def test_a_new_ring_revives_a_parked_job(rig):
    engine = rig.engine(publish=failing(Rejected("no such space")))
    rig.ring(engine, "publish", "a")
    engine.run_pending()
    rig.ring(engine, "publish", "a")
    assert engine.run_pending() == 1
    assert rig.parked() == []


def test_a_ring_during_the_run_that_fails_for_good_gives_it_one_more(rig):
    def ring_and_fail(_key):
        if len(rig.runs) == 1:
            rig.ring(engine, "publish", "a")
            raise Rejected("no such space")

    engine = rig.engine(publish=ring_and_fail)
    rig.ring(engine, "publish", "a")
    assert engine.run_pending() == 2
    assert rig.parked() == []


def test_a_ring_does_not_hurry_a_job_that_waits_after_a_failure(rig, clock):
    engine = rig.engine(publish=failing(Transient("503")))
    rig.ring(engine, "publish", "a")
    engine.run_pending()
    rig.ring(engine, "publish", "a")
    assert waits(engine, clock, 5) == 2


def test_a_rate_limit_is_waited_out_and_counts_for_nothing(rig, clock):
    hour = RetryAfter("Jira asks us to wait", clock() + timedelta(hours=1))
    engine = rig.engine(publish=failing(hour, Transient("503")))
    rig.ring(engine, "publish", "a")
    assert engine.run_pending() == 1
    clock.move(3599)
    assert engine.run_pending() == 0
    clock.move(1)
    assert engine.run_pending() == 1
    assert waits(engine, clock, 10) == 2, "its first failure"


def test_a_rate_limit_that_ends_at_once_does_not_become_a_storm(rig, clock):
    engine = rig.engine(publish=failing(*[RetryAfter("Retry-After: 0", clock())] * 5))
    rig.ring(engine, "publish", "a")
    assert engine.run_pending() == 1


def test_a_bug_is_tried_five_times_and_then_parked(rig, clock):
    engine = rig.engine(publish=failing(*[KeyError("colour")] * 9))
    rig.ring(engine, "publish", "a")
    for _ in range(9):
        engine.run_pending()
        clock.move(600)
    assert len(rig.runs) == 5
    assert [job.error for job in rig.parked()] == ["KeyError: 'colour'"]


def test_an_outage_does_not_use_up_the_tries_of_a_bug(rig, clock):
    engine = rig.engine(publish=failing(*[Transient("503")] * 8, KeyError("colour")))
    rig.ring(engine, "publish", "a")
    for _ in range(10):
        engine.run_pending()
        clock.move(600)
    assert rig.parked() == []


def test_one_job_that_fails_does_not_hold_up_the_others(rig):
    engine = rig.engine(broken=failing(KeyError("colour")), publish=failing())
    rig.ring(engine, "broken")
    rig.ring(engine, "publish", "a", "b")
    assert engine.run_pending() == 3


def test_an_interrupted_run_is_given_back_at_once(rig):
    engine = rig.engine(publish=failing(KeyboardInterrupt()))
    rig.ring(engine, "publish", "a")
    with pytest.raises(KeyboardInterrupt):
        engine.run_pending()
    assert engine.run_pending() == 1
