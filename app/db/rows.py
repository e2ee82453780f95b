"""Rows to domain values and back: the one place that knows both shapes."""

from dataclasses import asdict
from typing import Any

from app.db.models import (
    ChangeRow,
    CycleRow,
    EvidenceRow,
    IssueRow,
    KeyResultRow,
    KpiRow,
    MetricRow,
    ObjectiveRow,
    PageRow,
    PersonRow,
    TeamRow,
)
from app.domain.facts import PageDefinition
from app.domain.history import Change
from app.domain.model import (
    Corridor,
    Cycle,
    CycleState,
    Evidence,
    EvidenceKind,
    EvidenceMode,
    Health,
    Issue,
    IssueLink,
    KeyResult,
    Kpi,
    Metric,
    Objective,
    ObjectiveKind,
    Period,
    Person,
    Readers,
    Rollup,
    StatusCategory,
    Team,
    Text,
)


def team(row: TeamRow) -> Team:
    readers = Readers(tuple(row.readers["people"]), tuple(row.readers["groups"])) if row.readers else None
    return Team(row.id, Text(row.name_ko, row.name_en), row.parent_id, readers)


def person(row: PersonRow) -> Person:
    return Person(row.id, Text(row.name_ko, row.name_en), row.email, row.team_id, row.account_id)


def cycle(row: CycleRow) -> Cycle:
    return Cycle(row.id, row.name, row.starts_on, row.ends_on, CycleState(row.state))


def metric(row: MetricRow) -> Metric:
    return Metric(row.id, Text(row.name_ko, row.name_en), row.unit, row.source, row.params)


def objective(row: ObjectiveRow) -> Objective:
    supports = (row.supports_kind, row.supports_id) if row.supports_kind and row.supports_id else None
    return Objective(
        id=row.id,
        cycle_id=row.cycle_id,
        team_id=row.team_id,
        title=Text(row.title_ko, row.title_en),
        owner_id=row.owner_id,
        kind=ObjectiveKind(row.kind),
        rollup=Rollup(row.rollup),
        supports=supports,
        own_page=row.own_page,
        position=row.position,
    )


def key_result(row: KeyResultRow) -> KeyResult:
    return KeyResult(
        id=row.id,
        objective_id=row.objective_id,
        title=Text(row.title_ko, row.title_en),
        owner_id=row.owner_id,
        metric_id=row.metric_id,
        mode=row.mode,
        params=row.params,
        weight=row.weight,
        cadence_days=row.cadence_days,
        position=row.position,
        hand_health=Health(row.hand_health) if row.hand_health else None,
        hand_reason=row.hand_reason,
    )


def kpi(row: KpiRow) -> Kpi:
    limits = row.corridor_healthy, row.corridor_watch
    return Kpi(
        id=row.id,
        title=Text(row.title_ko, row.title_en),
        metric_id=row.metric_id,
        mode=row.mode,
        params=row.params,
        team_id=row.team_id,
        person_id=row.person_id,
        period=Period(row.period),
        corridor=Corridor(limits[0], limits[1]) if limits[0] is not None and limits[1] is not None else None,
        action=Text(row.action_ko, row.action_en),
        confidential=row.confidential,
        position=row.position,
    )


def evidence(row: EvidenceRow) -> Evidence:
    return Evidence(
        id=row.id,
        key_result_id=row.key_result_id,
        kind=EvidenceKind(row.kind),
        value=row.value,
        mode=EvidenceMode(row.mode),
        link_type=row.link_type,
        direction=row.direction,
        anchor_id=row.anchor_id,
    )


def page(row: PageRow) -> PageDefinition:
    return PageDefinition(
        id=row.id,
        kind=row.kind,
        title=Text(row.title_ko, row.title_en),
        team_id=row.team_id,
        cycle_id=row.cycle_id,
        parent_id=row.parent_id,
        schedule=row.schedule,
        time_zone=row.time_zone,
        languages=tuple(row.languages),
        position=row.position,
        objective_id=row.objective_id,
        sections=tuple(row.sections),
    )


def change(row: ChangeRow) -> Change:
    return Change(row.id, row.at, row.by, row.subject, row.subject_id, row.field, row.before, row.after, row.reason)


def issue(row: IssueRow) -> Issue:
    return Issue(
        id=row.id,
        key=row.key,
        project=row.project,
        summary=row.summary,
        status=row.status,
        category=StatusCategory(row.category),
        updated_at=row.updated_at,
        type_name=row.type_name,
        type_level=row.type_level,
        created_at=row.created_at,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
        assignee=row.assignee,
        labels=tuple(row.labels),
        parent_id=row.parent_id,
        subtask_ids=tuple(row.subtask_ids),
        links=tuple(IssueLink(**link) for link in row.links),
        points=row.points,
        hidden=row.hidden,
    )


def issue_columns(value: Issue) -> dict[str, Any]:
    """The columns of an issue as asked from Jira just now: seen, and not deleted."""
    columns = {name: getattr(value, name) for name in value.__dataclass_fields__}
    return columns | {
        "category": value.category.value,
        "labels": list(value.labels),
        "subtask_ids": list(value.subtask_ids),
        "links": [asdict(link) for link in value.links],
        "deleted_at": None,
        "unseen_at": None,
    }
