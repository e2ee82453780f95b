"""What people do to issues: create, edit, transition, comment, move, delete. Each keeps history and rings the webhooks.

All take the account id of the one who acts and expect `site.store.lock` to be held.
"""

from typing import Any

from connectors.sandbox.jira import adf, catalogue, events
from connectors.sandbox.jira.errors import bad_request
from connectors.sandbox.jira.tracker import Tracker
from connectors.sandbox.store import Document

# document member, name in the changelog, field id
_TEXTS = {
    "summary": ("summary", "summary"),
    "description": ("description", "description"),
    "labels": ("labels", "labels"),
    "due": ("duedate", "duedate"),
}


def new_issue(
    tracker: Tracker, actor: str, project: Document, type_id: str, given: Document, issue_id: int | None = None
) -> Document:
    """A document with every member, not yet kept. `given` overrides the defaults; the project's counter moves on."""
    now = tracker.now_ms()
    project["counter"] += 1
    issue_id = issue_id or tracker.site.store.next_id("jira_issue")
    made: Document = {
        "id": str(issue_id),
        "key": f"{project['key']}-{project['counter']}",
        "project": project["id"],
        "type": type_id,
        "status": project["statuses"][0],
        "summary": "",
        "description": None,
        "labels": [],
        "parent": None,
        "assignee": None,
        "reporter": actor,
        "creator": actor,
        "created": now,
        "updated": now,
        "status_changed": now,
        "resolution": None,
        "resolved": None,
        "priority": catalogue.MEDIUM,
        "components": [],
        "fix_versions": [],
        "due": None,
        "security": None,
        "numbers": {},
        "history": [],
        "comments": [],
    }
    return _with(made, given)


def create(tracker: Tracker, actor: str, project: Document, type_id: str, given: Document) -> Document:
    """A new issue in the first status of its project."""
    _check_parent(tracker, type_id, given.get("parent"))
    project = {**project}
    made = new_issue(tracker, actor, project, type_id, given)
    tracker.projects.put(project["id"], project)
    tracker.put(made)
    events.issue_event(tracker, "jira:issue_created", actor, made, kind="issue_created")
    return made


def edit(tracker: Tracker, actor: str, issue: Document, given: Document, kind: str = "issue_updated") -> Document:
    """The issue with new values; nothing happens if none differs."""
    if "parent" in given:
        _check_parent(tracker, issue["type"], given["parent"])
    if "resolution" in given and "resolved" not in given:
        given = {**given, "resolved": tracker.now_ms() if given["resolution"] else None}
    changed = _with(issue, given)
    items = _items(tracker, issue, changed)
    return _keep(tracker, actor, changed, items, kind) if items else issue


def transition(
    tracker: Tracker, actor: str, issue: Document, status_id: str, given: Document | None = None
) -> Document:
    """Move to a status. Entering "done" sets resolution and date, leaving it clears them, as usual workflows do."""
    status, before = tracker.statuses.get(status_id), tracker.statuses.get(issue["status"])
    assert status is not None
    assert before is not None
    given = {**(given or {}), "status": status_id}
    now = tracker.now_ms()
    if status["category"] == "done":
        given.setdefault("resolution", issue["resolution"] or catalogue.DONE)
        given["resolved"] = issue["resolved"] or now
    else:
        given |= {"resolution": None, "resolved": None}
    if status["category"] != before["category"]:
        given["status_changed"] = now
    return edit(tracker, actor, issue, given, kind="issue_generic")


def comment(tracker: Tracker, actor: str, issue: Document, body: Document | str) -> Document:
    """A new comment; it counts as a change of the issue."""
    now = tracker.now_ms()
    one = {"id": str(tracker.site.store.next_id("jira_comment")), "author": actor, "body": body, "created": now}
    changed = tracker.put({**issue, "comments": [*issue["comments"], one], "updated": now})
    events.comment_event(tracker, changed, one)
    return one


def move(tracker: Tracker, actor: str, issue: Document, project: Document) -> Document:
    """To another project: the id stays, the key changes, and the old key still leads to the issue."""
    project = {**project, "counter": project["counter"] + 1}
    tracker.projects.put(project["id"], project)
    old_project = tracker.projects.get(issue["project"]) or {}
    position = old_project["statuses"].index(issue["status"])
    key = f"{project['key']}-{project['counter']}"
    given: Document = {"key": key, "project": project["id"], "status": project["statuses"][position], "parent": None}
    given |= {"type": _same_type(tracker, issue, project), "components": [], "fix_versions": []}
    changed = _with(issue, given)
    items = [
        _item("project", "project", old_project["id"], old_project["name"], project["id"], project["name"]),
        _item("Key", "key", None, issue["key"], None, key),
        *_items(tracker, issue, changed),
    ]
    return _keep(tracker, actor, changed, items, "issue_moved")


