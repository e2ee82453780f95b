"""What is written down once Confluence has taken something."""

from sqlalchemy import delete

from app.db.models import PageRow, PublicationRow
from app.domain import publishing
from app.domain.publishing import Rendered
from app.domain.report import plain
from app.domain.straying import TITLE_TAKEN
from app.domain.sync_health import SYNC_HEALTH
from app.ports import WikiPage
from app.services.outcome import settle, stray
from app.services.writing import privacy
from app.services.writing.writing import Writing


def is_there(row: PageRow, page: WikiPage, wanted: Rendered, parent: str | None) -> None:
    """The page is made, and what stands on it is not the report yet."""
    row.wiki_id, row.wiki_space, row.wiki_url, row.wiki_title = page.id, page.space_id, page.url, wanted.title
    row.digest, row.wiki_parent = wanted.digest, parent
    settle(row, page.version)


def wrote(writing: Writing, page: WikiPage, message: str, *, is_told: bool, parent: str | None = None) -> None:
    """A version with the report stands there; `parent`: we put the page under that one."""
    now, rendered, report = writing.world.now(), writing.rendered, plain(writing.prepared.report)
    taken = writing.title_taken
    with writing.world.session() as session:
        row = session.get_one(PageRow, writing.id)
        is_there(row, page, rendered, parent or row.wiki_parent)
        row.published_at, row.take_over = now, False
        row.told_at = now if is_told else row.told_at
        stray(row, TITLE_TAKEN, taken)
        if taken:  # so that the next version tries again
            row.wiki_title = page.title
        if row.kind == SYNC_HEALTH:  # heartbeats are no history: the last one is enough
            session.execute(delete(PublicationRow).where(PublicationRow.page_id == row.id))
        session.add(
            PublicationRow(
                page_id=row.id, at=now, version=page.version, digest=rendered.digest, message=message, report=report
            )
        )
    writing.ground.keep(row)


def record(writing: Writing, record: publishing.Record) -> None:
    """A write of ours whose answer was lost, or that we died over, did arrive."""
    page = writing.page
    assert page is not None
    is_blank = record.digest == privacy.blank(writing.id).digest
    writing.is_new |= writing.row.wiki_id is None

    def remember(row: PageRow) -> None:
        row.wiki_id, row.wiki_space, row.wiki_url = page.id, page.space_id, page.url
        row.digest, row.wiki_title = record.digest, record.title
        row.wiki_parent = row.wiki_parent or page.parent_id
        row.published_at = row.published_at if is_blank else writing.world.now()
        settle(row, record.version)

    writing.change(remember)
