"""Loading how the service itself fares: what a sync-health page is made from."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import jobs, records
from app.db.issues import SQL_BATCH
from app.db.models import (
    EvidenceRow,
    InboxRow,
    IssueRow,
    KeyResultRow,
    MembershipRow,
    PageRow,
    RefusedDeliveryRow,
    RunRow,
    SyncRow,
)
from app.domain.batches import batched
from app.domain.facts import SiteState
from app.domain.model import EvidenceKind, Text
from app.domain.sync_health import SYNC_HEALTH
from app.domain.sync_health.facts import (
    Deliveries,
    Expiry,
    KnownIssues,
    PublishedPage,
    Refusal,
    RefusedEvidence,
    Run,
    SyncFacts,
)
from app.domain.sync_health.keys import keys_in

RUNS_OF = timedelta(days=1)


def facts(
    session: Session, now: datetime, *, site: str | None, expects_webhooks: bool, expiries: Iterable[Expiry]
) -> SyncFacts:
    """All of it as one consistent state. `site`: the Jira that is configured."""
    state = session.get(SyncRow, site) if site else None
    evidence, runs = _evidence(session), _runs(session, now)
    parked = tuple((job.kind, job.error) for job in reversed(jobs.parked(session)))
    told = [state.error if state else "", *(error for _, error in parked), *(run.error for run in runs)]
    told += [text for one in evidence for text in (one.query, one.error)]
    return SyncFacts(
        site=site,
        state=SiteState(state.site, state.ok_at, state.out_since, state.error) if state else None,
        issues=_issues(session, site) if site else KnownIssues(),
        deliveries=_deliveries(session, expects_webhooks),
        pages=_pages(session),
        evidence=evidence,
        parked=parked,
        runs=runs,
        expiries=tuple(expiries),
        visible=_visible(session, keys_in(told)),
    )


def _issues(session: Session, site: str) -> KnownIssues:
    there = (
        select(MembershipRow.issue_id)
        .join(EvidenceRow, EvidenceRow.id == MembershipRow.evidence_id)
        .where(MembershipRow.site == site, MembershipRow.left_at.is_(None), EvidenceRow.archived_at.is_(None))
    )
    shown = IssueRow.hidden.is_(False) & IssueRow.unseen_at.is_(None)
    mine = (IssueRow.site == site) & IssueRow.id.in_(there)
    count = session.scalar(select(func.count()).where(mine)) or 0
    question = select(func.count(), func.max(IssueRow.updated_at)).where(mine, shown)
    seen, newest = session.execute(question).one()
    return KnownIssues(count, count - seen, newest)


def _deliveries(session: Session, expected: bool) -> Deliveries:
    waiting, oldest = session.execute(
        select(func.count(), func.min(InboxRow.received_at)).where(InboxRow.done_at.is_(None))
    ).one()
    refused = session.scalars(select(RefusedDeliveryRow).order_by(RefusedDeliveryRow.reason))
    return Deliveries(
        expected=expected,
        last_at=records.last_delivery_at(session),
        waiting=waiting,
        oldest=oldest,
        refused=tuple(Refusal(row.reason, row.count, row.at) for row in refused),
    )


def _pages(session: Session) -> tuple[PublishedPage, ...]:
    """All but those of this kind: whoever reads one sees that it could be written."""
    question = select(PageRow).where(PageRow.archived_at.is_(None), PageRow.kind != SYNC_HEALTH)
    return tuple(
        PublishedPage(
            id=row.id,
            title=Text(row.title_ko, row.title_en),
            state=row.state,
            problem=row.problem,
            strayed=tuple((one["kind"], one.get("detail", "")) for one in row.strayed),
            lost_comments=len(row.lost_comments),
        )
        for row in session.scalars(question.order_by(PageRow.position, PageRow.id))
    )


def _evidence(session: Session) -> tuple[RefusedEvidence, ...]:
    question = (
        select(KeyResultRow.title_ko, KeyResultRow.title_en, EvidenceRow)
        .join(KeyResultRow, KeyResultRow.id == EvidenceRow.key_result_id)
        .where(EvidenceRow.error != "", EvidenceRow.archived_at.is_(None), KeyResultRow.archived_at.is_(None))
        .order_by(KeyResultRow.position, KeyResultRow.id, EvidenceRow.id)
    )
    return tuple(
        RefusedEvidence(
            Text(ko, en), row.value if row.kind == EvidenceKind.JQL else f"{row.kind}: {row.value}", row.error
        )
        for ko, en, row in session.execute(question)
    )


def _runs(session: Session, now: datetime) -> tuple[Run, ...]:
    last = select(func.max(RunRow.id)).group_by(RunRow.kind)
    question = select(RunRow).where((RunRow.started_at > now - RUNS_OF) | RunRow.id.in_(last)).order_by(RunRow.id)
    return tuple(
        Run(row.kind, row.finished_at or row.started_at, row.counts, row.error) for row in session.scalars(question)
    )


def _visible(session: Session, keys: Collection[str]) -> frozenset[str]:
    """Of these issue keys, those that may be shown."""
    shown = IssueRow.hidden.is_(False), IssueRow.unseen_at.is_(None), IssueRow.deleted_at.is_(None)
    found: set[str] = set()
    for batch in batched(sorted(keys), SQL_BATCH):
        found |= set(session.scalars(select(IssueRow.key).where(IssueRow.key.in_(batch), *shown)))
    return frozenset(found)
