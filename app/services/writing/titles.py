"""Titles that another page of the space has already: told, and never made twice."""

from app.db.models import PageRow
from app.domain import publishing, version_message
from app.domain.publishing import Reason
from app.errors import Rejected
from app.ports import WikiPage
from app.services.outcome import Outcome
from app.services.writing.marking import PROPERTY
from app.services.writing.writing import Writing

OUT_OF_SIGHT = "a page that our account does not see, or whose title differs in the case of letters"


def holder(writing: Writing, title: str) -> WikiPage | None:
    """Another page of the space that has this title, an archived one too. Confluence minds no case."""
    for page in writing.wiki.find(writing.ground.space.id, title):
        if page.id != writing.row.wiki_id and page.title.casefold() == title.casefold():
            return page
    return None


def refused(writing: Writing, title: str, error: Rejected) -> Outcome | None:
    """A page could not be made. Raises the error if its title was not the reason; None: decide anew."""
    found = holder(writing, title)
    if found is None and not _says_so(error):
        raise error
    return taken(writing, found)


def taken(writing: Writing, found: WikiPage | None) -> Outcome | None:
    """Go on with the page that has our title, if it is ours or people agreed (None: decide anew); else leave it."""
    if found is not None and _may_adopt(writing, found):
        _adopt(writing, found)
        return None
    return writing.leave("conflict", f"{Reason.TITLE_TAKEN}: {_named(writing, found)}", Outcome.CONFLICT)


def keep(writing: Writing, title: str, error: Rejected) -> None:
    """A page could not be renamed: it is written under the title that it has, and the clash is told."""
    found = holder(writing, title)
    if found is None and not _says_so(error):
        raise error
    writing.title_taken = _named(writing, found)


def _says_so(error: Rejected) -> bool:
    return "already exists" in error.message


def _named(writing: Writing, page: WikiPage | None) -> str:
    """Of a private page's title nothing, and an address has it in it."""
    if page is None:
        return OUT_OF_SIGHT
    named = f"page {page.id}, {page.status}"
    return named if writing.readers is not None else f"{named}, {page.url}"


def _may_adopt(writing: Writing, page: WikiPage) -> bool:
    """It can be written, no other page of ours is it, and it is ours by its property and its newest version, or people
    agreed. A passer-by can copy a property, and restore a version of ours, but not both unseen."""
    others = {row.wiki_id for row in writing.ground.rows.values() if row.id != writing.id}
    if page.id in others or publishing.why_lost(page, writing.ground.space.id):
        return False
    return writing.row.take_over or _is_ours(writing, page)


def _is_ours(writing: Writing, page: WikiPage) -> bool:
    """Cloud keeps no message of a first version."""
    by_us = page.author_id == writing.ground.account
    has_tag = version_message.has_any_tag(page.message) or (page.version == 1 and not page.message)
    return by_us and has_tag and writing.wiki.property(page.id, PROPERTY) == {"page": writing.id}


def _adopt(writing: Writing, page: WikiPage) -> None:
    """What is ours is written on; what becomes ours by consent was never written by us."""
    is_ours = not writing.row.take_over

    def remember(row: PageRow) -> None:
        row.wiki_id, row.wiki_space, row.wiki_url, row.wiki_title = page.id, page.space_id, page.url, page.title
        row.wiki_version, row.digest = (page.version, "") if is_ours else (None, None)

    writing.change(remember)
    writing.page = writing.wiki.page(page.id)
