"""From a transition in Jira to the page: the doorbell, the drain, the throttle, the write."""

from tests.journeys.company import BLUE, RED
from tests.journeys.place import THROTTLE, Place


def test_a_transition_changes_the_page_once_the_throttle_has_passed(running: Place) -> None:
    before = running.page(RED)
    assert before.cell("Four things", "Now") == "50%"
    running.transition("RED-4", "Done")
    running.ring()
    running.work()
    running.clock.move(THROTTLE - 0.1)
    running.work()
    assert running.page(RED) == before
    running.clock.move(0.1)
    running.work()
    after = running.page(RED)
    assert after.version == before.version + 1
    assert after.cell("Four things", "Now") == "75%"
    assert after.cell("Four things", "Jira") == "3/4"
    assert "RED-4" in after.message


def test_pages_without_news_are_not_written(running: Place) -> None:
    blue = running.versions()[running.page(BLUE).title]
    running.transition("RED-4", "Done")
    with running.counting() as asked:
        running.follow()
    assert running.page(BLUE).version == blue
    assert asked["PUT pages/#"] == 1


def test_back_again_and_the_page_follows(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.follow()
    running.transition("RED-4", "To Do")
    running.follow()
    assert running.page(RED).cell("Four things", "Now") == "50%"


def test_rings_within_the_throttle_join_and_do_not_move_its_end(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.ring()
    running.work()
    for _ in range(4):
        running.clock.move(0.7)
        running.transition("BLU-2", "Done")
        running.transition("BLU-2", "To Do")
        running.ring()
        running.work()
    running.transition("RED-5", "Done")
    running.ring()
    running.work()
    versions = running.versions()
    running.clock.move(THROTTLE - 4 * 0.7)
    running.work()
    assert running.page(RED).cell("Four things", "Now") == "100%"
    assert running.page(RED).version == versions[running.page(RED).title] + 1


def test_a_ring_after_the_write_began_is_written_too(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.follow()
    running.transition("RED-5", "Done")
    running.follow()
    assert running.page(RED).cell("Four things", "Now") == "100%"
