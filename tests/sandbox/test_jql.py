"""What JQL finds, and what it refuses: one table each, evaluated without HTTP."""

from datetime import UTC, datetime

import pytest

from connectors.sandbox.jira import jql, search, seed
from connectors.sandbox.jira.tracker import Tracker, tracker_of
from connectors.sandbox.site import ADMIN, Site
from connectors.sandbox.store import Document

NOON = datetime(2026, 11, 18, 12, 0, tzinfo=UTC)  # 21:00 in Seoul, where the admin's account is


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture(scope="module")
def tracker() -> Tracker:
    site = Site(now=lambda: NOON)
    seed.add_project(site, "MKT", "Marketing", components=["web"], versions=["2026.4"])
    seed.add_project(site, "DO", "Domain Ops", style="next-gen")
    epic = seed.add_issue(site, "MKT", "Campaign", "Epic", "In Progress", created=at(1))  # MKT-1
    seed.add_issue(site, "MKT", "a", "Story", parent=epic, labels=["seo"], story_points=3, created=at(2))  # MKT-2
    seed.add_issue(
        site, "MKT", "b", "Task", "Done", labels=["seo", "web site".replace(" ", "-")], assignee=ADMIN, created=at(3)
    )  # MKT-3
    seed.add_issue(site, "MKT", "c", "Bug", "Done", resolution="Won't Do", created=at(4), components=["web"])  # MKT-4
    seed.add_issue(
        site, "DO", "d", status="In Progress", story_points=8, created=at(17, 15, 30)
    )  # DO-1, 00:30 in Seoul
    seed.add_issue(site, "DO", "e", fix_versions=[], created=at(18, 11, 50))  # DO-2
    seed.link(site, "Blocks", "MKT-2", "MKT-3")
    seed.link(site, "Relates", "DO-1", "MKT-2")
    return tracker_of(site)


def found(tracker: Tracker, text: str) -> list[str]:
    admin = tracker.site.store.table("users").get(ADMIN)
    return [entry.issue["key"] for entry in search.hits(tracker, admin, text)]


FINDS = [
    ("project = MKT order by key", "MKT-1 MKT-2 MKT-3 MKT-4"),
    ("project = mkt and issuetype = Epic", "MKT-1"),
    ("project = Marketing and type in (Bug, Task) order by id asc", "MKT-3 MKT-4"),
    ('project = "DO"', "DO-2 DO-1"),
    ("project != MKT order by created", "DO-1 DO-2"),
    ("project not in (MKT, 'DO')", ""),
    ("key = MKT-2", "MKT-2"),
    ("issuekey in (mkt-2, MKT-4) order by key desc", "MKT-4 MKT-2"),
    ("key > MKT-2 order by key", "MKT-3 MKT-4"),
    ("id = 10001", "MKT-2"),
    ("status = Done order by key", "MKT-3 MKT-4"),
    ("status = 3", "MKT-1"),
    ('status = "In Progress" order by key', "DO-1 MKT-1"),
    ("statusCategory = done order by key", "MKT-3 MKT-4"),
    ("statusCategory in (new, indeterminate) order by key", "DO-1 DO-2 MKT-1 MKT-2"),
    ("statusCategory = 3 and labels = seo", "MKT-3"),
    ("labels = seo order by key", "MKT-2 MKT-3"),
    ("labels = nothing", ""),
    ("labels != web-site order by key", "MKT-2"),
    ("labels is empty order by key", "DO-1 DO-2 MKT-1 MKT-4"),
    ("labels is not EMPTY order by key", "MKT-2 MKT-3"),
    ("labels = EMPTY and project = MKT order by key", "MKT-1 MKT-4"),
    ("not labels = web-site order by key", "MKT-2"),
    ("NOT (labels = seo and status = Done) and labels is not empty", "MKT-2"),
    ("parent = MKT-1", "MKT-2"),
    ("parent is empty and project = MKT order by key", "MKT-1 MKT-3 MKT-4"),
    ("resolution = Unresolved order by key", "DO-1 DO-2 MKT-1 MKT-2"),
    ("resolution is empty and project = MKT order by key", "MKT-1 MKT-2"),
    ("resolution != Unresolved order by key", "MKT-3 MKT-4"),
    ('resolution = "Won\'t Do"', "MKT-4"),
    ("resolution != Done", "MKT-4"),
    ("assignee = currentUser()", "MKT-3"),
    ("assignee is empty and project = MKT order by key", "MKT-1 MKT-2 MKT-4"),
    ("component = web", "MKT-4"),
    ("cf[10016] = 3", "MKT-2"),
    ('cf[10026] >= 5 or "Story Points" < 4 order by key', "DO-1 MKT-2"),
    ("cf[10016] is empty and project = MKT order by key", "MKT-1 MKT-3 MKT-4"),
    ("issue in linkedIssues(MKT-2) order by key", "DO-1 MKT-3"),
    ('issue in linkedIssues("MKT-2", "blocks")', "MKT-3"),
    ('issue in linkedIssues("MKT-3", "is blocked by")', "MKT-2"),
    ('issue in linkedIssues("MKT-3", "blocks")', ""),
    ('key in linkedIssues("MKT-3", "Blocks")', "MKT-2"),
    ('issue not in linkedIssues("MKT-2") and project = MKT order by key', "MKT-1 MKT-2 MKT-4"),
    ("created >= -15m", "DO-2"),
    ("created >= '-1d' order by key", "DO-1 DO-2"),
    ("created < -1w order by key", "MKT-1 MKT-2 MKT-3 MKT-4"),
    ("created >= startOfDay() order by key", "DO-1 DO-2"),  # midnight in Seoul, not in UTC
    ("created < startOfDay(-1d) order by key", "MKT-1 MKT-2 MKT-3 MKT-4"),
    ("created <= now() and key = DO-2", "DO-2"),
    ('created >= "2026-11-18" order by key', "DO-1 DO-2"),  # a date is midnight in Seoul
    ('created >= "2026-11-18 12:00"', "DO-2"),  # 03:00 UTC
    ("created >= 2026/11/18 and key = DO-1", "DO-1"),
    (f"updated >= {int(at(18).timestamp() * 1000)}", "DO-2"),
    (f"resolved >= {int(at(4).timestamp() * 1000)}", "MKT-4"),
    ("resolved is empty and project = MKT order by key", "MKT-1 MKT-2"),
    ("project = MKT and status = Done or key = DO-1 order by key", "DO-1 MKT-3 MKT-4"),
    ("project = MKT and (status = Done or key = DO-1) order by key", "MKT-3 MKT-4"),
    ("project = MKT && !(status = Done) || key = DO-1 ORDER BY project ASC, key DESC", "MKT-2 MKT-1 DO-1"),
    ("project = MKT order by cf[10016], key", "MKT-2 MKT-1 MKT-3 MKT-4"),
    ("project = 'MKT' order by resolved desc, key", "MKT-4 MKT-3 MKT-1 MKT-2"),
]


