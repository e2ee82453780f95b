"""Comments as API v1 tells them (the search of Cloud, all of Data Center), read into the port's values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.ports import WikiComment
from connectors.confluence.people import person
from connectors.http.shapes import a_dict, dicts

EXPAND = "body.storage,history,container,ancestors,extensions.inlineProperties"
"""What must be expanded for `read_comment`."""
INLINE = frozenset({"inline", "resolved"})


def read_comment(sent: Mapping[str, Any], page_id: str = "") -> WikiComment | None:
    """A comment below a page; None for an inline one, one below a blog post, or one without id, page or date. The last
    ancestor is the comment that it answers. `page_id` is what we know where the container is not told."""
    container, made, more = (a_dict(sent.get(name)) for name in ("container", "history", "extensions"))
    at = read_time(made.get("createdDate"))
    if more.get("location") in INLINE or more.get("inlineProperties"):
        return None
    if not page_id and container.get("type") == "page":
        page_id = str(container.get("id") or "")
    if not sent.get("id") or not page_id or at is None:
        return None
    above = [str(one["id"]) for one in dicts(sent.get("ancestors")) if one.get("id")]
    body = a_dict(a_dict(sent.get("body")).get("storage"))
    return WikiComment(
        id=str(sent["id"]),
        page_id=page_id,
        author_id=person(made.get("createdBy")),
        body=str(body.get("value") or ""),
        created_at=at,
        parent_id=above[-1] if above else None,
    )


def read_time(sent: object) -> datetime | None:
    """An instant with its zone, else None."""
    try:
        at = datetime.fromisoformat(str(sent))
    except ValueError:
        return None
    return at if at.tzinfo else None
