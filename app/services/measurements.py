"""Metrics and their measurements as they were written down, but for those that only confidential KPIs, or private
teams, show."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, aliased

from app.db import load, private, rows
from app.db.models import CycleRow, KeyResultRow, KpiRow, MeasurementRow, MetricRow, ObjectiveRow
from app.domain.model import CycleState, Measurement, Metric
from app.errors import Denied, Missing
from app.services import listing
from app.services.listing import Part
from app.world import World


@dataclass(frozen=True)
class MetricFound:
    """`confidential`: nobody is told what was measured."""

    definition: Metric
    confidential: bool


@dataclass(frozen=True)
class Measured:
    """`replaced_by` is the id of its correction; one that has none stands."""

    measurement: Measurement
    replaced_by: int | None


def all_metrics(world: World, cursor: int, limit: int) -> Part[MetricFound]:
    """In the order of the file."""
    with world.reading() as session:
        secret = confidential(session)
        found = [MetricFound(rows.metric(row), row.id in secret) for row in load.in_force(session, MetricRow)]
    return listing.of_all(found, cursor, limit)


def metric(world: World, key: str) -> MetricFound:
    """Missing: there is no such metric."""
    with world.reading() as session:
        return _found(session, key)


def of_metric(
    world: World,
    key: str,
    cursor: int,
    limit: int,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Part[Measured]:
    """In the order in which they were written down, so that a correction follows what it corrects; those measured
    from `since` on and before `until` (both aware). Missing: no such metric. Denied: it is confidential."""
    correction = aliased(MeasurementRow)
    replaced_by = (
        select(correction.id).where(correction.replaces == MeasurementRow.id).order_by(correction.id.desc()).limit(1)
    )
    question = (
        select(MeasurementRow, replaced_by.scalar_subquery())
        .where(MeasurementRow.metric_id == key, MeasurementRow.id > cursor, *_between(since, until))
        .order_by(MeasurementRow.id)
        .limit(limit + 1)
    )
    with world.reading() as session:
        if _found(session, key).confidential:
            raise Denied(f"The metric {key!r} is confidential, or a private team's: its values are told nowhere.")
        found = [Measured(_measurement(row), by) for row, by in session.execute(question)]
    return listing.of_rows(found, limit, lambda one: one.measurement.id)


def _between(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    conditions = []
    if since is not None:
        conditions.append(MeasurementRow.at >= _utc(since))
    if until is not None:
        conditions.append(MeasurementRow.at < _utc(until))
    return conditions


def _utc(at: datetime) -> datetime:
    """At the ends of the calendar a zone may lead out of it."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return at.replace(tzinfo=UTC)


def _found(session: Session, key: str) -> MetricFound:
    row = session.get(MetricRow, key)
    if row is None or row.archived_at is not None:
        raise Missing(f"There is no metric {key!r}. `GET /api/v1/metrics` lists them.")
    return MetricFound(rows.metric(row), key in confidential(session))


def confidential(session: Session) -> set[str]:
    """Metrics of confidential KPIs and of private teams, archived ones too, that neither a running key result nor
    another KPI shows to everybody."""
    kpis, key_results = private.kpis(session), private.key_results(session)
    secret = set(session.scalars(select(KpiRow.metric_id).where(KpiRow.confidential | KpiRow.id.in_(kpis))))
    secret |= set(session.scalars(select(KeyResultRow.metric_id).where(KeyResultRow.id.in_(key_results))))
    told = ~KpiRow.confidential & KpiRow.archived_at.is_(None) & KpiRow.id.not_in(kpis)
    shown = set(session.scalars(select(KpiRow.metric_id).where(told)))
    running = (
        select(KeyResultRow.metric_id)
        .join(ObjectiveRow, ObjectiveRow.id == KeyResultRow.objective_id)
        .join(CycleRow, CycleRow.id == ObjectiveRow.cycle_id)
        .where(KeyResultRow.archived_at.is_(None), ObjectiveRow.archived_at.is_(None), CycleRow.archived_at.is_(None))
        .where(KeyResultRow.id.not_in(key_results))
        .where(CycleRow.state.in_((CycleState.OPEN, CycleState.LOCKED)))
    )
    return secret - shown - set(session.scalars(running))


def _measurement(row: MeasurementRow) -> Measurement:
    return Measurement(row.id, row.metric_id, row.at, row.value, row.by, row.replaces)
