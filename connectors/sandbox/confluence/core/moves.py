"""Where a page goes: moved, archived, trashed, purged, restored; those below it move up."""

from connectors.sandbox.confluence.core.pages import (
    VERSIONS,
    ancestors_of,
    check_title,
    children_of,
    page_of,
)
from connectors.sandbox.confluence.core.refusal import bad_request, not_found
from connectors.sandbox.confluence.core.spaces import PAGES
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document


def move(site: Site, page_id: str, position: str, target_id: str) -> Document:
    """`append` below the target, or `before` / `after` it among its siblings; into the target's space."""
    with site.store.lock:
        page, target = page_of(site, page_id), page_of(site, target_id)
        if target["status"] != "current":
            raise not_found(f"No current page with id {target_id}")
        if page_id in {target_id, *(above["id"] for above in ancestors_of(site, target))}:
            raise bad_request("The move would create a parent-child loop")
        if page["spaceId"] != target["spaceId"]:
            check_title(site, target["spaceId"], page["title"])
            _change_space(site, page, target["spaceId"])
        if position == "append":
            place = {"parentId": target_id, "position": site.store.next_id("wiki_positions", 1)}
        else:
            shift = -0.5 if position == "before" else 0.5
            place = {"parentId": target["parentId"], "position": target["position"] + shift}
        moved = site.store.table(PAGES).put(page_id, {**page_of(site, page_id), **place})
        if position != "append":
            _number_siblings(site, moved)
        return page_of(site, page_id)


def _change_space(site: Site, page: Document, space_id: str) -> None:
    site.store.table(PAGES).put(page["id"], {**page, "spaceId": space_id})
    for child in children_of(site, page["id"], frozenset({"current", "archived", "trashed", "draft"})):
        _change_space(site, child, space_id)


def _number_siblings(site: Site, moved: Document) -> None:
    siblings = [
        page
        for page in site.store.table(PAGES)
        if page["parentId"] == moved["parentId"] and page["spaceId"] == moved["spaceId"]
    ]
    for page in sorted(siblings, key=lambda page: page["position"]):
        position = site.store.next_id("wiki_positions", 1)
        site.store.table(PAGES).put(page["id"], {**page, "position": position})


def archive(site: Site, page_id: str) -> Document:
    with site.store.lock:
        page = page_of(site, page_id)
        if page["status"] != "current":
            raise bad_request(f"Page {page_id} is not current and cannot be archived")
        return _leave(site, page, "archived")


def trash(site: Site, page_id: str) -> Document:
    with site.store.lock:
        page = page_of(site, page_id)
        if page["status"] not in {"current", "archived"}:
            raise not_found()
        return _leave(site, page, "trashed")


def _leave(site: Site, page: Document, status: str) -> Document:
    for child in children_of(site, page["id"]):
        site.store.table(PAGES).put(child["id"], {**child, "parentId": page["parentId"]})
    return site.store.table(PAGES).put(page["id"], {**page, "status": status})


def restore(site: Site, page_id: str) -> Document:
    """Out of the archive or the trash, as a person does it: no new version."""
    with site.store.lock:
        page = page_of(site, page_id)
        if page["status"] == "trashed":
            check_title(site, page["spaceId"], page["title"], but=page_id)
        parent = site.store.table(PAGES).get(page["parentId"]) if page["parentId"] else None
        parent_id = parent["id"] if parent and parent["status"] == "current" else None
        return site.store.table(PAGES).put(page_id, {**page, "status": "current", "parentId": parent_id})


def purge(site: Site, page_id: str) -> None:
    """Gone for good: only from the trash, or a draft."""
    with site.store.lock:
        page = page_of(site, page_id)
        if page["status"] not in {"trashed", "draft"}:
            raise bad_request("Only trashed pages can be purged")
        for number in range(1, page["version"] + 1):
            site.store.table(VERSIONS).delete(f"{page_id}:{number}")
        for table in ("wiki_properties", "wiki_comments", "wiki_attachments"):
            site.store.table(table).delete(page_id)
        site.store.table(PAGES).delete(page_id)


def discard_draft(site: Site, page_id: str) -> None:
    with site.store.lock:
        page = page_of(site, page_id)
        if page["status"] == "draft":
            purge(site, page_id)
        elif page["draft"]:
            site.store.table(PAGES).put(page_id, {**page, "draft": None})
        else:
            raise not_found()
