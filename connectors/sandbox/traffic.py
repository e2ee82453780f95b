"""Stands before both halves of the site: notes every request, and lets the faults that are switched on strike."""

import asyncio
import json
from contextlib import suppress
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors.sandbox import faults
from connectors.sandbox.site import Asked, Site

HERE = ("status", "delay", "lose_answer", "login_page")
LOST = 0
JSON = "application/json;charset=UTF-8"
LOGIN_PAGE = b"""<!DOCTYPE html><html><head><title>Log in - Single sign-on</title></head>
<body><form method="post" action="/sso/login"><input name="username"><input name="password" type="password"></form>
</body></html>"""


class Traffic:
    """Middleware. A request whose answer was lost is noted with status 0. The UI and the control API are left alone."""

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _is_api(scope["path"]):
            await self._app(scope, receive, send)
            return
        fault = faults.strike(self._site, scope["method"], scope["path"], HERE) or {}
        await asyncio.sleep(fault.get("delay", 0))
        if fault.get("lose_answer"):
            await self._app(scope, receive, _nowhere)
            self._note(scope, LOST)
            await _hang_up(receive, send)
        elif fault.get("login_page"):
            self._note(scope, 200)
            await _send(send, 200, "text/html;charset=UTF-8", LOGIN_PAGE, {})
        elif "status" in fault:
            self._note(scope, fault["status"])
            body = json.dumps(fault.get("body", {"errorMessages": ["Fault of the sandbox"], "errors": {}})).encode()
            await _send(send, fault["status"], JSON, body, fault.get("headers", {}))
        else:
            await self._app(scope, receive, self._noting(scope, send))

    def _noting(self, scope: Scope, send: Send) -> Send:
        """Notes the status before the caller can know it, so that who has an answer also finds it noted."""

        async def note_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(scope, message["status"])
            await send(message)

        return note_and_send

    def _note(self, scope: Scope, status: int) -> None:
        query = scope["query_string"].decode("latin-1")
        self._site.asked.append(Asked(scope["method"], scope["path"], query, status))


def _is_api(path: str) -> bool:
    return path.startswith(("/rest/", "/wiki/rest/", "/wiki/api/", "/confluence/rest/", "/_edge/", "/gateway/"))


async def _send(send: Send, status: int, kind: str, body: bytes, headers: dict[str, Any]) -> None:
    told = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    told += [(name.lower().encode(), str(value).encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})


async def _nowhere(message: Message) -> None:
    """Where lost answers go."""


async def _hang_up(receive: Receive, send: Send) -> None:
    """Close the connection without a byte of an answer, as a broken proxy does."""
    transport = getattr(getattr(receive, "__self__", None), "transport", None)
    if transport is None:  # not under uvicorn: promise more than is sent
        with suppress(Exception):
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"1000")]})
        raise ConnectionAbortedError("answer lost on purpose")
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
