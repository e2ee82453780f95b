"""Metrics and their measurements."""

import re
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BeforeValidator, Field
from pydantic.json_schema import SkipJsonSchema

from app.services import measurements
from app.services.measurements import Measured, MetricFound
from app.web.api.wire import Cursor, Exact, Limit, Several, TheWorld, Wire, Words, id_in_path, several
from app.web.problems import problems

router = APIRouter(tags=["Metrics"])
Id = Annotated[str, id_in_path("a metric", "web-conversion")]


def _written_out(text: object) -> object:
    """Seconds since 1970 are no time here, whatever pydantic may read in them."""
    if isinstance(text, str) and not re.match(r"\d{4}-\d\d-\d\d[Tt ]", text):
        raise ValueError("give a time such as 2026-10-01T00:00:00Z")
    return text


Time = Annotated[AwareDatetime, BeforeValidator(_written_out)] | SkipJsonSchema[None]


class Metric(Wire):
    """One measured quantity. Of one that only confidential KPIs or private teams show, name, unit and source are not
    told."""

    id: str = Field(examples=["web-conversion"])
    name: Words
    unit: str | None = Field(examples=["%"])
    source: str | None = Field(description="Where its values come from.", examples=["manual"])
    confidential: bool


class Measurement(Wire):
    """One value at one time. A correction is a measurement of its own; both stay."""

    id: int = Field(examples=[1])
    at: datetime
    value: Exact
    by: str = Field(description="A person's id, or the system that measured it.", examples=["ada"])
    replaces: int | None = Field(description="The measurement that this one corrects.")
    replaced_by: int | None = Field(description="The correction of this one; null: this value counts.")


@router.get("/metrics", summary="List metrics")
def list_metrics(world: TheWorld, cursor: Cursor = 0, limit: Limit = 100) -> Several[Metric]:
    """In the order of `okrs.yaml`; those that one key result alone has come with it."""
    return several(measurements.all_metrics(world, cursor, limit), _metric)


@router.get("/metrics/{id}", summary="Read a metric", responses=problems(404))
def read_metric(world: TheWorld, key: Id) -> Metric:
    """What is measured, in which unit, and where the values come from."""
    return _metric(measurements.metric(world, key))


@router.get("/metrics/{id}/measurements", summary="List measurements", responses=problems(404))
def list_measurements(
    world: TheWorld,
    key: Id,
    since: Annotated[Time, Query(description="Those measured then or later.")] = None,
    until: Annotated[Time, Query(description="Those measured before.")] = None,
    cursor: Cursor = 0,
    limit: Limit = 100,
) -> Several[Measurement]:
    """In the order in which they were written down. 403: only confidential KPIs show this metric."""
    return several(measurements.of_metric(world, key, cursor, limit, since=since, until=until), _measurement)


def _metric(found: MetricFound) -> Metric:
    one, secret = found.definition, found.confidential
    return Metric(
        id=one.id,
        name=Words(ko=one.id, en=one.id) if secret else one.name,
        unit=None if secret else one.unit,
        source=None if secret else one.source,
        confidential=secret,
    )


def _measurement(found: Measured) -> Measurement:
    one = found.measurement
    return Measurement(
        id=one.id, at=one.at, value=one.value, by=one.by, replaces=one.replaces, replaced_by=found.replaced_by
    )
