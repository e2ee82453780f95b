"""Registered webhooks: what an admin says about one, and how it is shown."""

from urllib.parse import urlsplit

from connectors.sandbox.jira import events
from connectors.sandbox.jira.errors import bad_request
from connectors.sandbox.jira.tracker import Tracker
from connectors.sandbox.store import Document


def register(tracker: Tracker, told: Document, hook_id: str | None = None) -> Document:
    """Keep a webhook: `name`, `url`, `events`, and optionally `filters`, `secret`, `excludeBody`, `enabled`.

    Without `hook_id` it is a new one. A change that names no secret keeps the one there is.
    """
    _check(told)
    known = tracker.webhooks.get(hook_id) if hook_id else None
    hook_id = hook_id or str(tracker.site.store.next_id("jira_webhook", 1))
    hook = {
        "id": hook_id,
        "name": told["name"],
        "url": told["url"],
        "events": list(told.get("events") or events.KNOWN),
        "filters": dict(told.get("filters") or {}),
        "secret": told.get("secret") or (known["secret"] if known else None),
        "excludeBody": bool(told.get("excludeBody", False)),
        "enabled": bool(told.get("enabled", True)),
        "updated": tracker.now_ms(),
    }
    return tracker.webhooks.put(hook_id, hook)


def _check(told: Document) -> None:
    if not told.get("name"):
        raise bad_request("A webhook needs a name.")
    address = urlsplit(str(told.get("url", "")))
    if address.scheme not in ("http", "https") or not address.netloc:
        raise bad_request(f"The webhook's url '{told.get('url')}' is not an http or https address.")


def shown(tracker: Tracker, hook: Document) -> Document:
    """As the admin REST API shows it: the secret is never told, only whether there is one."""
    url = f"{tracker.site.base_url}/rest/webhooks/1.0/webhook/{hook['id']}"
    told = {name: hook[name] for name in ("name", "url", "excludeBody", "filters", "events", "enabled")}
    return {**told, "self": url, "lastUpdated": hook["updated"], "isSigned": hook["secret"] is not None}
