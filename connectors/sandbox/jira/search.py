"""Searching: a query is evaluated once, its hits stay behind the page token, and every page shows some of them."""

import base64
import binascii
import json
import secrets
from dataclasses import dataclass

from connectors.sandbox.jira import jql, show_issue
from connectors.sandbox.jira.errors import bad_request
from connectors.sandbox.jira.index import Entry
from connectors.sandbox.jira.show import Show
from connectors.sandbox.jira.tracker import Tracker
from connectors.sandbox.store import Document

MOST_IDS = 5000
MOST_RECONCILED = 50
KEPT_SEARCHES = 200


@dataclass(frozen=True)
class Search:
    """What one page was asked with. `limit` is the caller's wish, before the site caps it."""

    jql: str
    fields: list[str]
    limit: int
    token: str | None = None
    reconcile: tuple[int, ...] = ()
    changelog: bool = False


def hits(tracker: Tracker, user: Document | None, text: str, reconcile: tuple[int, ...] = ()) -> list[Entry]:
    """All that a bounded query finds among what the user may see, in its order. An anonymous caller finds nothing."""
    query = jql.parse(text)
    if query.where is None:
        raise jql.JqlError(jql.UNBOUNDED)
    if user is None:
        return []
    context = jql.context_of(tracker, user)
    test = jql.matcher(query, context)
    found = [entry for entry in _entries(tracker, reconcile) if test(entry) and tracker.sees(user, entry.issue)]
    return jql.sort(found, query, context)


def _entries(tracker: Tracker, reconcile: tuple[int, ...]) -> list[Entry]:
    """The index, with the named issues as they are in the store."""
    if not reconcile:
        return list(tracker.index)
    named = {str(issue_id) for issue_id in reconcile}
    fresh = [tracker.entry(issue) for issue_id in sorted(named) if (issue := tracker.issues.get(issue_id))]
    return [entry for entry in tracker.index if entry.issue["id"] not in named] + fresh


def page(tracker: Tracker, user: Document | None, asked: Search, show: Show, fault: Document | None) -> Document:
    """One page as `search/jql` answers it. `fault` may be `empty_page` or `repeat_token`."""
    fields = show_issue.chosen(asked.fields, "id") if asked.fields else []
    only_ids = not fields and not asked.changelog
    size = min(asked.limit, MOST_IDS if only_ids else tracker.site.page_size_cap)
    kept, start = _resume(tracker, user, asked) if asked.token else (_begin(tracker, user, asked), 0)
    if fault and fault.get("empty_page"):
        return {"issues": [], "nextPageToken": _token(kept["id"], start), "isLast": False}
    entries = [_current(tracker, issue_id, asked.reconcile) for issue_id in kept["hits"][start : start + size]]
    shown = [_issue(show, entry, user, asked, fields) for entry in entries if entry and tracker.sees(user, entry.issue)]
    answer: Document = {"issues": shown}
    if start + size < len(kept["hits"]):
        answer["nextPageToken"] = _token(kept["id"], start + size)
    if fault and fault.get("repeat_token"):
        answer["nextPageToken"] = asked.token or _token(kept["id"], 0)
    return {**answer, "isLast": "nextPageToken" not in answer}


def _current(tracker: Tracker, issue_id: str, reconcile: tuple[int, ...]) -> Entry | None:
    if int(issue_id) in reconcile:
        issue = tracker.issues.get(issue_id)
        return tracker.entry(issue) if issue else None
    return tracker.index.get(issue_id)


def _issue(show: Show, entry: Entry, user: Document | None, asked: Search, fields: list[str]) -> Document:
    if not fields and not asked.changelog and "key" not in ",".join(asked.fields).split(","):
        return {"id": entry.issue["id"]}
    return show_issue.issue(show, entry, user, fields, changelog=asked.changelog)


def _begin(tracker: Tracker, user: Document | None, asked: Search) -> Document:
    kept: Document = {
        "id": secrets.token_urlsafe(9),
        "account": user["accountId"] if user else None,
        "asked": _bound(asked),
        "hits": [entry.issue["id"] for entry in hits(tracker, user, asked.jql, asked.reconcile)],
    }
    tracker.searches[kept["id"]] = kept
    while len(tracker.searches) > KEPT_SEARCHES:
        tracker.searches.pop(next(iter(tracker.searches)))
    return kept


def _resume(tracker: Tracker, user: Document | None, asked: Search) -> tuple[Document, int]:
    """The search behind a token. It belongs to one caller, one query and one list of fields."""
    search_id, start = _read(asked.token or "")
    kept = tracker.searches.get(search_id)
    if user is None:
        return {"id": search_id, "hits": []}, 0
    if kept is None or kept["account"] != user["accountId"]:
        raise bad_request("The provided nextPageToken is invalid or has expired.")
    if kept["asked"] != _bound(asked):
        raise bad_request("The provided nextPageToken belongs to another search: send the same jql and fields again.")
    return kept, start


def _bound(asked: Search) -> list[object]:
    return [asked.jql, sorted(asked.fields), list(asked.reconcile)]


def _token(search_id: str, start: int) -> str:
    """Different each time, so that a caller who guards against repeated tokens is only stopped by a real repetition."""
    raw = json.dumps([search_id, start, secrets.token_hex(4)])
    return base64.urlsafe_b64encode(raw.encode()).decode()


def _read(token: str) -> tuple[str, int]:
    try:
        search_id, start, _ = json.loads(base64.urlsafe_b64decode(token))
        return str(search_id), int(start)
    except (ValueError, binascii.Error):
        raise bad_request("The provided nextPageToken is invalid or has expired.") from None
