"""What people do to the wiki by hand, for seeds and tests: spaces, edits, comments, moves, restrictions."""

from connectors.sandbox.confluence.core import comments, moves, pages, spaces, storage
from connectors.sandbox.site import ADMIN, Site
from connectors.sandbox.store import Document


def add_space(site: Site, key: str, name: str, homepage_title: str | None = None, by: str = ADMIN) -> Document:
    """A space with its homepage: the document with `id`, `key`, `name`, `homepageId`."""
    space = spaces.put_space(site, key, name, by)
    home = pages.NewPage(space["id"], homepage_title or name, "<p />", at_root=True)
    return spaces.change_space(site, space["id"], homepageId=pages.create_page(site, by, home)["id"])


def add_page(
    site: Site, space_id: str, title: str, body: str, *, parent_id: str | None = None, by: str = ADMIN
) -> Document:
    return pages.create_page(site, by, pages.NewPage(space_id, title, body, parent_id))


def edit_page(
    site: Site, page_id: str, body: str, title: str | None = None, by: str = ADMIN, message: str = ""
) -> Document:
    """A new version, as a person saves it."""
    with site.store.lock:
        page = pages.page_of(site, page_id)
        edit = pages.Edit(title or page["title"], body, page["version"] + 1, message)
        return pages.save(site, by, page_id, edit)


def stored_body(site: Site, page_id: str) -> str:
    """The storage format as it is kept now."""
    return str(pages.present_version(site, pages.page_of(site, page_id))["body"])


def comment_inline(
    site: Site, page_id: str, text: str, words: str = "<p>?</p>", by: str = ADMIN, run: str = ""
) -> Document:
    """A comment on the first occurrence of the text, or that in the named run of text.

    A marker `ref` appears in the body, the version stays. Raises Refused if no single run of text holds the text.
    """
    with site.store.lock:
        page = pages.page_of(site, page_id)
        root, ref = comments.mark_text(stored_body(site, page_id), text, run)
        pages.replace_body(site, page, storage.to_text(root))
        return comments.add_inline(site, by, page_id, page["title"], words, ref, text)


def comment_footer(site: Site, page_id: str, words: str, by: str = ADMIN) -> Document:
    """A comment below the page, in storage format."""
    return comments.add_footer(site, by, page_id, pages.page_of(site, page_id)["title"], words)


def move_page(site: Site, page_id: str, parent_id: str) -> Document:
    return moves.move(site, page_id, "append", parent_id)


def archive_page(site: Site, page_id: str) -> Document:
    return moves.archive(site, page_id)


def trash_page(site: Site, page_id: str) -> Document:
    return moves.trash(site, page_id)


def restore(site: Site, page_id: str) -> Document:
    """Back from the archive or the trash."""
    return moves.restore(site, page_id)


def restrict_page(
    site: Site, page_id: str, readers: list[str] | None = None, writers: list[str] | None = None
) -> Document:
    """Only these accounts may view (with all pages below) and edit; None lifts the restriction."""
    with site.store.lock:
        page = pages.page_of(site, page_id)
        return site.store.table(spaces.PAGES).put(page_id, {**page, "readers": readers, "writers": writers})


def restrict_space(
    site: Site, space_id: str, viewers: list[str] | None = None, editors: list[str] | None = None
) -> Document:
    """Only these accounts may view and edit the space; None lets everybody."""
    return spaces.change_space(site, space_id, viewers=viewers, editors=editors)
