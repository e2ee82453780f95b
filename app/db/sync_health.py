"""Loading how the service itself fares: what a sync-health page is made from."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import jobs, private, records
from app.db.issues import visible
from app.db.models import (
    CommentRow,
    CycleRow,
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
from app.domain.facts import SiteState
from app.domain.model import CycleState, EvidenceKind, Text
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
    Unanswered,
)
from app.domain.sync_health.keys import MASK, keys_in

RUNS_OF = timedelta(days=1)
ANSWERS_OF = timedelta(days=7)
"""An answer that was never written is no news after that."""


def facts(
    session: Session,
    now: datetime,
    *,
    site: str | None,
    expects_webhooks: bool,
    expiries: Iterable[Expiry],
    last_runs_only: bool = False,
) -> SyncFacts:
    """All of it as one consistent state. `site`: the Jira that is configured."""
    state = session.get(SyncRow, site) if site else None
    secret = private.objectives(session)
    runs = _runs(session, None if last_runs_only else now - RUNS_OF)
    evidence = _evidence(session, secret)
    parked = tuple((job.kind, job.error) for job in reversed(jobs.parked(session)))
    told = [state.error if state else "", *(error for _, error in parked), *(run.error for run in runs)]
    told += [text for one in evidence for text in (one.query, one.error)]
    return SyncFacts(
        site=site,
        state=SiteState(state.site, state.ok_at, state.out_since, state.error) if state else None,
        issues=_issues(session, site) if site else KnownIssues(),
        deliveries=_deliveries(session, expects_webhooks),
        pages=_pages(session, secret),
        unanswered=_unanswered(session, now, secret),
        evidence=evidence,
        parked=parked,
        runs=runs,
        expiries=tuple(expiries),
        visible=visible(session, keys_in(told)),
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


def _title(row: PageRow, secret: Collection[str]) -> Text:
    """The page of an objective has the objective's title; that of a private team none but its id."""
    return Text(row.id, row.id) if row.objective_id in secret else Text(row.title_ko, row.title_en)


def _pages(session: Session, secret: Collection[str]) -> tuple[PublishedPage, ...]:
    """All but those of this kind: whoever reads one sees that it could be written."""
    question = select(PageRow).where(PageRow.archived_at.is_(None), PageRow.kind != SYNC_HEALTH)
    closed = set(session.scalars(select(CycleRow.id).where(CycleRow.state == CycleState.CLOSED)))
    mine = private.pages(session)
    return tuple(
        PublishedPage(
            id=row.id,
            title=_title(row, secret),
            state=row.state,
            problem=row.problem,
            strayed=tuple((one["kind"], "" if row.id in mine else one.get("detail", "")) for one in row.strayed),
            lost_comments=len(row.lost_comments),
            pictures_problem=row.pictures_problem,
            marked=row.marked or row.wiki_id is None,
            frozen=row.final_at is not None,
            awaits_final=row.final_at is None and row.cycle_id in closed,
        )
        for row in session.scalars(question.order_by(PageRow.position, PageRow.id))
    )


def _unanswered(session: Session, now: datetime, secret: Collection[str]) -> tuple[Unanswered, ...]:
    question = (
        select(CommentRow.problem, PageRow)
        .join(PageRow, PageRow.id == CommentRow.page_id)
        .where(CommentRow.answered.is_(False), CommentRow.problem != "", CommentRow.read_at > now - ANSWERS_OF)
        .order_by(CommentRow.read_at, CommentRow.id)
    )
    return tuple(Unanswered(row.id, _title(row, secret), problem) for problem, row in session.execute(question))


def _evidence(session: Session, secret: Collection[str]) -> tuple[RefusedEvidence, ...]:
    """Of a private team's key result the id alone."""
    question = (
        select(KeyResultRow, EvidenceRow)
        .join(KeyResultRow, KeyResultRow.id == EvidenceRow.key_result_id)
        .where(EvidenceRow.error != "", EvidenceRow.archived_at.is_(None), KeyResultRow.archived_at.is_(None))
        .order_by(KeyResultRow.position, KeyResultRow.id, EvidenceRow.id)
    )
    return tuple(
        RefusedEvidence(Text(above.id, above.id), MASK, MASK)
        if above.objective_id in secret
        else RefusedEvidence(
            Text(above.title_ko, above.title_en),
            row.value if row.kind == EvidenceKind.JQL else f"{row.kind}: {row.value}",
            row.error,
        )
        for above, row in session.execute(question)
    )


def _runs(session: Session, since: datetime | None) -> tuple[Run, ...]:
    """The last of each kind, and all since then."""
    found = {row.id: row for row in records.last_runs(session)}
    if since is not None:
        found |= {row.id: row for row in session.scalars(select(RunRow).where(RunRow.started_at > since))}
    return tuple(_run(row) for _, row in sorted(found.items()))


def _run(row: RunRow) -> Run:
    ended = row.finished_at or row.started_at
    return Run(row.kind, ended, row.counts, row.error, (ended - row.started_at).total_seconds())
