"""The library's client as plain transport: our session, our adapter, no retry, no redirect, one client per thread."""

import logging
import threading
import weakref
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from atlassian.rest_client import AtlassianRestAPI
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth

from app.errors import AuthFailed

Timeouts = tuple[float, float]
Client = Callable[..., AtlassianRestAPI]


class Adapter(HTTPAdapter):
    """An adapter that sets the timeouts itself: the library cuts them to whole seconds and takes no pair."""

    def __init__(self, timeouts: Timeouts) -> None:
        self.timeouts = timeouts
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        return super().send(request, *args, **{**options, "timeout": self.timeouts})


class Bearer(AuthBase):
    """A bearer token as an auth handler, so that no `.netrc` can take its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Nobody(AuthBase):
    """No login at all, and none out of a `.netrc` either."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request


def credentials(site: str, token: str | None, email: str | None) -> AuthBase:
    """Basic auth for e-mail and token, else a bearer token, for None nothing. AuthFailed: this cannot be a token."""
    if token is None:
        return Nobody()
    token = token.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        variable = f"PLAINSIGHT_{site.split()[0].upper()}_TOKEN"
        raise AuthFailed(
            f"{site}: the token is empty or has characters that no API token has.",
            f"Set {variable}; copy it once more.",
        )
    return HTTPBasicAuth(email.strip().encode(), token.encode()) if email else Bearer(token)


def user_agent() -> str:
    try:
        return f"plainsight/{version('plainsight')}"
    except PackageNotFoundError:
        return "plainsight/0"


class Clients:
    """One client for each thread that asks, since a requests.Session is not made to be shared."""

    def __init__(self, client: Client, url: str, auth: AuthBase, timeouts: Timeouts) -> None:
        self._client, self._url, self._auth, self._timeouts = client, url, auth, timeouts
        self._mine = threading.local()
        self._all: weakref.WeakSet[AtlassianRestAPI] = weakref.WeakSet()
        self._lock = threading.Lock()
        logger = logging.getLogger("atlassian")
        if logger.level < logging.INFO:  # at DEBUG the library writes whole bodies and headers
            logger.setLevel(logging.INFO)

    def mine(self) -> AtlassianRestAPI:
        if not hasattr(self._mine, "client"):
            self._mine.client = self._new()
            with self._lock:
                self._all.add(self._mine.client)
        client: AtlassianRestAPI = self._mine.client
        return client

    def _new(self) -> AtlassianRestAPI:
        session = Session()
        session.auth = self._auth
        session.headers["User-Agent"] = user_agent()
        session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # a cookie could hide an expired token
        for scheme in ("https://", "http://"):
            session.mount(scheme, Adapter(self._timeouts))
        return self._client(self._url, session=session, backoff_and_retry=False, retry_with_header=False)

    def close(self) -> None:
        """Release the connections of all threads."""
        with self._lock:
            clients = list(self._all)
        for client in clients:
            client.close()
