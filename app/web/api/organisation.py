"""Cycles, teams and people."""

from datetime import date
from typing import Literal

from fastapi import APIRouter
from pydantic import Field

from app.services import lookup
from app.web.api.wire import Cursor, Limit, Several, TheWorld, Wire, Words, several

router = APIRouter(tags=["Organisation"])


class Cycle(Wire):
    """A time box; both days belong to it."""

    id: str = Field(examples=["2026-Q4"])
    name: str = Field(examples=["2026-Q4"])
    starts_on: date
    ends_on: date
    state: Literal["draft", "open", "locked", "closed"] = Field(description="Only open and locked ones are measured.")


class Team(Wire):
    """A team, and where it stands in the organisation."""

    id: str = Field(examples=["blue"])
    name: Words
    parent_id: str | None = Field(description="The team above it.", examples=["company"])


class Person(Wire):
    """Somebody who owns a key result or a KPI. E-mail addresses stay with us."""

    id: str = Field(examples=["ada"])
    name: Words
    team_id: str | None = Field(examples=["blue"])


@router.get("/cycles", summary="List cycles")
def list_cycles(world: TheWorld, cursor: Cursor = 0, limit: Limit = 100) -> Several[Cycle]:
    """In the order of `okrs.yaml`."""
    return several(lookup.cycles(world, cursor, limit), Cycle.model_validate)


@router.get("/teams", summary="List teams")
def list_teams(world: TheWorld, cursor: Cursor = 0, limit: Limit = 100) -> Several[Team]:
    """In the order of `okrs.yaml`."""
    return several(lookup.teams(world, cursor, limit), Team.model_validate)


@router.get("/people", summary="List people")
def list_people(world: TheWorld, cursor: Cursor = 0, limit: Limit = 100) -> Several[Person]:
    """In the order of `okrs.yaml`."""
    return several(lookup.people(world, cursor, limit), Person.model_validate)
