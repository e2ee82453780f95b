"""What to enter in Jira so that its webhooks reach this installation; docs/webhooks.md tells the same in general."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from app.domain import jql
from app.domain.hosts import is_loopback, names_loopback
from app.settings import Settings

PATH = "/webhooks/jira"
ADMIN_PAGE = "/plugins/servlet/webhooks"
GATEWAY = "api.atlassian.com"
EVENTS: Mapping[str, tuple[str, ...]] = {
    "Issue": ("created", "updated", "deleted"),
    "Issue link": ("created", "deleted"),
}
"""What changes a figure (app/services/inbox.py reads who rang out of each). Comments, worklogs and boards do not."""


def address(settings: Settings) -> str | None:
    """Where Jira shall send webhooks to; None: PLAINSIGHT_PUBLIC_URL is not set."""
    public = settings.public_url.strip().rstrip("/")
    return f"{public.removesuffix(PATH)}{PATH}" if public else None


def unreachable(settings: Settings) -> str:
    """Why Jira cannot send anything there, in one sentence; empty where nothing speaks against it."""
    parts = urlsplit(address(settings) or "")
    if names_loopback(settings.jira_url):  # a Jira on this machine reaches what is on it
        return ""
    if is_loopback(parts.hostname or ""):
        return "PLAINSIGHT_PUBLIC_URL is an address of this machine alone, which Atlassian cannot reach."
    if parts.scheme != "https" or not parts.hostname:
        return "PLAINSIGHT_PUBLIC_URL must begin with https://: Jira Cloud sends webhooks nowhere else."
    return ""


def admin_page(settings: Settings) -> str | None:
    """Jira's own page for webhooks; None where the address for browsers is not known."""
    web = (settings.jira_web_url or settings.jira_url).strip().rstrip("/")
    return None if not web or urlsplit(web).hostname == GATEWAY else f"{web}{ADMIN_PAGE}"


def issue_filter(settings: Settings) -> str:
    """The query that keeps other projects' events away; empty: all issues."""
    return jql.one_of("project", settings.projects) if settings.projects else ""
