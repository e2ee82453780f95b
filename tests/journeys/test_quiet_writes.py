"""Whom a new version reaches by mail: watchers hear of a lozenge that changed, and once a week of the rest."""

import pytest
from sqlalchemy import Engine

from app.services import checkins
from connectors.sandbox.confluence.core.watchers import told_versions
from tests.journeys.company import BLUE, HEALTH, RED, TOKEN, WATCHED
from tests.journeys.conftest import Opening
from tests.journeys.place import Door, Place

DAY = 24 * 3600


@pytest.fixture
def place(opening: Opening, sqlite_engine: Engine, door: Door) -> Place:
    """On Data Center, which has minor edits; it is Wednesday."""
    place = opening(sqlite_engine, confluence_url=f"{door.url}/confluence", confluence_token=TOKEN)
    place.start(WATCHED)
    place.listen()
    return place


def told(place: Place, page_id: str) -> list[int]:
    return told_versions(place.site, place.wiki_id(page_id))


def rename_an_issue(place: Place, name: str) -> int:
    """News without another lozenge; the version that they made."""
    place.edit("RED-4", summary=name)
    place.follow()
    return place.page(RED).version


def test_a_lozenge_that_changes_is_told_and_other_news_are_not(place: Place) -> None:
    checkins.check_in(place.world, "KR-1", "8.5", confidence=6)
    place.settle()
    changed = place.page(BLUE).version
    assert told(place, BLUE)[-1] == changed
    checkins.check_in(place.world, "KR-1", confidence=6, note="Still calling")
    place.settle()
    assert place.page(BLUE).version == changed + 1
    assert told(place, BLUE)[-1] == changed
    checkins.check_in(place.world, "KR-1", "5", confidence=9)
    place.settle()
    assert told(place, BLUE)[-1] == place.page(BLUE).version == changed + 2


def test_the_first_version_of_a_week_is_told_and_the_others_are_not(place: Place) -> None:
    """Also of a week in which no lozenge changes; Wednesday's creation was this week's."""
    first = told(place, RED)
    rename_an_issue(place, "Another name")
    rename_an_issue(place, "And another")
    assert told(place, RED) == first
    place.clock.move(5 * DAY)  # Monday, nine o'clock in Seoul
    place.settle()
    monday = rename_an_issue(place, "A third")
    assert told(place, RED) == [*first, monday]
    place.clock.move(DAY)
    rename_an_issue(place, "A fourth")
    assert told(place, RED) == [*first, monday]


def test_signs_of_life_are_not_told_and_what_is_wrong_is(place: Place) -> None:
    first = told(place, HEALTH)
    for _ in range(3):
        place.clock.move(3600)
        place.sync()
        place.publish(HEALTH)
    assert place.page(HEALTH).version >= first[-1] + 3
    assert told(place, HEALTH) == first
    place.fault("/content/", method="PUT", status=400)
    rename_an_issue(place, "Another name")
    place.mend()
    place.publish(HEALTH)
    assert told(place, HEALTH) == [*first, place.page(HEALTH).version]
