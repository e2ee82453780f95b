"""Every request that the Cloud connectors send, and every answer the sandbox gives, held against Atlassian's specs."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from app.ports import Audience, Restrictions
from connectors.confluence.cloud import ConfluenceCloudWiki
from connectors.jira.cloud import JiraCloudTracker
from connectors.sandbox.confluence import people
from connectors.sandbox.jira import seed
from connectors.sandbox.run import running
from connectors.sandbox.site import ADMIN, Site
from tests.contract.spec import Spec, spec

DOCUMENTS = (
    ("/wiki/api/v2/", "confluence-cloud-v2"),
    ("/wiki/", "confluence-cloud-v1"),
    ("/rest/", "jira-cloud-platform-v3"),
)
TOKEN = "tok"
CALLS = {
    ("GET", "/rest/api/2/serverInfo"),
    ("GET", "/rest/api/3/myself"),
    ("GET", "/rest/api/3/project/search"),
    ("GET", "/rest/api/3/field"),
    ("POST", "/rest/api/3/search/jql"),
    ("POST", "/rest/api/3/issue/bulkfetch"),
    ("POST", "/rest/api/3/jql/match"),
    ("POST", "/rest/api/3/jql/parse"),
    ("GET", "/wiki/rest/api/user/current"),
    ("GET", "/wiki/api/v2/spaces"),
    ("GET", "/wiki/api/v2/spaces/#/operations"),
    ("GET", "/wiki/api/v2/pages/#/operations"),
    ("GET", "/wiki/api/v2/pages"),
    ("POST", "/wiki/api/v2/pages"),
    ("GET", "/wiki/api/v2/pages/#"),
    ("PUT", "/wiki/api/v2/pages/#"),
    ("GET", "/wiki/api/v2/pages/#/direct-children"),
    ("GET", "/wiki/api/v2/pages/#/properties"),
    ("POST", "/wiki/api/v2/pages/#/properties"),
    ("PUT", "/wiki/api/v2/pages/#/properties/#"),
    ("POST", "/wiki/rest/api/content/#/label"),
    ("PUT", "/wiki/rest/api/content/#/move/append/#"),
    ("PUT", "/wiki/rest/api/content/#/child/attachment"),
    ("GET", "/wiki/api/v2/pages/#/attachments"),
    ("GET", "/wiki/rest/api/content/#/restriction"),
    ("PUT", "/wiki/rest/api/content/#/restriction"),
    ("DELETE", "/wiki/rest/api/content/#/restriction"),
    ("GET", "/wiki/rest/api/group/picker"),
    ("GET", "/wiki/rest/api/content/search"),
    ("GET", "/wiki/api/v2/spaces/#"),
    ("GET", "/wiki/api/v2/footer-comments/#/children"),
    ("POST", "/wiki/api/v2/footer-comments"),
}
"""All that the connectors ever call; `#` stands for an id."""


@dataclass(frozen=True)
class Exchange:
    method: str
    path: str
    query: str
    body: Any
    status: int
    answer: Any


@pytest.fixture(scope="module")
def exchanges() -> list[Exchange]:
    """All that went over the wire while both connectors did everything they can do."""
    spec(DOCUMENTS[0][1])  # skips before anything is started
    kept: list[Exchange] = []
    with pytest.MonkeyPatch.context() as patch, running(_site()) as url:
        patch.setattr(requests.Session, "send", _noted(requests.Session.send, kept))
        _use_jira(JiraCloudTracker(url, TOKEN, "admin@example.com"))
        _use_wiki(ConfluenceCloudWiki(url, TOKEN, "admin@example.com"))
    return kept


def _site():
    site = Site()
    site.add_user(
        "admin@example.com",
        "Site Admin",
        account_id=ADMIN,
        token=TOKEN,
        rights=("jira:read", "wiki:read", "wiki:write"),
    )
    seed.add_project(site, "OPS", "Operations")
    epic = seed.add_issue(site, "OPS", "Epic", "Epic")
    seed.add_issue(site, "OPS", "Story", "Story", "Done", parent=epic, labels=["x"], story_points=2, assignee=ADMIN)
    seed.link(site, "Blocks", "OPS-2", "OPS-1")
    seed.add_issues(site, "OPS", 150)
    space = people.add_space(site, "OKR", "Goals", "Home")
    people.comment_footer(site, space["homepageId"], "<p>/okr KR-3 410</p>")
    people.add_group(site, "okr-hr")
    return site


def _noted(send, kept):
    def noting(session, request, **options):
        response = send(session, request, **options)
        address = urlsplit(request.url)
        written = request.headers["Content-Type"] == "application/json" and request.body
        body = json.loads(request.body) if written else None
        kept.append(Exchange(request.method, address.path, address.query, body, response.status_code, response.json()))
        return response

    return noting


def _use_jira(jira):
    jira.about()
    jira.myself()
    jira.projects()
    jira.projects(["OPS", "NOPE"])
    found = [issue.id for page in jira.search("project = OPS ORDER BY id") for issue in page]
    assert sorted(one for page in jira.ids("project = OPS") for one in page) == sorted(found)
    jira.issues([*found, "OPS-1"])
    jira.matches(found[:5], ["project = OPS", "labels = x"])
    jira.check_query("project = OPS")
    jira.check_query("nonsense = ")
    jira.close()


def _use_wiki(wiki):
    wiki.myself()
    space = wiki.space("OKR")
    made = wiki.create(space.id, space.homepage_id, "OKR", "<p>one</p>", "first")
    changed = wiki.update(made, "OKR", "<p>two</p>", "[a1b2c3d4] second")
    wiki.space_operations(space.id)
    wiki.page_operations(made.id)
    wiki.page(made.id)
    wiki.page(made.id, 1)
    wiki.find(space.id, "OKR")
    wiki.pages([made.id, space.homepage_id])
    wiki.children(space.homepage_id)
    for number in (1, 2):
        wiki.set_property(changed.id, "plainsight", {"page": number})
    wiki.add_labels(made.id, ["okr"])
    _use_the_rest_of_the_wiki(wiki, space)
    wiki.close()


def _use_the_rest_of_the_wiki(wiki, space):
    secret = wiki.create(space.id, space.homepage_id, "Secret", "<p>one</p>", "", private=True)
    wiki.update(secret, "Secret", "<p>two</p>", "", quietly=True)
    wiki.find(space.id, "SECRET")
    wiki.move(secret.id, space.homepage_id)
    wiki.attach(secret.id, "kr.png", b"png", "image/png", "추이")
    wiki.attachments(secret.id)
    wiki.restrict(secret.id, Restrictions(Audience((ADMIN,), ("okr-hr",)), Audience((ADMIN,))))
    wiki.restrictions(secret.id)
    wiki.restrict(secret.id, Restrictions())
    (comment,) = wiki.comments("OKR", timedelta(hours=1))
    wiki.answer(comment, "<p>noted</p>")
    assert [one.body for one in wiki.answers(comment.id)] == ["<p>noted</p>"]


def _spec(path: str) -> Spec:
    return spec(next(name for prefix, name in DOCUMENTS if path.startswith(prefix)))


def _as_v3(path: str) -> str:
    """Cloud's v2 is its v3 but for rich text; only v3 is at hand as a document."""
    return path.replace("/rest/api/2/", "/rest/api/3/")


def test_every_call_of_the_connectors_is_in_the_list_and_was_made(exchanges):
    assert {(one.method, re.sub(r"/\d{2,}", "/#", one.path)) for one in exchanges} == CALLS


def test_every_request_is_what_atlassians_specs_tell(exchanges):
    problems = [_spec(one.path).check_request(one.method, _as_v3(one.path), one.query, one.body) for one in exchanges]
    assert [problem for several in problems for problem in several] == []


def test_every_answer_that_we_read_is_what_atlassians_specs_tell(exchanges):
    problems = [_spec(one.path).check_answer(one.method, _as_v3(one.path), one.status, one.answer) for one in exchanges]
    assert [problem for several in problems for problem in several] == []


def test_no_call_failed_on_the_way(exchanges):
    assert {one.status for one in exchanges} == {200, 201}
