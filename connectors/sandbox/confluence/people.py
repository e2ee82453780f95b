"""What people do to the wiki by hand, for seeds and tests: spaces, edits, comments, moves, restrictions."""

from collections.abc import Iterable

from connectors.sandbox.confluence.core import (
    attachments,
    comments,
    groups,
    moves,
    pages,
    restrictions,
    spaces,
    storage,
)
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


def comment_footer(site: Site, page_id: str, words: str, by: str = ADMIN, parent_id: str | None = None) -> Document:
    """A comment below the page, in storage format, or an answer to the one with the id `parent_id`."""
    return comments.add_footer(site, by, page_id, pages.page_of(site, page_id)["title"], words, parent_id)


def attach_file(site: Site, page_id: str, name: str, content: bytes, comment: str = "", by: str = ADMIN) -> Document:
    """A file of the page, or a new version of the one with this name."""
    return attachments.attach(site, by, page_id, name, content, comment=comment, minor=False, replace=True)


def add_group(site: Site, name: str, members: Iterable[str] = ()) -> Document:
    """A group of people, or other members for the one with this name: `{id, name, members}`."""
    return groups.put_group(site, name, members)


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
    site: Site,
    page_id: str,
    readers: Iterable[str] | None = None,
    writers: Iterable[str] | None = None,
    *,
    reading_groups: Iterable[str] = (),
    writing_groups: Iterable[str] = (),
) -> Document:
    """Only these accounts (and groups) may view, with all pages below, and edit; without any, everybody may."""
    may_read = restrictions.Audience(tuple(readers or ()), tuple(reading_groups))
    may_write = restrictions.Audience(tuple(writers or ()), tuple(writing_groups))
    return restrictions.restrict(site, page_id, may_read, may_write)


def restrict_space(
    site: Site, space_id: str, viewers: list[str] | None = None, editors: list[str] | None = None
) -> Document:
    """Only these accounts may view and edit the space; None lets everybody."""
    return spaces.change_space(site, space_id, viewers=viewers, editors=editors)
