"""Comments below pages of a Confluence Cloud site: the new ones of a space (v1 search), answers read and given (v2)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from app.errors import Transient
from app.ports import WikiComment
from connectors.confluence import cql
from connectors.confluence.cloud.site import V1, V2, CloudSite
from connectors.confluence.comments import EXPAND, read_comment, read_time
from connectors.confluence.pages import storage
from connectors.http.shapes import a_dict

V2_COMMENTS = f"{V2}/footer-comments"


class Comments(CloudSite):
    """Footer comments and answers to them."""

    def comments(self, space_key: str, since: timedelta) -> list[WikiComment]:
        """One request per 250, bodies included. Source: v1 GET /content/search with what it may expand."""
        params: dict[str, object] = {"cql": cql.comments(space_key, since), "expand": EXPAND}
        read = (read_comment(sent) for sent in self._listed(f"{V1}/content/search", params))
        return sorted((one for one in read if one), key=lambda one: one.created_at)

    def answers(self, comment_id: str) -> list[WikiComment]:
        """Source: v2 GET /footer-comments/{id}/children, which does not tell the page."""
        path = f"{V2_COMMENTS}/{quote(comment_id, safe='')}/children"
        read = (_read(sent, comment_id) for sent in self._listed(path, {"body-format": "storage"}))
        return sorted((one for one in read if one), key=lambda one: one.created_at)

    def answer(self, comment: WikiComment, body: str) -> WikiComment:
        """Source: v2 POST /footer-comments with `parentCommentId` and no page."""
        sent = {"parentCommentId": comment.id, "body": storage(body)}
        made = _read(a_dict(self._remote.post(V2_COMMENTS, sent)), comment.id, comment.page_id)
        if made is None:
            message = f"Confluence {self.site}: POST /{V2_COMMENTS} answered without the comment. Try again later."
            raise Transient(message, sent=True)
        return made


def _read(sent: Mapping[str, Any], parent_id: str, page_id: str = "") -> WikiComment | None:
    """A comment of v2; author and time are those of its newest version. None without id or time."""
    version = a_dict(sent.get("version"))
    at = read_time(version.get("createdAt"))
    if not sent.get("id") or at is None:
        return None
    return WikiComment(
        id=str(sent["id"]),
        page_id=str(sent.get("pageId") or page_id),
        author_id=str(version.get("authorId") or ""),
        body=str(a_dict(a_dict(sent.get("body")).get("storage")).get("value") or ""),
        created_at=at,
        parent_id=str(sent.get("parentCommentId") or parent_id),
    )
