"""Making a page, once: not when another one has its title, and not when an answer was lost on the way."""

from app.domain import publishing
from app.domain.publishing import Attempt, Rendered
from app.errors import AppError, Rejected, Transient, Unfitting
from app.ports import WikiPage
from app.services.outcome import Outcome
from app.services.writing import moving, privacy, records, titles, words
from app.services.writing.writing import Writing


def found_after_all(writing: Writing, pending: Attempt) -> WikiPage | None:
    """The page that a creation without an answer made."""
    title = writing.row.wiki_title or ""
    found = publishing.found_our_creation(
        writing.wiki.find(writing.ground.space.id, title),
        title,
        moving.above(writing),
        writing.ground.account,
        pending.digest,
    )
    return writing.wiki.page(found.id) if found else None


def create(writing: Writing, wanted: Rendered) -> Outcome | None:
    """Make the page; None: decide anew. A private one is made with nothing on it, restricted, and written then."""
    above = moving.above(writing)
    is_private = writing.readers is not None
    if is_private:
        privacy.asked(writing)  # or nobody could read it
        holder = titles.holder(writing, writing.rendered.title)
        if holder is not None:
            return titles.taken(writing, holder)
    parent = above or writing.ground.space.homepage_id
    message = words.first_message(writing, wanted)
    writing.attempt(0, wanted)
    try:
        page = _made(writing, parent, wanted, message, is_private)
    except Rejected as error:
        writing.forget_attempt()
        return titles.refused(writing, wanted.title, error)
    except AppError as error:
        if not (isinstance(error, Transient) and error.sent):
            writing.forget_attempt()
        raise
    writing.page, writing.is_new = page, True
    if is_private:
        writing.change(lambda row: records.is_there(row, page, wanted, parent))
        return None
    records.wrote(writing, page, message, is_told=True, parent=parent)
    return Outcome.CREATED


def _made(writing: Writing, parent: str | None, wanted: Rendered, message: str, is_private: bool) -> WikiPage:
    given = (writing.ground.space.id, parent, wanted.title, wanted.body, message)
    if is_private:
        try:
            return writing.wiki.create(*given, private=True)
        except Unfitting:  # the site makes no private pages: there is nothing on it, and its title tells nothing
            pass
    return writing.wiki.create(*given)