@pytest.mark.parametrize(("text", "keys"), FINDS, ids=[text for text, _ in FINDS])
def test_jql_finds(tracker: Tracker, text: str, keys: str) -> None:
    assert found(tracker, text) == keys.split()


REFUSES = [
    ("", "Unbounded JQL queries are not allowed here"),
    ("order by key", "Unbounded JQL queries are not allowed here"),
    ("project = DO", "'DO' is a reserved JQL word"),
    ("project = NOPE", "The value 'NOPE' does not exist for the field 'project'."),
    ("key in (MKT-1, MKT-99)", "An issue with key 'MKT-99' does not exist for field 'key'."),
    ("key = 4711", "An issue with key '4711' does not exist for field 'key'."),
    ("status = Closed", "The value 'Closed' does not exist for the field 'status'."),
    ("flavour = sweet", "Field 'flavour' does not exist or you do not have permission to view it."),
    ("project = MKT order by flavour", "Field 'flavour' does not exist"),
    ("summary ~ campaign", "operator '~' is not supported"),
    ("status was Done", "operator 'was' is not supported"),
    ("status > Done", "The operator '>' is not supported by the 'status' field."),
    ("labels in linkedIssues(MKT-1)", "Unable to find JQL function 'linkedIssues"),
    ("assignee in membersOf(staff)", "Unable to find JQL function 'membersOf"),
    ("created > endOfDay()", "Unable to find JQL function 'endOfDay'"),
    ("issue in linkedIssues(MKT-99)", "Issue 'MKT-99' could not be found in function 'linkedIssues'."),
    ("issue in linkedIssues(MKT-1, eats)", "Issue link type 'eats' could not be found"),
    ("issue = linkedIssues(MKT-1)", "cannot be used with the operator '='"),
    ("created > yesterday", "Date value 'yesterday' for field 'created' is invalid"),
    ("created > -3q", "Date value '-3q' for field 'created' is invalid"),
    ("created > '2026-13-01'", "Date value '2026-13-01'"),
    ("cf[10016] > many", "Value 'many' is invalid for the number field"),
    ("cf[99] = 1", "Field 'cf[99]' does not exist"),
    ("project = MKT and", "Expecting a field name but got end of the query"),
    ("project MKT", "Expecting operator but got 'MKT'"),
    ("project = MKT status = Done", "Expecting either 'OR' or 'AND' but got 'status'"),
    ("(project = MKT", "Expecting ')' but got end of the query"),
    ("project = 'MKT", "has not been completed"),
    ("project in MKT", "needs a list in parentheses"),
    ("labels is seo", "only takes 'EMPTY' or 'NULL'"),
    ("labels = a;b", "is a reserved JQL character"),
    ("project = MKT order by a,b,c,d,e,f,g,h", "maximum of 7 fields"),
]


@pytest.mark.parametrize(("text", "message"), REFUSES, ids=[text or "nothing" for text, _ in REFUSES])
def test_jql_refuses_what_it_does_not_know(tracker: Tracker, text: str, message: str) -> None:
    with pytest.raises(jql.JqlError) as refused:
        found(tracker, text)
    assert message in str(refused.value)


def test_korean_names_of_statuses_are_understood(tracker: Tracker) -> None:
    assert found(tracker, 'status = "진행 중" and statusCategory = "진행 중" order by key') == ["DO-1", "MKT-1"]


def test_dates_are_read_in_the_time_zone_of_the_account(tracker: Tracker) -> None:
    utc: Document = tracker.site.add_user("utc@example.com", "Ursula", time_zone="UTC")
    assert [entry.issue["key"] for entry in search.hits(tracker, utc, 'created >= "2026-11-18"')] == ["DO-2"]


def test_an_issue_that_moved_is_found_by_its_old_key() -> None:
    from connectors.sandbox.jira import changes

    site = Site()
    for key in ("OLD", "NEW"):
        seed.add_project(site, key, key)
    issue = seed.add_issue(site, "OLD", "wanders")
    changes.move(tracker_of(site), ADMIN, issue, tracker_of(site).project("NEW") or {})
    assert found(tracker_of(site), "key = OLD-1") == ["NEW-1"]
