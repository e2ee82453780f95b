"""Which Confluence answers at an address, Cloud or Data Center: the address tells it, or the site is asked once."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from app.errors import AppError, AuthFailed, RetryAfter, Transient
from app.ports import (
    Account,
    Attachment,
    Operation,
    RateGate,
    Restrictions,
    Wiki,
    WikiComment,
    WikiPage,
    WikiSpace,
)
from connectors.confluence.cloud import ConfluenceCloudWiki
from connectors.confluence.datacenter import ConfluenceDataCenterWiki
from connectors.http import Pace, Remote
from connectors.http.address import Address, address
from connectors.http.remote import clock
from connectors.http.shapes import a_dict
from connectors.http.transport import credentials

CLOUD_HOSTS = (".atlassian.net", ".jira.com")
CLOUD_PATHS = ("", "/wiki")
EDGE = "_edge/tenant_info"
"""What Atlassian's own servers answer on every site of Cloud, to everybody: the site's cloud id (atlassian.md §6)."""

Found = ConfluenceCloudWiki | ConfluenceDataCenterWiki


@dataclass(frozen=True)
class Login:
    """How to ask. `token` and `email` were given for Confluence; the others are Jira's, which Cloud takes where none
    was given, and which no other site may ever see."""

    token: str
    email: str = ""
    jira_token: str = ""
    jira_email: str = ""


@dataclass(frozen=True)
class Place:
    """Where to ask, and with which gate and clock. `web_url`: the address for people's browsers, where it differs."""

    url: str
    web_url: str | None = None
    gate: RateGate | None = None
    now: Callable[[], datetime] = clock
    sleep: Callable[[float], None] = time.sleep

    def cloud(self, login: Login) -> ConfluenceCloudWiki:
        token, email = login.token or login.jira_token, login.email or login.jira_email
        return ConfluenceCloudWiki(
            self.url, token, email or None, self.gate, now=self.now, sleep=self.sleep, web_url=self.web_url
        )

    def data_center(self, login: Login) -> ConfluenceDataCenterWiki:
        if not login.token:
            raise AuthFailed(
                f"Confluence {address(self.url).name} is Data Center, and no token is set for it.",
                "Set PLAINSIGHT_CONFLUENCE_TOKEN to a personal access token of that site; Jira's is not sent there.",
            )
        return ConfluenceDataCenterWiki(
            self.url, login.token, login.email or None, self.gate, now=self.now, sleep=self.sleep, web_url=self.web_url
        )


def open_wiki(place: Place, login: Login) -> "Found | DetectedWiki":
    """Nothing is asked yet. Raises Invalid for an address, AuthFailed for a token that cannot be one."""
    where = address(place.url)
    parts = urlsplit(where.url)
    if where.gateway or (parts.hostname or "").endswith(CLOUD_HOSTS):
        return place.cloud(login)
    if parts.path not in CLOUD_PATHS:  # a context path, which no site of Cloud has
        return place.data_center(login)
    return DetectedWiki(place, login)


class DetectedWiki:
    """The wiki at an address that tells nothing; fulfils app.ports.Wiki. The first call asks which it is, and so does
    each later one until there is an answer; then it is known for the life of the process. `site` and `ahead` answer
    without asking; `site` is the address as it was given, before and after."""

    def __init__(self, place: Place, login: Login) -> None:
        self._place, self._login = place, login
        self._where = address(place.url)
        root = Address(self._where.url.removesuffix("/wiki"), self._where.name)
        credentials(f"Confluence {self._where.name}", login.token or login.jira_token, None)  # whether it can be one
        self._nobody = Remote("Confluence", root, None, gate=place.gate, pace=Pace(place.now, place.sleep))
        self._found: Found | None = None
        self._asking = threading.Lock()

    def _wiki(self) -> Wiki:
        with self._asking:
            if self._found is None:
                self._found = self._ask()
            return self._found

    def _ask(self) -> Found:
        """A site that fails is not judged; but one that answers with a web page for whatever it does not know is Data
        Center if it knows us as such."""
        try:
            answer = self._nobody.get(EDGE)
        except RetryAfter:
            raise
        except Transient as failure:
            return self._data_center_after(failure)
        except AppError:
            return self._place.data_center(self._login)
        return self._place.cloud(self._login) if a_dict(answer).get("cloudId") else self._place.data_center(self._login)

    def _data_center_after(self, failure: Transient) -> Found:
        if not self._login.token:
            raise failure
        wiki = self._place.data_center(self._login)
        try:
            wiki.myself()
        except AppError:
            wiki.close()
            raise failure from None
        return wiki

    @property
    def site(self) -> str:
        return self._where.name

    @property
    def ahead(self) -> timedelta | None:
        return (self._found.ahead if self._found else None) or self._nobody.ahead

    def close(self) -> None:
        self._nobody.close()
        if self._found:
            self._found.close()

    def deployment(self) -> str:
        return self._wiki().deployment()

    def myself(self) -> Account:
        return self._wiki().myself()

    def space_operations(self, space_id: str) -> frozenset[Operation]:
        return self._wiki().space_operations(space_id)

    def page_operations(self, page_id: str) -> frozenset[Operation]:
        return self._wiki().page_operations(page_id)

    def space(self, key: str) -> WikiSpace:
        return self._wiki().space(key)

    def page(self, page_id: str, version: int | None = None) -> WikiPage:
        return self._wiki().page(page_id, version)

    def find(self, space_id: str, title: str) -> list[WikiPage]:
        return self._wiki().find(space_id, title)

    def pages(self, ids: Sequence[str]) -> list[WikiPage]:
        return self._wiki().pages(ids)

    def children(self, page_id: str) -> list[WikiPage]:
        return self._wiki().children(page_id)

    def create(
        self, space_id: str, parent_id: str | None, title: str, body: str, message: str, *, private: bool = False
    ) -> WikiPage:
        return self._wiki().create(space_id, parent_id, title, body, message, private=private)

    def update(self, page: WikiPage, title: str, body: str, message: str, *, quietly: bool = False) -> WikiPage:
        return self._wiki().update(page, title, body, message, quietly=quietly)

    def move(self, page_id: str, parent_id: str) -> None:
        self._wiki().move(page_id, parent_id)

    def set_property(self, page_id: str, key: str, value: Mapping[str, object]) -> None:
        self._wiki().set_property(page_id, key, value)

    def property(self, page_id: str, key: str) -> Mapping[str, object] | None:
        return self._wiki().property(page_id, key)

    def add_labels(self, page_id: str, labels: Sequence[str]) -> None:
        self._wiki().add_labels(page_id, labels)

    def attachments(self, page_id: str) -> list[Attachment]:
        return self._wiki().attachments(page_id)

    def attach(self, page_id: str, name: str, content: bytes, media_type: str, comment: str) -> Attachment:
        return self._wiki().attach(page_id, name, content, media_type, comment)

    def restrictions(self, page_id: str) -> Restrictions:
        return self._wiki().restrictions(page_id)

    def restrict(self, page_id: str, restrictions: Restrictions) -> None:
        self._wiki().restrict(page_id, restrictions)

    def comments(self, space_key: str, since: timedelta) -> list[WikiComment]:
        return self._wiki().comments(space_key, since)

    def answers(self, comment_id: str) -> list[WikiComment]:
        return self._wiki().answers(comment_id)

    def answer(self, comment: WikiComment, body: str) -> WikiComment:
        return self._wiki().answer(comment, body)
