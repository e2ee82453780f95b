"""Jira's representation of an issue: the fields asked for, and its history."""

from collections.abc import Callable, Collection

from connectors.sandbox.jira import adf, catalogue
from connectors.sandbox.jira.index import Entry, LinkEnd
from connectors.sandbox.jira.show import Show, link_type
from connectors.sandbox.store import Document

Reader = Callable[[Show, Entry, Document | None], object]

MOST_HISTORIES = 40


def _of_show(method: Callable[[Show, str], object], key: str) -> Reader:
    return lambda show, entry, viewer: method(show, entry.issue[key])


def _plain(key: str) -> Reader:
    return lambda show, entry, viewer: entry.issue[key]


def _time(key: str) -> Reader:
    return lambda show, entry, viewer: show.time(entry.issue[key])


def _user(key: str) -> Reader:
    return lambda show, entry, viewer: show.user(entry.issue[key])


def _description(show: Show, entry: Entry, viewer: Document | None) -> object:
    text = entry.issue["description"]
    return adf.to_document(text) if show.api == 3 else adf.to_text(text)


def _category(show: Show, entry: Entry, viewer: Document | None) -> object:
    status = show.tracker.statuses.get(entry.issue["status"]) or {}
    return show.category(status["category"])


def _parent(show: Show, entry: Entry, viewer: Document | None) -> object:
    parent = show.tracker.issues.get(entry.issue["parent"]) if entry.issue["parent"] else None
    return show.brief(parent) if parent and show.tracker.sees(viewer, parent) else None


def _subtasks(show: Show, entry: Entry, viewer: Document | None) -> object:
    kinds = show.tracker.types
    children = show.tracker.children(entry.issue["id"])
    below = [child for child in children if (kinds.get(child["type"]) or {"level": 0})["level"] < 0]
    return [show.brief(child) for child in below if show.tracker.sees(viewer, child)]


def _links(show: Show, entry: Entry, viewer: Document | None) -> object:
    shown = [_link(show, end, viewer) for end in entry.links]
    return [link for link in shown if link]


def _link(show: Show, end: LinkEnd, viewer: Document | None) -> Document | None:
    other = show.tracker.issues.get(end.other)
    if other is None or not show.tracker.sees(viewer, other):
        return None
    return {
        "id": end.link,
        "self": show.url(f"issueLink/{end.link}"),
        "type": show.link_type(link_type(end.type)),
        "outwardIssue" if end.outward else "inwardIssue": show.brief(other),
    }


def _components(show: Show, entry: Entry, viewer: Document | None) -> object:
    project = show.tracker.projects.get(entry.issue["project"]) or {}
    return [show.component(project, part) for part in entry.issue["components"]]


def _versions(show: Show, entry: Entry, viewer: Document | None) -> object:
    project = show.tracker.projects.get(entry.issue["project"]) or {}
    return [show.version(project, part) for part in entry.issue["fix_versions"]]


def _security(show: Show, entry: Entry, viewer: Document | None) -> object:
    level = show.tracker.levels.get(entry.issue["security"]) if entry.issue["security"] else None
    if level is None:
        return None
    return {
        "self": show.url(f"securitylevel/{level['id']}"),
        "id": level["id"],
        "description": "",
        "name": level["name"],
    }


def _comments(show: Show, entry: Entry, viewer: Document | None) -> object:
    comments = [comment(show, entry.issue, one) for one in entry.issue["comments"]]
    page = {"maxResults": len(comments), "total": len(comments), "startAt": 0}
    return {"comments": comments, "self": show.url(f"issue/{entry.issue['id']}/comment"), **page}


def comment(show: Show, issue: Document, one: Document) -> Document:
    """A comment as the REST API and webhooks show it."""
    return {
        "self": show.url(f"issue/{issue['id']}/comment/{one['id']}"),
        "id": one["id"],
        "author": show.user(one["author"]),
        "body": adf.to_document(one["body"]) if show.api == 3 else adf.to_text(one["body"]),
        "updateAuthor": show.user(one["author"]),
        "created": show.time(one["created"]),
        "updated": show.time(one["created"]),
        "jsdPublic": True,
    }


def _number(field_id: str) -> Reader:
    return lambda show, entry, viewer: entry.issue["numbers"].get(field_id)


READERS: dict[str, Reader] = {
    "statuscategorychangedate": _time("status_changed"),
    "issuetype": _of_show(Show.issue_type, "type"),
    "project": _of_show(Show.project, "project"),
    "parent": _parent,
    "fixVersions": _versions,
    "resolution": lambda show, entry, viewer: show.resolution(entry.issue["resolution"]),
    "resolutiondate": _time("resolved"),
    "created": _time("created"),
    "priority": _of_show(Show.priority, "priority"),
    "labels": _plain("labels"),
    "issuelinks": _links,
    "assignee": _user("assignee"),
    "updated": _time("updated"),
    "status": _of_show(Show.status, "status"),
    "statusCategory": _category,
    "components": _components,
    "description": _description,
    "security": _security,
    "summary": _plain("summary"),
    "creator": _user("creator"),
    "reporter": _user("reporter"),
    "subtasks": _subtasks,
    "duedate": _plain("due"),
    "comment": _comments,
    **{number.id: _number(number.id) for number in catalogue.NUMBER_FIELDS},
}
_NULLABLE = {"parent", "security"}
_NOT_NAVIGABLE = {"comment"}


def chosen(asked: Collection[str], default: str) -> list[str]:
    """Fields to show, of `*all`, `*navigable`, names, and names to leave out (`-comment`); unknown ones fall away."""
    names = [part.strip() for one in asked for part in one.split(",") if part.strip()]
    if not [name for name in names if not name.startswith("-")]:
        names = [default, *names]
    found: set[str] = set()
    for name in names:
        if name == "*all":
            found |= set(READERS)
        elif name == "*navigable":
            found |= set(READERS) - _NOT_NAVIGABLE
        elif name.startswith("-"):
            found.discard(name[1:])
        elif name in READERS:
            found.add(name)
    return [name for name in READERS if name in found]


def issue(show: Show, entry: Entry, viewer: Document | None, fields: list[str], *, changelog: bool = False) -> Document:
    """An issue with these fields. Issues that the viewer may not see are left out of links, subtasks and parent."""
    shown: Document = {
        "expand": "operations,versionedRepresentations,editmeta,changelog,renderedFields",
        "id": entry.issue["id"],
        "self": show.url(f"issue/{entry.issue['id']}"),
        "key": entry.issue["key"],
    }
    if changelog:
        shown["changelog"] = recent_changes(show, entry.issue)
    if fields:
        values = {name: READERS[name](show, entry, viewer) for name in fields}
        shown["fields"] = {name: value for name, value in values.items() if value is not None or name not in _NULLABLE}
    return shown


def recent_changes(show: Show, found: Document) -> Document:
    """At most 40 histories, the newest first, as expand=changelog gives them."""
    newest = [history(show, one) for one in reversed(found["history"])][:MOST_HISTORIES]
    return {"startAt": 0, "maxResults": len(newest), "total": len(found["history"]), "histories": newest}


def history(show: Show, one: Document) -> Document:
    author = show.user(one["author"])
    return {"id": one["id"], "author": author, "created": show.time(one["created"]), "items": one["items"]}
