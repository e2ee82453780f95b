"""Objectives with their key results, as the pages show them."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from app.domain.views import ObjectiveView
from app.services import explain, lookup
from app.services.lookup import ObjectiveFound
from app.web.api.key_results import KeyResult, key_result
from app.web.api.wire import (
    Cursor,
    Explanation,
    Health,
    IdOrAll,
    Language,
    Limit,
    Ratio,
    Several,
    TheWorld,
    Wire,
    Words,
    health,
    id_in_path,
    id_in_query,
    several,
)
from app.web.problems import problems
from app.world import World

router = APIRouter(tags=["OKRs"])
Id = Annotated[str, id_in_path("an objective", "O-1")]


class Reference(Wire):
    """An objective or a key result, by its id."""

    kind: Literal["objective", "key_result"]
    id: str = Field(examples=["KR-1"])


class ObjectiveStanding(Wire):
    """What its key results come to today; what is unknown is null, never zero."""

    progress: Ratio | None = Field(description="0 to 1, to 12 places.", examples=[0.3])
    score: Ratio | None = Field(description="The same as the page shows it, to one place.")
    expected: Ratio | None = Field(description="The progress that is expected by now, to one place.", examples=[0.5])
    measured: int = Field(description="How many of its key results have a progress.", examples=[1])
    health: Health
    supported_by: list[Reference] = Field(description="The objectives that contribute to it.")


class Objective(Wire):
    """An objective, and how it stands; null while its cycle is a draft, and once that is closed."""

    id: str = Field(examples=["O-1"])
    cycle_id: str = Field(examples=["2026-Q4"])
    team_id: str = Field(examples=["blue"])
    owner_id: str | None = Field(examples=["ada"])
    title: Words
    kind: Literal["aspirational", "committed"]
    rollup: Literal["weighted_mean", "mean", "weakest"]
    supports: Reference | None = Field(description="What it contributes to.")
    standing: ObjectiveStanding | None
    key_results: list[KeyResult]


@router.get("/objectives", summary="List objectives", responses=problems(404))
def list_objectives(
    world: TheWorld,
    cycle: Annotated[IdOrAll, id_in_query("this cycle", "2026-Q4")] = None,
    team: Annotated[IdOrAll, id_in_query("this team", "blue")] = None,
    language: Language = "en",
    cursor: Cursor = 0,
    limit: Limit = 100,
) -> Several[Objective]:
    """In the order of `okrs.yaml`, with their key results. 404: there is no such cycle or team."""
    found = lookup.all_objectives(world, cursor, limit, cycle=cycle, team=team)
    return several(found, lambda one: _objective(world, one, language))


@router.get("/objectives/{id}", summary="Read an objective", responses=problems(404))
def read_objective(world: TheWorld, key: Id, language: Language = "en") -> Objective:
    """With its key results, and the reasons for their health in the language."""
    return _objective(world, lookup.objective(world, key), language)


@router.get("/objectives/{id}/explanation", summary="Explain an objective's score", responses=problems(404))
def explain_objective(world: TheWorld, key: Id, language: Language = "en") -> Explanation:
    """How the score is rolled up from the key results, line by line, equal to what the page says."""
    return Explanation(id=key, lines=explain.explain(world, key, language, kind="objective", to_everybody=True))


def _objective(world: World, found: ObjectiveFound, language: str) -> Objective:
    one, view = found.definition, found.view
    return Objective(
        id=one.id,
        cycle_id=one.cycle_id,
        team_id=one.team_id,
        owner_id=one.owner_id,
        title=one.title,
        kind=one.kind,
        rollup=one.rollup,
        supports=dict(zip(("kind", "id"), one.supports, strict=True)) if one.supports else None,
        standing=_standing(world, view, language) if view else None,
        key_results=[key_result(world, each, language) for each in found.key_results],
    )


def _standing(world: World, view: ObjectiveView, language: str) -> ObjectiveStanding:
    return ObjectiveStanding(
        progress=view.progress,
        score=view.score,
        expected=view.expected,
        measured=view.measured,
        health=health(view.health, None, view.why[-1], language, world),
        supported_by=[Reference(kind=one.kind, id=one.id) for one in view.supported_by],
    )
