"""Definitions as columns, table by table, in an order in which every reference exists before it is used."""

from collections.abc import Callable, Mapping
from typing import Any

from app.db.models import (
    CycleRow,
    EvidenceRow,
    KeyResultRow,
    KpiRow,
    MetricRow,
    ObjectiveRow,
    PageRow,
    PersonRow,
    TeamRow,
)
from app.db.models.definitions import Definition
from app.domain.facts import PageDefinition
from app.domain.model import Cycle, Evidence, KeyResult, Kpi, Metric, Objective, Person, Team, Text

Columns = dict[str, Any]


def _text(name: str, text: Text) -> Columns:
    return {f"{name}_ko": text.ko, f"{name}_en": text.en}


def team(item: Team) -> Columns:
    readers = {"people": list(item.readers.people), "groups": list(item.readers.groups)} if item.readers else None
    return {**_text("name", item.name), "parent_id": item.parent_id, "readers": readers}


def person(item: Person) -> Columns:
    return {
        **_text("name", item.name),
        "email": item.email,
        "team_id": item.team_id,
        "account_id": item.account_id,
    }


def cycle(item: Cycle) -> Columns:
    return {"name": item.name, "starts_on": item.starts_on, "ends_on": item.ends_on, "state": item.state.value}


def metric(item: Metric) -> Columns:
    return {
        **_text("name", item.name),
        "unit": item.unit,
        "source": item.source,
        "params": dict(item.params),
    }


def objective(item: Objective) -> Columns:
    kind, supported = item.supports or (None, None)
    return {
        **_text("title", item.title),
        "cycle_id": item.cycle_id,
        "team_id": item.team_id,
        "owner_id": item.owner_id,
        "kind": item.kind.value,
        "rollup": item.rollup.value,
        "supports_kind": kind,
        "supports_id": supported,
        "own_page": item.own_page,
    }


def key_result(item: KeyResult) -> Columns:
    return {
        **_text("title", item.title),
        "objective_id": item.objective_id,
        "owner_id": item.owner_id,
        "metric_id": item.metric_id,
        "mode": item.mode,
        "params": dict(item.params),
        "weight": item.weight,
        "cadence_days": item.cadence_days,
        "hand_health": item.hand_health.value if item.hand_health else None,
        "hand_reason": item.hand_reason,
    }


def kpi(item: Kpi) -> Columns:
    return {
        **_text("title", item.title),
        **_text("action", item.action),
        "metric_id": item.metric_id,
        "mode": item.mode,
        "params": dict(item.params),
        "team_id": item.team_id,
        "person_id": item.person_id,
        "period": item.period.value,
        "corridor_healthy": item.corridor.healthy if item.corridor else None,
        "corridor_watch": item.corridor.watch if item.corridor else None,
        "confidential": item.confidential,
    }


def evidence(item: Evidence) -> Columns:
    return {
        "key_result_id": item.key_result_id,
        "kind": item.kind.value,
        "value": item.value,
        "mode": item.mode.value,
        "link_type": item.link_type,
        "direction": item.direction,
    }


def page(item: PageDefinition) -> Columns:
    return {
        **_text("title", item.title),
        "kind": item.kind,
        "team_id": item.team_id,
        "cycle_id": item.cycle_id,
        "parent_id": item.parent_id,
        "schedule": item.schedule,
        "time_zone": item.time_zone,
        "languages": list(item.languages),
        "objective_id": item.objective_id,
        "sections": list(item.sections),
    }


COLUMNS: Mapping[str, tuple[type[Definition], Callable[[Any], Columns]]] = {
    "teams": (TeamRow, team),
    "people": (PersonRow, person),
    "cycles": (CycleRow, cycle),
    "metrics": (MetricRow, metric),
    "objectives": (ObjectiveRow, objective),
    "key_results": (KeyResultRow, key_result),
    "kpis": (KpiRow, kpi),
    "evidence": (EvidenceRow, evidence),
    "pages": (PageRow, page),
}
