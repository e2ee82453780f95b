"""One Confluence Data Center site to speak with: who we are, its spaces, and lists read to their end."""

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from app.errors import AuthFailed, NotFound, Transient
from app.ports import Account, RateGate, WikiPage, WikiSpace
from connectors.confluence.datacenter.content import read_content
from connectors.confluence.people import person
from connectors.http import Pace, Remote
from connectors.http.address import address
from connectors.http.remote import PATIENCE, TIMEOUTS, clock
from connectors.http.shapes import a_dict, dicts
from connectors.http.transport import Timeouts

API = "rest/api"
CONTENT = f"{API}/content"
LIMIT = 100
"""Items on a page of a list; the site may give fewer."""


class DataCenterSite:
    """What all calls share.

    `url` is the site's address with its context path, if it has one; `web_url` the same for people's browsers, where
    that differs. Without `email` the token is sent as a bearer token (a personal access token, from version 7.9);
    otherwise it is the password of the user of that name.
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
        where = address(url)
        pace = Pace(now, sleep, patience, timeouts)
        self._remote = Remote("Confluence", where, token, email, gate, pace)
        self._web = address(web_url).url if web_url else where.url

    @property
    def site(self) -> str:
        return self._remote.site

    @property
    def ahead(self) -> timedelta | None:
        return self._remote.ahead

    def deployment(self) -> str:
        return "Data Center"

    def close(self) -> None:
        self._remote.close()

    def myself(self) -> Account:
        """The account of the token. Source: GET /user/current, which answers for nobody too, and tells no zone."""
        path = f"{API}/user/current"
        sent = self._object(self._remote.get(path), path)
        key = person(sent)
        if not key:
            raise AuthFailed(f"Confluence {self.site}: GET /{path} names no account: the token is not accepted.")
        return Account(key, str(sent.get("displayName") or sent.get("username") or key))

    def space(self, key: str) -> WikiSpace:
        """Of a space the port's id is its key, as the site writes it."""
        path = f"{API}/space/{quote(key, safe='')}"
        try:
            sent = self._object(self._remote.get(path, {"expand": "homepage"}), path)
        except NotFound as error:
            raise NotFound(
                f"Confluence {self.site}: there is no space with the key {key!r}, or the account may not see it.",
                "Check PLAINSIGHT_CONFLUENCE_SPACE (the short key in the space's address) and the account's "
                "permissions.",
            ) from error
        home, own = a_dict(sent.get("homepage")).get("id"), str(sent.get("key") or key)
        return WikiSpace(own, own, str(sent.get("name") or own), str(home) if home else None)

    def _listed(self, path: str, params: dict[str, object]) -> Iterator[dict[str, Any]]:
        """All items of a list. What the account may not see is taken out of a page afterwards, so that a short or even
        an empty page is not the last one: only a missing `next` link ends the list. The link itself is never
        followed, only the place read that it names."""
        place: dict[str, object] = {}
        places: list[dict[str, object]] = []
        while True:
            answer = self._object(self._remote.get(path, {**params, "limit": LIMIT} | place), path)
            yield from dicts(answer.get("results"))
            place = _place(a_dict(answer.get("_links")).get("next"))
            if not place:
                return
            if place in places:
                raise Transient(f"Confluence {self.site}: GET /{path} gave the same next page twice. Try again later.")
            places.append(place)

    def _page(self, sent: Any, page_id: str = "", parent_id: str | None = None, *, writes: bool = False) -> WikiPage:
        page = read_content(sent, self._web, page_id, parent_id) if isinstance(sent, dict) else None
        if page is None:
            raise Transient(f"Confluence {self.site} sent a page without id or version. Try again later.", sent=writes)
        return page

    def _object(self, answer: Any, path: str) -> dict[str, Any]:
        if not isinstance(answer, dict):
            raise Transient(f"Confluence {self.site}: GET /{path} answered with something that is not a JSON object.")
        return answer


def content_path(content_id: str) -> str:
    return f"{CONTENT}/{quote(content_id, safe='')}"


def _place(link: object) -> dict[str, object]:
    told = parse_qs(urlsplit(str(link or "")).query)
    return {name: told[name][0] for name in ("start", "cursor") if name in told}
