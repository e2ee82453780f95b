"""The connectors against the sandbox over real HTTP: its rules are the real site's, so far as we know them."""

import time
from datetime import UTC, datetime

import pytest

from app.domain.model import IssueLink, StatusCategory
from app.errors import AuthFailed, Conflict, Forbidden, NotFound, Rejected, Transient
from connectors.jira.cloud import JiraCloudTracker
from connectors.sandbox import faults
from connectors.sandbox.confluence import people
from connectors.sandbox.jira import seed
from connectors.sandbox.site import ADMIN

EMAIL = "bot@example.com"


@pytest.fixture
def jira(site, pace):
    made = JiraCloudTracker(site.base_url, "tok", EMAIL, sleep=pace.sleep)
    yield made
    made.close()


def asked(site, part):
    return [one for one in site.asked if part in one.path]


def test_ten_thousand_issues_take_at_most_101_requests(site, jira):
    seed.add_project(site, "BIG", "Big")
    seed.add_issues(site, "BIG", 10_000)
    found = [issue for page in jira.search("project = BIG ORDER BY id") for issue in page]
    assert len({issue.id for issue in found}) == len(found) == 10_000
    assert len(site.asked) <= 101
    assert len(asked(site, "/search/jql")) == 100


def test_an_issue_is_read_with_everything_that_we_keep(site, jira):
    project = seed.add_project(site, "OPS", "Operations")
    at = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
    seed.add_security_level(site, "Secret", ["712020:bot"])
    epic = seed.add_issue(site, project, "Epic", "Epic")
    seed.add_issue(
        site,
        project,
        '<b>&"]]>',
        "Story",
        "Done",
        parent=epic,
        labels=["x"],
        story_points=2.5,
        assignee=ADMIN,
        created=at,
        security="Secret",
    )
    seed.link(site, "Blocks", "OPS-2", "OPS-1")
    (found,) = jira.issues(["ops-2"])
    assert (found.key, found.project, found.summary, found.status) == ("OPS-2", "OPS", '<b>&"]]>', "Done")
    assert found.category is StatusCategory.DONE
    assert (found.type_name, found.type_level, found.parent_id, found.labels) == ("Story", 0, epic["id"], ("x",))
    assert (found.created_at, found.resolved_at, found.resolution) == (at, at, "Done")
    assert str(found.points) == "2.5"
    assert found.assignee == "Site Admin"
    assert found.links == (IssueLink("10000", "outward", epic["id"]),)
    assert found.hidden
    (epic_read,) = jira.issues([epic["id"]])
    assert (epic_read.type_level, epic_read.points, epic_read.hidden) == (1, None, False)
    assert epic_read.links == (IssueLink("10000", "inward", found.id),)


def test_both_kinds_of_story_points_are_read(site, jira):
    for key, style in (("CLA", "classic"), ("TEA", "next-gen")):
        seed.add_project(site, key, key, style=style)
        seed.add_issue(site, key, "x", story_points=3)
        seed.add_issue(site, key, "y")
    found = {issue.key: issue.points for page in jira.search("project in (CLA, TEA)") for issue in page}
    assert {key: points and int(points) for key, points in found.items()} == {
        "CLA-1": 3,
        "CLA-2": None,
        "TEA-1": 3,
        "TEA-2": None,
    }


def test_what_the_account_may_not_see_is_silently_missing(site, jira):
    seed.add_project(site, "OPS", "Operations")
    seed.add_project(site, "HR", "People", browse=[ADMIN])
    seed.add_issue(site, "OPS", "open")
    hidden = seed.add_issue(site, "HR", "closed")
    assert [issue.key for issue in jira.issues(["OPS-1", hidden["id"], "999999"])] == ["OPS-1"]


def test_matches_tell_which_issues_a_query_has_now(site, jira):
    seed.add_project(site, "OPS", "Operations")
    ids = [issue["id"] for issue in seed.add_issues(site, "OPS", 6)]
    done = {issue.id for issue in jira.issues(ids) if issue.category is StatusCategory.DONE}
    queries = ["project = OPS AND statusCategory = Done", "labels = nothing", "project = OPS"]
    assert jira.matches(ids, queries) == [done, set(), set(ids)]
    with pytest.raises(Rejected, match="query 2"):
        jira.matches(ids, ["project = OPS", "nonsense = 1"])


def test_queries_are_checked_as_jira_would(site, jira):
    seed.add_project(site, "OPS", "Operations")
    assert jira.check_query("project = OPS ORDER BY created") is None
    assert jira.check_query("order by created")
    assert jira.check_query("project = ")
    with pytest.raises(Rejected):
        next(jira.search("order by created"))


def test_an_expired_token_shows_everywhere(site, jira, wiki):
    seed.add_project(site, "OPS", "Operations")
    site.store.table("users").put("712020:bot", {**site.store.table("users").get("712020:bot"), "expired": True})
    for call in (jira.myself, lambda: next(jira.search("project = OPS")), lambda: jira.issues(["1"]), wiki.myself):
        with pytest.raises(AuthFailed):
            call()
    with pytest.raises(AuthFailed):
        wiki.space("OKR")


