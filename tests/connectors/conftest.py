"""What tests of connectors share: a scripted server on this machine, the sandbox site with a bot that may write in its
wiki, a gate in memory, a sleep that moves the clock."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from app.ports import WikiSpace
from connectors.confluence.cloud import ConfluenceCloudWiki
from connectors.http import Pace, Remote
from connectors.http.address import address
from connectors.sandbox.confluence import add_space
from connectors.sandbox.run import running
from connectors.sandbox.site import Site


@dataclass(frozen=True)
class Reply:
    """`lost` closes the connection without an answer, `silent` never answers, `cut` sends fewer bytes than promised."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    silent: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: Any


class Stub:
    """A site that answers what it is told to, in order, and then whatever it is told to answer always."""

    def __init__(self, *, listening: bool = True) -> None:
        self.asked: list[Asked] = []
        self._script: deque[Reply] = deque()
        self._always: Reply | None = None
        self._ended = threading.Event()
        self._listening = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler(), bind_and_activate=False)
        self._server.daemon_threads = True
        self._server.server_bind()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        if listening:
            self.listen()

    def listen(self) -> None:
        self._server.server_activate()
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self._listening = True

    def close(self) -> None:
        self._ended.set()
        if self._listening:
            self._server.shutdown()
        self._server.server_close()

    def then(
        self, status: int = 200, body: object = None, headers: dict[str, str] | None = None, **how: bool
    ) -> "Stub":
        self._script.append(_reply(status, body, headers, how))
        return self

    def always(
        self, status: int = 200, body: object = None, headers: dict[str, str] | None = None, **how: bool
    ) -> None:
        self._always = _reply(status, body, headers, how)

    def _next(self) -> Reply:
        if self._script:
            return self._script.popleft()
        return self._always or Reply(599, b'{"errorMessages": ["the script has ended"]}')

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def answer(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path, _, query = self.path.partition("?")
                headers = {name.lower(): value for name, value in self.headers.items()}
                stub.asked.append(Asked(self.command, path, query, headers, json.loads(sent) if sent else None))
                self.reply(stub._next())

            def reply(self, reply: Reply) -> None:
                if reply.silent:
                    stub._ended.wait(10)
                if reply.lost or reply.silent:
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body) + 100 * reply.cut))
                self.end_headers()
                self.wfile.write(reply.body)
                self.close_connection = reply.cut

            do_GET = do_POST = do_PUT = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def _reply(status: int, body: object, headers: dict[str, str] | None, how: dict[str, bool]) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
    return Reply(status, content, headers or {}, **how)


@dataclass
class Gate:
    """A RateGate in memory: the later of two pauses stands."""

    until: dict[str, datetime] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)

    def not_before(self, site: str) -> datetime | None:
        return self.until.get(site)

    def pause(self, site: str, until: datetime, reason: str) -> None:
        self.until[site] = max(until, self.until.get(site, until))
        self.reasons.append(reason)


@pytest.fixture
def stub() -> Iterator[Stub]:
    made = Stub()
    yield made
    made.close()


@pytest.fixture
def deaf_stub() -> Iterator[Stub]:
    """Its port is taken and nobody listens: connections are refused until `listen`."""
    made = Stub(listening=False)
    yield made
    made.close()


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def naps() -> list[float]:
    """The seconds that were slept, in order."""
    return []


@pytest.fixture
def pace(clock: Any, naps: list[float]) -> Pace:
    """Sleeping moves the clock and takes no time."""

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        clock.move(seconds)

    return Pace(now=clock, sleep=sleep, timeouts=(5.0, 20.0))


@pytest.fixture
def connect(pace: Pace, gate: Gate) -> Iterator[Callable[..., Remote]]:
    made: list[Remote] = []

    def build(url: str, token: str = "s3cret", email: str | None = "bot@example.com", **more: Any) -> Remote:
        made.append(Remote("Jira", address(url), token, email, gate, more.pop("pace", pace), **more))
        return made[-1]

    yield build
    for remote in made:
        remote.close()


@pytest.fixture
def remote(stub: Stub, connect: Callable[..., Remote]) -> Remote:
    return connect(stub.url)


BOT, EMAIL = "712020:bot", "bot@example.com"


@pytest.fixture
def site() -> Iterator[Site]:
    """A sandbox site that listens, with a bot that may read Jira and write in the wiki."""
    made = Site()
    made.add_user(EMAIL, "Bot", account_id=BOT, token="tok", rights=("jira:read", "wiki:read", "wiki:write"))
    with running(made):
        yield made


@pytest.fixture
def wiki(site: Site, pace: Pace) -> Iterator[ConfluenceCloudWiki]:
    made = ConfluenceCloudWiki(site.base_url, "tok", EMAIL, sleep=pace.sleep)
    yield made
    made.close()


@pytest.fixture
def space(site: Site, wiki: ConfluenceCloudWiki) -> WikiSpace:
    add_space(site, "OKR", "Goals", "Home")
    return wiki.space("OKR")
