"""Evidence in seldom weather: epics that change, answers that cross, what comes back, and another address."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.db.models import EvidenceRow, IssueRow, MembershipRow
from app.services import members, sync
from connectors.sandbox.jira.seed import add_issue
from connectors.sandbox.site import ADMIN, Site
from tests.journeys import company
from tests.journeys.company import BLUE, RED, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

QUERY = "{jql: project = BLU AND labels = launch, mode: contributing}"


def errors(place: Place) -> list[str]:
    with place.world.reading() as session:
        return [error for error in session.scalars(select(EvidenceRow.error)) if error]


def is_unseen(place: Place, key: str) -> bool:
    stored = place.stored_issue(key)
    assert stored is not None
    return stored.unseen_at is not None


def close_project(place: Place, key: str, *, to_us: bool) -> None:
    """Rights are taken away or given, which updates no issue."""
    with place.site.store.lock:
        project = place.tracker.project(key)
        assert project is not None
        place.tracker.projects.put(project["id"], {**project, "browse": [ADMIN] if to_us else None})


def give_component(place: Place, name: str) -> None:
    with place.site.store.lock:
        project = place.tracker.project("BLU")
        assert project is not None
        place.tracker.projects.put(project["id"], {**project, "components": [{"id": "77", "name": name}]})


def test_children_stay_in_a_query_when_their_epic_changes(opening: Opening, sqlite_engine: Engine) -> None:
    def fill(site: Site) -> None:
        company.fill(site)
        epic = add_issue(site, "BLU", "An epic", "Epic", labels=["launch"])
        for number in range(3):
            add_issue(site, "BLU", f"Child {number}", status="Done", parent=epic, labels=["launch"])

    place = opening(sqlite_engine, fill)
    place.start(SMALL)
    place.listen()
    assert place.page(BLUE).cell("Ready to launch", "Jira").startswith("4/8")
    place.edit("BLU-5", summary="Another name")
    place.follow()
    assert {"BLU-6", "BLU-7", "BLU-8"} <= place.evidence()
    assert place.page(BLUE).cell("Ready to launch", "Jira").startswith("4/8")


class Interrupted:
    """A tracker; while it is asked which queries match, something else happens."""

    def __init__(self, tracker: Any, happens: Any) -> None:
        self._tracker, self._happens = tracker, happens

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tracker, name)

    def matches(self, ids: Sequence[str], queries: Sequence[str]) -> list[set[str]]:
        answer: list[set[str]] = self._tracker.matches(ids, queries)
        happens, self._happens = self._happens, lambda: None
        happens()
        return answer


def test_a_newer_state_stored_while_jira_is_asked_is_not_undone(place: Place) -> None:
    both = f"{{label: launch, mode: contributing}}\n          - {QUERY.replace('contributing', 'evidence')}"
    place.start(SMALL.replace(QUERY, both))
    issue_id = place.issue("BLU-2")["id"]
    place.clock.move(60)
    place.edit("BLU-2", summary="The older state")
    older = place.world.need_jira().issues([issue_id])

    def meanwhile() -> None:
        place.clock.move(1)
        place.edit("BLU-2", summary="The newer state", labels=[])
        sync.refresh(place.world, [issue_id], {})

    world = replace(place.world, jira=Interrupted(place.world.jira, meanwhile))
    members.take_in(world, older, fresh=False)
    stored = place.stored_issue("BLU-2")
    assert stored is not None
    assert (stored.summary, stored.labels) == ("The newer state", [])
    assert "BLU-2" not in place.evidence()


def test_a_query_that_jira_refused_is_asked_again_after_an_hour(place: Place) -> None:
    place.start(SMALL.replace("labels = launch", "(labels = launch OR component = later)"))
    assert len(errors(place)) == 1
    give_component(place, "later")
    place.clock.move(30 * 60)
    place.sync()
    assert len(errors(place)) == 1
    place.clock.move(31 * 60)
    place.sync()
    place.settle()
    assert errors(place) == []
    assert place.page(BLUE).cell("Ready to launch", "Jira").startswith("1/4")


def test_a_query_that_jira_no_longer_takes_keeps_its_issues_and_holds_up_nobody(running: Place) -> None:
    give_component(running, "gone")
    running.apply(SMALL.replace("labels = launch", "(labels = launch OR component = gone)"))
    running.settle()
    give_component(running, "another")
    running.transition("RED-4", "Done")
    running.follow()
    assert running.page(RED).cell("Four things", "Now") == "75%"
    assert "BLU-1" in running.evidence()
    assert len(errors(running)) == 1


@pytest.mark.parametrize("again", ["polled", "filled"])
def test_an_unseen_issue_that_may_be_seen_again_counts_as_seen_without_an_update(running: Place, again: str) -> None:
    close_project(running, "RED", to_us=True)
    issue_id = running.issue("RED-4")["id"]
    sync.refresh(running.world, [issue_id], {})
    assert is_unseen(running, "RED-4")
    close_project(running, "RED", to_us=False)
    if again == "polled":  # within the minutes that are read again
        running.clock.move(300)
        running.sync()
    else:
        running.clock.move(24 * 3600)
        with running.world.session() as session:
            for row in session.scalars(select(EvidenceRow)):
                row.filled_at = None
        running.sync()
    assert not is_unseen(running, "RED-4")


class Moved:
    """The same tracker under another address."""

    site = "renamed.example"

    def __init__(self, tracker: Any) -> None:
        self._tracker = tracker

    def __getattr__(self, name: str) -> Any:
        return getattr(self._tracker, name)


def test_under_another_address_everything_is_filled_anew_and_the_old_evidence_leaves(running: Place) -> None:
    before = running.world.need_jira().site
    world = replace(running.world, jira=Moved(running.world.jira))
    running.clock.move(5 * 3600)
    assert sync.poll(world)["filled"] == 2
    present = select(MembershipRow.site).where(MembershipRow.left_at.is_(None))
    with world.reading() as session:
        assert list(session.scalars(present)) == [Moved.site] * 8
        kept = set(session.scalars(select(IssueRow.key).where(IssueRow.site == before)))
    assert "RED-1" in kept
    assert sync.poll(world)["filled"] == 0
