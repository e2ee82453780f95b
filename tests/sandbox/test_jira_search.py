"""Searching over HTTP: pages that end, an index that lags, and what a caller may not see."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from connectors.sandbox.jira import seed
from connectors.sandbox.site import Site
from tests.sandbox.conftest import Sandbox

ALL = "project = MKT order by key"


def test_pages_end_and_together_hold_every_issue_once(sandbox: Sandbox, site: Site) -> None:
    seed.add_issues(site, "MKT", 25)
    assert sandbox.keys(ALL) == [f"MKT-{number}" for number in range(1, 26)]
    assert len(sandbox.search(ALL, "summary", size=10)) == 25
    last = sandbox.post("search/jql", {"jql": ALL, "maxResults": 25})
    assert last["isLast"] is True
    assert not {"nextPageToken", "total", "startAt"} & set(last)


def test_only_ids_are_answered_unless_fields_are_asked(sandbox: Sandbox, site: Site) -> None:
    seed.add_issue(site, "MKT", "a")
    assert sandbox.post("search/jql", {"jql": ALL})["issues"] == [{"id": "10000"}]
    shown = sandbox.post("search/jql", {"jql": ALL, "fields": ["summary"]})["issues"][0]
    assert (shown["key"], shown["fields"]) == ("MKT-1", {"summary": "a"})


def test_a_page_is_capped_when_fields_are_asked(sandbox: Sandbox, site: Site) -> None:
    seed.add_issues(site, "MKT", 250)
    assert len(sandbox.post("search/jql", {"jql": ALL, "maxResults": 5000})["issues"]) == 250
    assert len(sandbox.post("search/jql", {"jql": ALL, "maxResults": 5000, "fields": ["summary"]})["issues"]) == 100


def test_get_and_post_search_alike(sandbox: Sandbox, site: Site) -> None:
    seed.add_issues(site, "MKT", 3)
    first = sandbox.get("search/jql", params={"jql": ALL, "fields": "summary,status", "maxResults": 2})
    assert [set(issue["fields"]) for issue in first["issues"]] == [{"summary", "status"}] * 2
    token = first["nextPageToken"]
    rest = sandbox.get("search/jql", params={"jql": ALL, "fields": ["summary", "status"], "nextPageToken": token})
    assert [issue["key"] for issue in rest["issues"]] == ["MKT-3"]


@pytest.mark.parametrize("change", [{"jql": "project = MKT"}, {"fields": ["status"]}, {"nextPageToken": "abc"}])
def test_a_token_belongs_to_its_query_and_fields(sandbox: Sandbox, site: Site, change: dict[str, object]) -> None:
    seed.add_issues(site, "MKT", 3)
    asked = {"jql": ALL, "fields": ["summary"], "maxResults": 2}
    token = sandbox.post("search/jql", asked)["nextPageToken"]
    sandbox.post("search/jql", {**asked, "nextPageToken": token, **change}, status=400)


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("api", [2, 3])
def test_the_removed_search_is_gone(sandbox: Sandbox, method: str, api: int) -> None:
    assert sandbox.ask(method, f"/rest/api/{api}/search", params={"jql": ALL}).status_code == 410


def test_an_unbounded_query_is_refused(sandbox: Sandbox) -> None:
    told = sandbox.post("search/jql", {"jql": "order by key"}, status=400)
    assert told["errorMessages"] == [
        "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
    ]


def test_count_is_the_number_of_hits(sandbox: Sandbox, site: Site) -> None:
    seed.add_issues(site, "MKT", 7)
    assert sandbox.post("search/approximate-count", {"jql": ALL}) == {"count": 7}


def test_the_index_lags_but_the_store_does_not(sandbox: Sandbox, site: Site) -> None:
    now = datetime(2026, 11, 18, tzinfo=UTC)
    site.now = lambda: now
    key = seed.add_issue(site, "MKT", "a")["key"]
    site.index_delay = 5
    sandbox.post(f"issue/{key}/transitions", {"transition": {"id": "31"}}, status=204)
    matching = {"issueIds": [10000], "jqls": ["status = Done"]}

    assert sandbox.keys("status = Done") == []
    assert sandbox.post("jql/match", matching)["matches"] == [{"matchedIssues": [], "errors": []}]
    assert sandbox.get(f"issue/{key}")["fields"]["status"]["name"] == "Done"
    fetched = sandbox.post("issue/bulkfetch", {"issueIdsOrKeys": [key], "fields": ["status"]})
    assert fetched["issues"][0]["fields"]["status"]["statusCategory"]["key"] == "done"
    reconciled = sandbox.post("search/jql", {"jql": "status = Done", "reconcileIssues": [10000]})
    assert reconciled["issues"] == [{"id": "10000"}]

    now += timedelta(seconds=6)
    assert sandbox.keys("status = Done") == [key]
    assert sandbox.post("jql/match", matching)["matches"] == [{"matchedIssues": [10000], "errors": []}]


def test_what_the_caller_may_not_see_is_silently_absent(sandbox: Sandbox, site: Site) -> None:
    seed.add_project(site, "HID", "Hidden", browse=["712020:nobody"])
    hidden = seed.add_issue(site, "HID", "hidden")
    seed.add_security_level(site, "Board only", ["712020:nobody"])
    secret = seed.add_issue(site, "MKT", "secret", security="Board only")
    seen = seed.add_issue(site, "MKT", "seen")
    seed.link(site, "Blocks", secret, seen)

    assert sandbox.keys("labels is empty") == ["MKT-2"]
    fetched = sandbox.post("issue/bulkfetch", {"issueIdsOrKeys": ["MKT-2", "MKT-1", "HID-1", "MKT-99"]})
    assert [issue["key"] for issue in fetched["issues"]] == ["MKT-2"]
    assert fetched["issueErrors"] == []
    assert fetched["issues"][0]["fields"]["issuelinks"] == []
    ids = [int(issue["id"]) for issue in (hidden, secret, seen)]
    assert sandbox.post("jql/match", {"issueIds": ids, "jqls": ["created <= now()"]})["matches"] == [
        {"matchedIssues": [int(seen["id"])], "errors": []}
    ]
    assert sandbox.ask("GET", "issue/MKT-1").status_code == 404
    sandbox.post("search/jql", {"jql": "project = HID"}, status=400)
    assert [project["key"] for project in sandbox.get("project/search")["values"]] == ["MKT"]


def test_bulkfetch_answers_by_id_whatever_it_was_asked_with(sandbox: Sandbox, site: Site) -> None:
    seed.add_project(site, "NEW", "New")
    for name in "abc":
        seed.add_issue(site, "MKT", name)
    sandbox.control("POST", "issues/MKT-2/move", {"project": "NEW"})
    fetched = sandbox.post(
        "issue/bulkfetch", {"issueIdsOrKeys": ["mkt-3", "MKT-2", "NEW-1", "10000"], "fields": ["id"]}
    )
    assert [issue["key"] for issue in fetched["issues"]] == ["MKT-1", "NEW-1", "MKT-3"]


def test_bulkfetch_takes_a_hundred_at_most(sandbox: Sandbox) -> None:
    sandbox.post("issue/bulkfetch", {"issueIdsOrKeys": [str(number) for number in range(101)]}, status=400)


def test_a_wrong_query_errs_alone_in_a_match(sandbox: Sandbox, site: Site) -> None:
    seed.add_issue(site, "MKT", "a")
    told = sandbox.post("jql/match", {"issueIds": [10000], "jqls": ["flavour = sweet", "project = MKT"]})["matches"]
    assert [len(one["errors"]) for one in told] == [1, 0]
    assert [one["matchedIssues"] for one in told] == [[], [10000]]


def test_ten_thousand_issues_are_read_in_a_hundred_pages_quickly(sandbox: Sandbox, site: Site) -> None:
    seed.add_issues(site, "MKT", 10_000)
    begun = time.monotonic()
    assert len(sandbox.search(ALL, "summary", "status", "labels", "customfield_10016", size=100)) == 10_000
    assert len([one for one in site.asked if one.path == "/rest/api/3/search/jql"]) == 100
    assert time.monotonic() - begun < 15  # about 1.5 on an idle machine; quadratic paging takes minutes
