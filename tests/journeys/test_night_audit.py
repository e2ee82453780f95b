"""The nightly audit: what people did to our pages is told before the next write meets it; nothing is ever written."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.db.models import PageRow, RunRow
from app.domain import notes
from app.errors import Alarm
from app.services import audit, pages, status
from connectors.sandbox.confluence import add_space, edit_page
from connectors.sandbox.confluence.core import moves
from connectors.sandbox.confluence.core.pages import touch
from connectors.sandbox.confluence.people import archive_page, move_page, restore, restrict_space, trash_page
from connectors.sandbox.site import ADMIN
from tests.journeys import company
from tests.journeys.company import BLUE, RED, SPACE
from tests.journeys.conftest import Opening
from tests.journeys.nights import only_sqlite
from tests.journeys.place import Place


def night(place: Place) -> dict[str, int]:
    """A day passes; the audit's counts without zeros. It reads, and never writes."""
    place.clock.move(24 * 3600)
    with place.counting() as asked:
        counts = audit.audit(place.world)
    assert {call.split()[0] for call in asked} <= {"GET"}
    return {name: count for name, count in counts.items() if count}


def strayed(place: Place, page_id: str) -> list[tuple[str, str]]:
    return [(one["kind"], one["detail"]) for one in place.row(page_id).strayed]


def told(place: Place, page_id: str) -> dict[str, Any]:
    """What `plainsight status` and the API say of the page."""
    return next(page for page in status.read(place.world)["pages"] if page["page"] == page_id)


def test_pages_that_are_well_are_counted_and_nothing_is_due(running: Place) -> None:
    assert night(running) == {"pages": 2}
    assert [(row.strayed, row.due_at, row.state) for row in running.rows()] == [([], None, "ok")] * 2


@pytest.mark.parametrize(("given", "requests"), [({"confluence_parent": "4711"}, 1), ({}, 2)])
def test_two_hundred_and_two_pages_cost_one_request(
    opening: Opening, sqlite_engine: Engine, given: dict[str, str], requests: int
) -> None:
    """And one for the space, whose homepage they belong below, unless the settings name another page."""
    place = opening(sqlite_engine, company.empty_site, **given)
    place.apply(company.many_teams(202))
    with place.world.session() as session:
        for number, row in enumerate(session.scalars(select(PageRow))):
            row.wiki_id, row.wiki_space, row.wiki_version, row.wiki_title = str(1000 + number), "5", 1, row.id
    place.site.page_size_cap = 250
    place.world.need_wiki().deployment()  # each process asks once which Confluence it is
    with place.counting() as asked, pytest.raises(Alarm, match="none of our 202 pages"):
        audit.audit(place.world)
    assert sum(asked.values()) == requests
    assert asked["GET pages"] == 1


def test_a_page_that_was_moved_or_renamed_is_told_and_goes_on(running: Place) -> None:
    touch(running.site, ADMIN, running.wiki_id(RED), title="The red ones")
    move_page(running.site, running.wiki_id(BLUE), running.wiki_id(RED))
    assert night(running) == {"pages": 2, "moved": 1, "renamed": 1}
    assert strayed(running, RED) == [("renamed", "The red ones")]
    assert strayed(running, BLUE) == [("moved", f"page {running.wiki_id(RED)}")]
    assert {row.state for row in running.rows()} == {"ok"}
    assert "Nothing, if that was meant" in told(running, BLUE)["strayed"][0]["advice"]
    running.transition("RED-4", "Done")
    running.follow()
    assert running.page(RED).cell("Four things", "Now") == "75%"
    assert night(running) == {"pages": 2, "moved": 1, "renamed": 1}


@only_sqlite
def test_a_page_that_is_put_back_is_well_again(running: Place) -> None:
    home = running.site.store.table("wiki_pages").get(running.wiki_id(BLUE))["parentId"]
    move_page(running.site, running.wiki_id(BLUE), running.wiki_id(RED))
    night(running)
    move_page(running.site, running.wiki_id(BLUE), home)
    assert night(running) == {"pages": 2}
    assert strayed(running, BLUE) == []


