"""The sandbox's HTTP application: both halves, the control API and an index page behind one middleware."""

import html
from functools import lru_cache
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute

from connectors.sandbox import control, jira
from connectors.sandbox.access import Refusal
from connectors.sandbox.confluence import create_router as create_confluence
from connectors.sandbox.jira.asking import JSON
from connectors.sandbox.jira.board import PAGES
from connectors.sandbox.jira.jql import JqlError
from connectors.sandbox.jira.tracker import tracker_of
from connectors.sandbox.site import Site
from connectors.sandbox.traffic import Traffic

router = APIRouter()


def create_app(site: Site) -> FastAPI:
    """The application of one site. Every API request is noted in `site.asked`; faults act on both halves."""
    app = FastAPI(title="Sandbox Atlassian site", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.site = site
    app.add_middleware(Traffic, site=site)
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(JqlError, _no_such_query)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _no_such_path)
    app.router.routes.extend(_own_routes())
    app.include_router(create_confluence(site))
    return app


@lru_cache
def _own_routes() -> list[BaseRoute]:
    """The routes that know their site from the request: made once, because tests open many sites."""
    own = APIRouter()
    for part in (router, jira.create_router(), control.router):
        own.include_router(part)
    return own.routes


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return JSONResponse(error.body, error.status, error.headers, media_type=JSON)


def _no_such_query(request: Request, error: Exception) -> Response:
    assert isinstance(error, JqlError)
    return JSONResponse({"errorMessages": error.messages, "errors": {}}, 400, media_type=JSON)


def _unreadable(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    told = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors())
    return _error(request, 400, f"Invalid request payload. Refer to the REST API documentation and try again. {told}")


def _no_such_path(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return _error(request, error.status_code, f"{error.detail}: {request.method} {request.url.path}")


def _error(request: Request, status: int, message: str) -> Response:
    body: dict[str, Any] = {"errorMessages": [message], "errors": {}}
    if request.url.path.startswith("/wiki/api/v2"):
        body = {"errors": [{"status": status, "code": "INVALID_REQUEST", "title": message, "detail": None}]}
    elif request.url.path.startswith(("/wiki/", "/confluence/")):
        body = {"statusCode": status, "data": {"errors": []}, "message": message}
    return JSONResponse(body, status, media_type=JSON)


@router.get("/", response_class=HTMLResponse)
def index(request: Request) -> str:
    """Where to go from here."""
    site = request.app.state.site
    with site.store.lock:
        projects = sorted(tracker_of(site).projects, key=lambda project: str(project["key"]))
    return PAGES.get_template("index.html").render(projects=projects)


@router.get("/avatar/{name}.svg")
def avatar(name: str) -> Response:
    """A coloured disc with two letters, for users, projects and issue types."""
    letters = html.escape(name.replace("type-", "")[-2:].upper())
    hue = sum(name.encode()) * 37 % 360
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="24" '
        f'fill="hsl({hue} 45% 45%)"/><text x="24" y="31" text-anchor="middle" font-family="sans-serif" font-size="19" '
        f'fill="#fff">{letters}</text></svg>'
    )
    return Response(drawn, media_type="image/svg+xml")
