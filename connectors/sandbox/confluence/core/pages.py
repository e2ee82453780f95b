"""Pages: made, read, saved as new versions, drafted; titles are unique in a space, versions grow by one."""

from dataclasses import dataclass
from typing import Any

from connectors.sandbox.confluence.core import storage
from connectors.sandbox.confluence.core.comments import reanchor
from connectors.sandbox.confluence.core.groups import audience
from connectors.sandbox.confluence.core.refusal import bad_request, conflict, not_found
from connectors.sandbox.confluence.core.rewrite import rewrite
from connectors.sandbox.confluence.core.spaces import PAGES, SPACES
from connectors.sandbox.confluence.core.time import stamp
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

VERSIONS = "wiki_versions"
LISTED = frozenset({"current", "archived"})
TITLE_LIMIT = 255


@dataclass(frozen=True)
class NewPage:
    """What a writer sends for a page that does not exist yet. `parent_id` None: below the homepage, or at the root.

    `private`: from its first moment only its creator may view and edit it.
    """

    space_id: str
    title: str
    body: str
    parent_id: str | None = None
    at_root: bool = False
    status: str = "current"
    message: str = ""
    private: bool = False


@dataclass(frozen=True)
class Edit:
    """What a writer sends for a new version. `number` must be the present version plus one."""

    title: str
    body: str
    number: int
    message: str = ""
    parent_id: str | None = None
    minor: bool = False


def page_of(site: Site, page_id: str) -> Document:
    page = site.store.table(PAGES).get(page_id)
    if page is None:
        raise not_found()
    return page


def version_of(site: Site, page_id: str, number: int) -> Document | None:
    """`{number, message, authorId, createdAt, minorEdit, title, body}`"""
    return site.store.table(VERSIONS).get(f"{page_id}:{number}")


def present_version(site: Site, page: Document) -> Document:
    return version_of(site, page["id"], page["version"]) or {}


def versions_of(site: Site, page: Document) -> list[Document]:
    """Newest first."""
    numbers = range(page["version"], 0, -1)
    return [version for number in numbers if (version := version_of(site, page["id"], number))]


def pages_in(site: Site, space_id: str, statuses: frozenset[str] = LISTED) -> list[Document]:
    return [page for page in site.store.table(PAGES) if page["spaceId"] == space_id and page["status"] in statuses]


def children_of(site: Site, page_id: str, statuses: frozenset[str] = LISTED) -> list[Document]:
    found = [page for page in site.store.table(PAGES) if page["parentId"] == page_id and page["status"] in statuses]
    return sorted(found, key=lambda page: page["position"])


def ancestors_of(site: Site, page: Document) -> list[Document]:
    """From the top down, without the page itself."""
    found: list[Document] = []
    while page["parentId"] and (above := site.store.table(PAGES).get(page["parentId"])):
        found.insert(0, above)
        page = above
    return found


def create_page(site: Site, by: str, new: NewPage) -> Document:
    with site.store.lock:
        root = _checked(new.body)
        space = site.store.table(SPACES).get(new.space_id)
        if space is None:
            raise not_found()
        if new.status == "current":
            check_title(site, new.space_id, new.title)
        page_id = str(site.store.next_id("wiki", 65537))
        page = {
            "id": page_id,
            "spaceId": space["id"],
            "title": new.title,
            "status": new.status,
            "parentId": _parent_for(site, space, new),
            "position": site.store.next_id("wiki_positions", 1),
            "authorId": by,
            "ownerId": by,
            "createdAt": stamp(site),
            "version": 1,
            "labels": [],
            "readers": audience([by]) if new.private else None,
            "writers": audience([by]) if new.private else None,
            "draft": None,
            "state": None,
        }
        _write_version(site, page, by, rewrite(root, 1), new.message, minor=False)
        return site.store.table(PAGES).put(page_id, page)


def _parent_for(site: Site, space: Document, new: NewPage) -> str | None:
    if new.at_root:
        if new.parent_id:
            raise bad_request("Cannot specify parentId when root-level is true")
        return None
    if not new.parent_id:
        return str(space["homepageId"]) if space["homepageId"] else None
    parent = site.store.table(PAGES).get(new.parent_id)
    if parent is None or parent["spaceId"] != space["id"] or parent["status"] != "current":
        raise not_found(f"Cannot find parent content with id {new.parent_id} in this space")
    return new.parent_id


