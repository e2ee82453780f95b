"""Titles that are taken: told with the page that has them, never made twice; that page becomes ours with consent only,
or if it is ours."""

from typing import Any

import pytest
from sqlalchemy import Engine

from app.db.models import PageRow
from app.services import pages, status
from connectors.sandbox.confluence import add_page, archive_page, edit_page, space_by_key
from connectors.sandbox.confluence.core.pages import touch
from connectors.sandbox.confluence.core.properties import properties_of
from connectors.sandbox.site import ADMIN
from tests.journeys.company import BLUE, RED, SMALL, SPACE
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

TITLE = "2026-Q4 · Red"


def taken(place: Place, title: str = TITLE) -> dict[str, Any]:
    space = space_by_key(place.site, SPACE)
    assert space is not None
    return add_page(place.site, space["id"], title, "<p>Mine</p>")


def forget(place: Place, page_id: str = RED) -> None:
    """As after a database that was lost."""
    with place.world.session() as session:
        row = session.get_one(PageRow, page_id)
        for name in ("wiki_id", "wiki_space", "wiki_version", "wiki_title", "wiki_url", "wiki_parent", "digest"):
            setattr(row, name, None)
        row.published_at, row.marked = None, False


@pytest.mark.parametrize("title", [TITLE, TITLE.upper()], ids=["same", "other case"])
@pytest.mark.parametrize("where", ["current", "archived"])
def test_the_page_that_has_the_title_is_named_and_left(
    opening: Opening, sqlite_engine: Engine, title: str, where: str
) -> None:
    place = opening(sqlite_engine)
    mine = taken(place, title)
    if where == "archived":
        archive_page(place.site, mine["id"])
    place.apply(SMALL)
    place.settle()
    red = place.row(RED)
    assert (red.state, red.wiki_id) == ("conflict", None)
    assert f"page {mine['id']}, {where}, http" in red.problem
    assert place.row(BLUE).state == "ok"
    assert place.titles() == sorted([title, "2026-Q4 · Blue"])
    assert place.site.store.table("wiki_pages").get(mine["id"])["version"] == 1
    problem = next(page for page in status.read(place.world)["pages"] if page["page"] == RED)["problem"]
    assert problem.startswith("title_taken")


def test_with_consent_the_page_of_that_title_becomes_ours(place: Place) -> None:
    mine = taken(place, TITLE.upper())
    place.apply(SMALL)
    place.settle()
    pages.take_over(place.world, [RED])
    place.publish()
    assert (place.row(RED).state, place.wiki_id(RED)) == ("ok", mine["id"])
    shown = place.page(RED)
    assert (shown.title, shown.version) == (TITLE, 2)
    assert "Red delivers" in shown.words
    assert place.row(RED).take_over is False
    assert place.titles() == ["2026-Q4 · Blue", TITLE]
    place.publish()
    assert place.publish() == {"unchanged": 2}


def test_consent_never_makes_one_page_of_two_of_ours(running: Place) -> None:
    touch(running.site, ADMIN, running.wiki_id(BLUE), title="The rest")
    running.apply(SMALL + '  - {id: rest, kind: kpi_board, title: "The rest"}\n')
    running.settle()
    pages.take_over(running.world, ["rest"])
    running.publish()
    assert (running.row("rest").state, running.row("rest").wiki_id) == ("conflict", None)
    assert running.page(BLUE).cell("Ready to launch", "Now") == "25%"


def test_an_archived_page_is_not_taken_over_even_with_consent(place: Place) -> None:
    mine = taken(place)
    archive_page(place.site, mine["id"])
    place.apply(SMALL)
    place.settle()
    pages.take_over(place.world, [RED])
    place.publish()
    assert (place.row(RED).state, place.row(RED).wiki_id) == ("conflict", None)
    assert place.site.store.table("wiki_pages").get(mine["id"])["version"] == 1


def test_after_a_lost_database_our_own_page_is_gone_on_with(running: Place) -> None:
    before = running.page(RED)
    forget(running)
    running.transition("RED-4", "Done")
    running.follow()
    after = running.page(RED)
    assert (after.id, after.version) == (before.id, before.version + 1)
    assert after.cell("Four things", "Now") == "75%"
    assert (running.row(RED).state, len(running.titles())) == ("ok", 2)


@pytest.mark.parametrize("message", ["", "[0a1b2c3d] restored"], ids=["plainly", "with a message like ours"])
def test_a_page_with_our_property_that_somebody_edited_since_is_left(running: Place, message: str) -> None:
    before = running.page(RED)
    edit_page(running.site, before.id, "<p>Mine now</p>" + before.body, message=message)
    forget(running)
    running.publish()
    assert (running.row(RED).state, running.row(RED).wiki_id) == ("conflict", None)
    assert "Mine now" in str(running.site.store.table("wiki_versions").get(f"{before.id}:2")["body"])


def test_a_page_of_ours_with_another_page_s_property_is_left(running: Place) -> None:
    properties_of(running.site, running.wiki_id(RED))
    running.world.need_wiki().set_property(running.wiki_id(RED), "plainsight", {"page": "somebody-else"})
    forget(running)
    running.publish()
    assert (running.row(RED).state, running.row(RED).wiki_id) == ("conflict", None)


def test_a_new_title_that_is_taken_waits_and_holds_up_no_news(running: Place) -> None:
    mine = taken(running, "The red ones")
    renamed = SMALL.replace("kind: team, team: red}", 'kind: team, team: red, title: "The Red Ones"}')
    running.apply(renamed)
    running.transition("RED-4", "Done")
    running.follow()
    page = running.page(RED)
    assert (page.title, page.cell("Four things", "Now")) == (TITLE, "75%")
    red = running.row(RED)
    assert red.state == "ok"
    (one,) = red.strayed
    assert one["kind"] == "title_taken"
    assert f"page {mine['id']}, current" in one["detail"]
    with running.counting() as asked:
        assert running.publish() == {"unchanged": 2}
    assert not asked
    touch(running.site, ADMIN, mine["id"], title="Others")
    running.transition("RED-5", "Done")
    running.follow()
    assert running.page(RED).title == "The Red Ones"
    assert running.row(RED).strayed == []


def test_our_own_renaming_in_case_alone_works(running: Place) -> None:
    running.apply(SMALL.replace("kind: team, team: red}", f'kind: team, team: red, title: "{TITLE.upper()}"}}'))
    running.settle()
    assert (running.page(RED).title, running.row(RED).state, running.row(RED).strayed) == (TITLE.upper(), "ok", [])
    running.transition("RED-4", "Done")
    running.follow()
    assert running.page(RED).title == TITLE.upper()
