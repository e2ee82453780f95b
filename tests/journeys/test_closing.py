"""Closing a cycle: its pages are written one last time, moved below the archive, and frozen until it opens again."""

from typing import Any

import pytest
from sqlalchemy import Engine

from app.errors import Unfitting
from app.jobs import RECONCILE
from app.services import audit, checkins, on_demand, pages, publish
from connectors.sandbox.confluence import edit_page
from connectors.sandbox.confluence.core.spaces import PAGES as WIKI_PAGES
from tests.journeys.company import BLUE, OKRS, RED, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.place import Place
from tests.journeys.test_lost_answers import Died, Mortal, restart
from tests.journeys.test_people import Interrupted
from tests.journeys.test_seldom_pages import in_state

DAY = 24 * 3600
CYCLE, COMPANY, RED_PAGE = "cycle-2026-Q4", "company-2026-Q4", "red-2026-Q4"


def parent(place: Place, page_id: str) -> Any:
    page = place.site.store.table(WIKI_PAGES).get(place.wiki_id(page_id))
    assert page is not None
    return page["parentId"]


def close(place: Place, text: str = SMALL) -> None:
    place.apply(in_state("closed", text))
    place.settle()


def test_the_pages_are_written_once_more_with_what_came_just_before(running: Place) -> None:
    before = running.page(BLUE)
    checkins.check_in(running.world, "KR-1", "5", confidence=9, note="Done at last")
    close(running)
    final = running.page(BLUE)
    assert final.version == before.version + 1
    assert final.cell("Churn", "Now") == "5%"
    assert "Done at last" in final.words
    assert "final" in final.message
    assert [row.final_at is not None for row in running.rows()] == [True, True]


def test_frozen_pages_cost_nothing_and_are_never_written_or_looked_at(running: Place) -> None:
    close(running)
    versions = running.versions()
    running.transition("RED-4", "Done")
    running.site.store.table(WIKI_PAGES).delete(running.wiki_id(RED))
    with running.counting() as asked:
        running.settle()
        for _ in range(8):
            running.clock.move(DAY)
            running.tick(pages.DUE)
            running.settle()
        assert running.publish() == {}
        assert audit.audit(running.world)["pages"] == 0
    assert not [what for what in asked if "pages" in what]
    assert {row.due_at for row in running.rows()} == {None}
    assert {row.state for row in running.rows()} == {"ok"}
    assert running.versions().items() <= versions.items()
    with pytest.raises(Unfitting, match="final"):
        on_demand.publish_now(running.world, [RED])


def test_the_cycle_moves_below_the_archive_with_all_its_pages(opening: Opening, engine: Engine) -> None:
    place = opening(engine)
    place.start(OKRS)
    place.listen()
    ids = {row.id: row.wiki_id for row in place.rows()}
    close(place, OKRS)
    assert place.row("archive").state == "ok"
    assert parent(place, CYCLE) == place.wiki_id("archive")
    assert parent(place, COMPANY) == place.wiki_id(CYCLE)
    assert parent(place, RED_PAGE) == place.wiki_id(COMPANY)
    assert {page_id: place.row(page_id).wiki_id for page_id in ids} == ids
    final = {row.id for row in place.rows() if row.final_at}
    assert final == {CYCLE, COMPANY, RED_PAGE, "blue-2026-Q4", "close-out-2026-Q4"}
    versions = {page_id: place.page(page_id).version for page_id in final}
    place.transition("RED-4", "Done")
    place.follow()
    place.clock.move(7 * DAY)
    place.publish()
    assert {page_id: place.page(page_id).version for page_id in final} == versions


def test_a_final_write_that_fails_is_due_until_it_succeeds(running: Place) -> None:
    running.fault(f"/pages/{running.wiki_id(RED)}$", method="PUT", status=503)
    close(running)
    assert running.row(RED).final_at is None
    assert running.row(BLUE).final_at is not None
    running.clock.move(60)
    running.tick(RECONCILE)
    assert running.row(RED).state == "failed"
    running.mend()
    running.clock.move(60)
    running.tick(RECONCILE)
    assert running.row(RED).final_at is not None
    assert "final" in running.page(RED).message


def test_a_move_that_fails_leaves_the_page_unfrozen(opening: Opening, sqlite_engine: Engine) -> None:
    place = opening(sqlite_engine)
    place.start(OKRS)
    place.fault("/move/", method="PUT", status=503)
    close(place, OKRS)
    assert place.row(CYCLE).final_at is None
    place.mend()
    place.clock.move(60)
    place.tick(RECONCILE)
    assert parent(place, CYCLE) == place.wiki_id("archive")
    assert place.row(CYCLE).final_at is not None


def test_a_page_that_people_edited_is_not_final_until_somebody_agrees(running: Place) -> None:
    edit_page(running.site, running.wiki_id(RED), "<p>Mine now</p>" + running.page(RED).body)
    close(running)
    assert (running.row(RED).state, running.row(RED).final_at) == ("conflict", None)
    pages.take_over(running.world, [RED])
    running.publish()
    assert running.row(RED).final_at is not None


def test_what_rings_while_the_final_version_is_written_is_in_it(running: Place) -> None:
    running.apply(in_state("closed"))
    running.sync()

    def ring() -> None:
        with running.world.session() as session:
            pages.ring(running.world, session)

    world = running.with_wiki(lambda wiki: Interrupted(wiki, ring))
    publish.publish(world, pages.claim(world, [RED]))
    assert running.row(RED).final_at is None
    running.settle()
    assert running.row(RED).final_at is not None


def test_a_cycle_that_opens_again_has_living_pages(running: Place) -> None:
    close(running)
    running.apply(SMALL)
    running.transition("RED-4", "Done")
    running.follow()
    assert {row.final_at for row in running.rows()} == {None}
    assert running.page(RED).cell("Four things", "Now") == "75%"
    close(running)
    assert all(row.final_at for row in running.rows())


def test_a_process_that_died_over_the_final_write_leaves_it_to_the_next(running: Place) -> None:
    version = running.page(RED).version
    running.apply(in_state("closed"))
    running.work()
    world = running.with_wiki(lambda wiki: Mortal(wiki, "update", after=True))
    with pytest.raises(Died):
        publish.publish(world, pages.claim(world, [RED]))
    restart(running)
    assert running.page(RED).version == version + 1
    assert running.row(RED).final_at is not None
