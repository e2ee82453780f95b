"""Errors on the wire: one handler for each kind, all of them `application/problem+json` (RFC 9457)."""

import logging
import math
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.errors import AppError, RetryAfter

log = logging.getLogger(__name__)
AGAIN_SECONDS = 60
METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


class Problem(BaseModel):
    """What went wrong, where, and how to mend it (RFC 9457)."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(examples=[404])
    detail: str = Field(examples=["There is no key result 'KR-9'. There are: KR-1, KR-2."])


PROBLEMS = {
    401: "No token, or one that nobody knows.",
    403: "The token may only read, or the value is confidential; or there is no token yet and the call is not local.",
    404: "There is nothing of that id.",
    409: "It does not fit how things stand: no site is configured, a cycle is closed, values come from elsewhere.",
    413: "The body is too large.",
    422: "A parameter or the body cannot be accepted; nothing was changed.",
    400: "The body is not in the form that was agreed on.",
    502: "Confluence failed, or refused.",
    503: "The database does not answer, or a site asked us to wait; try again later.",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What to tell OpenAPI of errors."""
    return {status: {"model": Problem, "description": PROBLEMS[status]} for status in statuses}


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"type": "about:blank", "status": status, "title": HTTPStatus(status).phrase, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Every error becomes a problem document; one without a meaning is logged and says no more than that."""

    @app.exception_handler(AppError)
    def on_app_error(request: Request, error: AppError) -> JSONResponse:
        headers = {"WWW-Authenticate": "Bearer"} if error.status_code == 401 else None
        if isinstance(error, RetryAfter):
            seconds = (error.at - request.app.state.world.now()).total_seconds()
            headers = {"Retry-After": str(max(1, math.ceil(seconds)))}
        return problem(error.status_code, error.message, headers)

    @app.exception_handler(HTTPException)
    def on_http_error(request: Request, error: HTTPException) -> JSONResponse:
        headers = dict(error.headers or {})
        if error.status_code == 405:
            headers["Allow"] = ", ".join(_allowed(request))
        return problem(error.status_code, str(error.detail), headers)

    @app.exception_handler(RequestValidationError)
    def on_bad_request(_request: Request, error: RequestValidationError) -> JSONResponse:
        details = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()]
        return problem(422, "; ".join(details))

    @app.exception_handler(OperationalError)
    @app.exception_handler(InterfaceError)
    @app.exception_handler(NoConnection)
    def on_database_away(_request: Request, error: Exception) -> JSONResponse:
        log.error("the database does not answer", exc_info=error)
        return problem(503, "The database does not answer just now.", {"Retry-After": str(AGAIN_SECONDS)})

    @app.exception_handler(Exception)
    def on_bug(_request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error", exc_info=error)
        return problem(500, "This is a mistake of Plainsight; its log says more.")


def _allowed(request: Request) -> list[str]:
    """The methods of all routes to this path: Starlette tells those of the first one alone."""

    def leads(method: str) -> bool:
        asked = {**request.scope, "method": method}
        return any(route.matches(asked)[0] is Match.FULL for route in request.app.routes)

    return [method for method in METHODS if leads(method)]
