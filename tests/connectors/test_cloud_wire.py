"""What Confluence Cloud is sent and what is made of odd answers: comments, readers, files, private and quiet pages."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from app.errors import Transient
from app.ports import Audience, Restrictions, WikiComment, WikiPage
from connectors.confluence.cloud import ConfluenceCloudWiki
from connectors.confluence.files import upload_form
from connectors.http.remote import UPLOAD

SENT = {"id": "77", "title": "OKR", "spaceId": "5", "version": {"number": 5}}


@pytest.fixture
def wiki(stub, pace):
    made = ConfluenceCloudWiki(stub.url, "t", "bot@example.com", now=pace.now, sleep=pace.sleep)
    yield made
    made.close()


def found(*results):
    return {"results": list(results), "_links": {}}


def comment(**changes):
    sent = {
        "id": "9",
        "container": {"id": "77", "type": "page"},
        "history": {"createdBy": {"accountId": "kim"}, "createdDate": "2026-11-23T18:00:00.000+09:00"},
        "body": {"storage": {"value": "<p>hi</p>"}},
        "extensions": {"location": "footer"},
    }
    return {**sent, **changes}


def test_new_comments_are_asked_for_in_minutes_by_the_sites_own_clock(stub, wiki):
    stub.then(body=found(comment()))
    (read,) = wiki.comments("OKR", timedelta(minutes=89, seconds=1))
    assert (read.id, read.page_id, read.author_id, read.body, read.parent_id) == ("9", "77", "kim", "<p>hi</p>", None)
    assert read.created_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    asked = parse_qs(stub.asked[0].query)
    assert asked["cql"] == ['type = comment and space = "OKR" and created >= now("-90m") order by created asc']
    assert "body.storage" in asked["expand"][0]


@pytest.mark.parametrize(
    "odd",
    [
        {"extensions": {"location": "inline"}},
        {"extensions": {"inlineProperties": {"markerRef": "x"}}},
        {"container": {"id": "5", "type": "blogpost"}},
        {"container": None},
        {"history": {"createdDate": "yesterday"}},
        {"history": {"createdDate": "2026-11-23T18:00:00"}},
        {"id": None},
    ],
)
def test_comments_that_are_inline_elsewhere_or_half_told_are_left_out(stub, wiki, odd):
    stub.then(body=found(comment(**odd), "odd", comment(id="10", ancestors=[{"id": "1"}, {"id": "9"}])))
    assert [(read.id, read.parent_id) for read in wiki.comments("OKR", timedelta(hours=1))] == [("10", "9")]


def test_an_answer_that_comes_back_without_its_id_is_in_doubt(stub, wiki):
    stub.then(201, {"status": "current"})
    asked = WikiComment("9", "77", "kim", "", datetime(2026, 11, 23, tzinfo=UTC))
    with pytest.raises(Transient, match="without the comment") as caught:
        wiki.answer(asked, "<p>noted</p>")
    assert caught.value.sent
    sent = {"parentCommentId": "9", "body": {"representation": "storage", "value": "<p>noted</p>"}}
    assert stub.asked[0].body == sent


def test_a_quiet_change_is_sent_as_any_other_since_v2_knows_no_minor_edit(stub, wiki):
    page = WikiPage("77", "OKR", "current", 4, "", "us", "", "70", "5", "")
    stub.then(body=SENT)
    wiki.update(page, "OKR", "<p>x</p>", "news", quietly=True)
    assert stub.asked[0].body["version"] == {"number": 5, "message": "news"}


def test_only_a_private_page_is_asked_to_be_private(stub, wiki):
    stub.then(body=SENT).then(body=SENT)
    wiki.create("5", "70", "OKR", "<p>x</p>", "")
    wiki.create("5", "70", "OKR", "<p>x</p>", "", private=True)
    assert [one.query for one in stub.asked] == ["", "private=true"]


def test_a_restriction_names_us_beside_those_asked_for_and_groups_by_their_id(stub, wiki):
    stub.then(body={"accountId": "us"}).then(
        body={"results": [{"name": "HR", "id": "g1"}, {"name": "HR-2", "id": "g2"}]}
    )
    stub.then(body={})
    wiki.restrict("77", Restrictions(Audience(("kim",), ("hr",))))
    people = [{"type": "known", "accountId": one} for one in ("kim", "us")]
    told = {"user": people, "group": [{"type": "group", "id": "g1"}]}
    assert stub.asked[-1].body == [{"operation": "read", "restrictions": told}]


def test_a_file_is_sent_with_the_header_against_forgery_and_its_comment_in_utf8():
    assert UPLOAD["X-Atlassian-Token"] == "nocheck"
    assert "Content-Type" not in UPLOAD
    assert upload_form("a.png", b"x", "image/png", "추이") == {
        "file": ("a.png", b"x", "image/png"),
        "minorEdit": (None, b"true", ""),
        "comment": (None, "추이".encode(), "text/plain; charset=utf-8"),
    }
