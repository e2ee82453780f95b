"""The nightly sweep and each kind of evidence: projects on and off the list, labels, keys, links, epics."""

import pytest
from sqlalchemy import Engine, delete, select

from app.db import issues as store
from app.db.models import EvidenceRow, IssueRow, MembershipRow
from app.services import sweep
from connectors.sandbox.jira import changes
from connectors.sandbox.jira.seed import add_issue, add_issues, add_project, link
from connectors.sandbox.site import ADMIN, Site
from tests.journeys import company
from tests.journeys.company import SMALL
from tests.journeys.conftest import Opening
from tests.journeys.nights import a_day, repaired, restricted, silently, with_evidence
from tests.journeys.place import Place


def test_no_project_off_the_allow_list_is_asked_for(opening: Opening, sqlite_engine: Engine) -> None:
    place = opening(sqlite_engine, projects="RED,BLU")
    add_project(place.site, "SEC", "Secret")
    add_issues(place.site, "SEC", 300, labels=["launch"])
    place.start(SMALL.replace("project = BLU AND labels", "labels"))
    a_day(place)
    with place.counting() as asked:
        assert sweep.sweep(place.world)["asked"] == 9
    assert asked == {"POST search/jql": 1, "POST issue/bulkfetch": 1}


def test_a_project_on_the_allow_list_that_is_gone_does_not_stop_the_sweep(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = opening(sqlite_engine, projects="RED,BLU,GON")
    place.start(SMALL)
    silently(place, "BLU-4", labels=[])
    a_day(place)
    counts = sweep.sweep(place.world)
    assert (counts["refused"], counts["left"], counts["changed"]) == (0, 1, 1)


def test_an_issue_that_moved_off_the_allow_list_unnoticed_leaves_and_stays_away(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = opening(sqlite_engine, projects="RED,BLU")
    add_project(place.site, "SEC", "Secret")
    place.start(SMALL)
    place.listen()
    with place.site.store.lock:
        home = place.tracker.project("SEC")
        assert home is not None
        changes.move(place.tracker, ADMIN, place.issue("RED-4"), home)
    place.letters()  # lost
    assert repaired(place) == {"left": 1}
    place.edit("RED-1", summary="Its links lead there still")
    place.follow()
    assert repaired(place) == {}
    assert {key for key in place.evidence() if key.startswith("RED")} == {"RED-2", "RED-3", "RED-5"}


@pytest.mark.parametrize(
    "evidence", ["{label: launch}", "{project: BLU}", "{keys: [BLU-1, BLU-2, BLU-3, BLU-4, BLU-5]}"]
)
def test_an_issue_that_was_hidden_joins_when_it_may_be_seen(
    opening: Opening, sqlite_engine: Engine, evidence: str
) -> None:
    def fill(site: Site) -> None:
        company.fill(site)
        restricted(site)
        add_issue(site, "BLU", "Launch step 5", labels=["launch"], security="Others")

    place = opening(sqlite_engine, fill)
    place.start(with_evidence(evidence))
    assert repaired(place) == {}
    silently(place, "BLU-5", security=None)
    assert repaired(place) == {"joined": 1}
    assert "BLU-5" in place.evidence()


def test_a_link_to_an_issue_that_was_hidden_is_followed_when_it_may_be_seen(running: Place) -> None:
    restricted(running.site)
    hidden = add_issue(running.site, "RED", "Thing 5", security="Others")
    link(running.site, "Contributes", hidden, "RED-1")
    assert repaired(running) == {}
    silently(running, "RED-6", security=None)
    assert repaired(running)["joined"] == 1
    assert "RED-6" in running.evidence()


def tree(site: Site) -> None:
    """BLU-5 is an epic with two stories, BLU-6 and BLU-7; BLU-8 is a sub-task of BLU-7."""
    company.fill(site)
    restricted(site)
    epic = add_issue(site, "BLU", "An epic", "Epic")
    add_issue(site, "BLU", "Story 1", "Story", parent=epic)
    second = add_issue(site, "BLU", "Story 2", "Story", parent=epic)
    add_issue(site, "BLU", "Sub-task", "Sub-task", parent=second)


def test_children_of_an_epic_that_nobody_told_of_are_found_level_by_level(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = opening(sqlite_engine, tree)
    place.start(with_evidence("{epic: BLU-5, mode: contributing}"))
    assert repaired(place) == {}
    story = add_issue(place.site, "BLU", "Story 3", "Story", parent="BLU-5")
    add_issue(place.site, "BLU", "Sub-task of it", "Sub-task", parent=story)
    silently(place, "BLU-6", parent=None)
    place.clock.move(24 * 3600)  # and the poll sees none of it
    counts = sweep.sweep(place.world)
    assert {key for key in place.evidence() if key.startswith("BLU")} == {"BLU-7", "BLU-8", "BLU-9", "BLU-10"}
    assert (counts["left"], counts["changed"]) == (1, 1)


def test_what_was_settled_wrongly_is_settled_anew_although_no_issue_differs(running: Place) -> None:
    """The fill trusted a search that lagged: an issue that is stored for another reason carries the label by now."""
    running.site.index_delay = 600
    running.edit("RED-2", labels=["launch"])
    running.follow()
    running.apply(with_evidence("{label: launch}"))
    running.settle()
    running.site.index_delay = 0
    assert {key for key in running.evidence() if "RED-2" in key} == {"RED-2"}
    with running.world.reading() as session:
        label = session.scalars(select(EvidenceRow.id).where(EvidenceRow.kind == "label")).one()
    assert members_of(running, label) == {"BLU-1", "BLU-2", "BLU-3", "BLU-4"}
    assert repaired(running) == {"joined": 1}
    assert "RED-2" in members_of(running, label)


def members_of(place: Place, evidence_id: str) -> set[str]:
    with place.world.reading() as session:
        site = place.world.need_jira().site
        found = store.members(session, [evidence_id], site)[evidence_id]
        return {row.key for row in store.known(session, site, found).values()}


def test_a_child_that_was_deleted_stays_away_when_its_parent_changes(opening: Opening, sqlite_engine: Engine) -> None:
    place = opening(sqlite_engine, tree)
    place.start(with_evidence("{epic: BLU-5, mode: contributing}"))
    place.listen()
    place.delete("BLU-8")
    place.follow()
    assert "BLU-8" not in place.evidence()
    place.edit("BLU-7", summary="What it hung on")
    place.follow()
    assert "BLU-8" not in place.evidence()
    assert repaired(place) == {}


@pytest.mark.parametrize("is_stored", [True, False], ids=["stored", "not stored"])
@pytest.mark.parametrize(
    ("evidence", "key"),
    [
        ("{link: BLU-5}", "BLU-1"),
        ("{epic: BLU-5}", "BLU-6"),
        ("{epic: BLU-5}", "BLU-8"),
        ("{keys: [BLU-1]}", "BLU-1"),
        ("{label: launch}", "BLU-1"),
        ("{project: BLU}", "BLU-1"),
        ("{jql: project = BLU}", "BLU-1"),
    ],
)
def test_an_issue_that_got_lost_between_two_steps_is_found_again(
    opening: Opening, sqlite_engine: Engine, evidence: str, key: str, is_stored: bool
) -> None:
    """As after a crash: no issue differs from what is stored, but one is missing behind the evidence."""
    place = opening(sqlite_engine, tree)
    link(place.site, "Contributes", "BLU-1", "BLU-5")
    place.apply(with_evidence(evidence))
    place.sync()
    a_day(place)
    before = place.evidence()
    issue_id = place.issue(key)["id"]
    with place.world.session() as session:
        session.execute(delete(MembershipRow).where(MembershipRow.issue_id == issue_id))
        if not is_stored:
            session.execute(delete(IssueRow).where(IssueRow.id == issue_id))
    assert place.evidence() == before - {key}
    assert repaired(place) == {"joined": 1}
    assert place.evidence() == before


def test_an_issue_that_was_unlinked_without_a_word_leaves_when_the_other_end_is_read(running: Place) -> None:
    running.unlink("RED-5", "RED-1")
    running.letters()  # lost
    running.edit("RED-1", summary="The anchor alone rings")
    running.follow()
    assert "RED-5" not in running.evidence()
