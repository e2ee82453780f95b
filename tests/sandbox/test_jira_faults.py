"""Faults that the control API switches on, as a client meets them."""

import pytest
import requests

from connectors.sandbox.jira import seed
from connectors.sandbox.site import Site
from tests.sandbox.conftest import Sandbox

SEARCH = {"jql": "project = MKT", "maxResults": 1}


def test_a_rate_limit_strikes_as_often_as_it_is_told_to(sandbox: Sandbox) -> None:
    headers = {"Retry-After": "7", "RateLimit-Reason": "jira-burst-based"}
    sandbox.control("POST", "faults", {"status": 429, "headers": headers, "path": "/myself$", "count": 2, "skip": 1})
    statuses = [sandbox.ask("GET", "myself").status_code for _ in range(4)]
    assert statuses == [200, 429, 429, 200]
    assert sandbox.ask("GET", "serverInfo").status_code == 200
    assert [one["struck"] for one in sandbox.control("GET", "faults")] == [2]
    sandbox.control("DELETE", "faults")
    assert sandbox.control("GET", "faults") == []


def test_the_headers_of_a_fault_are_sent(sandbox: Sandbox) -> None:
    sandbox.control("POST", "faults", {"status": 503, "headers": {"Retry-After": 30}, "method": "POST"})
    told = sandbox.ask("POST", "search/jql", json=SEARCH)
    assert (told.status_code, told.headers["Retry-After"]) == (503, "30")


def test_a_lost_answer_was_acted_on(sandbox: Sandbox, site: Site) -> None:
    sandbox.control("POST", "faults", {"lose_answer": True, "method": "POST", "path": "/issue$", "count": 1})
    body = {"fields": {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "s"}}
    with pytest.raises(requests.ConnectionError):
        sandbox.post("issue", body)
    assert sandbox.keys("project = MKT") == ["MKT-1"]
    assert [(one.method, one.status) for one in site.asked if one.path.endswith("/issue")] == [("POST", 0)]


def test_a_login_page_comes_as_html_with_200(sandbox: Sandbox) -> None:
    sandbox.control("POST", "faults", {"login_page": True})
    told = sandbox.ask("GET", "myself")
    assert (told.status_code, told.headers["Content-Type"]) == (200, "text/html;charset=UTF-8")


def test_an_empty_page_may_come_with_a_token(sandbox: Sandbox, site: Site) -> None:
    seed.add_issues(site, "MKT", 2)
    sandbox.control("POST", "faults", {"empty_page": True, "skip": 1, "count": 1})
    first = sandbox.post("search/jql", SEARCH)
    empty = sandbox.post("search/jql", {**SEARCH, "nextPageToken": first["nextPageToken"]})
    assert empty["issues"] == []
    assert empty["nextPageToken"] != first["nextPageToken"]
    last = sandbox.post("search/jql", {**SEARCH, "nextPageToken": empty["nextPageToken"]})
    assert (len(last["issues"]), last["isLast"]) == (1, True)


def test_a_token_may_repeat_itself(sandbox: Sandbox, site: Site) -> None:
    seed.add_issues(site, "MKT", 2)
    token = sandbox.post("search/jql", SEARCH)["nextPageToken"]
    sandbox.control("POST", "faults", {"repeat_token": True})
    assert sandbox.post("search/jql", {**SEARCH, "nextPageToken": token})["nextPageToken"] == token


def test_a_fault_may_only_delay(sandbox: Sandbox) -> None:
    sandbox.control("POST", "faults", {"delay": 0.2, "count": 1})
    with pytest.raises(requests.ReadTimeout):
        requests.get(f"{sandbox.url}/rest/api/3/serverInfo", timeout=0.05)
    assert sandbox.get("serverInfo")["deploymentType"] == "Cloud"


@pytest.mark.parametrize("fault", [{"status": 429, "often": 3}, {"path": "/x"}, {"status": 500, "path": "("}])
def test_a_fault_that_makes_no_sense_is_refused(sandbox: Sandbox, fault: dict[str, object]) -> None:
    assert requests.post(f"{sandbox.url}/_sandbox/faults", json=fault, timeout=10).status_code == 400


def test_what_was_asked_is_noted_and_can_be_forgotten(sandbox: Sandbox) -> None:
    sandbox.get("myself", params={"expand": "groups"})
    assert sandbox.control("GET", "asked?path=myself") == [
        {"method": "GET", "path": "/rest/api/3/myself", "query": "expand=groups", "status": 200}
    ]
    sandbox.control("DELETE", "asked")
    assert sandbox.control("GET", "asked") == []


def test_settings_are_checked(sandbox: Sandbox, site: Site) -> None:
    assert sandbox.control("PUT", "settings", {"page_size_cap": 5, "index_delay": 0})["page_size_cap"] == 5
    for wrong in ({"page_size_cap": "many"}, {"colour": "red"}):
        assert requests.put(f"{sandbox.url}/_sandbox/settings", json=wrong, timeout=10).status_code == 400


def test_a_reset_forgets_everything(sandbox: Sandbox, site: Site) -> None:
    seed.add_issue(site, "MKT", "a")
    sandbox.control("POST", "reset")
    assert sandbox.ask("GET", "myself").status_code == 401
    seed.add_project(site, "MKT", "Marketing")
    assert seed.add_issue(site, "MKT", "b")["key"] == "MKT-1"
