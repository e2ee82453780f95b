"""Spaces and who may see and change what in them."""

from connectors.sandbox.confluence.core.groups import among
from connectors.sandbox.confluence.core.refusal import bad_request, not_found
from connectors.sandbox.confluence.core.time import stamp
from connectors.sandbox.site import ADMIN, Site
from connectors.sandbox.store import Document

SPACES = "wiki_spaces"
PAGES = "wiki_pages"


def put_space(site: Site, key: str, name: str, by: str = ADMIN) -> Document:
    """A new space without a homepage yet; `viewers` and `editors` of None mean everybody with access to the wiki."""
    with site.store.lock:
        if space_by_key(site, key):
            raise bad_request(f"A space already exists with key {key}")
        number = str(site.store.next_id("wiki", 65537))
        space = {
            "id": number,
            "key": key,
            "name": name,
            "homepageId": None,
            "authorId": by,
            "createdAt": stamp(site),
            "status": "current",
            "viewers": None,
            "editors": None,
        }
        return site.store.table(SPACES).put(number, space)


def change_space(site: Site, space_id: str, **changes: object) -> Document:
    with site.store.lock:
        space = site.store.table(SPACES).get(space_id)
        if space is None:
            raise not_found()
        return site.store.table(SPACES).put(space_id, {**space, **changes})


def space_by_key(site: Site, key: str) -> Document | None:
    return next((space for space in site.store.table(SPACES) if space["key"].casefold() == key.casefold()), None)


def space_of(site: Site, page: Document) -> Document:
    space = site.store.table(SPACES).get(page["spaceId"])
    if space is None:
        raise not_found()
    return space


def may_view_space(space: Document, user: str) -> bool:
    return space["viewers"] is None or user in space["viewers"]


def may_edit_space(space: Document, user: str) -> bool:
    return may_view_space(space, user) and (space["editors"] is None or user in space["editors"])


def may_view(site: Site, page: Document, user: str) -> bool:
    """View restrictions are inherited from every page above."""
    if not may_view_space(space_of(site, page), user):
        return False
    seen: Document | None = page
    while seen is not None:
        if not among(site, seen["readers"], user):
            return False
        seen = site.store.table(PAGES).get(seen["parentId"]) if seen["parentId"] else None
    return True


def may_edit(site: Site, page: Document, user: str) -> bool:
    """Edit restrictions hold for the page alone."""
    if not may_view(site, page, user) or not may_edit_space(space_of(site, page), user):
        return False
    return among(site, page["writers"], user)
