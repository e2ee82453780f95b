"""The demo's Jira: issues that the OKRs name are there, linked, and add up to the golden shares."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import pytest

from app.domain.model import Evidence, EvidenceKind
from app.okrs_file import Definitions, read_text
from connectors.sandbox.demo import SERVICE_ACCOUNT, SPACE_KEY, seed
from connectors.sandbox.demo.okrs import okrs_text
from connectors.sandbox.jira.search import hits
from connectors.sandbox.jira.tracker import tracker_of
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

TODAY = date(2026, 11, 23)


@lru_cache
def definitions() -> Definitions:
    return read_text(okrs_text(TODAY))


@pytest.fixture(scope="module")
def site() -> Site:
    site = Site(now=lambda: datetime(2026, 11, 23, 1, tzinfo=UTC))
    seed(site, TODAY)
    return site


def found(site: Site, jql: str) -> list[Document]:
    user = site.store.table("users").get(SERVICE_ACCOUNT)
    return [entry.issue for entry in hits(tracker_of(site), user, jql)]


def members(site: Site, evidence: Evidence) -> list[Document]:
    questions = {
        EvidenceKind.LINK: f'issue in linkedIssues("{evidence.value}")',
        EvidenceKind.KEYS: f"key in ({', '.join(evidence.value.split())})",
        EvidenceKind.JQL: evidence.value,
        EvidenceKind.EPIC: f"parent = {evidence.value}",
        EvidenceKind.PROJECT: f"project = {evidence.value}",
        EvidenceKind.LABEL: f"labels = {evidence.value}",
    }
    return found(site, questions[evidence.kind])


def running() -> list[str]:
    """The key results of the cycle that runs."""
    objectives = {one.id for one in definitions().objectives if one.cycle_id == definitions().cycles[0].id}
    return [one.id for one in definitions().key_results if one.objective_id in objectives]


def test_all_evidence_of_the_okrs_leads_to_issues(site: Site) -> None:
    empty = [one.id for one in definitions().evidence if not members(site, one)]
    assert empty == []
    assert {one.key_result_id for one in definitions().evidence} == set(running())


def test_an_issue_stands_for_each_key_result_and_carries_its_id(site: Site) -> None:
    standing = found(site, 'project = OKR AND issuetype = "Key Result" ORDER BY key ASC')
    assert [issue["summary"].split()[0] for issue in standing] == running()
    for one in definitions().evidence:
        if one.kind is EvidenceKind.LINK:
            anchor = next(issue for issue in standing if issue["key"] == one.value)
            assert anchor["summary"].split()[0] == one.key_result_id


def contributing(site: Site, key_result: str) -> list[Document]:
    (evidence,) = [one for one in definitions().evidence if one.key_result_id == key_result]
    assert evidence.mode == "contributing"
    return [issue for issue in members(site, evidence) if issue["resolution"] in (None, "10000")]


@pytest.mark.parametrize(("key_result", "done", "of"), [("KR-M1", 3, 4), ("KR-M4", 1, 8)])
def test_shares_by_count_stand_as_their_history_says(site: Site, key_result: str, done: int, of: int) -> None:
    issues = contributing(site, key_result)
    assert (sum(1 for issue in issues if issue["resolved"]), len(issues)) == (done, of)


def test_the_share_by_points_stands_as_its_history_says(site: Site) -> None:
    points: Counter[bool] = Counter()
    for issue in contributing(site, "KR-S5"):
        points[issue["resolved"] is not None] += sum(issue["numbers"].values())
    assert (points[True], points.total()) == (21, 34)


def test_the_issues_are_believable(site: Site) -> None:
    issues = list(site.store.table("jira_issues"))
    assert 60 <= len(issues) <= 100
    assert len({issue["summary"] for issue in issues}) == len(issues)
    assert sum(1 for issue in issues if issue["security"]) == 1
    assert sum(1 for issue in issues if issue["resolution"] == "10001") == 2
    now = datetime(2026, 11, 23, tzinfo=UTC)
    for issue in issues:
        assert issue["created"] <= issue["updated"] < now.timestamp() * 1000
        if issue["resolved"]:
            assert issue["created"] < issue["resolved"]
            assert issue["resolved"] > (now - timedelta(days=60)).timestamp() * 1000


def test_assignees_and_owners_are_users_of_the_site_with_tokens(site: Site) -> None:
    users = site.store.table("users")
    accounts = {issue["assignee"] for issue in site.store.table("jira_issues")} - {None}
    accounts |= {person.account_id for person in definitions().people}
    assert all((users.get(account) or {}).get("token") for account in accounts)


def test_a_second_seed_adds_nothing(site: Site) -> None:
    before = {table: len(site.store.table(table)) for table in ("jira_issues", "jira_links", "users", "wiki_pages")}
    token = (site.store.table("users").get(SERVICE_ACCOUNT) or {})["token"]
    seed(site, TODAY + timedelta(days=1))
    assert before == {table: len(site.store.table(table)) for table in before}
    assert (site.store.table("users").get(SERVICE_ACCOUNT) or {})["token"] == token


def test_what_a_seed_that_was_cut_off_left_behind_is_made_good() -> None:
    site = Site()
    seed(site, TODAY)
    whole = len(site.store.table("jira_issues"))
    site.store.table("demo").delete("seeded")
    seed(site, TODAY)
    assert len(site.store.table("jira_issues")) == whole


def test_the_wiki_has_the_space_that_the_pages_go_to(site: Site) -> None:
    (space,) = site.store.table("wiki_spaces")
    assert space["key"] == SPACE_KEY
    assert space["homepageId"]
