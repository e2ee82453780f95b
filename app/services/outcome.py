"""What became of a page, and how its row says so."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import PageRow
from app.domain.straying import WHERE_IT_IS


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


def no_failure(row: PageRow) -> None:
    """What failed was a page that is not wanted any more: what stands there is right again."""
    if row.state == "failed":
        row.state, row.problem = "ok", ""


def settle(row: PageRow, version: int | None) -> None:
    """The page stands as we wrote it, in this version; nothing is open but where it is and what it is called."""
    row.wiki_version, row.attempt_version, row.attempt_digest = version, None, None
    row.state, row.problem = "ok", ""
    row.strayed = [one for one in row.strayed if one["kind"] in WHERE_IT_IS]


def inherit(session: Session, page_id: str, title: str) -> None:
    """A page of ours that was taken out of the file and has this title: it goes on as this page, since Confluence
    would not take a second one of the same title. One that is lost is not worth going on with."""
    question = select(PageRow).where(
        PageRow.archived_at.is_not(None),
        PageRow.wiki_id.is_not(None),
        PageRow.wiki_title == title,
        PageRow.state != "lost",
    )
    before, row = session.scalars(question).first(), session.get_one(PageRow, page_id)
    if before is not None:
        for name in ("wiki_id", "wiki_space", "wiki_version", "wiki_title", "wiki_url", "digest"):
            setattr(row, name, getattr(before, name))
            setattr(before, name, None)
