"""Errors on the wire: one handler, `application/problem+json` (RFC 9457)."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.errors import AppError, RetryAfter

log = logging.getLogger(__name__)


def problem(status: int, title: str, detail: object, headers: dict[str, str] | None = None) -> JSONResponse:
    body = {"type": "about:blank", "status": status, "title": title, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Every error becomes a problem document; one without a meaning is logged and says no more than that."""

    @app.exception_handler(AppError)
    def on_app_error(_request: Request, error: AppError) -> JSONResponse:
        headers = {"Retry-After": "60"} if isinstance(error, RetryAfter) else None
        if error.status_code == 401:
            headers = {"WWW-Authenticate": "Bearer"}
        return problem(error.status_code, type(error).__name__, error.message, headers)

    @app.exception_handler(HTTPException)
    def on_http_error(_request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, "HTTP error", error.detail, dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    def on_bad_request(_request: Request, error: RequestValidationError) -> JSONResponse:
        details = [f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors()]
        return problem(422, "Invalid request", "; ".join(details))

    @app.exception_handler(Exception)
    def on_bug(_request: Request, error: Exception) -> JSONResponse:
        log.error("unexpected error", exc_info=error)
        return problem(500, "Unexpected error", "This is a mistake of Plainsight; its log says more.")
