"""Where a page hangs: below the one that its definition names, unless people took it elsewhere."""

from app.db.models import PageRow
from app.domain import placing
from app.domain.placing import Step
from app.domain.straying import MOVED
from app.errors import Transient
from app.services.outcome import stray
from app.services.writing.writing import Writing


def above(writing: Writing) -> str | None:
    """The wiki id of the page above a new one: ours, or the one from the settings; None: the space's homepage.
    Transient: the page above is not there yet."""
    parent_id = writing.definition.parent_id
    if parent_id is None:
        return writing.world.settings.confluence_parent or None
    wiki_id = writing.ground.rows[parent_id].wiki_id
    if wiki_id is None:
        raise Transient(f"Page {writing.id} waits for the page above it, {parent_id}, which is not in Confluence yet.")
    return wiki_id


def is_due(writing: Writing) -> bool:
    """Whether the page is there and its definition puts it under another page than we did."""
    row, ground = writing.row, writing.ground
    if row.wiki_id is None or row.wiki_parent is None:
        return False
    parent_id = writing.definition.parent_id
    wanted = ground.rows[parent_id].wiki_id if parent_id else writing.world.settings.confluence_parent
    if wanted:
        return row.wiki_parent != wanted
    # To the top, whose id costs a request: only if it is known to hang below one of ours.
    return parent_id is None and row.wiki_parent in {one.wiki_id for one in ground.rows.values()}


def follow(writing: Writing) -> None:
    """Move the page if its definition was, and it still stands where we put it. Left elsewhere it is reported, once
    and by the nightly audit. Raises AppError for what Confluence refuses."""
    row, page = writing.row, writing.page
    if page is None or not (is_due(writing) or (row.wiki_parent is None and row.wiki_id is not None)):
        return
    parent_id = writing.definition.parent_id
    if parent_id is not None and writing.ground.rows[parent_id].wiki_id is None:
        return  # the page above says itself why it is not there
    wanted = above(writing) or writing.ground.space.homepage_id
    if wanted is None:
        return
    is_displaced = any(one["kind"] == MOVED for one in row.strayed)
    step = placing.step(row.wiki_parent, wanted, page.parent_id, displaced=is_displaced)
    if step is Step.MOVE:
        writing.wiki.move(page.id, wanted)
    detail = f"page {page.parent_id}" if page.parent_id else "top of the space"
    writing.change(lambda row: _remember(row, wanted, detail if step is Step.LEAVE else ""))


def _remember(row: PageRow, parent: str, elsewhere: str) -> None:
    row.wiki_parent = parent
    stray(row, MOVED, elsewhere)
