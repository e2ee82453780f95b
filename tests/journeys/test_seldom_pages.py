"""Pages in seldom weather: consent, cycles that do not run, refused logins, old reports, new ids, two cycles."""

import re

from sqlalchemy import Engine, select

from app.db.models import IssueRow, PublicationRow
from app.jobs import RECONCILE
from app.services import pages
from connectors.sandbox.confluence import edit_page
from connectors.sandbox.jira import changes
from connectors.sandbox.site import ADMIN
from tests.journeys.company import OKRS, PAGES, RED, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.place import Place


def in_state(state: str, text: str = SMALL) -> str:
    return text.replace("ends_on: 2026-12-31}", f"ends_on: 2026-12-31, state: {state}}}")


def test_consent_to_a_take_over_is_spent_though_nothing_was_to_be_written(running: Place) -> None:
    pages.take_over(running.world, [RED])
    assert running.publish(RED) == {"unchanged": 1}
    assert running.row(RED).take_over is False
    body = running.page(RED).body
    edit_page(running.site, running.wiki_id(RED), body.replace("Four things finished", "Somebody's own words"))
    running.transition("RED-4", "Done")
    running.follow()
    assert running.row(RED).state == "conflict"
    assert "Somebody's own words" in running.page(RED).body


def test_pages_of_a_draft_cycle_are_not_written_until_it_opens(place: Place) -> None:
    place.apply(in_state("draft"))
    place.settle()
    assert place.publish() == {}
    assert place.titles() == []
    place.apply(SMALL)
    place.settle()
    assert place.titles() == ["2026-Q4 · Blue", "2026-Q4 · Red"]


def test_pages_of_a_closed_cycle_wake_nobody(running: Place) -> None:
    running.apply(in_state("closed"))
    running.settle()
    assert {row.due_at for row in running.rows()} == {None}
    running.clock.move(24 * 3600)
    running.tick(RECONCILE)  # makes up for the night
    running.tick(pages.DUE)
    running.clock.move(60)
    assert running.tick(RECONCILE) == 1


def test_a_login_that_confluence_refuses_is_tried_once(running: Place) -> None:
    running.fault("/wiki/", status=401)
    running.transition("RED-4", "Done")
    running.transition("BLU-2", "Done")
    with running.counting() as asked:
        running.follow()
    assert sum(count for what, count in asked.items() if "pages" in what) == 1
    assert {row.state for row in running.rows()} == {"failed"}
    with running.counting() as asked:
        for _ in range(10):
            running.clock.move(60)
            running.tick(RECONCILE)
    assert not asked
    running.mend()
    assert running.publish() == {"updated": 2}
    assert {(row.state, row.problem) for row in running.rows()} == {("ok", "")}


def test_a_failure_is_forgotten_once_what_stands_there_is_right_again(running: Place) -> None:
    before = running.stored_issue("RED-5")
    assert before is not None
    running.fault("/pages/", method="PUT", status=400)
    running.edit("RED-5", summary="A thought too much")
    running.follow()
    assert running.row(RED).state == "failed"
    with running.world.session() as session:  # the thought is taken back before anything was written
        row = session.get_one(IssueRow, (before.site, before.id))
        row.summary, row.changed_at = before.summary, before.changed_at
    assert running.publish(RED) == {"unchanged": 1}
    assert (running.row(RED).state, running.row(RED).problem) == ("ok", "")


def test_a_comment_on_an_issue_rewrites_nothing(running: Place) -> None:
    versions = running.versions()
    before = running.stored_issue("RED-5")
    running.clock.move(600)
    with running.site.store.lock:
        changes.comment(running.tracker, ADMIN, running.issue("RED-5"), "How is it going?")
    running.follow()
    after = running.stored_issue("RED-5")
    assert before is not None
    assert after is not None
    assert after.updated_at > before.updated_at
    assert running.versions() == versions


def test_a_stored_report_of_another_shape_does_not_stop_publishing(running: Place) -> None:
    shapes: tuple[dict[str, object], ...] = ({}, {"objectives": [{"id": "O-2"}]}, {"objectives": None, "kpis": None})
    for number, shape in enumerate(shapes):
        with running.world.session() as session:
            for row in session.scalars(select(PublicationRow)):
                row.report = shape
        running.clock.move(60)
        running.transition("RED-4", "To Do" if number % 2 else "Done")
        running.follow()
        assert running.row(RED).state == "ok", shape
        assert running.page(RED).cell("Four things", "Now") == ("50%" if number % 2 else "75%")
        assert "small changes" in running.page(RED).message


def test_a_new_page_id_with_the_title_of_an_archived_page_goes_on_as_that_page(running: Place) -> None:
    before, titles = running.page(RED), running.titles()
    running.apply(OKRS + PAGES.replace("id: red, kind", "id: red-again, kind"))
    running.transition("RED-4", "Done")
    running.follow()
    assert (running.row("red-again").state, running.row("red-again").problem) == ("ok", "")
    after = running.page("red-again")
    assert (after.id, after.version) == (before.id, before.version + 1)
    assert after.cell("Four things", "Now") == "75%"
    assert running.titles() == titles


def test_links_lead_to_the_page_of_the_objective_s_own_cycle(opening: Opening, sqlite_engine: Engine) -> None:
    text = OKRS.replace("cycles:\n", "cycles:\n  - {id: 2026, starts_on: 2026-01-01, ends_on: 2026-12-31}\n")
    text = re.sub(r"(\n    team: \w+\n)", r"\1    cycle: 2026-Q4\n", text)
    text = text.replace("cycle: 2026-Q4\n    key", "cycle: 2026-Q4\n    supports: KR-Y\n    key", 1)
    text += """  - id: O-Y
    title: A year of blue
    team: blue
    cycle: "2026"
    key_results:
      - {id: KR-Y, title: Whole, owner: ada, metric: {unit: "%"}, progress: {mode: from_to, baseline: 0, target: 9}}
"""
    text = text.replace(
        "team: red\n    cycle: 2026-Q4\n    key", "team: red\n    cycle: 2026-Q4\n    supports: KR-1\n    key"
    )
    place = opening(sqlite_engine)
    place.start(text.replace("id: 2026,", 'id: "2026",'))
    quarter, year = place.wiki_id("blue-2026-Q4"), place.wiki_id("blue-2026")
    red, blue = place.page("red-2026-Q4").body, place.page("blue-2026-Q4").body
    assert f"/{quarter}" in red
    assert f"/{year}" not in red
    assert f"/{year}" in blue  # O-1 supports the year's key result


def test_what_was_closed_as_no_work_is_neither_done_nor_in_the_total(running: Place) -> None:
    running.edit("RED-2", resolution="10001")  # Won't Do, of one that counted as done
    running.follow()
    page = running.page(RED)
    assert page.cell("Four things", "Jira").startswith("1/3")
    assert page.cell("Four things", "Now") == "33.33%"
