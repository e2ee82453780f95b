"""One request to the wiki's API: who asks, with what; and how refusals and lists are put into words."""

import base64
import binascii
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData

from connectors.sandbox.access import require
from connectors.sandbox.confluence.core.pages import page_of
from connectors.sandbox.confluence.core.refusal import Refused, forbidden, not_found
from connectors.sandbox.confluence.core.spaces import may_edit, may_view
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

LIMIT = 250
Item = TypeVar("Item")
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Arrived:
    """What came in the body: its bytes, or its parts."""

    body: bytes
    form: FormData | None = None


@dataclass(frozen=True)
class Call:
    site: Site
    user: str
    request: Request
    arrived: Arrived

    @property
    def may_write(self) -> bool:
        """Whether the caller may write anywhere in the wiki."""
        user = self.site.store.table("users").get(self.user)
        return user is not None and "wiki:write" in user["rights"]

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def number(self, name: str) -> str:
        """An id in the path: a number, kept as text."""
        return self._number(name, self.path(name))

    def _number(self, name: str, value: str) -> str:
        if not value.isascii() or not value.isdigit():
            raise wrong_type(name, value, "long")
        return value

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)

    def flag(self, name: str) -> bool:
        return self.query(name).lower() == "true"

    def integer(self, name: str) -> int | None:
        value = self.query(name)
        return int(self._number(name, value)) if value else None

    def several(self, name: str) -> list[str]:
        """A parameter that may be repeated or hold several values between commas."""
        return [part for value in self.request.query_params.getlist(name) for part in value.split(",") if part]

    def ids(self, name: str) -> list[str]:
        return [self._number(name, value) for value in self.several(name)]

    def one_of(self, name: str, allowed: Sequence[str], kind: str) -> str | None:
        value = self.request.query_params.get(name)
        if value is not None and value not in allowed:
            raise wrong_type(name, value, kind)
        return value

    def json(self) -> Any:
        try:
            return json.loads(self.arrived.body)
        except ValueError as error:
            raise Refused(400, "INVALID_REQUEST_BODY", f"The request body is not valid JSON: {error}") from None

    def json_object(self) -> Document:
        value = self.json()
        if not isinstance(value, dict):
            raise Refused(400, "INVALID_REQUEST_BODY", "The request body must be a JSON object")
        return value

    def visible(self, page_id: str) -> Document:
        page = page_of(self.site, page_id)
        if not may_view(self.site, page, self.user):
            raise not_found()
        return page

    def editable(self, page_id: str, *, hide: bool = True) -> Document:
        """v2 says 404 to who may see but not edit; v1 says 403 (`hide=False`)."""
        page = self.visible(page_id)
        if not may_edit(self.site, page, self.user):
            raise not_found() if hide else forbidden("User is not permitted to edit this content")
        return page


def wrong_type(name: str, value: str, kind: str) -> Refused:
    title = f"Provided value {{{value}}} for '{name}' is not the correct type. Expected type is {kind}"
    return Refused(400, "INVALID_REQUEST_PARAMETER", title)


@dataclass(frozen=True)
class Route:
    """One line of an API: `right` is what it takes besides a valid login."""

    method: str
    path: str
    answer: Callable[[Call], Response | Document]
    right: str = ""


def v2_error(refused: Refused) -> Document:
    error = {"status": refused.status, "code": refused.code, "title": refused.title, "detail": None}
    return {"errors": [error]}


def v1_error(refused: Refused) -> Document:
    data = {"authorized": refused.status != 403, "valid": refused.status < 400, "errors": [], "successful": False}
    reason = HTTPStatus(refused.status).phrase
    return {"statusCode": refused.status, "data": data, "message": refused.title, "reason": reason}


def mount(site: Site, routes: Iterable[Route], error: Callable[[Refused], Document]) -> APIRouter:
    router = APIRouter()
    for route in routes:
        router.add_route(route.path, _endpoint(site, route, error), methods=[route.method])
    return router


async def _arrived(request: Request) -> Arrived:
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        return Arrived(b"", await request.form(max_part_size=100_000_000))
    return Arrived(await request.body())


def _endpoint(site: Site, route: Route, error: Callable[[Refused], Document]) -> Endpoint:
    right = route.right or ("wiki:read" if route.method == "GET" else "wiki:write")

    def answer(request: Request, arrived: Arrived) -> Response:
        user = require(site, request, right)
        try:
            answer = route.answer(Call(site, str(user["accountId"]), request, arrived))
        except Refused as refused:
            return JSONResponse(error(refused), refused.status)
        return answer if isinstance(answer, Response) else JSONResponse(answer)

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(answer, request, await _arrived(request))

    return endpoint


def listing(
    call: Call, items: Sequence[Item], form: Callable[[Item], Document], default: int = 25, *, sized: bool = False
) -> JSONResponse:
    """One page of a list: `results`, and in `_links` (and the Link header) where the next one is. `sized`: as v1's
    search tells it, with `start`, `limit` and `size`."""
    limit = call.integer("limit")
    limit = default if limit is None else limit
    if not 1 <= limit <= LIMIT:
        raise Refused(400, "INVALID_REQUEST_PARAMETER", f"limit must be between 1 and {LIMIT}")
    limit = min(limit, call.site.page_size_cap)
    start = _start(call.query("cursor"))
    links, headers = {"base": f"{call.site.base_url}/wiki"}, {}
    if start + limit < len(items):
        links["next"] = _next(call, limit, start + limit)
        headers["Link"] = f'<{links["next"]}>; rel="next", <{links["base"]}>; rel="base"'
    results = [form(item) for item in items[start : start + limit]]
    counted = {"start": start, "limit": limit, "size": len(results)} if sized else {}
    return JSONResponse({"results": results, **counted, "_links": links}, headers=headers)


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(json.loads(base64.urlsafe_b64decode(cursor))["start"])
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise Refused(400, "INVALID_REQUEST_PARAMETER", "Provided value for 'cursor' is not valid") from None


def _next(call: Call, limit: int, start: int) -> str:
    cursor = base64.urlsafe_b64encode(json.dumps({"start": start}).encode()).decode()
    kept = [(key, value) for key, value in call.request.query_params.multi_items() if key not in {"cursor", "limit"}]
    return f"{call.request.url.path}?{urlencode([*kept, ('limit', limit), ('cursor', cursor)])}"
