"""Reads the `fields` and `update` of a request into values of an issue document."""

from collections.abc import Callable
from typing import Any

from connectors.sandbox.jira import catalogue
from connectors.sandbox.jira.errors import bad_request
from connectors.sandbox.jira.tracker import Tracker
from connectors.sandbox.store import Document

Read = Callable[[Tracker, Document, Any], tuple[str, Any]]


def _summary(_: Tracker, __: Document, value: Any) -> tuple[str, Any]:
    if not isinstance(value, str) or not value.strip():
        raise bad_request(fields={"summary": "You must specify a summary of the issue."})
    if len(value) > 255:
        raise bad_request(fields={"summary": "Summary must be less than 255 characters."})
    if "\n" in value or "\r" in value:
        raise bad_request(fields={"summary": "The summary is invalid because it contains newline characters."})
    return "summary", value


def _labels(_: Tracker, __: Document, value: Any) -> tuple[str, Any]:
    if not isinstance(value, list) or not all(isinstance(label, str) for label in value):
        raise bad_request(fields={"labels": "data was not an array of strings"})
    for label in value:
        if not label or any(character.isspace() for character in label):
            raise bad_request(fields={"labels": f"The label '{label}' contains spaces which is invalid."})
    return "labels", sorted(set(value))


def _assignee(tracker: Tracker, _: Document, value: Any) -> tuple[str, Any]:
    account = (value or {}).get("accountId") or (value or {}).get("id")
    if account and account not in tracker.site.store.table("users"):
        raise bad_request(fields={"assignee": f"Account ID '{account}' does not exist."})
    return "assignee", account


def _parent(tracker: Tracker, _: Document, value: Any) -> tuple[str, Any]:
    if value is None:
        return "parent", None
    found = tracker.issue(str(value.get("key") or value.get("id")))
    if found is None:
        raise bad_request(fields={"parent": "Could not find valid 'id' or 'key' of the parent issue."})
    return "parent", found["id"]


def _resolution(_: Tracker, __: Document, value: Any) -> tuple[str, Any]:
    if value is None:
        return "resolution", None
    for key, (name, _description) in catalogue.RESOLUTIONS.items():
        if value.get("id") == key or value.get("name") == name:
            return "resolution", key
    raise bad_request(fields={"resolution": "Resolution does not exist."})


def _priority(_: Tracker, __: Document, value: Any) -> tuple[str, Any]:
    for key, name in catalogue.PRIORITIES.items():
        if value and (value.get("id") == key or value.get("name") == name):
            return "priority", key
    raise bad_request(fields={"priority": "The priority selected is invalid."})


def _parts(kind: str, target: str, name: str) -> Read:
    def read(_: Tracker, project: Document, value: Any) -> tuple[str, Any]:
        found = []
        for one in value or []:
            match = [p["id"] for p in project[kind] if one.get("id") == p["id"] or one.get("name") == p["name"]]
            if not match:
                raise bad_request(fields={name: f"'{one.get('name') or one.get('id')}' is not valid."})
            found += match
        return target, found

    return read


def _number(field_id: str) -> Read:
    def read(_: Tracker, __: Document, value: Any) -> tuple[str, Any]:
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            raise bad_request(fields={field_id: "Operation value must be a number"})
        return field_id, None if value is None else float(value)

    return read


READERS: dict[str, Read] = {
    "summary": _summary,
    "description": lambda tracker, project, value: ("description", value),
    "labels": _labels,
    "assignee": _assignee,
    "parent": _parent,
    "resolution": _resolution,
    "priority": _priority,
    "duedate": lambda tracker, project, value: ("due", value),
    "components": _parts("components", "components", "components"),
    "fixVersions": _parts("versions", "fix_versions", "fixVersions"),
    **{number.id: _number(number.id) for number in catalogue.NUMBER_FIELDS},
}

_SHAPES: dict[str, type] = {
    **dict.fromkeys(("assignee", "parent", "resolution", "priority"), dict),
    **dict.fromkeys(("labels", "components", "fixVersions"), list),
}


def values(tracker: Tracker, project: Document, issue: Document | None, body: Document) -> Document:
    """New values by name in the issue document (numbers by field id). Raises a 400 naming every field it cannot set."""
    asked = dict(body.get("fields") or {})
    for name, operations in (body.get("update") or {}).items():
        if name != "comment":
            asked[name] = _updated(name, operations, issue)
    for name in ("project", "issuetype", "status"):
        asked.pop(name, None)
    unknown = [name for name in asked if name not in READERS]
    if unknown:
        reason = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
        raise bad_request(fields={name: reason.format(name) for name in unknown})
    for name, value in asked.items():
        shape = _SHAPES.get(name)
        if shape and value is not None and not isinstance(value, shape):
            raise bad_request(fields={name: f"data was not {'an object' if shape is dict else 'an array'}"})
    return dict(READERS[name](tracker, project, value) for name, value in asked.items())


def _updated(name: str, operations: list[Document], issue: Document | None) -> Any:
    """The value after `set`, `add` and `remove`; the last two only for labels."""
    value: Any = list(issue["labels"]) if issue and name == "labels" else []
    for operation in operations:
        for verb, operand in operation.items():
            if verb == "set":
                value = operand
            elif name == "labels" and verb in ("add", "remove"):
                value = [label for label in value if label != operand] + ([operand] if verb == "add" else [])
            else:
                raise bad_request(fields={name: f"Field does not support update '{verb}'"})
    return value
