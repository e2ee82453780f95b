"""The fields a query may name: how each reads an issue, and how it looks a value up.

To add a field, write how it reads an entry and how it resolves a literal, and add it to FIELDS.
"""

from collections.abc import Callable
from dataclasses import dataclass

from connectors.sandbox.jira import catalogue
from connectors.sandbox.jira.index import Entry
from connectors.sandbox.jira.jql.context import Context
from connectors.sandbox.jira.jql.nodes import JqlError
from connectors.sandbox.store import Document


@dataclass(frozen=True)
class Choice:
    """A field whose values are names or ids: `read` gives those of an issue, `find` those a literal means."""

    name: str
    read: Callable[[Entry, Context], tuple[str, ...]]
    find: Callable[[Context, str], set[str]]
    ordered: bool = False


@dataclass(frozen=True)
class Moment:
    """A field that is a point in time, in epoch milliseconds, or None."""

    name: str
    read: Callable[[Entry], int | None]


@dataclass(frozen=True)
class Number:
    """A field that is a number or None."""

    name: str
    read: Callable[[Entry], float | None]


Field = Choice | Moment | Number


def field(name: str) -> Field:
    """The field of this name, in any case. Raises JqlError as Jira does for one that does not exist."""
    found = FIELDS.get(name.lower())
    if found is None:
        raise JqlError(f"Field '{name}' does not exist or you do not have permission to view it.")
    return found


def _missing(value: str, name: str) -> JqlError:
    return JqlError(f"The value '{value}' does not exist for the field '{name}'.")


def find_issue(context: Context, value: str) -> set[str]:
    """The id of the one issue of this key or id. Raises JqlError if it is not there or not visible."""
    found = context.issue(value)
    if found is None:
        raise JqlError(f"An issue with key '{value}' does not exist for field 'key'.")
    return {found["id"]}


def _find_project(context: Context, value: str) -> set[str]:
    found = context.project(value)
    if found is None:
        raise _missing(value, "project")
    return {found["id"]}


def _named(documents: list[Document], value: str, name: str) -> set[str]:
    wanted = value.lower()
    found = {
        doc["id"]
        for doc in documents
        if doc["id"] == value or wanted in (doc["name"].lower(), catalogue.KOREAN.get(doc["name"]))
    }
    if not found:
        raise _missing(value, name)
    return found


def _find_status(context: Context, value: str) -> set[str]:
    return _named(list(context.tracker.statuses), value, "status")


def _find_type(context: Context, value: str) -> set[str]:
    return _named(list(context.tracker.types), value, "issuetype")


def _find_category(_: Context, value: str) -> set[str]:
    for category in catalogue.CATEGORIES.values():
        names = (category.key, str(category.id), category.name.lower(), catalogue.KOREAN.get(category.name))
        if value.lower() in names:
            return {category.key}
    raise _missing(value, "statusCategory")


def _find_resolution(_: Context, value: str) -> set[str]:
    if value.lower() == "unresolved":
        return {""}
    found = {key for key, (name, _) in catalogue.RESOLUTIONS.items() if value.lower() in (key, name.lower())}
    if not found:
        raise _missing(value, "resolution")
    return found


def _find_person(context: Context, value: str) -> set[str]:
    people = context.tracker.site.store.table("users")
    if value in people:
        return {value}
    found = {user["accountId"] for user in people if value in (user["displayName"], user["email"])}
    if not found:
        raise _missing(value, "assignee")
    return found


def _find_part(kind: str, name: str) -> Callable[[Context, str], set[str]]:
    def find(context: Context, value: str) -> set[str]:
        projects = [p for p in context.tracker.projects if context.tracker.may_browse(context.user, p)]
        return _named([part for project in projects for part in project[kind]], value, name)

    return find


def _find_parent(context: Context, value: str) -> set[str]:
    found = context.issue(value)
    if found is None:
        raise JqlError(f"Issue does not exist or you do not have permission to see it: '{value}' (field 'parent').")
    return {found["id"]}


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _category(entry: Entry, context: Context) -> tuple[str, ...]:
    status = context.tracker.statuses.get(entry.issue["status"])
    return _one(status["category"] if status else None)


def _number(field_id: str) -> Callable[[Entry], float | None]:
    return lambda entry: entry.issue["numbers"].get(field_id)


ISSUE = Choice("key", lambda entry, _: (entry.issue["id"],), find_issue, ordered=True)
RESOLUTION = Choice("resolution", lambda entry, _: _one(entry.issue["resolution"]), _find_resolution)
ASSIGNEE = Choice("assignee", lambda entry, _: _one(entry.issue["assignee"]), _find_person)

_CHOICES: dict[str, Choice] = {
    "key": ISSUE,
    "issuekey": ISSUE,
    "issue": ISSUE,
    "id": ISSUE,
    "project": Choice("project", lambda entry, _: (entry.issue["project"],), _find_project),
    "issuetype": Choice("issuetype", lambda entry, _: (entry.issue["type"],), _find_type),
    "type": Choice("issuetype", lambda entry, _: (entry.issue["type"],), _find_type),
    "status": Choice("status", lambda entry, _: (entry.issue["status"],), _find_status),
    "statuscategory": Choice("statusCategory", _category, _find_category),
    "labels": Choice("labels", lambda entry, _: tuple(entry.issue["labels"]), lambda _, value: {value}),
    "parent": Choice("parent", lambda entry, _: _one(entry.issue["parent"]), _find_parent),
    "resolution": RESOLUTION,
    "assignee": ASSIGNEE,
    "component": Choice(
        "component", lambda entry, _: tuple(entry.issue["components"]), _find_part("components", "component")
    ),
    "fixversion": Choice(
        "fixVersion", lambda entry, _: tuple(entry.issue["fix_versions"]), _find_part("versions", "fixVersion")
    ),
}

_MOMENTS: dict[str, Moment] = {
    "created": Moment("created", lambda entry: entry.issue["created"]),
    "createddate": Moment("created", lambda entry: entry.issue["created"]),
    "updated": Moment("updated", lambda entry: entry.issue["updated"]),
    "updateddate": Moment("updated", lambda entry: entry.issue["updated"]),
    "resolved": Moment("resolved", lambda entry: entry.issue["resolved"]),
    "resolutiondate": Moment("resolved", lambda entry: entry.issue["resolved"]),
}

_NUMBERS: dict[str, Number] = {
    clause.lower(): Number(number.name, _number(number.id))
    for number in catalogue.NUMBER_FIELDS
    for clause in number.clauses
}

FIELDS: dict[str, Field] = {**_CHOICES, **_MOMENTS, **_NUMBERS}
