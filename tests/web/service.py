"""The real application for tests: its world on a test's database, served over HTTP, and a Jira that signs."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import requests
import uvicorn
from fastapi import FastAPI
from sqlalchemy import Engine, select

from app.db.models import InboxRow
from app.main import put_together
from app.settings import Settings
from app.web.main import create_app
from app.world import World

SECRET = "It's a Secret to Everybody"


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@contextmanager
def world_on(engine: Engine, now: Callable[[], datetime], **given: Any) -> Iterator[World]:
    """A world without sites; nothing of the surroundings' settings enters it."""
    given = {"webhook_secrets": (SECRET,), "jira_url": "", "confluence_url": "", **given}
    with put_together(Settings(_env_file=None, **given), engine, now) as house:
        yield house.world


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on a free port, its life included; yields its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the application did not start"
            thread.join(0.005)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@dataclass(frozen=True)
class Service:
    """A served application, and what it stored."""

    world: World
    app: FastAPI
    url: str
    numbers: Iterator[int]

    def post(self, body: bytes, **headers: str) -> requests.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.post(f"{self.url}/webhooks/jira", body, headers=sent, timeout=10)

    def ring(self, body: bytes | dict[str, Any], identifier: str | None = None, **headers: str) -> requests.Response:
        """Deliver as Jira does: signed, with an identifier of its own."""
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        given = {"x_hub_signature": signature(sent), "content_type": "application/json"}
        identifier = f"delivery-{next(self.numbers)}" if identifier is None else identifier
        if identifier:
            given["x_atlassian_webhook_identifier"] = identifier
        return self.post(sent, **(given | headers))

    def inbox(self) -> list[InboxRow]:
        with self.world.reading() as session:
            return list(session.scalars(select(InboxRow).order_by(InboxRow.id)))

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.url)
        assert parts.hostname and parts.port
        return parts.hostname, parts.port


@contextmanager
def service_on(engine: Engine, now: Callable[[], datetime], **given: Any) -> Iterator[Service]:
    with world_on(engine, now, **given) as world:
        app = create_app(world)
        with served(app) as url:
            yield Service(world, app, url, count())
