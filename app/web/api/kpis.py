"""KPIs as the board shows them; a confidential one exists, and that is all that is told."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from app.domain.views import KpiView
from app.services import explain, lookup
from app.services.lookup import KpiFound
from app.web.api.wire import (
    Cursor,
    Exact,
    Explanation,
    IdOrAll,
    Language,
    Limit,
    Ratio,
    Several,
    TheWorld,
    Wire,
    Words,
    id_in_path,
    id_in_query,
    sentence,
    several,
)
from app.web.problems import problems
from app.world import World

router = APIRouter(tags=["KPIs"])
Id = Annotated[str, id_in_path("a KPI", "KPI-1")]


class Corridor(Wire):
    """Where a value is healthy and where it is to be watched; beyond both it is unhealthy."""

    healthy: Exact
    watch: Exact


class KpiStanding(Wire):
    """How a KPI stands today. Values are in its unit; what is unknown is null, never zero."""

    start: Exact | None
    target: Exact | None
    now: Exact | None
    now_period: str | None = Field(description="The period of the newest value.", examples=["2026-10"])
    previous: Exact | None = Field(description="The value of the period before.")
    progress: Ratio | None = Field(description="0 to 1, to 12 places.", examples=[0.3])
    score: Ratio | None = Field(description="The same as the page shows it, to one place.")
    state: Literal["healthy", "watch", "unhealthy", "unknown"]
    reason: str = Field(description="Why, in one sentence.")
    trend: list[Exact | None] = Field(description="Its last 12 periods, the oldest first.")


class Kpi(Wire):
    """A KPI, and how it stands; for a confidential one everything but its title, owner and period is null."""

    id: str = Field(examples=["KPI-1"])
    title: Words
    team_id: str | None = Field(examples=["sales"])
    person_id: str | None = Field(description="Where it belongs to a person.", examples=["ada"])
    period: Literal["week", "month", "quarter"]
    confidential: bool
    metric_id: str | None = Field(examples=["contract-value"])
    unit: str | None = Field(examples=["USD"])
    mode: str | None = Field(examples=["from_to"])
    corridor: Corridor | None
    action: Words | None = Field(description="What is being done about it.")
    standing: KpiStanding | None


@router.get("/kpis", summary="List KPIs", responses=problems(404))
def list_kpis(
    world: TheWorld,
    team: Annotated[IdOrAll, id_in_query("this team and its people", "sales")] = None,
    language: Language = "en",
    cursor: Cursor = 0,
    limit: Limit = 100,
) -> Several[Kpi]:
    """In the order of `okrs.yaml`. 404: there is no such team."""
    return several(lookup.all_kpis(world, cursor, limit, team=team), lambda one: _kpi(world, one, language))


@router.get("/kpis/{id}", summary="Read a KPI", responses=problems(404))
def read_kpi(world: TheWorld, key: Id, language: Language = "en") -> Kpi:
    """With the reason for its state in the language."""
    return _kpi(world, lookup.kpi(world, key), language)


@router.get("/kpis/{id}/explanation", summary="Explain a KPI's score", responses=problems(404))
def explain_kpi(world: TheWorld, key: Id, language: Language = "en") -> Explanation:
    """The formula with its numbers, line by line, equal to what the page says; of a confidential one the title only."""
    return Explanation(id=key, lines=explain.explain(world, key, language, kind="KPI", to_everybody=True))


def _kpi(world: World, found: KpiFound, language: str) -> Kpi:
    one, view = found.definition, found.view
    return Kpi(
        id=one.id,
        title=one.title,
        team_id=one.team_id,
        person_id=one.person_id,
        period=one.period,
        confidential=one.confidential,
        metric_id=one.metric_id or None,
        unit=None if one.confidential else view.unit,
        mode=one.mode or None,
        corridor=one.corridor,
        action=None if one.confidential else one.action,
        standing=None if one.confidential else _standing(world, view, language),
    )


def _standing(world: World, view: KpiView, language: str) -> KpiStanding:
    """The reason of the state is the last line of why."""
    return KpiStanding(
        start=view.start,
        target=view.target,
        now=view.now,
        now_period=view.now_period,
        previous=view.previous,
        progress=view.progress,
        score=view.score,
        state=view.corridor,
        reason=sentence(view.why[-1], language, world),
        trend=view.trend,
    )
