"""Whom a change would have reached by mail: watchers hear of every version of a page or a file that is not minor."""

from connectors.sandbox.confluence.core.attachments import files_of
from connectors.sandbox.confluence.core.pages import page_of, versions_of
from connectors.sandbox.site import Site


def told_versions(site: Site, page_id: str) -> list[int]:
    """Numbers of the page's versions that watchers were told of, oldest first; 1 is the creation."""
    versions = versions_of(site, page_of(site, page_id))
    return sorted(version["number"] for version in versions if not version["minorEdit"])


def told_files(site: Site, page_id: str) -> list[tuple[str, int]]:
    """Name and version of the page's files that watchers were told of, in the order of their upload."""
    return [(kept["name"], kept["number"]) for kept in files_of(site, page_id) if not kept["minor"]]
