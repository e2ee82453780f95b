"""Addresses that people open: they lead to the same page where its face for people is, below /wiki."""

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse

from connectors.sandbox.confluence.core.pages import pages_in
from connectors.sandbox.confluence.core.spaces import space_by_key
from connectors.sandbox.confluence.datacenter.forms import CONTEXT
from connectors.sandbox.site import Site


def create_router(site: Site) -> APIRouter:
    router = APIRouter(prefix=CONTEXT, include_in_schema=False)

    @router.get("")
    @router.get("/{path:path}")
    def lead(request: Request, path: str = "") -> RedirectResponse:
        """`/display/SPACE/Title` is the one address that is built differently."""
        if path.startswith("rest/"):
            raise HTTPException(404, "There is no such call")
        target = _displayed(site, path) or path
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/wiki/{target}{query}".rstrip("/"), 302)

    return router


def _displayed(site: Site, path: str) -> str:
    first, _, rest = path.partition("/")
    key, _, title = rest.partition("/")
    space = space_by_key(site, key) if first == "display" else None
    if space is None:
        return ""
    named = (page for page in pages_in(site, space["id"]) if page["title"] == title.replace("+", " "))
    page = next(named, None)
    return f"pages/viewpage.action?pageId={page['id']}" if page else f"spaces/{space['key']}"
