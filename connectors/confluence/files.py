"""Files on their way to a page and as API v1 answers with them, the same on Cloud and Data Center."""

from collections.abc import Mapping
from typing import Any

from app.ports import Attachment
from connectors.http.answers import Form
from connectors.http.shapes import a_dict


def upload_form(name: str, content: bytes, media_type: str, comment: str) -> Form:
    """The comment says its charset, else it would be read as Latin-1; `minorEdit` keeps watchers' mail back."""
    return {
        "file": (name, content, media_type),
        "minorEdit": (None, b"true", ""),
        "comment": (None, comment.encode(), "text/plain; charset=utf-8"),
    }


def read_attachment(sent: Mapping[str, Any]) -> Attachment | None:
    """None without an id. The comment stands in `extensions`, in older answers in `metadata`."""
    told = (a_dict(sent.get(where)).get("comment") for where in ("extensions", "metadata"))
    comment = str(next(filter(None, told), ""))
    return Attachment(str(sent["id"]), str(sent.get("title") or ""), comment) if sent.get("id") else None
