"""Confluence Cloud as a Wiki: REST v2 (v1 for labels and the account) through our policy."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from app.domain.batches import batched
from app.errors import AuthFailed, Conflict, NotFound, Rejected, Transient
from app.ports import Account, Operation, RateGate, WikiPage, WikiSpace
from connectors.confluence.pages import fit_message, read_page, storage
from connectors.http import Pace, Remote
from connectors.http.address import address
from connectors.http.remote import PATIENCE, TIMEOUTS, clock
from connectors.http.shapes import a_dict, dicts
from connectors.http.transport import Timeouts

V1 = "rest/api"
V2 = "api/v2"
LIMIT = 250
SETTLE = 0.5
"""Seconds before a property is written again after a conflict: new pages answer 409 for a while (atlassian.md §5.2)."""


class ConfluenceCloudWiki:
    """One Confluence Cloud site; fulfils app.ports.Wiki. Threads may share it.

    `url` is the site's address, with or without `/wiki`, or for tokens with scopes
    `https://api.atlassian.com/ex/confluence/<cloud id>`; then `web_url` is the address for people's browsers. Without
    `email` the token is sent as a bearer token.
    The library's own page calls are wrong in several ways (atlassian.md §7.2), so only its transport is used.
    """

    def __init__(
        self,
        url: str,
        token: str,
        email: str | None = None,
        gate: RateGate | None = None,
        *,
        now: Callable[[], datetime] = clock,
        sleep: Callable[[float], None] = time.sleep,
        web_url: str | None = None,
        patience: float = PATIENCE,
        timeouts: Timeouts = TIMEOUTS,
    ) -> None:
        where = address(url, suffix="/wiki")
        pace = Pace(now, sleep, patience, timeouts)
        self._remote = Remote("Confluence", where, token, email, gate, pace)
        self._web = address(web_url, suffix="/wiki").url if web_url else where.url

    @property
    def site(self) -> str:
        return self._remote.site

    @property
    def ahead(self) -> timedelta | None:
        return self._remote.ahead

    def close(self) -> None:
        self._remote.close()

    def myself(self) -> Account:
        """The account of the token. Source: v1 GET /user/current, which answers for nobody too."""
        path = f"{V1}/user/current"
        sent = self._object(self._remote.get(path), path)
        if not sent.get("accountId"):
            if sent.get("userKey") or sent.get("username"):
                raise Rejected(f"Confluence {self.site} is Data Center, which is not supported yet: only Cloud is.")
            raise AuthFailed(f"Confluence {self.site}: GET /{path} names no account: the token is not accepted.")
        name = str(sent.get("displayName") or sent.get("publicName") or sent["accountId"])
        return Account(str(sent["accountId"]), name, str(sent.get("timeZone") or "UTC"))

    def space(self, key: str) -> WikiSpace:
        for sent in self._listed(f"{V2}/spaces", {"keys": key}):
            if str(sent.get("key", "")).casefold() == key.casefold():
                home = str(sent["homepageId"]) if sent.get("homepageId") else None
                return WikiSpace(str(sent["id"]), str(sent["key"]), str(sent.get("name") or key), home)
        raise NotFound(
            f"Confluence {self.site}: there is no space with the key {key!r}, or the account may not see it.",
            "Check PLAINSIGHT_CONFLUENCE_SPACE (the short key in the space's address) and the account's permissions.",
        )

    def space_operations(self, space_id: str) -> frozenset[Operation]:
        """Source: v2 GET /spaces/{id}/operations."""
        return self._operations(f"{V2}/spaces/{quote(space_id, safe='')}/operations")

    def page_operations(self, page_id: str) -> frozenset[Operation]:
        """Source: v2 GET /pages/{id}/operations."""
        return self._operations(f"{_page_path(page_id)}/operations")

    def _operations(self, path: str) -> frozenset[Operation]:
        sent = self._object(self._remote.get(path), path)
        return frozenset(
            (str(one.get("operation")), str(one.get("targetType"))) for one in dicts(sent.get("operations"))
        )

    def page(self, page_id: str, version: int | None = None) -> WikiPage:
        params: dict[str, object] = {"body-format": "storage"} | ({"version": version} if version else {})
        return self._page(self._remote.get(_page_path(page_id), params))

    def find(self, space_id: str, title: str) -> list[WikiPage]:
        """Current and archived pages (Confluence's default) with this title, without bodies.

        Confluence's filter minds the case although uniqueness does not: a page whose title differs in case alone is
        not found, and shows as Rejected when the title is taken.
        """
        params: dict[str, object] = {"space-id": space_id, "title": title}
        found = (self._page(sent) for sent in self._listed(f"{V2}/pages", params))
        return [page for page in found if page.title.casefold() == title.casefold()]

    def children(self, page_id: str) -> list[WikiPage]:
        """Direct children that are pages, in the wiki's order. Their versions take one more request per 250."""
        listed = self._listed(f"{_page_path(page_id)}/direct-children", {})
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

    def create(self, space_id: str, parent_id: str | None, title: str, body: str, message: str) -> WikiPage:
        """A published page below `parent_id` (None: below the space's home page).

        API v2 takes no version message when creating: `message` is not stored and the answer's is empty. A lost create
        must be recognised by title, parent, author and version 1.
        """
        sent: dict[str, object] = {"spaceId": space_id, "status": "current", "title": title, "body": storage(body)}
        if parent_id:
            sent["parentId"] = parent_id
        return self._page(self._remote.post(f"{V2}/pages", sent), writes=True)

    def update(self, page: WikiPage, title: str, body: str, message: str) -> WikiPage:
        """Rejected, too, for a page that is not current: writing would restore it without taking the body."""
        if page.status not in {"current", "historical"}:
            raise Rejected(
                f"Confluence {self.site}: page {page.id} is {page.status}. Restore it, or have it made anew."
            )
        version = {"number": page.version + 1, "message": fit_message(message)}
        sent = {"id": page.id, "status": "current", "title": title, "body": storage(body), "version": version}
        try:
            return self._page(self._remote.put(_page_path(page.id), sent), writes=True)
        except Conflict as conflict:
            if "already exists" in conflict.message:  # a title clash in the clothes of a version conflict
                raise Rejected(conflict.message) from conflict
            raise

    def property(self, page_id: str, key: str) -> Mapping[str, object] | None:
        sent = self._property(page_id, key)
        value = sent.get("value") if sent else None
        return value if isinstance(value, dict) else None

    def set_property(self, page_id: str, key: str, value: Mapping[str, object]) -> None:
        """Write it if it differs; a conflict is read and tried once more."""
        try:
            self._write_property(page_id, key, dict(value))
        except Conflict:
            self._remote.sleep(SETTLE)
            self._write_property(page_id, key, dict(value))

    def _write_property(self, page_id: str, key: str, value: dict[str, object]) -> None:
        path, known = f"{_page_path(page_id)}/properties", self._property(page_id, key)
        if known is None:
            self._remote.post(path, {"key": key, "value": value})
        elif known.get("value") != value:
            version = {"number": int(a_dict(known.get("version")).get("number") or 1) + 1}
            body = {"key": key, "value": value, "version": version}
            self._remote.put(f"{path}/{quote(str(known['id']), safe='')}", body)

    def _property(self, page_id: str, key: str) -> dict[str, Any] | None:
        listed = self._listed(f"{_page_path(page_id)}/properties", {"key": key})
        return next((sent for sent in listed if sent.get("key") == key), None)

    def add_labels(self, page_id: str, labels: Sequence[str]) -> None:
        """Add them and keep the others. Confluence has labels in lower case and without blanks."""
        names = dict.fromkeys("-".join(label.lower().split()) for label in labels)
        body = [{"prefix": "global", "name": name} for name in names if name]
        if body:
            self._remote.post(f"{V1}/content/{quote(page_id, safe='')}/label", body)

    def _listed(self, path: str, params: dict[str, object]) -> Iterator[dict[str, Any]]:
        """All items of a list. Only the cursor is taken from the `next` link: the link itself is never followed."""
        cursor, cursors = None, set[str]()
        while True:
            asked = {**params, "limit": LIMIT} | ({"cursor": cursor} if cursor else {})
            answer = self._object(self._remote.get(path, asked), path)
            yield from dicts(answer.get("results"))
            cursor = _cursor(a_dict(answer.get("_links")).get("next"))
            if cursor is None:
                return
            if cursor in cursors:
                raise Transient(f"Confluence {self.site}: GET /{path} gave the same cursor twice. Try again later.")
            cursors.add(cursor)

    def _page(self, sent: Any, *, writes: bool = False) -> WikiPage:
        page = read_page(sent, self._web) if isinstance(sent, dict) else None
        if page is None:
            raise Transient(f"Confluence {self.site} sent a page without id or version. Try again later.", sent=writes)
        return page

    def _object(self, answer: Any, path: str) -> dict[str, Any]:
        if not isinstance(answer, dict):
            raise Transient(f"Confluence {self.site}: GET /{path} answered with something that is not a JSON object.")
        return answer


def _page_path(page_id: str) -> str:
    return f"{V2}/pages/{quote(page_id, safe='')}"


def _cursor(link: object) -> str | None:
    found = parse_qs(urlsplit(str(link or "")).query).get("cursor")
    return found[0] if found else None
