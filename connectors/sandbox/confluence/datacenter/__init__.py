"""How Confluence Data Center words it over HTTP: REST v1, on the same pages as the Cloud face, below /confluence.

Its statuses are current, trashed, historical and draft; a page that was archived by the Cloud face is found where
`any` status is asked for, and only there.
"""

from fastapi import APIRouter

from connectors.sandbox.confluence.cloud.call import mount, v1_error
from connectors.sandbox.confluence.datacenter import below, browser, content, files, parts, readers
from connectors.sandbox.site import Site


def create_router(site: Site) -> APIRouter:
    """API and addresses for browsers, all below /confluence."""
    routes = [*content.ROUTES, *below.ROUTES, *files.ROUTES, *parts.ROUTES, *readers.ROUTES]
    router = mount(site, routes, v1_error)
    router.include_router(browser.create_router(site))
    return router
