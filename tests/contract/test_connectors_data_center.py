"""Every request that the Data Center connector sends, and every answer the sandbox gives, held against the spec."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from app.ports import Audience, Restrictions
from connectors.confluence.datacenter import ConfluenceDataCenterWiki
from connectors.sandbox.confluence import people
from connectors.sandbox.run import end
from connectors.sandbox.server import create_app
from connectors.sandbox.site import ADMIN, Site
from tests.contract.spec import spec

DOCUMENT = "confluence-dc-10.0.3"
API = "/confluence/rest/api"
CALLS = {
    ("GET", "/user/current"),
    ("GET", "/space/OKR"),
    ("GET", "/content"),
    ("POST", "/content"),
    ("GET", "/content/#"),
    ("PUT", "/content/#"),
    ("GET", "/content/search"),
    ("GET", "/content/#/child/page"),
    ("GET", "/content/#/child/comment"),
    ("GET", "/content/#/child/attachment"),
    ("POST", "/content/#/child/attachment"),
    ("POST", "/content/#/child/attachment/#/data"),
    ("POST", "/content/#/label"),
    ("GET", "/content/#/property/plainsight"),
    ("POST", "/content/#/property"),
    ("PUT", "/content/#/property/plainsight"),
    ("GET", "/content/#/restriction/byOperation"),
    ("PUT", "/content/#/restriction"),
}
"""All that the connector ever calls in version 10; `#` stands for an id."""
MISSING = {("GET", "/content/#/property/plainsight")}
"""Calls that answer 404 for what is not there yet."""


@dataclass(frozen=True)
class Exchange:
    method: str
    path: str
    query: str
    body: Any
    status: int
    answer: Any

    @property
    def call(self) -> tuple[str, str]:
        return self.method, re.sub(r"/\d{2,}", "/#", self.path.removeprefix(API))


@pytest.fixture(scope="module")
def exchanges(door) -> list[Exchange]:
    """All that went over the wire while the connector did everything it can do."""
    spec(DOCUMENT)  # skips before anything is started
    kept: list[Exchange] = []
    site = Site()
    door.app, site.base_url = create_app(site), door.url
    site.add_user("admin@example.com", "Site Admin", account_id=ADMIN, token="tok", rights=("wiki:read", "wiki:write"))
    people.add_space(site, "OKR", "Goals", "Home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.Session, "send", _noted(requests.Session.send, kept))
        _use(ConfluenceDataCenterWiki(f"{door.url}/confluence", "tok"), site)
    end(site)
    return kept


def _noted(send, kept):
    def noting(session, request, **options):
        response = send(session, request, **options)
        address = urlsplit(request.url)
        sent = request.headers.get("Content-Type", "").startswith("application/json")
        body = json.loads(request.body) if request.body and sent else None
        kept.append(Exchange(request.method, address.path, address.query, body, response.status_code, response.json()))
        return response

    return noting


def _use(wiki, site):
    wiki.myself()
    space = wiki.space("OKR")
    made = wiki.create(space.id, None, "OKR", "<p>one</p>", "first")
    wiki.update(made, "OKR", "<p>two</p>", "[a1b2c3d4] second", quietly=True)
    below = wiki.create(space.id, made.id, "Below", "<p />", "")
    wiki.move(below.id, space.homepage_id)
    wiki.space_operations(space.id)
    wiki.page(made.id, 1)
    wiki.find(space.id, "okr")
    wiki.pages([made.id, space.homepage_id])
    wiki.children(space.homepage_id)
    for number in (1, 2):
        wiki.set_property(made.id, "plainsight", {"page": number})
        wiki.attach(made.id, "trend.png", b"%d" % number, "image/png", "digest")
    wiki.add_labels(made.id, ["okr"])
    wiki.restrict(made.id, Restrictions(Audience((ADMIN,)), Audience((ADMIN,))))
    wiki.restrictions(made.id)
    people.comment_footer(site, made.id, "<p>why?</p>")
    (comment,) = wiki.comments("OKR", timedelta(hours=1))
    wiki.answer(comment, "<p>so</p>")
    wiki.answers(comment.id)
    wiki.close()


def test_every_call_of_the_connector_is_in_the_list_and_was_made(exchanges):
    assert {one.call for one in exchanges} == CALLS


def test_every_request_is_what_the_spec_tells(exchanges):
    problems = [spec(DOCUMENT).check_request(one.method, one.path, one.query, one.body) for one in exchanges]
    assert [problem for several in problems for problem in several] == []


def test_every_answer_that_we_read_is_what_the_spec_tells(exchanges):
    """Errors apart: the document wants an object where real sites send the empty list `errors`."""
    well = [one for one in exchanges if one.status == 200]
    problems = [spec(DOCUMENT).check_answer(one.method, one.path, one.status, one.answer) for one in well]
    assert [problem for several in problems for problem in several] == []


def test_no_call_failed_on_the_way(exchanges):
    failed = {(one.call, one.status) for one in exchanges if one.status != 200}
    assert failed == {(call, 404) for call in MISSING}