def test_the_account_is_the_same_on_both_sides(jira, wiki):
    assert jira.myself() == wiki.myself()
    assert (jira.myself().id, jira.myself().time_zone) == ("712020:bot", "Asia/Seoul")


def test_an_empty_page_is_passed_over_and_a_repeated_token_stops(site, jira):
    seed.add_project(site, "OPS", "Operations")
    seed.add_issues(site, "OPS", 150)
    faults.add(site, {"empty_page": True, "path": "search/jql", "skip": 1, "count": 1})
    assert [len(page) for page in jira.search("project = OPS")] == [100, 0, 50]
    faults.add(site, {"repeat_token": True, "path": "search/jql"})
    with pytest.raises(Transient, match="same page token"):
        list(jira.search("project = OPS"))


def test_a_login_page_in_the_way_is_told(site, jira):
    faults.add(site, {"login_page": True})
    with pytest.raises(AuthFailed, match="login page"):
        jira.myself()


def test_a_page_is_made_read_changed_and_read_as_it_was(site, wiki, space):
    made = wiki.create(space.id, space.homepage_id, "Q4 <목표> & more", "<p>one</p>", "")
    assert (made.version, made.status, made.parent_id, made.author_id) == (
        1,
        "current",
        space.homepage_id,
        "712020:bot",
    )
    changed = wiki.update(made, made.title, "<p>two &amp; three</p>", "[a1b2c3d4] KR2 0.4 → 0.6")
    assert (changed.version, changed.message) == (2, "[a1b2c3d4] KR2 0.4 → 0.6")
    now, before = wiki.page(made.id), wiki.page(made.id, 1)
    assert "two" in now.body
    assert (now.version, now.message, now.title) == (2, changed.message, made.title)
    assert "one" in before.body
    assert before.version == 1
    assert now.url.startswith(f"{site.base_url}/wiki/spaces/OKR/pages/{made.id}")
    with pytest.raises(Conflict):
        wiki.update(made, made.title, "<p>late</p>", "")


def test_bad_storage_and_taken_titles_are_rejected_with_a_reason(wiki, space):
    made = wiki.create(space.id, space.homepage_id, "OKR", "<p />", "")
    with pytest.raises(Rejected, match=r"xhtml|XHTML|parse|Parse"):
        wiki.update(made, "OKR", "<p>a & b</p>", "")
    with pytest.raises(Rejected, match="already exists"):
        wiki.create(space.id, space.homepage_id, "okr", "<p />", "")


def test_pages_are_found_by_title_and_listed_below_their_parent(site, wiki, space):
    made = [wiki.create(space.id, space.homepage_id, title, "<p />", "") for title in ("B", "A")]
    people.archive_page(site, made[0].id)
    assert [(page.id, page.status) for page in wiki.find(space.id, "B")] == [(made[0].id, "archived")]
    assert wiki.find(space.id, "C") == []
    assert made[1].id in [page.id for page in wiki.children(space.homepage_id)]
    assert {page.version for page in wiki.children(space.homepage_id)} == {1}
    with pytest.raises(Rejected, match="archived"):
        wiki.update(wiki.page(made[0].id), "B", "<p />", "")


def test_properties_and_labels_are_kept_beside_the_page(wiki, space):
    made = wiki.create(space.id, space.homepage_id, "OKR", "<p />", "")
    assert wiki.property(made.id, "plainsight") is None
    for value in ({"page": "company"}, {"page": "company"}, {"page": "team", "n": 1}):
        wiki.set_property(made.id, "plainsight", value)
        assert wiki.property(made.id, "plainsight") == value
    wiki.add_labels(made.id, ["okr", "2026-Q4"])
    wiki.add_labels(made.id, ["okr"])
    assert wiki.page(made.id).version == 1


def test_a_create_whose_answer_is_lost_is_in_doubt_and_can_be_found(site, wiki, space):
    faults.add(site, {"lose_answer": True, "path": "/pages$", "method": "POST", "count": 1})
    with pytest.raises(Transient) as caught:
        wiki.create(space.id, space.homepage_id, "OKR", "<p />", "")
    assert caught.value.sent
    (found,) = wiki.find(space.id, "OKR")
    assert (found.parent_id, found.author_id, found.version) == (space.homepage_id, "712020:bot", 1)


def test_what_is_missing_or_forbidden_says_so(site, wiki):
    with pytest.raises(NotFound):
        wiki.page("123456")
    with pytest.raises(NotFound, match="NOPE"):
        wiki.space("NOPE")
    site.store.table("users").put("712020:bot", {**site.store.table("users").get("712020:bot"), "rights": []})
    with pytest.raises(Forbidden):
        wiki.page("123456")


def test_a_rate_limit_of_the_site_is_waited_for(site, jira, naps):
    faults.add(site, {"status": 429, "headers": {"Retry-After": "1"}, "count": 1})
    began = time.monotonic()
    assert jira.myself().id == "712020:bot"
    assert naps == [1.0]
    assert time.monotonic() - began < 1