def delete(tracker: Tracker, actor: str, issue: Document, *, subtasks: bool) -> None:
    """Remove an issue with its links. Raises a 400 if it has subtasks and they are not to go with it."""
    below = [child for child in tracker.children(issue["id"]) if _level(tracker, child["type"]) < 0]
    if below and not subtasks:
        raise bad_request(
            f"The issue '{issue['key']}' has subtasks.  You must specify the 'deleteSubtasks' parameter to delete this "
            "issue and all its subtasks."
        )
    for child in below:
        delete(tracker, actor, child, subtasks=True)
    events.issue_event(tracker, "jira:issue_deleted", actor, issue)
    for end in tracker.entry(issue).links:
        link = tracker.links.get(end.link)
        assert link is not None
        tracker.remove_link(link)
        events.link_event(tracker, "issuelink_deleted", link, flow="Secondary")
    for child in tracker.children(issue["id"]):
        tracker.put({**child, "parent": None})
    tracker.remove(issue)


def _keep(tracker: Tracker, actor: str, changed: Document, items: list[Document], kind: str) -> Document:
    now = max(tracker.now_ms(), changed["created"])
    history_id = str(tracker.site.store.next_id("jira_history"))
    history = {"id": history_id, "author": actor, "created": now, "items": items}
    changed = tracker.put({**changed, "updated": now, "history": [*changed["history"], history]})
    events.issue_event(tracker, "jira:issue_updated", actor, changed, kind=kind, changelog=history)
    return changed


def _with(issue: Document, given: Document) -> Document:
    """Copies with new values; numbers are named by their field id."""
    ids = {number.id for number in catalogue.NUMBER_FIELDS}
    numbers = {**issue["numbers"], **{name: value for name, value in given.items() if name in ids}}
    return {**issue, **{name: value for name, value in given.items() if name not in ids}, "numbers": numbers}


def _items(tracker: Tracker, before: Document, after: Document) -> list[Document]:
    """What differs, as a changelog tells it."""
    items = [
        _item(name, field_id, None, _text(before[member]), None, _text(after[member]))
        for member, (name, field_id) in _TEXTS.items()
        if before[member] != after[member]
    ]
    for member, names in _lookups(tracker).items():
        old, new = before[member], after[member]
        if old != new:
            items.append(_item(*names[:2], old, names[2](old), new, names[2](new)))
    for number in catalogue.NUMBER_FIELDS:
        old, new = before["numbers"].get(number.id), after["numbers"].get(number.id)
        if old != new:
            item = _item(number.name, number.id, None, _digits(old), None, _digits(new))
            items.append({**item, "fieldtype": "custom"})
    return items


def _lookups(tracker: Tracker) -> dict[str, tuple[str, str, Any]]:
    people = tracker.site.store.table("users")
    return {
        "resolution": ("resolution", "resolution", lambda key: catalogue.RESOLUTIONS[key][0] if key else None),
        "status": ("status", "status", lambda key: _name(tracker.statuses.get(key))),
        "assignee": ("assignee", "assignee", lambda key: _name(people.get(key), "displayName") if key else None),
        "parent": (
            "IssueParentAssociation",
            "parent",
            lambda key: _name(tracker.issues.get(key), "key") if key else None,
        ),
        "priority": ("priority", "priority", lambda key: catalogue.PRIORITIES[key]),
        "type": ("issuetype", "issuetype", lambda key: _name(tracker.types.get(key))),
    }


def _item(
    field: str, field_id: str, old: str | None, old_text: str | None, new: str | None, new_text: str | None
) -> Document:
    ends = {"from": old, "fromString": old_text, "to": new, "toString": new_text}
    return {"field": field, "fieldtype": "jira", "fieldId": field_id, **ends}


def _name(document: Document | None, member: str = "name") -> str | None:
    return document[member] if document else None


def _text(value: Any) -> str | None:
    return " ".join(value) if isinstance(value, list) else adf.to_text(value)


def _digits(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"


def _level(tracker: Tracker, type_id: str) -> int:
    return int((tracker.types.get(type_id) or {"level": 0})["level"])


def _check_parent(tracker: Tracker, type_id: str, parent_id: str | None) -> None:
    """A parent stands exactly one level above its child; a sub-task must have one."""
    level = _level(tracker, type_id)
    if parent_id is None:
        if level < 0:
            raise bad_request(fields={"parent": "Sub-tasks must have a parent issue."})
        return
    parent = tracker.issues.get(parent_id)
    if parent is None or _level(tracker, parent["type"]) != level + 1:
        raise bad_request(fields={"parent": "Given parent work item does not belong to appropriate hierarchy."})


def _same_type(tracker: Tracker, issue: Document, project: Document) -> str:
    name = _name(tracker.types.get(issue["type"]))
    types = [type_id for type_id in project["types"] if _name(tracker.types.get(type_id)) == name]
    return str(types[0] if types else project["types"][0])
