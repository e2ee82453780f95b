"""The Jira half of the sandbox: issues that move, JQL, links, webhooks, and a board to do it by hand."""

from fastapi import APIRouter

from connectors.sandbox.jira import board, rest_issues, rest_links, rest_search, rest_site, rest_webhooks


def create_router() -> APIRouter:
    """Every path of the half. Literal paths come before those with a key in them."""
    router = APIRouter()
    for part in (rest_search, rest_links, rest_site, rest_issues, rest_webhooks, board):
        router.include_router(part.router)
    router.include_router(rest_site.edge)
    return router
