"""Credentials that fail, and rights that lack: where Jira says so, and where it only shows nothing."""

import pytest
import requests

from connectors.sandbox.jira import seed
from connectors.sandbox.site import Site
from tests.sandbox.conftest import Sandbox

SILENT = [
    ("POST", "search/jql", {"jql": "project = MKT"}, {"issues": [], "isLast": True}),
    ("POST", "issue/bulkfetch", {"issueIdsOrKeys": ["MKT-1"]}, {"issues": [], "issueErrors": []}),
    ("POST", "search/approximate-count", {"jql": "project = MKT"}, {"count": 0}),
    (
        "POST",
        "jql/match",
        {"issueIds": [10000], "jqls": ["project = MKT"]},
        {"matches": [{"matchedIssues": [], "errors": []}]},
    ),
]


@pytest.mark.parametrize(("method", "path", "body", "answer"), SILENT, ids=[row[1] for row in SILENT])
def test_an_expired_token_finds_nothing_and_is_told_so_in_a_header_only(
    sandbox: Sandbox, site: Site, method: str, path: str, body: object, answer: object
) -> None:
    seed.add_issue(site, "MKT", "a")
    sandbox.control("PATCH", "users/712020:minsu", {"expired": True})
    told = sandbox.ask(method, path, json=body)
    assert (told.status_code, told.json()) == (200, answer)
    assert told.headers["x-seraph-loginreason"] == "AUTHENTICATED_FAILED"


def test_fields_and_server_info_are_open_to_all(sandbox: Sandbox) -> None:
    for path in ("field", "serverInfo"):
        told = sandbox.ask("GET", path, auth=("minsu@example.com", "wrong"))
        assert (told.status_code, told.headers["x-seraph-loginreason"]) == (200, "AUTHENTICATED_FAILED")
    assert not [field for field in sandbox.ask("GET", "field", auth=("a", "b")).json() if field["custom"]]


@pytest.mark.parametrize("path", ["myself", "issue/MKT-1", "status", "project/MKT"])
def test_a_wrong_token_is_401_where_a_login_is_needed(sandbox: Sandbox, path: str) -> None:
    told = sandbox.ask("GET", path, auth=("minsu@example.com", "wrong"))
    assert told.status_code == 401
    assert told.headers["WWW-Authenticate"].startswith("Basic")
    assert told.headers["Content-Type"] == "application/json;charset=UTF-8"


def test_a_bearer_token_is_as_good_as_basic(sandbox: Sandbox) -> None:
    headers = {"Authorization": "Bearer open sesame"}
    told = requests.get(f"{sandbox.url}/rest/api/3/myself", headers=headers, timeout=10)
    assert told.json()["accountId"] == "712020:minsu"


def test_a_right_that_is_taken_away_is_missed(sandbox: Sandbox, site: Site) -> None:
    seed.add_issue(site, "MKT", "a")
    sandbox.control("PATCH", "users/712020:minsu", {"rights": ["jira:read"]})
    assert sandbox.ask("PUT", "issue/MKT-1", json={"fields": {"summary": "b"}}).status_code == 403
    assert sandbox.get("issue/MKT-1")["fields"]["summary"] == "a"


def test_who_may_browse_a_project_can_change(sandbox: Sandbox, site: Site) -> None:
    seed.add_issue(site, "MKT", "a")
    sandbox.control("PUT", "projects/MKT/browse", {"accounts": []})
    assert sandbox.ask("GET", "issue/MKT-1").status_code == 404
    sandbox.control("PUT", "projects/MKT/browse", {"accounts": None})
    assert sandbox.ask("GET", "issue/MKT-1").status_code == 200
