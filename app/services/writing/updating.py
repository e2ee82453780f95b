"""Writing a new version of a page, with what belongs to people carried over."""

from collections.abc import Sequence

from app.db.models import PageRow
from app.domain import publishing, storage
from app.domain.comments import LostComment
from app.errors import AppError, Conflict, Rejected, Transient
from app.services.outcome import Outcome
from app.services.writing import records, titles, words
from app.services.writing.writing import Writing


def update(writing: Writing, update: publishing.Update) -> Outcome | None:
    """Write it; None: decide anew."""
    page = writing.page
    assert page is not None
    if _list_lost(writing, update.lost):
        writing.prepare_again()
        return None
    storage.parse(update.body)  # with people's notes and markers in it now
    title = page.title if writing.title_taken else update.title
    why = words.why(writing)
    writing.attempt(update.base_version, writing.rendered)
    try:
        written = writing.wiki.update(page, title, update.body, why.message, quietly=not why.is_worth_telling)
    except Conflict:
        writing.page = writing.wiki.page(page.id)
        return None
    except AppError as error:
        if not (isinstance(error, Transient) and error.sent):
            writing.forget_attempt()
        if isinstance(error, Rejected) and title != page.title:
            titles.keep(writing, title, error)
            return None
        raise
    writing.is_new |= writing.row.published_at is None
    records.wrote(writing, written, why.message, is_told=why.is_worth_telling)
    return Outcome.UPDATED


def _list_lost(writing: Writing, lost: Sequence[LostComment]) -> bool:
    """Comments that cannot be anchored again are listed on the page; True if that makes it another page."""
    known = {one["ref"] for one in writing.row.lost_comments}
    new = [{"ref": one.ref, "text": one.text, "context": one.context} for one in lost if one.ref not in known]

    def note(row: PageRow) -> None:
        row.lost_comments = [*row.lost_comments, *new]

    if new:
        writing.change(note)
    return bool(new)
