"""Who is asking, and what they may do: the answers of the real site for missing, expired and insufficient credentials.

Atlassian's rules (atlassian.md §6): an expired or wrong token is 401 where a login is needed, but endpoints that allow
anonymous access answer 200 with nothing visible and the header `x-seraph-loginreason: AUTHENTICATED_FAILED`.
"""

from typing import Any

from fastapi import Request

from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

FAILED = {"x-seraph-loginreason": "AUTHENTICATED_FAILED"}
UNAUTHORIZED = "Client must be authenticated to access this resource."
FORBIDDEN = "You do not have the permission to see or do this."


class Refusal(Exception):
    """An answer that ends the request: status, JSON body and headers. The server turns it into the response."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = body
        self.headers = headers or {}


def present(site: Site, request: Request) -> Document | None:
    """The user whose valid, unexpired credentials came with the request, or None."""
    user = site.user_of(request.headers.get("authorization"))
    if user is None or user.get("expired") or not user.get("active", True):
        return None
    return user


def require(site: Site, request: Request, right: str) -> Document:
    """The user asking, who must have `right` (`jira:read`, `jira:write`, `wiki:read`, `wiki:write`, `jira:admin`).

    Raises Refusal 401 (with `WWW-Authenticate`) for missing, wrong or expired credentials, 403 for a missing right.
    """
    user = present(site, request)
    if user is None:
        raise Refusal(401, _unauthorized(request), {"WWW-Authenticate": 'Basic realm="Sandbox"', **_failed(request)})
    if right not in user["rights"]:
        raise Refusal(403, _forbidden(request))
    return user


def allow_anonymous(site: Site, request: Request, right: str) -> tuple[Document | None, dict[str, str]]:
    """The user asking or None, and headers for the answer: credentials that fail are not refused but see nothing."""
    user = present(site, request)
    if user is None:
        return None, _failed(request)
    return (user if right in user["rights"] else None), {}


def _failed(request: Request) -> dict[str, str]:
    return FAILED if request.headers.get("authorization") else {}


def _unauthorized(request: Request) -> Document:
    if request.url.path.startswith("/wiki/api/v2"):
        return {"errors": [{"status": 401, "code": "UNAUTHORIZED", "title": "Unauthorized", "detail": None}]}
    if request.url.path.startswith(("/wiki/", "/confluence/")):
        return {"statusCode": 401, "message": UNAUTHORIZED, "reason": "Unauthorized"}
    return {"errorMessages": [UNAUTHORIZED], "errors": {}}


def _forbidden(request: Request) -> Document:
    if request.url.path.startswith("/wiki/api/v2"):
        return {"errors": [{"status": 403, "code": "FORBIDDEN", "title": FORBIDDEN, "detail": None}]}
    if request.url.path.startswith(("/wiki/", "/confluence/")):
        return {"statusCode": 403, "message": FORBIDDEN, "reason": "Forbidden"}
    return {"errorMessages": [FORBIDDEN], "errors": {}}
