"""Questions and changes about Jira issues and what they are evidence for."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from app.db import rows
from app.db.models import EvidenceRow, IssueRow, KeyResultRow, MembershipRow, ObjectiveRow, SyncRow
from app.db.models.definitions import CycleRow
from app.domain.batches import batched
from app.domain.model import CycleState, Evidence, Issue

SQL_BATCH = 500
SHOWN = ("key", "summary", "status", "category", "assignee", "resolution", "resolved_at")
"""What pages show of an issue."""


def evidence_of_open_cycles(session: Session) -> list[EvidenceRow]:
    """Evidence of key results whose cycle is not closed; what is closed is never counted again."""
    question = (
        select(EvidenceRow)
        .join(KeyResultRow, KeyResultRow.id == EvidenceRow.key_result_id)
        .join(ObjectiveRow, ObjectiveRow.id == KeyResultRow.objective_id)
        .join(CycleRow, CycleRow.id == ObjectiveRow.cycle_id)
        .where(
            EvidenceRow.archived_at.is_(None),
            KeyResultRow.archived_at.is_(None),
            ObjectiveRow.archived_at.is_(None),
            CycleRow.state != CycleState.CLOSED,
        )
        .order_by(EvidenceRow.id)
    )
    return list(session.scalars(question))


def state_of(session: Session, site: str) -> SyncRow:
    """How far a site is read; begun here if it never was."""
    state = session.get(SyncRow, site)
    if state is None:
        state = SyncRow(site=site, error="", has_news=False)
        session.add(state)
    return state


def note_news(session: Session, site: str) -> None:
    """In the transaction that changes what pages show: should the process die, the ring is not forgotten."""
    state_of(session, site).has_news = True
    session.flush()


def take_news(session: Session, site: str) -> bool:
    """Whether there is news that no page was rung for yet; there is none afterwards."""
    state = session.get(SyncRow, site)
    had = state is not None and state.has_news
    if state is not None:
        state.has_news = False
    return had


def refuse(session: Session, site: str, evidence_id: str, reason: str) -> None:
    """Jira does not answer for this evidence: its issues stay as they are, and a page says so."""
    row = session.get_one(EvidenceRow, evidence_id)
    if not row.error:
        note_news(session, site)
    row.error = reason[:2000]


def known(session: Session, site: str, ids: Collection[str]) -> dict[str, IssueRow]:
    """Stored issues by id."""
    found: dict[str, IssueRow] = {}
    for batch in batched(sorted(ids), SQL_BATCH):
        question = select(IssueRow).where(IssueRow.site == site, IssueRow.id.in_(batch))
        found |= {row.id: row for row in session.scalars(question)}
    return found


def stored(session: Session, site: str, ids: Collection[str]) -> set[str]:
    """Those of these ids whose issue is stored and not deleted."""
    found: set[str] = set()
    for batch in batched(sorted(ids), SQL_BATCH):
        question = select(IssueRow.id).where(IssueRow.site == site, IssueRow.deleted_at.is_(None))
        found |= set(session.scalars(question.where(IssueRow.id.in_(batch))))
    return found


def that_matter(session: Session, site: str, evidence: Sequence[EvidenceRow]) -> dict[str, tuple[datetime, bool]]:
    """Issues that are evidence, or were before they were deleted or went out of sight, or that evidence is about: by
    id, when each was updated and whether it could be seen."""
    gone = IssueRow.unseen_at.is_not(None) | IssueRow.deleted_at.is_not(None)
    issues = select(IssueRow.id, IssueRow.updated_at, gone).where(IssueRow.site == site)
    behind = (MembershipRow.site == IssueRow.site) & (MembershipRow.issue_id == IssueRow.id)
    found: dict[str, tuple[datetime, bool]] = {}
    for batch in batched(evidence, SQL_BATCH):
        there = MembershipRow.evidence_id.in_([row.id for row in batch]) & (MembershipRow.left_at.is_(None) | gone)
        about = IssueRow.id.in_([row.anchor_id for row in batch if row.anchor_id])
        for question in (issues.join(MembershipRow, behind).where(there).distinct(), issues.where(about)):
            found |= {issue_id: (at, not is_gone) for issue_id, at, is_gone in session.execute(question)}
    return found


def projects(session: Session, site: str) -> set[str]:
    """Keys of the projects that stored issues lie in."""
    return set(session.scalars(select(IssueRow.project).where(IssueRow.site == site).distinct()))


def one_at_a_time(session: Session) -> None:
    """Until the commit no other transaction stores issues or scores: what was read stays true while it is written.
    SQLite has one writer anyhow."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(0x69737375)))


def store(session: Session, site: str, issues: Iterable[Issue], *, fresh: bool) -> list[Issue]:
    """Keep the newest state of each issue; returns those that were new or differed.

    An older state never overwrites a newer one. `fresh` states come from Jira's store and win over an equal
    `updated`; others come from the search index, which lags, and must be newer.
    """
    by_id = {issue.id: issue for issue in issues}
    one_at_a_time(session)
    present = known(session, site, by_id)
    new = [issue for issue in by_id.values() if issue.id not in present]
    changed = [issue for issue in by_id.values() if issue.id in present and differs(present[issue.id], issue, fresh)]
    if new:
        session.execute(
            insert(IssueRow),
            [rows.issue_columns(issue) | {"site": site, "changed_at": issue.updated_at} for issue in new],
        )
    for issue in changed:
        if any(getattr(present[issue.id], name) != getattr(issue, name) for name in SHOWN):
            present[issue.id].changed_at = issue.updated_at
        for name, value in rows.issue_columns(issue).items():
            setattr(present[issue.id], name, value)
    session.flush()
    if new or changed:
        note_news(session, site)
    return new + changed


