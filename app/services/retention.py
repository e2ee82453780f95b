"""Retention: records that nobody will ask for again are deleted, a few at a time, so that nobody waits for it.

Measurements, changes and snapshots are history and kept for ever; so is the newest publication of each page, which of
a closed cycle's is the final one. The engine's own tables do not grow: finished jobs are gone at once, and strikes of
the clock after two days.
"""

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select

from app.db.models import InboxRow, PublicationRow, RunRow
from app.services.runs import recorded
from app.world import World

RETENTION = "retention"
A_BATCH = 1000


def retain(world: World) -> dict[str, int]:
    """Delete what is older than the settings say: webhook deliveries, records of runs, and reports that pages were
    written from; how many of each."""
    with recorded(world, RETENTION) as counts:
        settings, now = world.settings, world.now()
        counts["deliveries"] = _delete(
            world, InboxRow, _deliveries(now - timedelta(days=settings.keep_deliveries_days))
        )
        counts["runs"] = _delete(world, RunRow, _runs(now - timedelta(days=settings.keep_runs_days)))
        before = now - timedelta(days=settings.keep_publications_days)
        counts["publications"] = _delete(world, PublicationRow, _publications(before))
        return dict(counts)


def _deliveries(before: datetime) -> Select[int]:
    """Never one that waits to be drained, and not the newest of all, which tells when Jira was last heard."""
    newest = select(func.max(InboxRow.id)).scalar_subquery()
    return select(InboxRow.id).where(
        InboxRow.received_at < before, InboxRow.done_at.is_not(None), InboxRow.id != newest
    )


def _runs(before: datetime) -> Select[int]:
    """Not the last of its kind."""
    last = select(func.max(RunRow.id)).group_by(RunRow.kind)
    return select(RunRow.id).where(RunRow.started_at < before, RunRow.id.not_in(last))


def _publications(before: datetime) -> Select[int]:
    """Not the newest of its page."""
    newest = select(func.max(PublicationRow.id)).group_by(PublicationRow.page_id)
    return select(PublicationRow.id).where(PublicationRow.at < before, PublicationRow.id.not_in(newest))


def _delete(world: World, table: type[InboxRow] | type[RunRow] | type[PublicationRow], old: Select[int]) -> int:
    deleted = 0
    while True:
        with world.session() as session:
            ids = list(session.scalars(old.order_by(table.id).limit(A_BATCH)))
            session.execute(delete(table).where(table.id.in_(ids)))
        deleted += len(ids)
        if len(ids) < A_BATCH:
            return deleted
