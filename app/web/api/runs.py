"""Runs of sync, drain, publish and the like, with what they counted; and syncing now."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.services import on_demand, runs, sync
from app.web.access import may_write
from app.web.api.wire import Cursor, Limit, RowId, Several, TheWorld, Wire, several
from app.web.problems import problems

router = APIRouter(tags=["Runs"])
Kind = Annotated[str, Field(pattern="^[a-z_]{1,32}$")] | SkipJsonSchema[None]


class Run(Wire):
    """A run that ended. `counts` say what became of how many, by names that depend on the kind."""

    id: int = Field(examples=[1])
    kind: str = Field(examples=["poll"])
    started_at: datetime
    finished_at: datetime | None
    counts: dict[str, Any] = Field(examples=[{"stored": 4, "measured": 1}])
    error: str = Field(description="Why it failed; empty: it did not.", examples=[""])


class SyncAccepted(Wire):
    """It will be done soon; what to look at then."""

    watch: str = Field(description="Where the run will be told once it has ended.", examples=["/api/v1/runs?kind=poll"])


@router.get("/runs", summary="List runs")
def list_runs(
    world: TheWorld,
    kind: Annotated[Kind, Query(description="Only runs of this job.")] = None,
    cursor: Cursor = 0,
    limit: Limit = 100,
) -> Several[Run]:
    """The last first. How long they are kept is set by `PLAINSIGHT_KEEP_RUNS_DAYS`."""
    return several(runs.latest(world, kind, cursor, limit), Run.model_validate)


@router.get("/runs/{id}", summary="Read a run", responses=problems(404))
def read_run(world: TheWorld, number: RowId) -> Run:
    """404: there is none, or none any more."""
    return Run.model_validate(runs.one(world, number))


@router.post("/sync", summary="Sync now", status_code=202, dependencies=[Depends(may_write)], responses=problems(409))
def sync_now(world: TheWorld) -> SyncAccepted:
    """Wakes the job that asks Jira what changed. 409: no Jira is configured."""
    on_demand.sync_now(world)
    return SyncAccepted(watch=f"/api/v1/runs?kind={sync.POLL}")
