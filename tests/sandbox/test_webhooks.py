"""Webhooks as a receiver meets them: headers, signature, bodies, retries."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from connectors.sandbox.jira import seed
from connectors.sandbox.jira.postman import signature
from connectors.sandbox.jira.tracker import tracker_of
from connectors.sandbox.site import ADMIN, Site
from tests.sandbox.conftest import Sandbox


@dataclass
class Receiver:
    """Answers with the statuses it is told, then with 200."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def events(self) -> list[str]:
        return [json.loads(body)["webhookEvent"] for _, body in self.got]

    def body(self, event: str) -> Any:
        return next(told for _, body in self.got if (told := json.loads(body))["webhookEvent"] == event)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(receiver.statuses.pop(0) if receiver.statuses else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/webhooks/jira"
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


def _register(sandbox: Sandbox, url: str, **more: Any) -> Any:
    return sandbox.control("POST", "webhooks", {"name": "plainsight", "url": url, **more})


def _flush(site: Site) -> None:
    assert tracker_of(site).postman.flush(10)


def _transition(sandbox: Sandbox, to: str = "31") -> None:
    sandbox.post("issue/MKT-1/transitions", {"transition": {"id": to}}, status=204)


def test_the_signature_is_that_of_the_published_vector() -> None:
    expected = "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    assert signature("It's a Secret to Everybody", b"Hello World!") == expected


def test_a_transition_is_told_signed_and_with_its_changelog(sandbox: Sandbox, site: Site, receiver: Receiver) -> None:
    seed.add_issue(site, "MKT", "첫 번째")
    _register(sandbox, receiver.url, secret="s3cret")
    _transition(sandbox)
    _flush(site)
    ((headers, raw),) = receiver.got
    assert headers["x-hub-signature"] == "sha256=" + hmac.new(b"s3cret", raw, hashlib.sha256).hexdigest()
    assert headers["x-atlassian-webhook-flow"] == "Primary"
    assert headers["x-atlassian-webhook-identifier"]
    assert "x-atlassian-webhook-retry" not in headers
    told = json.loads(raw)
    assert (told["webhookEvent"], told["issue_event_type_name"]) == ("jira:issue_updated", "issue_generic")
    assert told["user"]["accountId"] == "712020:minsu"
    assert told["issue"]["self"].endswith("/rest/api/2/issue/10000")
    assert told["issue"]["fields"]["status"]["statusCategory"]["key"] == "done"
    assert [item["field"] for item in told["changelog"]["items"]] == ["resolution", "status"]


def test_every_kind_of_event_is_told(sandbox: Sandbox, site: Site, receiver: Receiver) -> None:
    seed.add_issue(site, "MKT", "a")
    _register(sandbox, receiver.url)
    body = {"fields": {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "s"}}
    sandbox.post("issue", body, status=201)
    sandbox.post("issue/MKT-1/comment", {"body": {"type": "doc", "version": 1, "content": []}}, status=201)
    link = {"type": {"name": "Blocks"}, "inwardIssue": {"key": "MKT-1"}, "outwardIssue": {"key": "MKT-2"}}
    sandbox.post("issueLink", link, status=201)
    sandbox.ask("DELETE", "issue/MKT-2")
    _flush(site)
    events = ["comment_created", "issuelink_created", "issuelink_deleted", "jira:issue_created", "jira:issue_deleted"]
    assert sorted(receiver.events()) == events
    told = receiver.body("issuelink_created")["issueLink"]
    assert (told["sourceIssueId"], told["destinationIssueId"]) == (10000, 10001)
    assert told["issueLinkType"]["outwardName"] == "blocks"
    flows = {json.loads(raw)["webhookEvent"]: headers["x-atlassian-webhook-flow"] for headers, raw in receiver.got}
    assert (flows["jira:issue_deleted"], flows["issuelink_deleted"]) == ("Primary", "Secondary")


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503])
def test_a_receiver_that_may_recover_is_asked_again(
    sandbox: Sandbox, site: Site, receiver: Receiver, status: int
) -> None:
    seed.add_issue(site, "MKT", "a")
    receiver.statuses = [status, status]
    _register(sandbox, receiver.url)
    _transition(sandbox)
    _flush(site)
    assert [headers.get("x-atlassian-webhook-retry") for headers, _ in receiver.got] == [None, "1", "2"]
    assert len({headers["x-atlassian-webhook-identifier"] for headers, _ in receiver.got}) == 1
    assert len({raw for _, raw in receiver.got}) == 1
    (delivery,) = sandbox.control("GET", "deliveries")
    assert (delivery["state"], delivery["results"]) == ("delivered", [status, status, 200])


def test_after_five_retries_the_event_is_lost(sandbox: Sandbox, site: Site, receiver: Receiver) -> None:
    seed.add_issue(site, "MKT", "a")
    receiver.statuses = [500] * 9
    _register(sandbox, receiver.url)
    _transition(sandbox)
    _flush(site)
    (delivery,) = sandbox.control("GET", "deliveries")
    assert (delivery["state"], len(delivery["results"])) == ("lost", 6)


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_refusal_is_not_repeated_and_the_event_is_lost(
    sandbox: Sandbox, site: Site, receiver: Receiver, status: int
) -> None:
    seed.add_issue(site, "MKT", "a")
    receiver.statuses = [status]
    _register(sandbox, receiver.url)
    _transition(sandbox)
    _flush(site)
    assert [one["state"] for one in sandbox.control("GET", "deliveries")] == ["lost"]
    assert len(receiver.got) == 1


def test_a_receiver_that_is_not_there_is_tried_again(sandbox: Sandbox, site: Site) -> None:
    seed.add_issue(site, "MKT", "a")
    _register(sandbox, "http://127.0.0.1:1/")
    _transition(sandbox)
    _flush(site)
    (delivery,) = sandbox.control("GET", "deliveries")
    assert delivery["results"] == ["ConnectionError"] * 6


def test_a_filter_sees_the_issue_as_it_is_after_the_change(sandbox: Sandbox, site: Site, receiver: Receiver) -> None:
    seed.add_issue(site, "MKT", "a")
    _register(sandbox, receiver.url, filters={"issue-related-events-section": 'status = "To Do"'})
    _transition(sandbox)
    _transition(sandbox, "11")
    _flush(site)
    assert [json.loads(raw)["issue"]["fields"]["status"]["name"] for _, raw in receiver.got] == ["To Do"]


def test_only_an_admin_registers_and_the_secret_is_never_told(sandbox: Sandbox, site: Site) -> None:
    body = {"name": "n", "url": "https://a.example/hook", "events": ["jira:issue_updated"], "secret": "s3cret"}
    path = "/rest/webhooks/1.0/webhook"
    assert sandbox.ask("POST", path, json=body).status_code == 403
    admin = site.store.table("users").get(ADMIN) or {}
    login = (admin["email"], admin["token"])
    made = sandbox.ask("POST", path, json=body, auth=login)
    assert made.status_code == 201
    assert made.json()["isSigned"] is True
    assert "s3cret" not in sandbox.ask("GET", path, auth=login).text
    where = made.json()["self"].removeprefix(sandbox.url)
    assert sandbox.ask("PUT", where, json={"enabled": False}, auth=login).json()["isSigned"] is True
    assert sandbox.ask("DELETE", where, auth=login).status_code == 204
    assert sandbox.ask("POST", path, json={**body, "url": "hook"}, auth=login).status_code == 400
