"""Confluence's JSON (API v2) read into WikiPage, and what we send made to fit."""

from collections.abc import Mapping
from typing import Any

from app.ports import WikiPage
from connectors.http.shapes import a_dict

MESSAGE_LIMIT = 255
"""Characters of a version message; the tag stands first, so that cutting never loses it (pages.md)."""


def read_page(sent: Mapping[str, Any], web: str) -> WikiPage | None:
    """A page of v2; `web` is the wiki's address for browsers. None where id or version is missing.

    `author_id` and `message` are those of the version shown, not of the page's first author.
    """
    version, body, links = (a_dict(sent.get(name)) for name in ("version", "body", "_links"))
    if not sent.get("id") or not isinstance(version.get("number"), int):
        return None
    page_id = str(sent["id"])
    return WikiPage(
        id=page_id,
        title=str(sent.get("title") or ""),
        status=str(sent.get("status") or "current"),
        version=version["number"],
        message=str(version.get("message") or ""),
        author_id=str(version.get("authorId") or ""),
        body=str(a_dict(body.get("storage")).get("value") or ""),
        parent_id=str(sent["parentId"]) if sent.get("parentId") else None,
        space_id=str(sent.get("spaceId") or ""),
        url=f"{web}/{str(links.get('webui') or f'pages/viewpage.action?pageId={page_id}').lstrip('/')}",
    )


def fit_message(message: str) -> str:
    """One line of at most 255 characters (counted as Java counts them, in UTF-16), cut at the end."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in message).split())
    if _units(line) <= MESSAGE_LIMIT:
        return line
    while _units(line) > MESSAGE_LIMIT - 1:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def storage(body: str) -> dict[str, str]:
    return {"representation": "storage", "value": body}
