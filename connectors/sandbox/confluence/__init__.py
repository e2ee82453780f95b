"""A small Confluence: pages and rules (core), two APIs (cloud, datacenter), what people see (ui) and do (people)."""

from fastapi import APIRouter

from connectors.sandbox.confluence.cloud import pages, parts, restrictions, search, v1
from connectors.sandbox.confluence.cloud.call import mount, v1_error, v2_error
from connectors.sandbox.confluence.core.spaces import space_by_key
from connectors.sandbox.confluence.datacenter import create_router as create_data_center
from connectors.sandbox.confluence.people import (
    add_group,
    add_page,
    add_space,
    archive_page,
    attach_file,
    comment_footer,
    comment_inline,
    edit_page,
    move_page,
    restore,
    restrict_page,
    restrict_space,
    stored_body,
    trash_page,
)
from connectors.sandbox.confluence.ui.routes import create_ui
from connectors.sandbox.site import Site

__all__ = [
    "add_group",
    "add_page",
    "add_space",
    "archive_page",
    "attach_file",
    "comment_footer",
    "comment_inline",
    "create_router",
    "edit_page",
    "move_page",
    "restore",
    "restrict_page",
    "restrict_space",
    "space_by_key",
    "stored_body",
    "trash_page",
]


def create_router(site: Site) -> APIRouter:
    """The wiki of the site: API and pages for people below /wiki, and as a Data Center below /confluence."""
    router = APIRouter()
    router.include_router(mount(site, [*pages.ROUTES, *parts.ROUTES], v2_error))
    router.include_router(mount(site, [*search.ROUTES, *restrictions.ROUTES, *v1.ROUTES], v1_error))
    router.include_router(create_ui(site))
    router.include_router(create_data_center(site))
    return router
