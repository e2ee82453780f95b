"""What Prometheus is told of the database: one literal table. A new metric is one entry here and a line in the docs."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import jobs, records
from app.db.models import InboxRow, PageRow, RefusedDeliveryRow, SyncRow
from app.world import World

PAGE_STATES = ("new", "ok", "conflict", "lost", "failed")

Sample = tuple[tuple[str, ...], float]
"""The values of the labels, and the figure."""


@dataclass(frozen=True)
class Vital:
    """A vital sign: a metric whose samples are read from the database, or the settings, whenever it is asked for.

    `labels` name the label values of each sample. A time is a number of seconds since 1970, UTC."""

    name: str
    help: str
    read: Callable[[World, Session], Iterable[Sample]]
    labels: tuple[str, ...] = ()
    kind: Literal["gauge", "counter"] = "gauge"


def read(world: World) -> list[tuple[Vital, list[Sample]]]:
    """All of them, from one consistent state."""
    with world.reading() as session:
        return [(vital, list(vital.read(world, session))) for vital in VITALS]


def _in_sync(_world: World, session: Session) -> Iterator[Sample]:
    for row in session.scalars(select(SyncRow)):
        yield (row.site,), row.out_since is None


def _last_success(_world: World, session: Session) -> Iterator[Sample]:
    for row in session.scalars(select(SyncRow).where(SyncRow.ok_at.is_not(None))):
        yield from _at(row.ok_at, row.site)


def _pages(_world: World, session: Session) -> Iterator[Sample]:
    question = select(PageRow.state, func.count()).where(PageRow.archived_at.is_(None)).group_by(PageRow.state)
    found = dict(session.execute(question).all())
    for state in PAGE_STATES:
        yield (state,), found.get(state, 0)


def _pages_due(world: World, session: Session) -> Iterator[Sample]:
    due = select(func.count()).select_from(PageRow).where(PageRow.archived_at.is_(None), PageRow.due_at <= world.now())
    yield (), session.scalar(due) or 0


def _oldest_due(world: World, session: Session) -> Iterator[Sample]:
    oldest = session.scalar(select(func.min(PageRow.due_at)).where(PageRow.archived_at.is_(None)))
    yield (), max(0.0, (world.now() - oldest).total_seconds()) if oldest else 0


def _inbox(_world: World, session: Session) -> Iterator[Sample]:
    yield (), session.scalar(select(func.count()).select_from(InboxRow).where(InboxRow.done_at.is_(None))) or 0


def _last_webhook(_world: World, session: Session) -> Iterator[Sample]:
    yield from _at(records.last_delivery_at(session))


def _refused_deliveries(_world: World, session: Session) -> Iterator[Sample]:
    for row in session.scalars(select(RefusedDeliveryRow)):
        yield (row.reason,), row.count


def _parked(_world: World, session: Session) -> Iterator[Sample]:
    for kind, count in Counter(job.kind for job in jobs.parked(session)).items():
        yield (kind,), count


def _refused_evidence(_world: World, session: Session) -> Iterator[Sample]:
    yield (), len(records.refused_evidence(session))


def _run_at(_world: World, session: Session) -> Iterator[Sample]:
    for run in records.last_runs(session):
        yield from _at(run.finished_at, run.kind)


def _run_seconds(_world: World, session: Session) -> Iterator[Sample]:
    for run in records.last_runs(session):
        if run.finished_at is not None:
            yield (run.kind,), (run.finished_at - run.started_at).total_seconds()


def _run_failed(_world: World, session: Session) -> Iterator[Sample]:
    for run in records.last_runs(session):
        yield (run.kind,), run.error != ""


def _token_ends(world: World, _session: Session) -> Iterator[Sample]:
    stated: dict[str, date | None] = {
        "jira": world.settings.jira_token_expires_on,
        "confluence": world.settings.confluence_token_expires_on,
    }
    for product, day in stated.items():
        yield from _at(datetime.combine(day, time(), world.settings.zone) if day else None, product)


def _at(at: datetime | None, *labels: str) -> Iterator[Sample]:
    if at is not None:
        yield labels, at.astimezone(UTC).timestamp()


VITALS: tuple[Vital, ...] = (
    Vital("plainsight_sync_in_sync", "1 while the site answers, 0 once it does not.", _in_sync, ("site",)),
    Vital(
        "plainsight_sync_last_success_timestamp_seconds",
        "When the site was last read in full.",
        _last_success,
        ("site",),
    ),
    Vital("plainsight_pages", "Pages by state.", _pages, ("state",)),
    Vital("plainsight_pages_due", "Pages that are due to be published.", _pages_due),
    Vital(
        "plainsight_pages_oldest_due_age_seconds", "How long the page that is due longest has been due.", _oldest_due
    ),
    Vital("plainsight_inbox_waiting", "Webhook deliveries that are noted down and not worked off yet.", _inbox),
    Vital("plainsight_webhook_last_received_timestamp_seconds", "When the last webhook was accepted.", _last_webhook),
    Vital(
        "plainsight_refused_deliveries_total",
        "Webhook deliveries that were refused, by reason.",
        _refused_deliveries,
        ("reason",),
        "counter",
    ),
    Vital("plainsight_parked_jobs", "Jobs that wait for somebody to mend something.", _parked, ("kind",)),
    Vital("plainsight_evidence_refused", "Evidence whose query or issue Jira refuses.", _refused_evidence),
    Vital("plainsight_run_last_timestamp_seconds", "When the last run of a kind ended.", _run_at, ("kind",)),
    Vital("plainsight_run_last_duration_seconds", "How long the last run of a kind took.", _run_seconds, ("kind",)),
    Vital("plainsight_run_last_failed", "1 when the last run of a kind failed, else 0.", _run_failed, ("kind",)),
    Vital(
        "plainsight_token_expires_timestamp_seconds",
        "When the token for a product ends, where the settings state the day.",
        _token_ends,
        ("product",),
    ),
)
