"""The pages of a Confluence Data Center site: read, found, listed, made, changed and moved."""

from collections.abc import Mapping, Sequence

from app.domain.batches import batched
from app.errors import Conflict, NotFound, Rejected, Unfitting
from app.ports import WikiPage
from connectors.confluence import cql
from connectors.confluence.datacenter.content import PAGE
from connectors.confluence.datacenter.site import CONTENT, LIMIT, DataCenterSite, content_path
from connectors.confluence.pages import fit_message, storage

BODY = f"{PAGE},body.storage"


class Pages(DataCenterSite):
    """Pages as wholes. Archived ones there are none on Data Center; `any` status is current and trashed."""

    _takes_ids = True

    def page(self, page_id: str, version: int | None = None) -> WikiPage:
        """Older versions have a status of their own; the newest, if asked for by number, takes a second request."""
        if version is None:
            return self._page(self._remote.get(content_path(page_id), {"status": "any", "expand": BODY}), page_id)
        asked: dict[str, object] = {"status": "historical", "version": version, "expand": BODY}
        try:
            return self._page(self._remote.get(content_path(page_id), asked), page_id)
        except NotFound:
            now = self.page(page_id)
            if now.version != version:
                raise
            return now

    def find(self, space_id: str, title: str) -> list[WikiPage]:
        """Pages with this title that are not trashed, without bodies. Where none has it letter by letter the search
        index is asked, since titles that differ in case alone clash; it lags by seconds."""
        found, query = self._titled(space_id, title), cql.titled(space_id, title)
        if found or query is None:
            return found
        sent = self._listed(f"{CONTENT}/search", {"cql": query, "expand": PAGE})
        return [page for page in map(self._page, sent) if page.title.casefold() == title.casefold()]

    def _titled(self, space_id: str, title: str) -> list[WikiPage]:
        asked: dict[str, object] = {"spaceKey": space_id, "title": title, "status": "any", "expand": PAGE}
        pages = map(self._page, self._listed(CONTENT, asked))
        return [page for page in pages if page.status != "trashed" and page.title.casefold() == title.casefold()]

    def children(self, page_id: str) -> list[WikiPage]:
        """Direct children that are pages, in the wiki's order."""
        listed = self._listed(f"{content_path(page_id)}/child/page", {"expand": "version,space"})
        return [self._page(sent, parent_id=page_id) for sent in listed]

    def pages(self, ids: Sequence[str]) -> list[WikiPage]:
        """In the order of `ids`. One request per hundred, and one more for each page that does not come: only by itself
        a page is known to be gone. Older versions take no ids (they list anything): there each page costs one."""
        pages: dict[str, WikiPage] = {}
        for some in batched(list(dict.fromkeys(ids)), LIMIT):
            pages |= self._batch(some) if self._takes_ids and len(some) > 1 else {}
            for missing in [one for one in some if one not in pages]:
                try:
                    sent = self._remote.get(content_path(missing), {"status": "any", "expand": PAGE})
                except NotFound:
                    continue
                pages[missing] = self._page(sent, missing)
        return [pages[one] for one in dict.fromkeys(ids) if one in pages]

    def _batch(self, ids: Sequence[str]) -> dict[str, WikiPage]:
        pages: dict[str, WikiPage] = {}
        for page in map(self._page, self._listed(CONTENT, {"ids": list(ids), "status": "any", "expand": PAGE})):
            if page.id not in ids:
                self._takes_ids = False
                break
            pages[page.id] = page
        return pages

    def create(
        self, space_id: str, parent_id: str | None, title: str, body: str, message: str, *, private: bool = False
    ) -> WikiPage:
        """A published page below `parent_id` (None: below the space's home page), its first version with the message.

        `private` is Unfitting, and nothing is sent: `POST /content` takes `restrictions` without an error and ignores
        them, and whether a draft can be restricted is told nowhere. So a private page is made with nothing on it,
        restricted, and filled; until it is restricted, others can see that there is an empty page.
        """
        if private:
            raise Unfitting(
                f"Confluence {self.site} is Data Center, which makes no page private from its first moment."
            )
        parent_id = parent_id or self.space(space_id).homepage_id
        version = {"number": 1, "message": fit_message(message)}
        sent = {**_content(space_id, title, body), **_below(parent_id), "version": version}
        answer = self._remote.post(CONTENT, sent, {"expand": BODY})
        return self._page(answer, parent_id=parent_id, writes=True)

    def update(self, page: WikiPage, title: str, body: str, message: str, *, quietly: bool = False) -> WikiPage:
        """Rejected, too, for a page that is not current: writing would restore it without taking the body."""
        if page.status not in {"current", "historical"}:
            raise Rejected(
                f"Confluence {self.site}: page {page.id} is {page.status}. Restore it, or have it made anew."
            )
        version = {"message": fit_message(message), "minorEdit": quietly}
        return self._save(page, _content(page.space_id, title, body), version, page.parent_id)

    def move(self, page_id: str, parent_id: str) -> None:
        """There is no call that only moves: the page is written as it stands, in a quiet new version with another page
        above. Conflict: somebody else wrote in between. Where it hangs there already nothing is written."""
        page = self.page(page_id)
        if page.parent_id != parent_id:
            moved = {**_content(page.space_id, page.title, page.body), **_below(parent_id)}
            self._save(page, moved, {"minorEdit": True}, parent_id)

    def _save(
        self, page: WikiPage, sent: dict[str, object], version: Mapping[str, object], parent_id: str | None
    ) -> WikiPage:
        body = {"id": page.id, **sent, "version": {"number": page.version + 1, **version}}
        try:
            answer = self._remote.put(content_path(page.id), body)
        except Conflict as conflict:
            if "already exists" in conflict.message:  # a title clash in the clothes of a version conflict
                raise Rejected(conflict.message) from conflict
            raise
        return self._page(answer, page.id, parent_id, writes=True)


def _content(space_key: str, title: str, body: str) -> dict[str, object]:
    space = {"space": {"key": space_key}} if space_key else {}
    return {"type": "page", "status": "current", "title": title, **space, "body": {"storage": storage(body)}}


def _below(parent_id: str | None) -> dict[str, object]:
    return {"ancestors": [{"id": parent_id}]} if parent_id else {}
