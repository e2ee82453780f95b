"""Pages come into being, change, stay; and what cannot be written is told without holding up the others."""

from sqlalchemy import Engine

from app.jobs import RECONCILE
from app.services import status, sync
from connectors.sandbox.confluence import add_page, archive_page, space_by_key, trash_page
from connectors.sandbox.confluence.core.pages import touch
from connectors.sandbox.confluence.core.spaces import PAGES
from connectors.sandbox.site import ADMIN
from tests.journeys.company import BLUE, OKRS, RED, SMALL, SPACE
from tests.journeys.conftest import Opening
from tests.journeys.place import Place


def test_a_first_publish_makes_the_whole_tree_with_links_that_lead_somewhere(opening: Opening, engine: Engine) -> None:
    place = opening(engine, languages="ko,en")
    place.start(OKRS.replace("team: red\n    key", "team: red\n    supports: KR-1\n    key"))
    ours = {row.id: row.wiki_id for row in place.rows()}
    assert set(ours) == {"index", "cycle-2026-Q4", "company-2026-Q4", "red-2026-Q4", "blue-2026-Q4", "sync-health"}
    parents = {page["id"]: page["parentId"] for page in place.site.store.table(PAGES)}
    assert parents[ours["cycle-2026-Q4"]] == ours["index"]
    assert parents[ours["company-2026-Q4"]] == ours["cycle-2026-Q4"]
    assert parents[ours["red-2026-Q4"]] == ours["company-2026-Q4"]
    index = place.page("index")
    for page_id in ("company-2026-Q4", "red-2026-Q4", "blue-2026-Q4", "sync-health"):
        assert f"/{ours[page_id]}" in index.body
    assert "빨강이 만든다" in place.page("red-2026-Q4").words
    assert "Red delivers" in place.page("red-2026-Q4").words


def test_publishing_again_leaves_every_page_as_it_is(running: Place) -> None:
    versions = running.versions()
    with running.counting() as asked:
        assert running.publish() == {"unchanged": 2}
    assert not asked
    assert running.versions() == versions


def test_a_title_that_is_taken_is_reported_and_the_other_page_is_published(place: Place) -> None:
    space = space_by_key(place.site, SPACE)
    assert space is not None
    taken = add_page(place.site, space["id"], "2026-Q4 · RED", "<p>Mine</p>")
    place.apply(SMALL)
    place.settle()
    red = place.row(RED)
    assert (red.state, red.wiki_id) == ("conflict", None)
    assert red.problem.startswith(f"title_taken: page {taken['id']}, current, http")
    assert place.row(BLUE).state == "ok"
    touch(place.site, ADMIN, taken["id"], title="Something else")
    place.publish(RED)
    assert place.row(RED).state == "ok"


def test_one_page_that_confluence_refuses_never_stops_the_others(running: Place) -> None:
    running.fault(f"/pages/{running.wiki_id(BLUE)}$", method="PUT", status=400)
    running.transition("RED-4", "Done")
    running.transition("BLU-2", "Done")
    running.follow()
    assert running.row(BLUE).state == "failed"
    assert running.page(RED).cell("Four things", "Now") == "75%"
    problems = {page["page"]: page["problem"] for page in status.read(running.world)["pages"]}
    assert "400" in problems[BLUE]
    assert problems[RED] == ""
    running.mend()
    running.transition("BLU-3", "Done")
    running.follow()
    assert running.page(BLUE).cell("Ready to launch", "Now") == "75%"
    assert running.row(BLUE).problem == ""


def test_pages_that_people_put_away_are_reported_and_not_made_anew(running: Place) -> None:
    titles = running.titles()
    trash_page(running.site, running.wiki_id(RED))
    archive_page(running.site, running.wiki_id(BLUE))
    running.transition("RED-4", "Done")
    running.transition("BLU-2", "Done")
    running.follow()
    assert (running.row(RED).state, running.row(RED).problem) == ("lost", "trashed")
    assert (running.row(BLUE).state, running.row(BLUE).problem) == ("lost", "archived")
    assert running.titles() == titles


def test_a_page_that_was_deleted_is_reported_and_not_made_anew(running: Place) -> None:
    running.site.store.table(PAGES).delete(running.wiki_id(RED))
    running.transition("RED-4", "Done")
    running.transition("BLU-2", "Done")
    running.follow()
    assert running.row(RED).state == "lost"
    assert running.page(BLUE).cell("Ready to launch", "Now") == "50%"
    assert len(running.titles()) == 1


def test_a_rate_limit_postpones_the_rest_without_another_request(running: Place) -> None:
    running.fault("/wiki/", status=429, headers={"Retry-After": "120"})
    running.transition("RED-4", "Done")
    running.transition("BLU-2", "Done")
    with running.counting() as asked:
        running.follow()
    assert sum(count for what, count in asked.items() if "pages" in what) == 1
    with running.counting() as asked:
        running.clock.move(60)
        running.tick(RECONCILE)
    assert not asked
    running.mend()
    running.clock.move(61)
    running.work()
    assert running.page(RED).cell("Four things", "Now") == "75%"
    assert running.page(BLUE).cell("Ready to launch", "Now") == "50%"


def test_while_jira_is_down_the_trust_line_becomes_a_warning_after_an_hour(running: Place) -> None:
    running.fault("^/rest/", status=503, headers={"Retry-After": "30"})
    assert after_polls(running, 0, 50).count("warning") == 0
    version = running.page(RED).version
    assert "warning" in after_polls(running, 11)
    assert "out of sync since" in running.page(RED).words
    assert "warning" in running.page(BLUE).macros()
    assert "warning" in after_polls(running, 60)
    assert running.page(RED).version == version + 1
    running.mend()
    assert "warning" not in after_polls(running, 10)


def after_polls(place: Place, *minutes: int) -> list[str]:
    """The macros on Red's page after these waits, each followed by a poll and what it makes due."""
    for wait in minutes:
        place.clock.move(wait * 60)
        place.tick(sync.POLL)
        place.settle()
        place.tick(RECONCILE)
    return place.page(RED).macros()
