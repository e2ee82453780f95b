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
from app.domain.sync_health import sync_health
from app.domain.sync_health.facts import Run, SyncFacts
from app.domain.sync_health.findings import PROBLEMS, SAYS
from app.services.sync_health import facts_in
from app.world import World

PAGE_STATES = ("new", "ok", "conflict", "lost", "failed")

Sample = tuple[tuple[str, ...], float]
"""The values of the labels, and the figure."""


@dataclass(frozen=True)
class Scrape:
    """What is read for one scrape; what several vital signs are made of is looked up once."""

    world: World
    session: Session
    facts: SyncFacts

    @property
    def last_runs(self) -> Iterable[Run]:
        """Of each kind."""
        return {run.kind: run for run in self.facts.runs}.values()


@dataclass(frozen=True)
class Vital:
    """A vital sign: a metric whose samples are read from the database, or the settings, whenever it is asked for.

    `labels` name the label values of each sample. A time is a number of seconds since 1970, UTC."""

    name: str
    help: str
    read: Callable[[Scrape], Iterable[Sample]]
    labels: tuple[str, ...] = ()
    kind: Literal["gauge", "counter"] = "gauge"


def read(world: World) -> list[tuple[Vital, list[Sample]]]:
    """All of them, from one consistent state."""
    with world.reading() as session:
        scrape = Scrape(world, session, facts_in(world, session, last_runs_only=True))
        return [(vital, list(vital.read(scrape))) for vital in VITALS]


def _findings(scrape: Scrape) -> Iterator[Sample]:
    """All that there are, so that an alert knows a zero from a name that is gone."""
    view = sync_health(scrape.facts, scrape.world.now(), scrape.world.settings.time_zone)
    counts = {one.code: one.count for one in view.findings}
    for code in SAYS:
        yield (code, "problem" if code in PROBLEMS else "notice"), counts.get(code, 0)


def _in_sync(scrape: Scrape) -> Iterator[Sample]:
    for row in scrape.session.scalars(select(SyncRow)):
        yield (row.site,), row.out_since is None


def _last_success(scrape: Scrape) -> Iterator[Sample]:
    for row in scrape.session.scalars(select(SyncRow).where(SyncRow.ok_at.is_not(None))):
        yield from _at(row.ok_at, row.site)


def _pages(scrape: Scrape) -> Iterator[Sample]:
    question = select(PageRow.state, func.count()).where(PageRow.archived_at.is_(None)).group_by(PageRow.state)
    found = dict(scrape.session.execute(question).all())
    for state in PAGE_STATES:
        yield (state,), found.get(state, 0)


def _final(scrape: Scrape) -> Iterator[Sample]:
    final = (
        select(func.count()).select_from(PageRow).where(PageRow.archived_at.is_(None), PageRow.final_at.is_not(None))
    )
    yield (), scrape.session.scalar(final) or 0


def _pages_due(scrape: Scrape) -> Iterator[Sample]:
    due = (
        select(func.count())
        .select_from(PageRow)
        .where(PageRow.archived_at.is_(None), PageRow.due_at <= scrape.world.now())
    )
    yield (), scrape.session.scalar(due) or 0


def _oldest_due(scrape: Scrape) -> Iterator[Sample]:
    oldest = scrape.session.scalar(select(func.min(PageRow.due_at)).where(PageRow.archived_at.is_(None)))
    yield (), max(0.0, (scrape.world.now() - oldest).total_seconds()) if oldest else 0


def _inbox(scrape: Scrape) -> Iterator[Sample]:
    yield (), scrape.session.scalar(select(func.count()).select_from(InboxRow).where(InboxRow.done_at.is_(None))) or 0


def _last_webhook(scrape: Scrape) -> Iterator[Sample]:
    yield from _at(records.last_delivery_at(scrape.session))


def _refused_deliveries(scrape: Scrape) -> Iterator[Sample]:
    for row in scrape.session.scalars(select(RefusedDeliveryRow)):
        yield (row.reason,), row.count


def _parked(scrape: Scrape) -> Iterator[Sample]:
    for kind, count in Counter(job.kind for job in jobs.parked(scrape.session)).items():
        yield (kind,), count


def _refused_evidence(scrape: Scrape) -> Iterator[Sample]:
    yield (), len(records.refused_evidence(scrape.session))


def _run_at(scrape: Scrape) -> Iterator[Sample]:
    for run in scrape.last_runs:
        yield from _at(run.at, run.kind)


def _run_seconds(scrape: Scrape) -> Iterator[Sample]:
    for run in scrape.last_runs:
        yield (run.kind,), run.seconds


def _run_failed(scrape: Scrape) -> Iterator[Sample]:
    for run in scrape.last_runs:
        yield (run.kind,), run.error != ""


def _token_ends(scrape: Scrape) -> Iterator[Sample]:
    stated: dict[str, date | None] = {
        "jira": scrape.world.settings.jira_token_expires_on,
        "confluence": scrape.world.settings.confluence_token_expires_on,
    }
    for product, day in stated.items():
        yield from _at(datetime.combine(day, time(), scrape.world.settings.zone) if day else None, product)


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
    Vital(
        "plainsight_findings",
        "What is wrong, or worth knowing, as on the sync-health page: how many of each.",
        _findings,
        ("finding", "weight"),
    ),
    Vital("plainsight_pages", "Pages by state.", _pages, ("state",)),
    Vital("plainsight_pages_final", "Pages of closed cycles that were written for the last time.", _final),
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
