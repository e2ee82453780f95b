"""Our sign on a page, once, and the labels by which people's searches and reports find it."""

from app.db.models import PageRow
from app.domain.labels import labels
from app.errors import AppError, AuthFailed, RetryAfter
from app.services.writing.writing import Writing, log

PROPERTY = "plainsight"


def mark(writing: Writing) -> None:
    """Set what the page lacks. A page without it works, so it is only tried again with the next version; what people
    take away later stays away."""
    row = writing.row
    if row.marked or row.wiki_id is None:
        return
    try:
        writing.wiki.set_property(row.wiki_id, PROPERTY, {"page": writing.id})
        writing.wiki.add_labels(row.wiki_id, labels(writing.definition))
    except (AuthFailed, RetryAfter):
        raise
    except AppError as error:
        log.warning("page written but not marked", page=writing.id, reason=error.message)
        return

    def note(row: PageRow) -> None:
        row.marked = True

    writing.change(note)
