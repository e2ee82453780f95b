"""What became of a page, and how its row says so."""

from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.models import PageRow, PictureRow
from app.domain.straying import OF_PUBLISHING, WHERE_IT_IS


class Outcome(StrEnum):
    """How publishing one page ended."""

    UNCHANGED = "unchanged"
    CREATED = "created"
    UPDATED = "updated"
    CONFLICT = "conflict"
    LOST = "lost"
    FAILED = "failed"


def nothing_to_write(row: PageRow) -> None:
    """Consent to a take-over is spent as well: it was given for what stood there then."""
    row.take_over = False
    settle(row, row.wiki_version)


def settle(row: PageRow, version: int | None) -> None:
    """The page stands as we wrote it, in this version; nothing is open but what no write of ours puts right."""
    row.wiki_version, row.attempt_version, row.attempt_digest = version, None, None
    row.state, row.problem = "ok", ""
    row.strayed = [one for one in row.strayed if one["kind"] in WHERE_IT_IS | OF_PUBLISHING]


def stray(row: PageRow, kind: str, detail: str) -> None:
    """Note that the page strayed in this way, or, without a detail, that it did not."""
    others = [one for one in row.strayed if one["kind"] != kind]
    row.strayed = [*others, {"kind": kind, "detail": detail}] if detail else others


INHERITED = (
    *("wiki_id", "wiki_space", "wiki_version", "wiki_title", "wiki_url", "wiki_parent", "digest", "published_at"),
    *("told_at", "restricted_at", "restricted_to"),
)
"""What goes with the page in Confluence. Not its marks: the property names the page of ours that it is."""


def inherit(session: Session, page_id: str, title: str) -> None:
    """A page of ours that was taken out of the file and has this title, in whatever case: it goes on as this page,
    since Confluence would not take a second one. One that is lost is not worth going on with."""
    question = select(PageRow).where(
        PageRow.archived_at.is_not(None), PageRow.wiki_id.is_not(None), PageRow.state != "lost"
    )
    there = session.scalars(question.order_by(PageRow.id))
    before = next((one for one in there if (one.wiki_title or "").casefold() == title.casefold()), None)
    if before is None:
        return
    row = session.get_one(PageRow, page_id)
    for name in INHERITED:
        setattr(row, name, getattr(before, name))
        setattr(before, name, None)
    row.lost_comments, before.lost_comments, before.marked = before.lost_comments, [], False
    session.execute(update(PictureRow).where(PictureRow.page_id == before.id).values(page_id=row.id))
