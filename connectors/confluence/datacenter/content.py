"""Confluence's JSON of API v1 read into the port's values, and restrictions made into it."""

from collections.abc import Mapping
from typing import Any

from app.ports import Audience, Operation, Restrictions, WikiPage
from connectors.confluence.people import audience, person
from connectors.http.shapes import a_dict, dicts

PAGE = "version,space,ancestors"
"""What must be expanded for `read_content`; `body.storage` besides where the body is wanted."""


def read_content(sent: Mapping[str, Any], web: str, page_id: str = "", parent_id: str | None = None) -> WikiPage | None:
    """A page; `web` is the wiki's address for browsers. None where id or version is missing.

    `page_id` and `parent_id` are what we know better: an older version has an id of its own and no ancestors.
    """
    version, body = a_dict(sent.get("version")), a_dict(a_dict(sent.get("body")).get("storage"))
    if not sent.get("id") or not isinstance(version.get("number"), int):
        return None
    own_id = page_id or str(sent["id"])
    above = [str(one["id"]) for one in dicts(sent.get("ancestors")) if one.get("id")]
    return WikiPage(
        id=own_id,
        title=str(sent.get("title") or ""),
        status=str(sent.get("status") or "current"),
        version=version["number"],
        message=str(version.get("message") or ""),
        author_id=person(version.get("by")),
        body=str(body.get("value") or ""),
        parent_id=parent_id or (above[-1] if above else None),
        space_id=str(a_dict(sent.get("space")).get("key") or ""),
        url=f"{web}/{_link(sent, own_id)}",
    )


def _link(sent: Mapping[str, Any], page_id: str) -> str:
    """By id: the address `/display/SPACE/Title` of older versions would break with the title."""
    link = str(a_dict(sent.get("_links")).get("webui") or "").lstrip("/")
    return link if page_id in link else f"pages/viewpage.action?pageId={page_id}"


def operations(sent: Mapping[str, Any]) -> frozenset[Operation]:
    told = dicts(sent.get("operations"))
    return frozenset((str(one.get("operation")), str(one.get("targetType"))) for one in told)


def read_restrictions(sent: Mapping[str, Any]) -> Restrictions:
    """By operation, at the top (as real sites send it) or below `restrictions` (as the document has it)."""
    told = sent if "read" in sent or "update" in sent else a_dict(sent.get("restrictions"))
    return Restrictions(readers=audience(told.get("read")), editors=audience(told.get("update")))


def restriction(operation: str, who: Audience) -> dict[str, Any]:
    """What to send for one operation; empty lists lift the restriction."""
    people = [{"type": "known", "userKey": key} for key in who.people]
    groups = [{"type": "group", "name": name} for name in who.groups]
    return {"operation": operation, "restrictions": {"user": people, "group": groups}}