def differs(row: IssueRow, issue: Issue, fresh: bool) -> bool:
    """Whether this state is to be kept instead of the stored one."""
    if row.updated_at > issue.updated_at:
        return False
    if row.deleted_at is not None or row.unseen_at is not None:
        return True  # it is to be seen again
    return (fresh or row.updated_at < issue.updated_at) and rows.issue(row) != issue


def members(session: Session, evidence_ids: Collection[str], site: str) -> dict[str, set[str]]:
    """For each evidence the ids of its present issues."""
    found: dict[str, set[str]] = {evidence_id: set() for evidence_id in evidence_ids}
    for batch in batched(sorted(evidence_ids), SQL_BATCH):
        question = select(MembershipRow.evidence_id, MembershipRow.issue_id).where(
            MembershipRow.evidence_id.in_(batch), MembershipRow.site == site, MembershipRow.left_at.is_(None)
        )
        for evidence_id, issue_id in session.execute(question):
            found[evidence_id].add(issue_id)
    return found


def join(session: Session, evidence_id: str, site: str, ids: Collection[str], at: datetime, *, founding: bool) -> int:
    """Issues become evidence; one that had left comes back. Returns how many were not evidence before."""
    before = {
        row.issue_id: row
        for batch in batched(sorted(ids), SQL_BATCH)
        for row in session.scalars(
            select(MembershipRow).where(
                MembershipRow.evidence_id == evidence_id,
                MembershipRow.site == site,
                MembershipRow.issue_id.in_(batch),
            )
        )
    }
    back = [row for row in before.values() if row.left_at is not None]
    for row in back:
        row.left_at = None
    new = [
        {"evidence_id": evidence_id, "site": site, "issue_id": issue_id, "joined_at": at, "founding": founding}
        for issue_id in sorted(set(ids) - before.keys())
    ]
    if new:
        session.execute(insert(MembershipRow), new)
    if new or back:
        note_news(session, site)
    return len(new) + len(back)


def leave(session: Session, evidence_id: str, site: str, ids: Collection[str], at: datetime) -> int:
    """Issues are no longer evidence; the row stays, so that scope drift can be told."""
    left = 0
    for batch in batched(sorted(ids), SQL_BATCH):
        left += _rowcount(
            session,
            update(MembershipRow)
            .where(
                MembershipRow.evidence_id == evidence_id,
                MembershipRow.site == site,
                MembershipRow.issue_id.in_(batch),
                MembershipRow.left_at.is_(None),
            )
            .values(left_at=at),
        )
    if left:
        note_news(session, site)
    return left


def outside(session: Session, site: str, projects: Collection[str]) -> list[str]:
    """Ids of stored issues that lie in none of these projects."""
    question = select(IssueRow.id, IssueRow.project).where(IssueRow.site == site, IssueRow.deleted_at.is_(None))
    listed = {project.upper() for project in projects}
    return [issue_id for issue_id, project in session.execute(question) if project.upper() not in listed]


def mark_absent(session: Session, site: str, ids: Sequence[str], deleted: Mapping[str, bool], at: datetime) -> int:
    """Asked for and not returned. Said to be deleted, too: it leaves all evidence. Otherwise only unknown: it keeps
    counting with its last state and is not shown (atlassian.md §2.1). Returns how many stored issues changed."""
    changed = 0
    for row in known(session, site, ids).values():
        if deleted.get(row.id) and row.deleted_at is None:
            row.deleted_at = at
            session.execute(
                update(MembershipRow)
                .where(MembershipRow.site == site, MembershipRow.issue_id == row.id, MembershipRow.left_at.is_(None))
                .values(left_at=at)
            )
            changed += 1
        elif not deleted.get(row.id) and row.unseen_at is None and row.deleted_at is None:
            row.unseen_at = at
            changed += 1
    session.flush()
    if changed:
        note_news(session, site)
    return changed


def visible(session: Session, keys: Collection[str]) -> frozenset[str]:
    """Of these issue keys, those that may be shown."""
    shown = IssueRow.hidden.is_(False), IssueRow.unseen_at.is_(None), IssueRow.deleted_at.is_(None)
    found: set[str] = set()
    for batch in batched(sorted(keys), SQL_BATCH):
        found |= set(session.scalars(select(IssueRow.key).where(IssueRow.key.in_(batch), *shown)))
    return frozenset(found)


def as_values(evidence: Iterable[EvidenceRow]) -> list[Evidence]:
    return [rows.evidence(row) for row in evidence]


def _rowcount(session: Session, statement: object) -> int:
    result = session.execute(statement)  # type: ignore[call-overload]
    return int(result.rowcount)
