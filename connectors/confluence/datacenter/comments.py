"""Comments below the pages of a Confluence Data Center site."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from app.errors import Transient
from app.ports import WikiComment
from connectors.confluence import cql
from connectors.confluence.comments import EXPAND, read_comment
from connectors.confluence.datacenter.site import CONTENT, DataCenterSite, content_path
from connectors.confluence.pages import storage


class Comments(DataCenterSite):
    """Comments and answers to them; inline ones are left out."""

    def comments(self, space_key: str, since: timedelta) -> list[WikiComment]:
        return _oldest_first(
            self._listed(f"{CONTENT}/search", {"cql": cql.comments(space_key, since), "expand": EXPAND})
        )

    def answers(self, comment_id: str) -> list[WikiComment]:
        return _oldest_first(self._listed(f"{content_path(comment_id)}/child/comment", {"expand": EXPAND}))

    def answer(self, comment: WikiComment, body: str) -> WikiComment:
        sent = {
            "type": "comment",
            "container": {"id": comment.page_id, "type": "page"},
            "ancestors": [{"id": comment.id}],
            "body": {"storage": storage(body)},
        }
        answer = self._remote.post(CONTENT, sent, {"expand": EXPAND})
        made = read_comment(answer, comment.page_id) if isinstance(answer, dict) else None
        if made is None:
            raise Transient(f"Confluence {self.site} sent an answer without id or date. Try again later.", sent=True)
        return made


def _oldest_first(listed: Iterable[dict[str, Any]]) -> list[WikiComment]:
    found = filter(None, map(read_comment, listed))
    return sorted(found, key=lambda comment: (comment.created_at, comment.id))
