"""The checking tool itself: it lets through what is right and names what is wrong."""

import pytest

from tests.contract.spec import spec

SEARCH = "/rest/api/3/search/jql"
PAGE = "/wiki/api/v2/pages/1"

RIGHT = [
    ("jira-cloud-platform-v3", "POST", SEARCH, "", {"jql": "project = A", "fields": ["summary"], "maxResults": 100}),
    ("jira-cloud-platform-v3", "GET", SEARCH, "jql=project%20%3D%20A&fields=summary,status&maxResults=5", None),
    ("jira-cloud-platform-v3", "POST", "/rest/api/3/issue/bulkfetch", "", {"issueIdsOrKeys": ["1"], "expand": []}),
    ("jira-cloud-platform-v3", "GET", "/rest/api/3/issue/A-1/transitions", "", None),
    ("confluence-cloud-v2", "GET", PAGE, "body-format=storage", None),
    ("confluence-cloud-v1", "POST", "/wiki/rest/api/content/1/label", "", [{"prefix": "global", "name": "a"}]),
    ("jira-dc-10.3", "GET", "/rest/api/2/search", "jql=x&startAt=0", None),
    ("confluence-dc-10.0.3", "GET", "/confluence/rest/api/content/1", "expand=version", None),
]


@pytest.mark.parametrize(("name", "method", "path", "query", "body"), RIGHT)
def test_what_is_right_passes(name: str, method: str, path: str, query: str, body: object) -> None:
    assert spec(name).check_request(method, path, query, body) == []


WRONG = [
    ("jira-cloud-platform-v3", "POST", SEARCH, "", {"jql": "x", "startAt": 0}, "startAt"),
    ("jira-cloud-platform-v3", "POST", SEARCH, "", {"jql": "x", "expand": ["names"]}, "expand"),
    ("jira-cloud-platform-v3", "POST", SEARCH, "validateQuery=true", {"jql": "x"}, "validateQuery"),
    ("jira-cloud-platform-v3", "GET", SEARCH, "maxResults=many", None, "whole number"),
    ("jira-cloud-platform-v3", "PATCH", SEARCH, "", None, "no such call"),
    ("jira-cloud-platform-v3", "POST", "/rest/api/3/jql/match", "", {"issueIds": ["1"], "jqls": []}, "issueIds"),
    ("confluence-cloud-v2", "GET", PAGE, "body-format=none", None, "must be one of"),
    ("confluence-cloud-v2", "PUT", PAGE, "", {"id": "1"}, "required"),
    ("confluence-cloud-v2", "POST", "/wiki/api/v2/pages/1/labels", "", {"name": "a"}, "no such call"),
]


@pytest.mark.parametrize(("name", "method", "path", "query", "body", "told"), WRONG)
def test_what_is_wrong_is_named(name: str, method: str, path: str, query: str, body: object, told: str) -> None:
    problems = spec(name).check_request(method, path, query, body)
    assert told in " ".join(problems)


def test_answers_may_say_more_and_null_but_not_something_else() -> None:
    jira = spec("jira-cloud-platform-v3")
    issue = {"id": "1", "key": "A-1", "fields": {"resolution": None}, "changelog": None, "more": 1}
    assert jira.check_answer("GET", SEARCH, 200, {"issues": [issue], "isLast": True}) == []
    assert jira.check_answer("GET", SEARCH, 200, {"issues": [{"id": 1}]}) != []
    assert jira.check_answer("GET", SEARCH, 200, {"issues": {}}) != []
