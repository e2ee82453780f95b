"""The sandbox's Jira answers as Atlassian's own document says: a list of requests is replayed and checked."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from connectors.sandbox.jira import seed
from connectors.sandbox.run import running
from connectors.sandbox.site import Site
from tests.contract.spec import Spec, spec

EMAIL, TOKEN = "minsu@example.com", "open sesame"
TASK = {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "made"}
EDITED = {"fields": {"summary": "b", "labels": ["x"], "customfield_10016": 5}}
LINK = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "MKT-2"}, "outwardIssue": {"key": "MKT-4"}}
REMOTE = {"globalId": "kr=1", "object": {"url": "https://a.example", "title": "A"}}
ADF = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "said"}]}]}

# method, path and query, body, status
REPLAY: list[tuple[str, str, Any, int]] = [
    ("GET", "myself", None, 200),
    ("GET", "serverInfo", None, 200),
    ("GET", "field", None, 200),
    ("GET", "status", None, 200),
    ("GET", "statuscategory", None, 200),
    ("GET", "resolution", None, 200),
    ("GET", "priority", None, 200),
    ("GET", "issuetype", None, 200),
    ("GET", "project/search?maxResults=1", None, 200),
    ("GET", "project/search?action=browse&keys=MKT&keys=NOPE", None, 200),
    ("GET", "project/MKT", None, 200),
    ("GET", "project/MKT/statuses", None, 200),
    ("GET", "project/NOPE", None, 404),
    ("GET", "user?accountId=712020:minsu", None, 200),
    ("GET", "issueLinkType", None, 200),
    ("GET", "issueLinkType/10000", None, 200),
    ("GET", "search/jql?jql=project%3DMKT&fields=summary,status&maxResults=1", None, 200),
    ("POST", "search/jql", {"jql": "project = MKT", "fields": ["*all"], "expand": "changelog", "maxResults": 2}, 200),
    ("POST", "search/jql", {"jql": "project = MKT"}, 200),
    ("POST", "search/jql", {"jql": "project = NOPE"}, 400),
    ("POST", "search/approximate-count", {"jql": "project = MKT"}, 200),
    (
        "POST",
        "issue/bulkfetch",
        {"issueIdsOrKeys": ["MKT-1", "MKT-9"], "fields": ["*all"], "expand": ["changelog"]},
        200,
    ),
    ("POST", "jql/match", {"issueIds": [10000], "jqls": ["project = MKT", "flavour = sweet"]}, 200),
    (
        "POST",
        "jql/parse?validation=strict",
        {"queries": ["a = b", "key in (MKT-1) and not labels is empty order by key"]},
        200,
    ),
    ("POST", "issue", {"fields": {**TASK, "description": ADF}}, 201),
    ("POST", "issue", {"fields": {**TASK, "summary": ""}}, 400),
    ("GET", "issue/MKT-2", None, 200),
    ("GET", "issue/MKT-2?expand=changelog&fields=summary", None, 200),
    ("GET", "issue/MKT-99", None, 404),
    ("PUT", "issue/MKT-2", EDITED, 204),
    ("GET", "issue/MKT-2/transitions", None, 200),
    ("POST", "issue/MKT-2/transitions", {"transition": {"id": "31"}}, 204),
    ("POST", "issue/MKT-2/transitions", {"transition": {"id": "99"}}, 400),
    ("GET", "issue/MKT-2/changelog?startAt=0&maxResults=1", None, 200),
    ("POST", "issue/MKT-2/comment", {"body": ADF}, 201),
    ("GET", "issue/MKT-2/comment", None, 200),
    ("POST", "issueLink", LINK, 201),
    ("GET", "issueLink/10001", None, 200),
    ("GET", "issue/MKT-2?fields=issuelinks,parent,subtasks,comment,project", None, 200),
    ("DELETE", "issueLink/10001", None, 204),
    ("DELETE", "issueLink/10001", None, 404),
    ("POST", "issue/MKT-2/remotelink", REMOTE, 201),
    ("POST", "issue/MKT-2/remotelink", REMOTE, 200),
    ("GET", "issue/MKT-2/remotelink/10000", None, 200),
    ("DELETE", "issue/MKT-2/remotelink?globalId=kr%3D1", None, 204),
    ("DELETE", "issue/MKT-4", None, 204),
]


@pytest.fixture
def jira() -> Spec:
    return spec("jira-cloud-platform-v3")


@pytest.fixture
def url(jira: Spec) -> Iterator[str]:
    site = Site()
    site.add_user(EMAIL, "김민수", account_id="712020:minsu", token=TOKEN)
    seed.add_project(site, "MKT", "Marketing", components=["web"], versions=["2026.4"])
    seed.add_project(site, "TEAM", "Team", style="next-gen")
    epic = seed.add_issue(site, "MKT", "Campaign", "Epic")
    one = seed.add_issue(site, "MKT", "a", "Story", "Done", parent=epic, components=["web"], fix_versions=["2026.4"])
    seed.add_issue(site, "MKT", "below", "Sub-task", parent=one, description="two\nlines")
    seed.link(site, "Relates", one, epic)
    with running(site) as url:
        yield url


def test_every_request_and_every_answer_is_as_the_official_document_has_it(jira: Spec, url: str) -> None:
    problems: list[str] = []
    for method, called, body, status in REPLAY:
        path, _, query = f"/rest/api/3/{called}".partition("?")
        answer = requests.request(method, f"{url}{path}?{query}", json=body, auth=(EMAIL, TOKEN), timeout=10)
        told = answer.json() if answer.content else None
        if answer.status_code != status:
            problems.append(f"{method} {called}: {answer.status_code}, not {status}: {answer.text[:300]}")
        problems += jira.check_request(method, path, query, body)
        problems += jira.check_answer(method, path, answer.status_code, told)
    assert problems == []
