"""The nightly sweep: what neither a webhook nor the poll told is found, counted and mended, and the pages follow."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.db.models import EvidenceRow
from app.domain.model import Issue
from app.services import sweep, sync
from connectors.sandbox.jira.seed import add_issues
from tests.journeys import company
from tests.journeys.company import BLUE, RED, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.nights import Watched, a_day, only_sqlite, repaired, restricted, silently, with_evidence
from tests.journeys.place import Place


def test_without_anything_to_repair_nothing_is_due_and_nothing_written(running: Place) -> None:
    versions = running.versions()
    a_day(running)
    with running.counting() as asked:
        counts = sweep.sweep(running.world)
    assert {name: count for name, count in counts.items() if count} == {"searched": 4, "asked": 9}
    assert asked == {"POST search/jql": 1, "POST issue/bulkfetch": 1}
    assert {row.due_at for row in running.rows()} == {None}
    running.settle()
    assert running.versions() == versions


@pytest.mark.parametrize("issues", [100, 250])
def test_a_sweep_costs_one_request_per_hundred_issues_and_one_per_query(
    opening: Opening, sqlite_engine: Engine, issues: int
) -> None:
    place = opening(sqlite_engine, lambda site: (company.fill(site), add_issues(site, "BLU", issues, labels=["bulk"])))
    place.start(SMALL.replace("labels = launch", "(labels = launch OR labels = bulk)"))
    a_day(place)
    with place.counting() as asked:
        assert sweep.sweep(place.world)["asked"] == issues + 9
    assert asked == {"POST search/jql": 1, "POST issue/bulkfetch": issues // 100 + 1}
    ids = [body for body in place.door.sent if "jql" in body and body["maxResults"] == 5000]
    assert [body["fields"] for body in ids] == [["id"]]


def test_an_issue_deleted_without_a_webhook_counts_on_and_is_not_shown(running: Place) -> None:
    running.delete("BLU-4")
    assert repaired(running) == {"unseen": 1}
    running.settle()
    page = running.page(BLUE)
    assert page.cell("Ready to launch", "Jira").startswith("1/4")
    assert "BLU-4" not in page.body
    assert repaired(running) == {}


@only_sqlite
def test_a_linked_issue_that_is_out_of_sight_counts_on_although_its_link_is_gone_with_it(running: Place) -> None:
    silently(running, "RED-5", security=restricted(running.site))
    assert repaired(running) == {"unseen": 1, "changed": 1}  # the issue it was linked to lost the link
    running.settle()
    page = running.page(RED)
    assert page.cell("Four things", "Jira").startswith("2/4")
    assert "Thing 4" not in page.body
    assert repaired(running) == {}
    running.edit("RED-1", summary="Told by a webhook")
    running.follow()
    assert "RED-5" in running.evidence()


def test_a_right_that_is_lost_hides_and_one_that_is_given_back_shows_without_any_update(running: Place) -> None:
    silently(running, "BLU-4", security=restricted(running.site))
    assert repaired(running) == {"unseen": 1}
    running.settle()
    assert "Launch step 4" not in running.page(BLUE).body
    silently(running, "BLU-4", security=None)
    assert repaired(running) == {"back": 1}
    running.settle()
    assert "Launch step 4" in running.page(BLUE).body
    assert running.page(BLUE).cell("Ready to launch", "Jira").startswith("1/4")


def test_a_query_whose_answer_moves_with_the_clock_is_followed(place: Place) -> None:
    place.start(with_evidence('{jql: "project = BLU AND created <= startOfDay(-3d)", mode: contributing}'))
    for _ in range(3):
        assert repaired(place) == {}
    assert "BLU-1" not in place.evidence()
    assert repaired(place) == {"joined": 4}
    place.settle()
    assert place.page(BLUE).cell("Ready to launch", "Jira").startswith("1/4")


def test_issues_leave_a_query_as_time_goes_by(opening: Opening, sqlite_engine: Engine) -> None:
    place = opening(sqlite_engine)
    place.start(with_evidence('{jql: "project = BLU AND created >= startOfDay(-3d)", mode: contributing}'))
    for _ in range(3):
        assert repaired(place) == {}
    assert repaired(place) == {"left": 4}
    place.settle()
    assert place.page(BLUE).cell("Ready to launch", "Jira") == "–(+0 −4)"


def test_what_the_webhook_and_the_poll_both_missed_is_found(running: Place) -> None:
    running.clock.move(3600)
    running.site.index_delay = 3600  # for once the index lags longer than the poll looks back
    running.transition("RED-4", "Done")
    running.create("BLU", "Launch step 5", labels=["launch"])
    running.edit("BLU-4", labels=[])
    running.site.index_delay = 0
    running.clock.move(1800)
    running.edit("RED-2", summary="What moves the poll on")
    running.sync()
    running.clock.move(3600)
    running.sync()
    running.settle()
    assert running.page(RED).cell("Four things", "Now") == "50%"
    assert repaired(running) == {"changed": 2, "joined": 1, "left": 1}
    running.settle()
    assert running.page(RED).cell("Four things", "Now") == "75%"
    assert {key for key in running.evidence() if key.startswith("BLU")} == {"BLU-1", "BLU-2", "BLU-3", "BLU-5"}


@only_sqlite
def test_what_the_poll_has_yet_to_read_is_taken_in_and_is_no_repair(running: Place) -> None:
    running.clock.move(24 * 3600)
    running.transition("RED-4", "Done")
    assert sweep.sweep(running.world)["repaired"] == 0
    running.settle()
    assert running.page(RED).cell("Four things", "Now") == "75%"


def stale(place: Place, query: str = "project = BLU AND labels = launch") -> Any:
    """A search index that stands still from now on."""
    known = [list(page) for page in place.world.need_jira().ids(query)]

    def ids(_query: str) -> Iterator[list[str]]:
        return iter(known)

    return Watched(place.world.jira, ids=ids)


@only_sqlite
@pytest.mark.parametrize(("minutes", "is_believed"), [(10, False), (20, True)])
def test_a_search_that_lags_throws_nothing_out_and_nothing_in_that_changed_just_now(
    running: Place, minutes: int, is_believed: bool
) -> None:
    a_day(running)
    jira = stale(running)
    running.edit("BLU-4", labels=[])
    running.create("BLU", "Launch step 5", labels=["launch"])
    running.follow()
    running.sync()
    running.clock.move(minutes * 60)
    assert sweep.sweep(replace(running.world, jira=jira))["repaired"] == (2 if is_believed else 0)
    assert ("BLU-4" in running.evidence(), "BLU-5" in running.evidence()) == (is_believed, not is_believed)
    sweep.sweep(running.world)
    running.clock.move(300)
    running.sync()  # asks once more about those that were not believed
    running.clock.move(3600)
    sweep.sweep(running.world)
    assert ("BLU-4" in running.evidence(), "BLU-5" in running.evidence()) == (False, True)


def test_what_is_stored_while_the_sweep_asks_is_newer_and_stays(running: Place) -> None:
    a_day(running)
    issue_id = running.issue("BLU-4")["id"]
    real = running.world.need_jira()

    def issues(ids: Sequence[str]) -> list[Issue]:
        """Out of sight when the sweep asks; told and taken in before the sweep hears it."""
        found = [issue for issue in real.issues(ids) if issue.id != issue_id]
        running.edit("BLU-4", summary="Back again")
        sync.refresh(running.world, [issue_id], {})
        return found

    assert sweep.sweep(replace(running.world, jira=Watched(real, issues=issues)))["unseen"] == 0
    stored = running.stored_issue("BLU-4")
    assert stored is not None
    assert (stored.summary, stored.unseen_at) == ("Back again", None)


def test_a_query_that_jira_refuses_keeps_its_issues_and_holds_up_nobody(running: Place) -> None:
    with running.site.store.lock:
        home = running.tracker.project("BLU")
        assert home is not None
        running.tracker.projects.put(home["id"], {**home, "components": [{"id": "77", "name": "gone"}]})
    running.apply(SMALL.replace("labels = launch", "(labels = launch OR component = gone)"))
    running.settle()
    with running.site.store.lock:
        running.tracker.projects.put(home["id"], home)
    silently(running, "RED-4", summary="Thing three")
    a_day(running)
    counts = sweep.sweep(running.world)
    assert (counts["refused"], counts["changed"], counts["left"]) == (1, 1, 0)
    with running.world.reading() as session:
        assert [error for error in session.scalars(select(EvidenceRow.error)) if error]
    assert "BLU-1" in running.evidence()


@only_sqlite
def test_evidence_of_a_closed_cycle_is_left_alone(running: Place) -> None:
    running.apply(SMALL.replace("ends_on: 2026-12-31", "ends_on: 2026-12-31, state: closed"))
    running.settle()
    silently(running, "BLU-4", labels=[])
    with running.counting() as asked:
        assert sweep.sweep(running.world)["repaired"] == 0
    assert not asked