@pytest.mark.parametrize(
    ("do", "kind"), [(archive_page, "archived"), (trash_page, "trashed")], ids=["archived", "trashed"]
)
def test_a_page_that_was_put_away_is_lost_until_it_is_restored_and_gets_its_news_then(
    running: Place, do: Any, kind: str
) -> None:
    do(running.site, running.wiki_id(RED))
    assert night(running) == {"pages": 2, kind: 1}
    row = told(running, RED)
    assert (row["state"], row["problem"]) == ("lost", kind)
    assert row["strayed"][0]["advice"].startswith("Restore it")
    running.transition("RED-4", "Done")
    running.follow()
    assert running.row(RED).state == "lost"
    restore(running.site, running.wiki_id(RED))
    assert night(running)["back"] == 1
    running.settle()
    assert (running.row(RED).state, strayed(running, RED)) == ("ok", [])
    assert running.page(RED).cell("Four things", "Now") == "75%"


@only_sqlite
def test_a_page_that_was_deleted_for_good_or_is_hidden_is_lost(running: Place) -> None:
    wiki_id = running.wiki_id(RED)
    moves.trash(running.site, wiki_id)
    moves.purge(running.site, wiki_id)
    assert night(running) == {"pages": 2, "deleted": 1}
    assert (running.row(RED).state, running.row(RED).problem) == ("lost", "deleted")
    assert running.row(BLUE).state == "ok"


@only_sqlite
def test_a_page_in_another_space_is_lost(running: Place) -> None:
    other = add_space(running.site, "ELSE", "Elsewhere")
    move_page(running.site, running.wiki_id(RED), other["homepageId"])
    assert night(running) == {"pages": 2, "moved": 1}
    assert strayed(running, RED) == [("moved", f"space {other['id']}")]
    row = told(running, RED)
    assert (row["state"], row["problem"]) == ("lost", "moved")
    assert row["strayed"][0]["advice"].startswith("Move it back")


@only_sqlite
def test_what_the_audit_found_is_what_publishing_says(running: Place) -> None:
    archive_page(running.site, running.wiki_id(RED))
    night(running)
    found = (running.row(RED).state, running.row(RED).problem)
    running.transition("RED-4", "Done")
    running.follow()
    assert (running.row(RED).state, running.row(RED).problem) == found


def test_an_edit_outside_the_notes_is_told_before_the_next_write_meets_it(running: Place) -> None:
    edit_page(running.site, running.wiki_id(RED), "<p>Mine now</p>" + running.page(RED).body)
    assert night(running) == {"pages": 2, "edited": 1}
    assert strayed(running, RED) == [("edited", "version 2")]
    assert running.row(RED).state == "ok"
    running.transition("RED-4", "Done")
    running.follow()
    assert running.row(RED).state == "conflict"
    pages.take_over(running.world, [RED])
    running.publish()
    assert strayed(running, RED) == []


@only_sqlite
def test_notes_and_titles_of_people_are_no_edits(running: Place) -> None:
    body = running.page(RED).body
    edit_page(running.site, running.wiki_id(RED), notes.replace(body, "</p><p>Friday, 3 pm</p><p>"))
    touch(running.site, ADMIN, running.wiki_id(BLUE), title=running.page(BLUE).title)
    assert night(running) == {"pages": 2}


@only_sqlite
def test_a_write_of_ours_that_is_in_doubt_is_no_edit_of_somebody(running: Place) -> None:
    running.fault("pages/[0-9]+$", method="PUT", lose_answer=True)
    running.transition("RED-4", "Done")
    running.follow()
    running.mend()
    assert running.row(RED).attempt_version is not None
    assert "edited" not in night(running)


@only_sqlite
def test_a_page_that_was_written_just_now_may_not_be_listed_yet(running: Place) -> None:
    wiki_id = running.wiki_id(RED)
    moves.trash(running.site, wiki_id)
    moves.purge(running.site, wiki_id)
    assert audit.audit(running.world)["deleted"] == 0
    assert running.row(RED).state == "ok"


@only_sqlite
def test_when_no_page_is_to_be_seen_the_account_lost_its_right_and_no_page_is_lost(running: Place) -> None:
    space = next(one for one in running.site.store.table("wiki_spaces") if one["key"] == SPACE)
    restrict_space(running.site, space["id"], viewers=[ADMIN])
    running.clock.move(24 * 3600)
    with pytest.raises(Exception, match=r"space|none of our 2 pages"):
        audit.audit(running.world)
    assert {row.state for row in running.rows()} == {"ok"}
    with running.world.reading() as session:
        run = session.scalars(select(RunRow).where(RunRow.kind == "audit").order_by(RunRow.id.desc())).first()
    assert run is not None
    assert run.error


@only_sqlite
def test_without_any_page_nobody_is_asked(place: Place) -> None:
    with place.counting() as asked:
        assert audit.audit(place.world)["pages"] == 0
    assert not asked
