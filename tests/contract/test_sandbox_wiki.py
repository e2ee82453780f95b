"""The sandbox's wiki answers as Atlassian's own documents say: a list of requests is replayed and checked."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from connectors.sandbox.confluence import add_group, add_page, add_space, comment_footer, comment_inline
from connectors.sandbox.run import running
from connectors.sandbox.site import Site
from tests.contract.spec import spec

ME, TOKEN = "712020:minsu", "open sesame"
V2, V1 = "/wiki/api/v2", "/wiki/rest/api"
NO_CHECK = {"X-Atlassian-Token": "no-check"}
# The first ids that the site gives out, in the order of `url` below.
SPACE, HOME, PAGE, COMMENT, PROPERTY = "65537", "65538", "65539", "65541", "65543"
BODY = {"representation": "storage", "value": "<p>Hi</p>"}
NEW = {"spaceId": SPACE, "status": "current", "title": "New", "body": BODY}
SAVED = {"id": PAGE, "status": "current", "title": "Company", "body": BODY, "version": {"number": 2, "message": "why"}}
PROPERTY_NEXT = {"key": "plainsight", "value": [1], "version": {"number": 2}}
EXPAND = "body.storage,history,container,ancestors,extensions.inlineProperties"
ONLY_ME = {"user": [{"type": "known", "accountId": ME}]}
STAFF = {"group": [{"type": "group", "id": "00000000-0000-4000-9000-000000000001"}]}
RESTRICTED = [
    {"operation": "read", "restrictions": ONLY_ME | STAFF},
    {"operation": "update", "restrictions": ONLY_ME},
]
STATE = {"name": "Verified", "color": "#00875a"}

# method, path and query, body, status
REPLAY: list[tuple[str, str, Any, int]] = [
    ("GET", f"{V1}/user/current", None, 200),
    ("POST", f"{V2}/users-bulk", {"accountIds": [ME]}, 200),
    ("GET", f"{V2}/spaces?keys=OKR&limit=1", None, 200),
    ("GET", f"{V2}/spaces/{SPACE}", None, 200),
    ("GET", f"{V2}/spaces/1", None, 404),
    ("GET", f"{V2}/spaces/{SPACE}/operations", None, 200),
    ("GET", f"{V2}/spaces/1/operations", None, 404),
    ("GET", f"{V2}/pages/{PAGE}/operations", None, 200),
    ("GET", f"{V2}/spaces/{SPACE}/pages?body-format=storage", None, 200),
    ("GET", f"{V2}/pages?space-id={SPACE}&title=Company&status=current,archived&body-format=storage", None, 200),
    ("GET", f"{V2}/pages?limit=1&sort=-modified-date", None, 200),
    ("GET", f"{V2}/pages/{HOME}?body-format=view", None, 200),
    ("GET", f"{V2}/pages/{PAGE}?body-format=storage&include-labels=true&include-versions=true", None, 200),
    ("POST", f"{V2}/pages/{PAGE}/properties", {"key": "plainsight", "value": {"digest": "a"}}, 200),
    ("POST", f"{V2}/pages/{PAGE}/properties", {"key": "plainsight", "value": 1}, 409),
    ("GET", f"{V2}/pages/{PAGE}/properties?key=plainsight", None, 200),
    ("PUT", f"{V2}/pages/{PAGE}/properties/{PROPERTY}", PROPERTY_NEXT, 200),
    ("GET", f"{V2}/pages/{PAGE}/properties/{PROPERTY}", None, 200),
    ("DELETE", f"{V2}/pages/{PAGE}/properties/{PROPERTY}", None, 204),
    ("POST", f"{V2}/pages?root-level=true", NEW, 200),
    ("POST", f"{V2}/pages", NEW, 400),
    ("PUT", f"{V2}/pages/{PAGE}", SAVED, 200),
    ("PUT", f"{V2}/pages/{PAGE}", SAVED, 409),
    ("PUT", f"{V2}/pages/{PAGE}/title", {"status": "current", "title": "Firm"}, 200),
    ("GET", f"{V2}/pages/{PAGE}?version=1&body-format=storage", None, 200),
    ("GET", f"{V2}/pages/{PAGE}/versions?body-format=storage&limit=2", None, 200),
    ("GET", f"{V2}/pages/{PAGE}/versions/1", None, 200),
    ("GET", f"{V2}/pages/{HOME}/children", None, 200),
    ("GET", f"{V2}/pages/{HOME}/direct-children", None, 200),
    ("GET", f"{V2}/pages/{PAGE}/ancestors", None, 200),
    ("GET", f"{V2}/pages/{PAGE}/inline-comments?resolution-status=open&resolution-status=dangling", None, 200),
    ("GET", f"{V2}/pages/{PAGE}/footer-comments?body-format=storage", None, 200),
    ("POST", f"{V2}/footer-comments", {"pageId": PAGE, "body": BODY}, 201),
    ("POST", f"{V2}/footer-comments", {"parentCommentId": COMMENT, "body": BODY}, 201),
    ("POST", f"{V2}/footer-comments", {"parentCommentId": "1", "body": BODY}, 404),
    ("GET", f"{V2}/footer-comments/{COMMENT}?body-format=storage", None, 200),
    ("GET", f"{V2}/footer-comments/1", None, 404),
    ("GET", f"{V2}/footer-comments/{COMMENT}/children?body-format=storage", None, 200),
    ("GET", f"{V1}/content/search?cql=type%3Dcomment&expand={EXPAND}", None, 200),
    (
        "GET",
        f"{V1}/content/search?cql=type%3Dpage&cqlcontext=%7B%22contentStatuses%22%3A%5B%22archived%22%5D%7D",
        None,
        200,
    ),
    ("GET", f"{V1}/content/search?cql=nonsense", None, 400),
    ("GET", f"{V1}/group/picker?query=staff", None, 200),
    ("PUT", f"{V1}/content/{PAGE}/restriction", RESTRICTED, 200),
    ("POST", f"{V1}/content/{PAGE}/restriction", RESTRICTED[:1], 200),
    ("GET", f"{V1}/content/{PAGE}/restriction?start=0&limit=100", None, 200),
    ("DELETE", f"{V1}/content/{PAGE}/restriction", None, 200),
    ("GET", f"{V1}/content/1/restriction", None, 404),
    ("POST", f"{V2}/pages?private=true", {**NEW, "title": "Private"}, 200),
    ("POST", f"{V1}/content/{PAGE}/label", [{"prefix": "global", "name": "okr"}], 200),
    ("GET", f"{V2}/pages/{PAGE}/labels?prefix=global", None, 200),
    ("DELETE", f"{V1}/content/{PAGE}/label?name=okr", None, 204),
    ("GET", f"{V2}/pages/{PAGE}/attachments?filename=trend.png", None, 200),
    ("PUT", f"{V1}/content/{PAGE}/state?status=current", STATE, 200),
    ("GET", f"{V1}/content/{PAGE}/state", None, 200),
    ("PUT", f"{V1}/content/{PAGE}/move/append/{HOME}", None, 200),
    ("POST", f"{V1}/content/archive", {"pages": [{"id": int(PAGE)}]}, 202),
    ("DELETE", f"{V2}/pages/{PAGE}", None, 204),
    ("DELETE", f"{V2}/pages/{PAGE}?purge=true", None, 204),
    ("GET", f"{V2}/pages/{PAGE}", None, 404),
]


@pytest.fixture
def url() -> Iterator[str]:
    spec("confluence-cloud-v2")
    site = Site()
    site.add_user("minsu@example.com", "김민수", account_id=ME, token=TOKEN)
    space = add_space(site, "OKR", "Objectives", homepage_title="OKR")
    page = add_page(site, space["id"], "Company", "<p>one two</p>", by=ME)
    comment_inline(site, page["id"], "two", by=ME)
    comment_footer(site, page["id"], "<p>fine</p>", by=ME)
    add_group(site, "staff", [ME])
    with running(site) as url:
        yield url


def checked(url: str, method: str, called: str, status: int, **sent: Any) -> list[str]:
    """Send one request and say what is wrong with it and its answer."""
    path, _, query = called.partition("?")
    answer = requests.request(method, url + called, auth=("minsu@example.com", TOKEN), timeout=10, **sent)
    document = spec("confluence-cloud-v1" if path.startswith(V1) else "confluence-cloud-v2")
    problems = document.check_request(method, path, query, sent.get("json"))
    if answer.status_code != status:
        problems.append(f"{method} {called}: {answer.status_code}, not {status}: {answer.text[:300]}")
    told = answer.json() if answer.content else None
    return problems + document.check_answer(method, path, answer.status_code, told)


def test_every_request_and_every_answer_is_as_the_official_documents_have_it(url: str) -> None:
    problems = checked(
        url,
        "PUT",
        f"{V1}/content/{PAGE}/child/attachment",
        200,
        files={"file": ("trend.png", b"png"), "minorEdit": (None, "true")},
        headers=NO_CHECK,
    )
    for method, called, body, status in REPLAY:
        problems += checked(url, method, called, status, json=body)
    assert problems == []