def save(site: Site, by: str, page_id: str, edit: Edit) -> Document:
    """A new version of the page; a trashed page comes back instead, with the body it had."""
    with site.store.lock:
        page = page_of(site, page_id)
        root = _checked(edit.body)
        if page["status"] == "archived":
            raise bad_request("Cannot update an archived page. Restore the page before updating it.")
        _check_number(page, edit.number)
        if page["status"] == "trashed":
            return _bring_back(site, by, page, edit.message)
        check_title(site, page["spaceId"], edit.title, but=page_id)
        fresh = {**page, "title": edit.title, "status": "current", "version": edit.number, "draft": None}
        if page["status"] == "draft":
            fresh["version"] = 1
        if edit.parent_id and edit.parent_id != page["parentId"]:
            check_parent(site, page, edit.parent_id)
            fresh["parentId"] = edit.parent_id
            fresh["position"] = site.store.next_id("wiki_positions", 1)
        refs = storage.marker_refs(root)
        _write_version(site, fresh, by, rewrite(root, fresh["version"]), edit.message, minor=edit.minor)
        reanchor(site, page_id, refs)
        return site.store.table(PAGES).put(page_id, fresh)


def _check_number(page: Document, number: int) -> None:
    wanted = 1 if page["status"] == "draft" else page["version"] + 1
    if number != wanted:
        raise conflict(
            "Version must be incremented when updating a page. "
            f"Current Version: [{page['version']}]. Provided version: [{number}]"
        )


def _bring_back(site: Site, by: str, page: Document, message: str) -> Document:
    """The body sent along is ignored: a restored page is what it was."""
    check_title(site, page["spaceId"], page["title"], but=page["id"])
    back = {**page, "status": "current", "version": page["version"] + 1}
    _write_version(site, back, by, present_version(site, page)["body"], message, minor=False)
    return site.store.table(PAGES).put(page["id"], back)


def save_draft(site: Site, by: str, page_id: str, edit: Edit) -> Document:
    """What is being written but not published yet: kept beside the page, without a version of its own."""
    with site.store.lock:
        page = page_of(site, page_id)
        root = _checked(edit.body)
        if edit.number != 1:
            raise conflict(f"Version number of a draft must be 1. Provided version: [{edit.number}]")
        draft = {"title": edit.title, "body": rewrite(root, 1), "authorId": by, "createdAt": stamp(site)}
        return site.store.table(PAGES).put(page_id, {**page, "draft": draft})


def touch(site: Site, by: str, page_id: str, **changes: Any) -> Document:
    """A new version with the same body and these members changed: what renaming and setting a content state do."""
    with site.store.lock:
        page = page_of(site, page_id)
        if "title" in changes:
            check_title(site, page["spaceId"], changes["title"], but=page_id)
        fresh = {**page, **changes, "version": page["version"] + 1}
        _write_version(site, fresh, by, present_version(site, page)["body"], "", minor=False)
        return site.store.table(PAGES).put(page_id, fresh)


def replace_body(site: Site, page: Document, body: str) -> None:
    """Change the stored body of the present version without a new one: what an inline comment does."""
    with site.store.lock:
        version = {**present_version(site, page), "body": body}
        site.store.table(VERSIONS).put(f"{page['id']}:{page['version']}", version)


def check_title(site: Site, space_id: str, title: str, but: str | None = None) -> None:
    """Titles are unique in a space without regard to case, archived pages included."""
    if not title.strip():
        raise bad_request("Title is required")
    if len(title) > TITLE_LIMIT:
        raise bad_request(f"Title cannot be longer than {TITLE_LIMIT} characters")
    wanted = title.strip().casefold()
    for page in pages_in(site, space_id):
        if page["id"] != but and page["title"].strip().casefold() == wanted:
            raise bad_request(
                "A page with this title already exists: A page already exists with the same TITLE in this space"
            )


def check_parent(site: Site, page: Document, parent_id: str) -> None:
    parent = site.store.table(PAGES).get(parent_id)
    if parent is None or parent["status"] != "current" or parent["spaceId"] != page["spaceId"]:
        raise not_found(f"Cannot find parent content with id {parent_id}")
    if page["id"] in {parent_id, *(above["id"] for above in ancestors_of(site, parent))}:
        raise bad_request("A page cannot be moved below itself")


def _checked(body: str) -> storage.Root:
    root = storage.parse(body)
    storage.refuse_nested_macros(root)
    return root


def _write_version(site: Site, page: Document, by: str, body: str, message: str, *, minor: bool) -> None:
    version = {
        "number": page["version"],
        "message": message,
        "authorId": by,
        "createdAt": stamp(site),
        "minorEdit": minor,
        "title": page["title"],
        "body": body,
    }
    site.store.table(VERSIONS).put(f"{page['id']}:{page['version']}", version)
