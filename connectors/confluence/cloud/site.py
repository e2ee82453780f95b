"""One Confluence Cloud site to speak with: who we are, its spaces, and lists read to their end."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from app.errors import AuthFailed, NotFound, Transient
from app.ports import Account, Operation, RateGate, WikiPage, WikiSpace
from connectors.confluence.pages import read_page
from connectors.http import Pace, Remote
from connectors.http.address import address
from connectors.http.remote import PATIENCE, TIMEOUTS, clock
from connectors.http.shapes import a_dict, dicts
from connectors.http.transport import Timeouts

V1 = "rest/api"
V2 = "api/v2"
LIMIT = 250


class CloudSite:
    """What all calls share.

    `url` is the site's address, with or without `/wiki`, or for tokens with scopes
    `https://api.atlassian.com/ex/confluence/<cloud id>`; then `web_url` is the address for people's browsers. Without
    `email` the token is sent as a bearer token.
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

    def deployment(self) -> str:
        return "Cloud"

    def close(self) -> None:
        self._remote.close()

    def myself(self) -> Account:
        """The account of the token. Source: v1 GET /user/current, which answers for nobody too."""
        path = f"{V1}/user/current"
        sent = self._object(self._remote.get(path), path)
        if not sent.get("accountId"):
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
        return self._operations(f"{page_path(page_id)}/operations")

    def _operations(self, path: str) -> frozenset[Operation]:
        sent = self._object(self._remote.get(path), path)
        return frozenset(
            (str(one.get("operation")), str(one.get("targetType"))) for one in dicts(sent.get("operations"))
        )

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


def page_path(page_id: str) -> str:
    return f"{V2}/pages/{quote(page_id, safe='')}"


def content_path(page_id: str, part: str) -> str:
    """Of API v1."""
    return f"{V1}/content/{quote(page_id, safe='')}/{part}"


def _cursor(link: object) -> str | None:
    found = parse_qs(urlsplit(str(link or "")).query).get("cursor")
    return found[0] if found else None
