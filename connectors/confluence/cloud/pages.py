"""The pages of a Confluence Cloud site: read, found, listed, made, changed and moved. Source: API v2; v1 for moves."""

import json
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import quote

from app.domain.batches import batched
from app.errors import AuthFailed, Conflict, Forbidden, Gone, Rejected
from app.ports import WikiPage
from connectors.confluence import cql
from connectors.confluence.cloud.site import LIMIT, V1, V2, CloudSite, content_path, page_path
from connectors.confluence.pages import fit_message, storage

EVEN_ARCHIVED = json.dumps({"contentStatuses": ["current", "archived"]})


class Pages(CloudSite):
    """Pages as wholes."""

    def page(self, page_id: str, version: int | None = None) -> WikiPage:
        params: dict[str, object] = {"body-format": "storage"} | ({"version": version} if version else {})
        return self._page(self._remote.get(page_path(page_id), params))

    def find(self, space_id: str, title: str) -> list[WikiPage]:
        """Current and archived pages (Confluence's default) with this title, without bodies.

        Confluence's filter minds the case although uniqueness does not (atlassian.md §5.2): where it finds nothing and
        the title has letters of two cases, the search index is asked, which lags behind.
        """
        params: dict[str, object] = {"space-id": space_id, "title": title}
        found = [self._page(sent) for sent in self._listed(f"{V2}/pages", params)]
        if not found and title.lower() != title.upper():
            with suppress(AuthFailed, Forbidden, Gone):  # a token may lack the scope of the search alone
                found = self._titled_alike(space_id, title)
        return [page for page in found if page.title.casefold() == title.casefold()]

    def _titled_alike(self, space_id: str, title: str) -> list[WikiPage]:
        """Current and archived pages that the search index has by the words of this title."""
        path = f"{V2}/spaces/{quote(space_id, safe='')}"
        question = cql.titled(str(self._object(self._remote.get(path), path).get("key")), title)
        params: dict[str, object] = {"cql": question, "cqlcontext": EVEN_ARCHIVED}
        listed = self._listed(f"{V1}/content/search", params) if question else ()
        alike = [str(one.get("id")) for one in listed if str(one.get("title")).casefold() == title.casefold()]
        return self._pages_by_id(alike, {"status": "current,archived"})

    def children(self, page_id: str) -> list[WikiPage]:
        """Direct children that are pages, in the wiki's order. Their versions take one more request per 250."""
        listed = self._listed(f"{page_path(page_id)}/direct-children", {})
        ids = [str(sent["id"]) for sent in listed if sent.get("id") and sent.get("type", "page") == "page"]
        return self._pages_by_id(ids, {})

    def pages(self, ids: Sequence[str]) -> list[WikiPage]:
        """In the order of `ids`. Without `status` Confluence leaves trashed pages out. Source: GET /pages."""
        return self._pages_by_id(list(dict.fromkeys(ids)), {"status": "current,archived,trashed"})

    def _pages_by_id(self, ids: Sequence[str], more: dict[str, object]) -> list[WikiPage]:
        pages: dict[str, WikiPage] = {}
        for some in batched(ids, LIMIT):
            listed = self._listed(f"{V2}/pages", {"id": ",".join(some)} | more)
            pages |= {page.id: page for page in map(self._page, listed)}
        return [pages[one] for one in ids if one in pages]

    def create(
        self, space_id: str, parent_id: str | None, title: str, body: str, message: str, *, private: bool = False
    ) -> WikiPage:
        """A published page below `parent_id` (None: below the space's home page).

        API v2 takes no version message when creating: `message` is not stored and the answer's is empty. A lost create
        must be recognised by title, parent, author and version 1. `private`: "Only the user who creates this page will
        have permission to view and edit one" (v2 POST /pages).
        """
        sent: dict[str, object] = {"spaceId": space_id, "status": "current", "title": title, "body": storage(body)}
        if parent_id:
            sent["parentId"] = parent_id
        asked: dict[str, object] | None = {"private": "true"} if private else None
        return self._page(self._remote.post(f"{V2}/pages", sent, asked), writes=True)

    def update(self, page: WikiPage, title: str, body: str, message: str, *, quietly: bool = False) -> WikiPage:
        """Rejected, too, for a page that is not current: writing would restore it without taking the body.

        `quietly` changes nothing here: v2's `version` takes a number and a message and no `minorEdit`. Some publishers
        send it all the same, but nobody has shown that it keeps a mail back (atlassian.md §5.2), and what a document
        does not have may be refused one day. Watchers of Cloud are spared by not writing unchanged pages.
        """
        if page.status not in {"current", "historical"}:
            raise Rejected(
                f"Confluence {self.site}: page {page.id} is {page.status}. Restore it, or have it made anew."
            )
        version = {"number": page.version + 1, "message": fit_message(message)}
        sent = {"id": page.id, "status": "current", "title": title, "body": storage(body), "version": version}
        try:
            return self._page(self._remote.put(page_path(page.id), sent), writes=True)
        except Conflict as conflict:
            if "already exists" in conflict.message:  # a title clash in the clothes of a version conflict
                raise Rejected(conflict.message) from conflict
            raise

    def move(self, page_id: str, parent_id: str) -> None:
        """Source: v1 PUT /content/{pageId}/move/append/{targetId}; makes no new version."""
        self._remote.put(content_path(page_id, f"move/append/{quote(parent_id, safe='')}"))
