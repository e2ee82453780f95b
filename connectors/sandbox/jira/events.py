"""What happened, told to the registered webhooks: bodies shaped like those that Jira really sends."""

import json
import logging

from connectors.sandbox.jira import jql
from connectors.sandbox.jira.postman import Delivery
from connectors.sandbox.jira.show import Show, link_type
from connectors.sandbox.jira.show_issue import READERS, comment, issue
from connectors.sandbox.jira.tracker import Tracker
from connectors.sandbox.site import ADMIN
from connectors.sandbox.store import Document

log = logging.getLogger(__name__)

KNOWN = (
    "jira:issue_created",
    "jira:issue_updated",
    "jira:issue_deleted",
    "comment_created",
    "issuelink_created",
    "issuelink_deleted",
)
FILTER = "issue-related-events-section"


def issue_event(
    tracker: Tracker,
    event: str,
    actor: str,
    changed: Document,
    *,
    kind: str | None = None,
    changelog: Document | None = None,
) -> None:
    """Announce an issue that was created, updated or deleted. Call it while the issue is still in the store."""
    hooks = _listening(tracker, event, changed)
    if not hooks:
        return
    show = _show(tracker)
    body: Document = {
        "timestamp": tracker.now_ms(),
        "webhookEvent": event,
        **({"issue_event_type_name": kind} if kind else {}),
        "user": show.user(actor),
        "issue": issue(show, tracker.entry(changed), _admin(tracker), list(READERS)),
    }
    del body["issue"]["expand"]
    if changelog:
        body["changelog"] = {"id": changelog["id"], "items": changelog["items"]}
    _post(tracker, event, hooks, body)


def comment_event(tracker: Tracker, changed: Document, one: Document, flow: str = "Primary") -> None:
    """Announce a comment; its issue comes along with a few fields only."""
    hooks = _listening(tracker, "comment_created", changed)
    if not hooks:
        return
    show = _show(tracker)
    fields = ["summary", "issuetype", "project", "assignee", "priority", "status"]
    shown = issue(show, tracker.entry(changed), _admin(tracker), fields)
    del shown["expand"]
    body = {
        "timestamp": tracker.now_ms(),
        "webhookEvent": "comment_created",
        "comment": comment(show, changed, one),
        "issue": shown,
    }
    _post(tracker, "comment_created", hooks, body, flow)


def link_event(tracker: Tracker, event: str, link: Document, flow: str = "Primary") -> None:
    """Announce a link: numeric ids of both ends, and nothing else of them."""
    hooks = _listening(tracker, event, None)
    kind = link_type(link["type"])
    body = {
        "timestamp": tracker.now_ms(),
        "webhookEvent": event,
        "issueLink": {
            "id": int(link["id"]),
            "sourceIssueId": int(link["source"]),
            "destinationIssueId": int(link["destination"]),
            "issueLinkType": {
                "id": int(kind.id),
                "name": kind.name,
                "outwardName": kind.outward,
                "inwardName": kind.inward,
                "isSubTaskLinkType": False,
                "isSystemLinkType": False,
            },
            "systemLink": False,
        },
    }
    _post(tracker, event, hooks, body, flow)


def _show(tracker: Tracker) -> Show:
    admin = _admin(tracker)
    return Show(tracker, api=2, zone=admin["timeZone"] if admin else "UTC")


def _admin(tracker: Tracker) -> Document | None:
    return tracker.site.store.table("users").get(ADMIN)


def _listening(tracker: Tracker, event: str, changed: Document | None) -> list[Document]:
    hooks = [hook for hook in tracker.webhooks if hook["enabled"] and event in hook["events"]]
    return [hook for hook in hooks if changed is None or _passes(tracker, hook, changed)]


def _passes(tracker: Tracker, hook: Document, changed: Document) -> bool:
    """A filter looks at the issue as it is after the change: one that leaves the filter is not announced."""
    text = hook["filters"].get(FILTER, "").strip()
    if not text:
        return True
    try:
        test = jql.matcher(jql.parse(text), jql.context_of(tracker, _admin(tracker)))
    except jql.JqlError as error:
        log.warning("webhook %s: its filter no longer works and nothing is sent: %s", hook["name"], error)
        return False
    return test(tracker.entry(changed))


def _post(tracker: Tracker, event: str, hooks: list[Document], body: Document, flow: str = "Primary") -> None:
    raw = json.dumps(body, ensure_ascii=False).encode()
    for hook in hooks:
        text = raw if not hook["excludeBody"] else b""
        tracker.postman.post(Delivery(hook["id"], event, hook["url"], text, hook["secret"], flow))
