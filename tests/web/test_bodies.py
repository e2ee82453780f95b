"""What may come as a webhook's body: too much, no JSON, half of what we expect. Nothing is lost, nothing breaks."""

import json
import socket
from collections.abc import Iterator

import pytest
import requests

from app.services.inbox import BODY_LIMIT, read_delivery

MEGABYTE = 1024 * 1024


def refused(answer: requests.Response, status: int) -> str:
    """The detail of a problem document."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status and problem["type"] and problem["title"]
    return str(problem["detail"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(service) -> None:
    with socket.create_connection(service.address, timeout=5) as line:
        line.sendall(
            b"POST /webhooks/jira HTTP/1.1\r\nHost: plainsight\r\nContent-Length: %d\r\n\r\n" % (30 * MEGABYTE)
        )
        answer = line.recv(4096)  # not one byte of the body was sent
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_chunked_body_is_refused_at_the_limit_and_not_at_its_end(service) -> None:
    piece = b"%x\r\n%s\r\n" % (MEGABYTE, b"x" * MEGABYTE)
    with socket.create_connection(service.address, timeout=10) as line:
        line.sendall(b"POST /webhooks/jira HTTP/1.1\r\nHost: plainsight\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(BODY_LIMIT // MEGABYTE + 1):
            line.sendall(piece)
        assert line.recv(4096).startswith(b"HTTP/1.1 413 ")  # the last chunk was never sent
    assert service.inbox() == []
    assert service.ring({"webhookEvent": "later"}).status_code == 200


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_thirty_megabytes_get_413_whether_their_length_is_told_or_not(service) -> None:
    body = b"x" * (30 * MEGABYTE)

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), MEGABYTE):
            yield body[start : start + MEGABYTE]

    for sent in (body, pieces()):
        try:
            answer = requests.post(f"{service.url}/webhooks/jira", sent, timeout=20)
        except requests.ConnectionError:
            continue  # shut before all was sent: the answer was on its way, and the client did not look
        assert "25 MB" in refused(answer, 413)
    assert service.inbox() == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_large_body_within_the_limit_is_taken(service) -> None:
    body = {"webhookEvent": "jira:issue_updated", "issue": {"id": "1", "fields": {"description": "가" * MEGABYTE}}}
    assert service.ring(body).status_code == 200


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"{", b"\xff\xfe\x00", b'{"a": 1}}', b"[" * 100_000, b'{"a":' * 100_000, b"9" * 5000],
    ids=["empty", "text", "cut off", "bytes", "too much", "deep list", "deep object", "long number"],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_not_json_gets_400_and_is_not_stored(service, body) -> None:
    assert "not JSON" in refused(service.ring(body), 400)
    assert service.inbox() == []


@pytest.mark.parametrize("body", [b"[]", b"null", b'"text"', b"1"])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_json_that_is_no_object_gets_400(service, body) -> None:
    assert "not a JSON object" in refused(service.ring(body), 400)


@pytest.mark.parametrize(
    ("body", "rang"),
    [
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": "10001"}}, ("10001",)),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": 10001}}, ("10001",)),
        ({"webhookEvent": "issuelink_created", "issueLink": {"sourceIssueId": 1, "destinationIssueId": 2}}, ("1", "2")),
        ({"webhookEvent": "issuelink_deleted", "issueLink": {"sourceIssueId": "1", "destinationIssueId": 1}}, ("1",)),
        ({"webhookEvent": "issuelink_created", "issueLink": {"sourceIssueId": 7}}, ("7",)),
        ({"webhookEvent": "comment_created", "comment": {"id": "5"}}, ()),
        ({"webhookEvent": "jira:version_deleted", "version": {"id": 3}}, ()),
        ({"webhookEvent": "jira:issue_updated"}, ()),
        ({"webhookEvent": "jira:issue_updated", "issue": None}, ()),
        ({"webhookEvent": "jira:issue_updated", "issue": "10001"}, ()),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": None}}, ()),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": True}}, ()),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": 1.5}}, ()),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": -1}}, ()),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": ["1"]}}, ()),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": "10001 OR 1=1"}}, ()),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": "١٢"}}, ()),
        ({"webhookEvent": "jira:issue_updated", "issue": {"id": "9" * 40}}, ()),
        ({"webhookEvent": "from the year 2030", "issue": {"id": "4"}}, ("4",)),
        ({"webhookEvent": 7}, ()),
        ({}, ()),
    ],
)
def test_who_rang_is_read_liberally(body, rang) -> None:
    assert read_delivery(json.dumps(body).encode(), None).issue_ids == rang


def test_only_a_deleted_issue_is_said_to_be_deleted() -> None:
    for event, deleted in (("jira:issue_deleted", True), ("issuelink_deleted", False), ("comment_deleted", False)):
        delivery = read_delivery(json.dumps({"webhookEvent": event, "issue": {"id": "1"}}).encode(), None)
        assert delivery.deleted is deleted


@pytest.mark.parametrize("event", ["a\x00b", "\ud800", "x" * 10_000, "이슈", "\r\n", ""])
def test_an_event_of_any_name_is_accepted_and_stored(service, event) -> None:
    assert service.ring({"webhookEvent": event, "issue": {"id": "10001"}}).status_code == 200
    assert [row.issue_ids for row in service.inbox()] == [["10001"]]


def test_an_event_that_rings_nobody_is_done_at_once_and_wakes_no_job(service) -> None:
    assert service.ring({"webhookEvent": "project_created"}).status_code == 200
    assert [row.done_at is not None for row in service.inbox()] == [True]
    assert service.world.queue.run_pending() == 0
