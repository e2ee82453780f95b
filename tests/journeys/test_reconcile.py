"""After a crash: what the rows say is unfinished is finished by the next reconcile tick, and nothing is done twice."""

from sqlalchemy import delete

from app.db.jobs import Job
from app.jobs import RECONCILE
from app.services import inbox, pages
from tests.journeys.company import BLUE, RED
from tests.journeys.place import THROTTLE, Place


def lose_the_queue(place: Place) -> None:
    with place.world.session() as session:
        session.execute(delete(Job))


def test_a_page_that_a_dead_worker_claimed_is_published_after_all(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.ring()
    running.work()
    running.clock.move(THROTTLE)
    assert set(pages.claim(running.world)) == {RED, BLUE}  # and there the worker dies
    lose_the_queue(running)
    running.clock.move(60)
    running.tick(RECONCILE)
    assert running.page(RED).cell("Four things", "Now") == "50%"  # it may be alive, only slow
    running.clock.move(60)
    running.tick(RECONCILE)
    assert running.page(RED).cell("Four things", "Now") == "75%"
    assert {row.claimed_at for row in running.rows()} == {None}


def test_deliveries_left_undone_are_drained(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.ring()
    lose_the_queue(running)
    running.tick(RECONCILE)
    running.settle()
    assert running.page(RED).cell("Four things", "Now") == "75%"


def test_pages_that_are_due_are_published_though_their_job_is_lost(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.ring()
    running.work()
    lose_the_queue(running)
    running.clock.move(THROTTLE)
    running.tick(RECONCILE)
    assert running.page(RED).cell("Four things", "Now") == "75%"


def test_deliveries_are_kept_until_jira_can_be_asked(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.fault("bulkfetch$", status=503, headers={"Retry-After": "600"})
    running.ring()
    running.settle()
    running.mend()
    assert running.page(RED).cell("Four things", "Now") == "50%"
    running.clock.move(600)
    running.tick(RECONCILE)
    running.settle()
    assert running.page(RED).cell("Four things", "Now") == "75%"


def test_jobs_that_run_twice_do_no_harm(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.ring()
    inbox.drain(running.world)
    with running.counting() as asked:
        inbox.drain(running.world)
    assert not asked
    running.settle()
    version = running.page(RED).version
    with running.counting() as asked:
        assert running.publish() == {"unchanged": 2}
    assert not asked
    assert running.page(RED).version == version


def test_a_tick_with_nothing_left_to_do_asks_nobody(running: Place) -> None:
    with running.counting() as asked:
        assert running.tick(RECONCILE) == 1
    assert not asked
