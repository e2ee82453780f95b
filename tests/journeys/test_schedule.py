"""Pages that are due because their own hour has come, in their own zone, once for however many processes there are."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from app.services import pages
from tests.journeys.company import BLUE, OKRS, RED
from tests.journeys.place import Place

SCHEDULED = """pages:
  - {id: red, kind: team, team: red, schedule: 0 9 * * mon, time_zone: America/New_York}
  - {id: blue, kind: team, team: blue, schedule: 0 0 1 1 *}
"""
SUNDAY_EVENING = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)
MONDAY_NINE_IN_NEW_YORK = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def scheduled(place: Place) -> int:
    """The version of Red's page, after its next hour was fixed on the Sunday before."""
    place.start(OKRS + SCHEDULED)
    place.clock.time = SUNDAY_EVENING
    place.tick(pages.DUE)
    return place.page(RED).version


def test_a_page_is_written_at_its_hour_in_its_zone(place: Place) -> None:
    version, blue = scheduled(place), place.page(BLUE).version
    place.clock.time = MONDAY_NINE_IN_NEW_YORK
    place.clock.move(-60)
    place.tick(pages.DUE)
    assert place.page(RED).version == version
    place.clock.move(60)
    place.tick(pages.DUE)
    assert place.page(RED).version == version + 1
    assert "week 9" in place.page(RED).words
    assert place.page(BLUE).version == blue
    place.clock.move(60)
    with place.counting() as asked:
        place.tick(pages.DUE)
    assert not asked


def test_two_processes_fire_once(place: Place) -> None:
    version = scheduled(place)
    place.clock.time = MONDAY_NINE_IN_NEW_YORK
    with place.another_process() as other, ThreadPoolExecutor(2) as threads:
        won = list(threads.map(lambda one: one.house.queue.tick(pages.DUE, place.clock()), (place, other)))
        assert sorted(won) == [False, True]
        with place.counting() as asked:
            list(threads.map(lambda one: one.work(), (place, other)))
            place.work()
    assert asked == {"GET pages/#": 1, "PUT pages/#": 1}
    assert place.page(RED).version == version + 1


def test_a_changed_schedule_counts_at_once_and_for_other_processes(place: Place) -> None:
    scheduled(place)
    earlier = OKRS + SCHEDULED.replace("0 9 * * mon", "0 7 * * mon")
    with place.another_process() as other:
        other.apply(earlier)
        other.settle()
        version = place.page(RED).version
        place.clock.time = MONDAY_NINE_IN_NEW_YORK
        place.clock.move(-2 * 3600)
        place.tick(pages.DUE)
    assert place.page(RED).version == version + 1


def test_an_hour_that_passed_while_nobody_served_is_made_up_for_once(place: Place) -> None:
    version = scheduled(place)
    place.clock.time = MONDAY_NINE_IN_NEW_YORK
    place.clock.move(5 * 3600)
    for _ in range(3):
        place.tick(pages.DUE)
        place.clock.move(60)
    assert place.page(RED).version == version + 1
