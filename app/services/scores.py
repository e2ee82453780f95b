"""What follows from new facts: metrics that Jira work measures, today's snapshot, and changes of health."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db import issues, load
from app.db.models import ChangeRow, MeasurementRow, MetricRow, SnapshotRow
from app.domain.facts import Facts
from app.domain.history import Snapshot
from app.domain.kpi import Standing
from app.domain.model import Health
from app.domain.report.news import HEALTH
from app.domain.report.private import without
from app.domain.report.scope import SCORED, objectives_of
from app.domain.standing import Standings, assess_kpi, evaluate, of_page
from app.services.sources import SOURCES
from app.world import World

SNAPSHOT = "snapshot"
LOOK_BACK = 100
"""Days in which a snapshot before today's is looked for: longer than any gap of a running cycle."""
KPI_HEALTH = {
    Standing.HEALTHY: Health.ON_TRACK,
    Standing.WATCH: Health.AT_RISK,
    Standing.UNHEALTHY: Health.OFF_TRACK,
    Standing.UNKNOWN: Health.PENDING,
}
"""A corridor in the words of health, so that all snapshots are of one kind."""
BY = "Jira"


def measure(world: World) -> int:
    """Measure every metric whose value lies in our store; a value equal to the last one is not written again.

    Returns how many new values there are. Health and today's snapshot follow.
    """
    new = 0
    with world.session() as session:
        for metric in session.scalars(select(MetricRow).where(MetricRow.archived_at.is_(None))):
            source = SOURCES[metric.source].measure
            value = source(session, metric.id, metric.unit, metric.params) if source else None
            if value is not None and value != _latest(session, metric.id):
                session.add(MeasurementRow(metric_id=metric.id, at=world.now(), value=value, by=BY))
                new += 1
    record(world)
    return new


def _latest(session: Session, metric_id: str) -> Decimal | None:
    question = (
        select(MeasurementRow.value)
        .where(MeasurementRow.metric_id == metric_id)
        .order_by(MeasurementRow.at.desc(), MeasurementRow.id.desc())
        .limit(1)
    )
    return session.scalar(question)


def record(world: World) -> None:
    """Keep how everything stands today, and write a change of health into the history.

    The snapshot of a day is brought up to date until the day is over; earlier days are never touched.
    """
    today = world.today()
    with world.session() as session:
        issues.one_at_a_time(session)
        facts = load.facts(session, world.settings.time_zone, site=world.jira.site if world.jira else None)
        now = _standing_now(facts, evaluate(facts, today))
        before = _latest_snapshots(session, today)
        changes = [
            ChangeRow(
                at=world.now(),
                by="plainsight",
                subject=key[0],
                subject_id=key[1],
                field=HEALTH,
                before=before[key].health,
                after=one.health,
                reason="",
            )
            for key, one in now.items()
            if key[0] in ("key_result", "kpi") and key in before and before[key].health != one.health
        ]
        session.add_all(changes)
        kept = {
            (row.subject, row.subject_id): row
            for row in session.scalars(select(SnapshotRow).where(SnapshotRow.on == today))
        }
        for key, one in now.items():
            row = kept.get(key)
            if row is None:
                session.add(
                    SnapshotRow(on=today, subject=key[0], subject_id=key[1], progress=one.progress, health=one.health)
                )
            elif (row.progress, row.health) != (one.progress, one.health.value):
                row.progress, row.health = one.progress, one.health.value


def _latest_snapshots(session: Session, today: date) -> dict[tuple[str, str], SnapshotRow]:
    """The newest snapshot of each subject, today's included."""
    newest = (
        select(SnapshotRow.subject, SnapshotRow.subject_id, func.max(SnapshotRow.on).label("on"))
        .where(SnapshotRow.on <= today, SnapshotRow.on >= today - timedelta(days=LOOK_BACK))
        .group_by(SnapshotRow.subject, SnapshotRow.subject_id)
        .subquery()
    )
    question = select(SnapshotRow).join(
        newest,
        (SnapshotRow.subject == newest.c.subject)
        & (SnapshotRow.subject_id == newest.c.subject_id)
        & (SnapshotRow.on == newest.c.on),
    )
    return {(row.subject, row.subject_id): row for row in session.scalars(question)}


def _standing_now(facts: Facts, standings: Standings) -> dict[tuple[str, str], Snapshot]:
    """Key results, objectives, KPIs, and pages by the objectives that they tell of, by kind and id."""
    found: dict[tuple[str, str], Snapshot] = {}

    def keep(subject: str, subject_id: str, progress: Fraction | None, health: Health) -> None:
        found[subject, subject_id] = Snapshot(standings.today, subject, subject_id, progress, health)

    for key, one in standings.key_results.items():
        keep("key_result", key, one.score.progress, one.verdict.health)
    for key, objective in standings.objectives.items():
        keep("objective", key, objective.rolled.progress, objective.verdict.health)
    for kpi in facts.kpis.values():
        _, stands = assess_kpi(facts, kpi, standings.today)
        keep("kpi", kpi.id, stands.score.progress, KPI_HEALTH[stands.standing])
    for page in facts.pages.values():
        told = objectives_of(without(facts, page), page) if page.kind in SCORED else []
        mine = [one for one in told if one.id in standings.objectives]
        if mine:
            whole = of_page(mine, standings)
            keep("page", page.id, whole.rolled.progress, whole.verdict.health)
    return found
