"""Jira's JSON read into Issue: leniently, since fields are missing, null or odd on real sites."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.domain.model import Issue, IssueLink, StatusCategory
from connectors.http.shapes import a_dict, a_list, dicts

NEEDED = (
    "summary",
    "status",
    "issuetype",
    "project",
    "created",
    "updated",
    "resolutiondate",
    "resolution",
    "assignee",
    "labels",
    "parent",
    "subtasks",
    "issuelinks",
    "security",
)
"""The fields that Issue is made of; nothing else is ever asked for but the story points."""

TEAM_MANAGED = "com.pyxis.greenhopper.jira:jsw-story-points"
NUMBER = "com.atlassian.jira.plugin.system.customfieldtypes:float"
POINT_NAMES = frozenset(
    {"story points", "story point estimate", "스토리 포인트", "스토리 포인트 추정", "스토리 포인트 추정치"}
)

# JSON can say them, but PostgreSQL keeps no NUL, and nobody can write half a surrogate pair.
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
_NEVER = datetime.fromtimestamp(0, UTC)


def read_issue(sent: Mapping[str, Any], points_fields: Sequence[str] = ()) -> Issue | None:
    """An issue as `search/jql` or `bulkfetch` give it; None where even id or key is missing.

    `points_fields`: ids of story-point fields, the first that has a number counts (never their sum). A security level
    makes it hidden. Without `updated` it is as old as can be, so that it never overwrites a known state.
    """
    issue_id, key, fields = sent.get("id"), sent.get("key"), a_dict(sent.get("fields"))
    if not issue_id or not key:
        return None
    status, kind = a_dict(fields.get("status")), a_dict(fields.get("issuetype"))
    return Issue(
        id=str(issue_id),
        key=str(key),
        project=str(a_dict(fields.get("project")).get("key") or str(key).rpartition("-")[0]),
        summary=_words(fields.get("summary")),
        status=_words(status.get("name")),
        category=category(a_dict(status.get("statusCategory")).get("key")),
        updated_at=moment(fields.get("updated")) or moment(fields.get("created")) or _NEVER,
        type_name=_words(kind.get("name")),
        type_level=_level(kind),
        created_at=moment(fields.get("created")),
        resolved_at=moment(fields.get("resolutiondate")),
        resolution=_words(a_dict(fields.get("resolution")).get("name")) or None,
        assignee=_words(a_dict(fields.get("assignee")).get("displayName")) or None,
        labels=tuple(_words(label) for label in a_list(fields.get("labels"))),
        parent_id=_id(fields.get("parent")),
        subtask_ids=tuple(filter(None, map(_id, a_list(fields.get("subtasks"))))),
        links=tuple(_links(fields)),
        points=next(
            (value for value in (number(fields.get(name)) for name in points_fields) if value is not None), None
        ),
        hidden=bool(fields.get("security")),
    )


def _words(sent: object) -> str:
    return _UNKEPT.sub("", str(sent or ""))


def category(key: object) -> StatusCategory:
    """By key, since names are translated; unknown or missing is UNDEFINED."""
    try:
        return StatusCategory(str(key))
    except ValueError:
        return StatusCategory.UNDEFINED


def moment(text: object) -> datetime | None:
    """`2021-10-11T12:49:07.232+0000` as aware UTC; None for anything that is no time."""
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def number(value: object) -> Decimal | None:
    """A JSON number exactly as written; null is None, not 0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    exact = Decimal(str(value))
    return exact if exact.is_finite() else None


def find_points_fields(fields: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Ids of the story-point fields out of `GET /field`: first by type (team-managed), then number fields by name."""
    known = [field for field in fields if field.get("id")]
    typed = [str(field["id"]) for field in known if a_dict(field.get("schema")).get("custom") == TEAM_MANAGED]
    named = [
        str(field["id"])
        for field in known
        if a_dict(field.get("schema")).get("custom") == NUMBER and POINT_NAMES & set(_names(field))
    ]
    return tuple(dict.fromkeys(typed + named))


def _names(field: Mapping[str, Any]) -> Iterator[str]:
    for name in (field.get("name"), field.get("untranslatedName"), *a_list(field.get("clauseNames"))):
        yield str(name).strip().casefold()


def _level(kind: Mapping[str, Any]) -> int:
    level = kind.get("hierarchyLevel")
    return level if isinstance(level, int) else -1 if kind.get("subtask") else 0


def _links(fields: Mapping[str, Any]) -> Iterator[IssueLink]:
    """Each link has `inwardIssue` or `outwardIssue`: that is where the other issue stands."""
    for link in dicts(fields.get("issuelinks")):
        for direction in ("inward", "outward"):
            other = _id(link.get(f"{direction}Issue"))
            if other:
                yield IssueLink(_id(link.get("type")) or "", direction, other)


def _id(sent: object) -> str | None:
    found = a_dict(sent).get("id")
    return str(found) if found else None
