"""Pages that are to hang elsewhere: moved where we put them, left where people took them."""

from typing import Any

import pytest
from sqlalchemy import Engine

from app.db.models import PageRow
from app.services import audit, pages, publish
from connectors.sandbox.confluence import add_page, edit_page, move_page, space_by_key
from connectors.sandbox.confluence.core.spaces import PAGES as WIKI_PAGES
from tests.journeys.company import BLUE, OKRS, RED, SPACE, TOKEN
from tests.journeys.conftest import Opening
from tests.journeys.place import Door, Place
from tests.journeys.test_lost_answers import die_in, restart

TOPS = """pages:
  - {id: one, kind: index, title: First floor}
  - {id: two, kind: kpi_board, title: Second floor}
"""
BELOW = "  - {{id: red, kind: team, team: red, parent: {red}}}\n  - {{id: blue, kind: team, team: blue, parent: one}}\n"
BELOW_ONE, BELOW_TWO = (OKRS + TOPS + BELOW.format(red=parent) for parent in ("one", "two"))


@pytest.fixture
def place(opening: Opening, engine: Engine) -> Place:
    """With Red and Blue below the first of two pages."""
    place = opening(engine)
    place.start(BELOW_ONE)
    place.listen()
    return place


def parent(place: Place, page_id: str = RED) -> Any:
    page = place.site.store.table(WIKI_PAGES).get(place.wiki_id(page_id))
    assert page is not None
    return page["parentId"]


def elsewhere(place: Place) -> str:
    space = space_by_key(place.site, SPACE)
    assert space is not None
    return str(add_page(place.site, space["id"], "Elsewhere", "<p>Mine</p>")["id"])


def test_a_page_follows_its_definition_without_a_new_version(place: Place) -> None:
    version, others = place.page(RED).version, parent(place, BLUE)
    place.apply(BELOW_TWO)
    with place.counting() as asked:
        place.settle()
    assert parent(place) == place.wiki_id("two")
    assert parent(place, BLUE) == others
    assert place.page(RED).version == version
    assert sum(count for what, count in asked.items() if "/move/" in what) == 1
    with place.counting() as asked:
        assert place.publish() == {"unchanged": 4}
    assert not asked


def test_a_page_on_a_data_center_follows_too(opening: Opening, sqlite_engine: Engine, door: Door) -> None:
    place = opening(sqlite_engine, confluence_url=f"{door.url}/confluence", confluence_token=TOKEN)
    place.start(BELOW_ONE)
    place.apply(BELOW_TWO)
    place.settle()
    assert parent(place) == place.wiki_id("two")
    assert place.row(RED).state == "ok"
    place.sync()
    with place.counting() as asked:
        assert place.publish() == {"unchanged": 4}
    assert not asked


def test_a_page_goes_back_to_the_top(place: Place) -> None:
    top = parent(place, "one")
    place.apply(BELOW_ONE.replace("team: red, parent: one", "team: red"))
    place.settle()
    assert parent(place) == top


def test_a_page_that_people_took_elsewhere_is_left_there_and_told(place: Place) -> None:
    there = elsewhere(place)
    move_page(place.site, place.wiki_id(RED), there)
    place.apply(BELOW_TWO)
    with place.counting() as asked:
        place.settle()
    assert parent(place) == there
    assert not any("/move/" in what for what in asked)
    assert place.row(RED).strayed == [{"kind": "moved", "detail": f"page {there}"}]
    assert place.row(RED).state == "ok"
    with place.counting() as asked:
        assert place.publish(RED, BLUE) == {"unchanged": 2}
    assert not asked
    place.transition("RED-4", "Done")
    place.follow()
    assert place.page(RED).cell("Four things", "Now") == "75%"
    assert parent(place) == there
    assert audit.audit(place.world)["moved"] == 1
    move_page(place.site, place.wiki_id(RED), place.wiki_id("two"))
    assert audit.audit(place.world)["moved"] == 0
    assert place.row(RED).strayed == []


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_process_that_died_beside_a_move_leaves_the_page_where_it_belongs(place: Place, after: bool) -> None:
    place.apply(BELOW_TWO)
    place.work()
    version = place.page(RED).version
    die_in(place, "move", after=after)
    with place.counting() as asked:
        restart(place)
    assert sum(count for what, count in asked.items() if "/move/" in what) == (0 if after else 1)
    assert parent(place) == place.wiki_id("two")
    assert place.page(RED).version == version
    assert (place.row(RED).state, place.row(RED).strayed) == ("ok", [])


def test_a_move_that_is_refused_is_told_and_holds_up_no_news(place: Place) -> None:
    place.fault("/move/", method="PUT", status=403)
    place.apply(BELOW_TWO)
    place.transition("RED-4", "Done")
    place.follow()
    assert place.page(RED).cell("Four things", "Now") == "75%"
    assert place.row(RED).state == "failed"
    place.mend()
    version = place.page(RED).version
    place.publish(RED)
    assert parent(place) == place.wiki_id("two")
    assert (place.row(RED).state, place.page(RED).version) == ("ok", version)


def forget_where_it_was_put(place: Place) -> None:
    """As an older version left it."""
    with place.world.session() as session:
        session.get_one(PageRow, RED).wiki_parent = None


def test_a_page_of_an_older_version_is_taken_where_it_stands(place: Place) -> None:
    forget_where_it_was_put(place)
    with place.counting() as asked:
        assert place.publish(RED) == {"unchanged": 1}
    assert not asked
    place.apply(BELOW_TWO)
    place.transition("RED-4", "Done")
    place.follow()
    assert parent(place) == place.wiki_id("two")


def test_a_page_of_an_older_version_that_people_had_moved_is_left(place: Place) -> None:
    there = elsewhere(place)
    move_page(place.site, place.wiki_id(RED), there)
    audit.audit(place.world)
    forget_where_it_was_put(place)
    place.apply(BELOW_TWO)
    place.transition("RED-4", "Done")
    place.follow()
    assert parent(place) == there
    assert [one["kind"] for one in place.row(RED).strayed] == ["moved"]


def test_a_page_that_is_in_conflict_is_not_moved_either(place: Place) -> None:
    """Whoever wrote on it finds it where it was."""
    edit_page(place.site, place.wiki_id(RED), "<p>Mine now</p>" + place.page(RED).body)
    before = parent(place)
    place.apply(BELOW_TWO)
    place.transition("RED-4", "Done")
    place.follow()
    assert place.row(RED).state == "conflict"
    assert parent(place) == before
    pages.take_over(place.world, [RED])
    publish.publish(place.world, pages.claim(place.world, [RED]))
    assert parent(place) == place.wiki_id("two")
