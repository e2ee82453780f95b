"""Loading the facts that reports are computed from: a handful of queries, whatever the number of key results."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Integer, Select, case, cast, false, func, or_, select
from sqlalchemy.orm import Session

from app.db import rows
from app.db.models import (
    ChangeRow,
    CheckInRow,
    CycleRow,
    EvidenceRow,
    IssueRow,
    KeyResultRow,
    KpiRow,
    MeasurementRow,
    MembershipRow,
    MetricRow,
    ObjectiveRow,
    PageRow,
    PersonRow,
    SnapshotRow,
    SyncRow,
    TeamRow,
)
from app.db.models.definitions import Definition
from app.domain.facts import EvidenceIssue, Facts, SiteState, Tally
from app.domain.history import Change, Snapshot
from app.domain.model import (
    NOT_WORK,
    CheckIn,
    Cycle,
    CycleState,
    Evidence,
    EvidenceKind,
    EvidenceMode,
    Health,
    Measurement,
    StatusCategory,
)
from app.domain.report.objectives import IN_FULL
from app.domain.standing import RUNNING
from app.domain.sync_health.keys import keys_in

Row = TypeVar("Row", bound=Definition)
NAMED_BY_KEY = (EvidenceKind.KEYS, EvidenceKind.LINK, EvidenceKind.EPIC)
EVIDENCE_ROWS = IN_FULL.evidence
"""Of each key result: as many as the page that shows the most."""


def facts(
    session: Session,
    time_zone: str,
    *,
    site: str | None = None,
    browse_url: str = "",
    search_url: str = "",
    projects: Collection[str] = (),
) -> Facts:
    """All definitions that are in force and every fact behind them, as one consistent state. `site`: the one that is
    configured; how others once stood is of no interest. `projects`: those that may be shown; none: all."""
    cycles = {row.id: rows.cycle(row) for row in in_force(session, CycleRow)}
    told = [cycle for cycle in cycles.values() if cycle.state in RUNNING] + _unfinished(session, cycles)
    since = min((cycle.starts_on for cycle in told), default=None)
    closed_on = _closed_on(session, time_zone)
    return Facts(
        time_zone=time_zone,
        cycles=cycles,
        teams={row.id: rows.team(row) for row in in_force(session, TeamRow)},
        people={row.id: rows.person(row) for row in in_force(session, PersonRow)},
        metrics={row.id: rows.metric(row) for row in in_force(session, MetricRow)},
        objectives={row.id: rows.objective(row) for row in in_force(session, ObjectiveRow)},
        key_results={row.id: rows.key_result(row) for row in in_force(session, KeyResultRow)},
        kpis={row.id: rows.kpi(row) for row in in_force(session, KpiRow)},
        pages={row.id: rows.page(row) for row in in_force(session, PageRow)},
        evidence=_evidence(session, projects),
        measurements=measurements(session),
        check_ins=_check_ins(session),
        tallies=_tallies(session),
        evidence_issues=_evidence_issues(session, EVIDENCE_ROWS),
        changes=_changes(session, since),
        snapshots=_snapshots(session, _sundays(told)),
        endings=_endings(session, closed_on),
        sites=tuple(
            SiteState(row.site, row.ok_at, row.out_since, row.error)
            for row in session.scalars(select(SyncRow).where(SyncRow.site == site))
        ),
        browse_url=browse_url,
        search_url=search_url,
        closed_on=closed_on,
    )


def in_force(session: Session, table: type[Row]) -> Sequence[Row]:
    """What the file of OKRs says now, in its order."""
    return session.scalars(select(table).where(table.archived_at.is_(None)).order_by(table.position, table.id)).all()


def _evidence(session: Session, projects: Collection[str]) -> dict[str, tuple[Evidence, ...]]:
    """What pages may link to: without the keys of issues that are not to be shown, and queries that name one."""
    hidden = IssueRow.hidden | IssueRow.unseen_at.is_not(None)
    known = {key.upper() for key in session.scalars(select(IssueRow.key).where(hidden))}
    allowed = {project.upper() for project in projects}

    def is_secret(key: str) -> bool:
        return key in known or bool(allowed and key.rpartition("-")[0] not in allowed)

    found: dict[str, list[Evidence]] = defaultdict(list)
    for row in in_force(session, EvidenceRow):
        item = rows.evidence(row)
        if item.kind in NAMED_BY_KEY:
            item = replace(item, value=" ".join(key for key in item.value.split() if not is_secret(key.upper())))
        elif any(map(is_secret, keys_in([item.value]))):
            continue
        if item.value:
            found[row.key_result_id].append(item)
    return {key: tuple(values) for key, values in found.items()}


def measurements(session: Session) -> dict[str, tuple[Measurement, ...]]:
    """Per metric, oldest first, without those that a correction replaced."""
    replaced = select(MeasurementRow.replaces).where(MeasurementRow.replaces.is_not(None))
    question = (
        select(MeasurementRow)
        .where(MeasurementRow.id.not_in(replaced))
        .order_by(MeasurementRow.metric_id, MeasurementRow.at, MeasurementRow.id)
    )
    found: dict[str, list[Measurement]] = defaultdict(list)
    for row in session.scalars(question):
        found[row.metric_id].append(Measurement(row.id, row.metric_id, row.at, row.value, row.by, row.replaces))
    return {key: tuple(values) for key, values in found.items()}


def _check_ins(session: Session) -> dict[str, tuple[CheckIn, ...]]:
    question = (
        select(CheckInRow, MeasurementRow.value)
        .outerjoin(MeasurementRow, MeasurementRow.id == CheckInRow.measurement_id)
        .order_by(CheckInRow.key_result_id, CheckInRow.at, CheckInRow.id)
    )
    found: dict[str, list[CheckIn]] = defaultdict(list)
    for row, value in session.execute(question):
        found[row.key_result_id].append(
            CheckIn(row.id, row.key_result_id, row.at, row.by, row.confidence, row.note, row.blockers, value)
        )
    return {key: tuple(values) for key, values in found.items()}


def _behind_key_results() -> Select[str, str, str, int, int, int]:
    """Each issue once per key result, however many evidence links lead to it."""
    return (
        select(
            EvidenceRow.key_result_id.label("key_result_id"),
            MembershipRow.site.label("site"),
            MembershipRow.issue_id.label("issue_id"),
            func.max(case((MembershipRow.left_at.is_(None), 1), else_=0)).label("present"),
            func.max(cast(MembershipRow.founding, Integer)).label("founding"),
            func.max(case((EvidenceRow.mode == EvidenceMode.CONTRIBUTING, 1), else_=0)).label("contributing"),
        )
        .join(EvidenceRow, EvidenceRow.id == MembershipRow.evidence_id)
        .where(EvidenceRow.archived_at.is_(None))
        .group_by(EvidenceRow.key_result_id, MembershipRow.site, MembershipRow.issue_id)
    )


def _tallies(session: Session) -> dict[str, Tally]:
    link = _behind_key_results().subquery()
    is_work = func.coalesce(func.lower(IssueRow.resolution), "").not_in([one.lower() for one in NOT_WORK])
    there, present = link.c.present == 1, (link.c.present == 1) & is_work
    hidden = IssueRow.hidden | IssueRow.unseen_at.is_not(None)

    def count(condition: object) -> object:
        return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)  # type: ignore[arg-type]

    question = (
        select(
            link.c.key_result_id,
            count(present & (IssueRow.category == StatusCategory.DONE)),  # type: ignore[call-overload]
            count(present),
            count(there & hidden),
            count(there & (link.c.founding == 0)),
            count(link.c.present == 0),
            count(there & ~is_work),
        )
        .join(IssueRow, (IssueRow.site == link.c.site) & (IssueRow.id == link.c.issue_id))
        .group_by(link.c.key_result_id)
    )
    return {row[0]: Tally(*map(int, row[1:])) for row in session.execute(question)}


def _evidence_issues(session: Session, limit: int) -> dict[str, tuple[EvidenceIssue, ...]]:
    """The first rows to show of each key result: contributing ones, then the newest news."""
    link = _behind_key_results().subquery()
    rank = func.row_number().over(
        partition_by=link.c.key_result_id,
        order_by=(link.c.contributing.desc(), IssueRow.changed_at.desc(), IssueRow.key),
    )
    ranked = (
        select(link.c.key_result_id, link.c.contributing, IssueRow.site, IssueRow.id, rank.label("rank"))
        .join(IssueRow, (IssueRow.site == link.c.site) & (IssueRow.id == link.c.issue_id))
        .where(link.c.present == 1, IssueRow.hidden.is_(False), IssueRow.unseen_at.is_(None))
        .subquery()
    )
    question = (
        select(ranked.c.key_result_id, ranked.c.contributing, IssueRow)
        .join(IssueRow, (IssueRow.site == ranked.c.site) & (IssueRow.id == ranked.c.id))
        .where(ranked.c.rank <= limit)
        .order_by(ranked.c.key_result_id, ranked.c.rank)
    )
    found: dict[str, list[EvidenceIssue]] = defaultdict(list)
    for key_result_id, contributing, row in session.execute(question):
        found[key_result_id].append(
            EvidenceIssue(
                key=row.key,
                summary=row.summary,
                status=row.status,
                category=StatusCategory(row.category),
                assignee=row.assignee,
                resolved_at=row.resolved_at,
                changed_at=row.changed_at,
                mode=EvidenceMode.CONTRIBUTING if contributing else EvidenceMode.EVIDENCE,
            )
        )
    return {key: tuple(values) for key, values in found.items()}


def _unfinished(session: Session, cycles: Mapping[str, Cycle]) -> list[Cycle]:
    """Closed cycles with pages that are not written for the last time yet: they still tell of it all."""
    question = select(PageRow.cycle_id).where(PageRow.archived_at.is_(None), PageRow.final_at.is_(None)).distinct()
    unfinished = set(session.scalars(question))
    return [one for one in cycles.values() if one.state is CycleState.CLOSED and one.id in unfinished]


def _closed_on(session: Session, time_zone: str) -> dict[str, date]:
    """The day on which each cycle was closed; one that was closed when it was first applied has none."""
    question = (
        select(ChangeRow.subject_id, func.max(ChangeRow.at))
        .where(ChangeRow.subject == "cycle", ChangeRow.field == "state", ChangeRow.after == CycleState.CLOSED)
        .group_by(ChangeRow.subject_id)
    )
    return {cycle: at.astimezone(ZoneInfo(time_zone)).date() for cycle, at in session.execute(question)}


def _endings(session: Session, closed_on: Mapping[str, date]) -> dict[str, Fraction | None]:
    """The progress of the objectives of closed cycles on the day of the closing, as it was kept then."""
    days = [(ObjectiveRow.cycle_id == cycle) & (SnapshotRow.on == on) for cycle, on in closed_on.items()]
    question = (
        select(SnapshotRow.subject_id, SnapshotRow.progress)
        .join(ObjectiveRow, ObjectiveRow.id == SnapshotRow.subject_id)
        .join(CycleRow, CycleRow.id == ObjectiveRow.cycle_id)
        .where(SnapshotRow.subject == "objective", CycleRow.state == CycleState.CLOSED, or_(false(), *days))
    )
    return {key: progress for key, progress in session.execute(question)}  # noqa: C416


def _changes(session: Session, since: date | None) -> tuple[Change, ...]:
    """Those of objectives, key results and KPIs, which are all that pages tell of."""
    told = ChangeRow.subject.in_(("objective", "key_result", "kpi"))
    question = select(ChangeRow).where(told).order_by(ChangeRow.at, ChangeRow.id)
    if since is not None:
        first = datetime.fromisoformat(f"{since}T00:00:00+00:00") - timedelta(days=15)
        question = question.where(ChangeRow.at >= first)
    return tuple(rows.change(row) for row in session.scalars(question))


def _sundays(cycles: Iterable[Cycle]) -> set[date]:
    """The week ends of these cycles: the only days whose snapshots a page shows."""
    days: set[date] = set()
    for cycle in cycles:
        day = cycle.starts_on + timedelta(days=6 - cycle.starts_on.weekday())
        while day <= cycle.ends_on:
            days.add(day)
            day += timedelta(days=7)
    return days


def _snapshots(session: Session, days: Collection[date]) -> dict[tuple[str, str], tuple[Snapshot, ...]]:
    found: dict[tuple[str, str], list[Snapshot]] = defaultdict(list)
    for row in session.scalars(select(SnapshotRow).where(SnapshotRow.on.in_(days)).order_by(SnapshotRow.on)):
        found[row.subject, row.subject_id].append(
            Snapshot(row.on, row.subject, row.subject_id, row.progress, Health(row.health))
        )
    return {key: tuple(values) for key, values in found.items()}
