"""Check-ins: read them, and check in."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from app.services import checkins
from app.web.access import may_write
from app.web.api.exact import ExactRoute
from app.web.api.wire import (
    ID,
    LONGEST_ID,
    Cursor,
    Exact,
    Limit,
    RowId,
    Several,
    TheWorld,
    Wire,
    id_in_path,
    several,
)
from app.web.problems import problems

router = APIRouter(tags=["Check-ins"], route_class=ExactRoute)
KeyResultId = Annotated[str, id_in_path("a key result", "KR-1")]
NUMBER = r"^-?[0-9]{1,12}(\.[0-9]{1,6})?$"
LARGEST = 999_999_999_999
SAYS_SOMETHING = [
    {"required": ["value"]},
    {"required": ["confidence"]},
    {"required": ["note"], "properties": {"note": {"minLength": 1}}},
    {"required": ["blockers"], "properties": {"blockers": {"minLength": 1}}},
]


def _decimal(given: object) -> Decimal:
    """A number, or a text of its digits. What a bool is, nobody knows."""
    if isinstance(given, str) and re.fullmatch(NUMBER, given, re.ASCII):
        return Decimal(given)
    if isinstance(given, int | Decimal) and not isinstance(given, bool):
        number = Decimal(given)
        if number.copy_abs() <= LARGEST:
            return number
    raise ValueError('give a number such as 2.5 or "2.5", with at most 12 digits before the point and 6 after it')


Value = Annotated[
    Decimal,
    BeforeValidator(_decimal),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": -LARGEST, "maximum": LARGEST, "multipleOf": 0.000001},
                {"type": "string", "pattern": NUMBER},
            ],
            "description": "The value now, in the metric's unit, where people measure it.",
            "examples": ["8.5"],
        }
    ),
]


def _without_defaults(schema: dict[str, Any]) -> None:
    """What may be left out has no default that could be sent; and at least one thing must be said."""
    for one in schema["properties"].values():
        one.pop("default", None)
    schema["anyOf"] = SAYS_SOMETHING


class NewCheckIn(BaseModel):
    """A check-in: a value, a confidence, a note or blockers, at least one of them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_defaults)

    # None: not given. It is not among the types, so that a null that is sent is refused.
    value: Value = Field(default=None)  # type: ignore[assignment]
    confidence: int = Field(  # type: ignore[assignment]
        default=None, strict=True, ge=0, le=10, description="0 to 10.", examples=[6]
    )
    note: str = Field(default="", max_length=checkins.MOST_WORDS, description="What happened.")
    blockers: str = Field(default="", max_length=checkins.MOST_WORDS, description="What is in the way.")
    by: str = Field(
        default="",
        pattern=ID,
        max_length=LONGEST_ID,
        description="The person's id; the key result's owner by default.",
        examples=["ada"],
    )


class CheckIn(Wire):
    """What somebody said of a key result at one time."""

    id: int = Field(examples=[1])
    key_result_id: str = Field(examples=["KR-1"])
    at: datetime
    by: str = Field(description="A person's id.", examples=["ada"])
    value: Exact | None = Field(description="The value that it carried.")
    confidence: int | None = Field(examples=[6])
    note: str = Field(examples=["Calls to every customer who left."])
    blockers: str = Field(examples=["Nobody answers."])


@router.get("/key-results/{id}/check-ins", summary="List check-ins", responses=problems(404))
def list_check_ins(world: TheWorld, key: KeyResultId, cursor: Cursor = 0, limit: Limit = 100) -> Several[CheckIn]:
    """What was said of a key result, the last first."""
    return several(checkins.of_key_result(world, key, cursor, limit), CheckIn.model_validate)


@router.post(
    "/key-results/{id}/check-ins",
    summary="Check in",
    status_code=201,
    dependencies=[Depends(may_write)],
    responses={
        201: {
            "description": "The check-in as it was stored; the pages follow.",
            "headers": {"Location": {"description": "Its address.", "schema": {"type": "string"}}},
        },
        **problems(404, 409, 413),
    },
)
def check_in(world: TheWorld, key: KeyResultId, said: NewCheckIn, response: Response) -> CheckIn:
    """Notes it down now; a value becomes a measurement of the key result's metric. 409: its cycle is closed, or its
    value does not come from people. 422 also for a person who is not in `okrs.yaml`."""
    stored = checkins.check_in(
        world,
        key,
        "" if said.value is None else said.value,
        confidence=said.confidence,
        note=said.note,
        blockers=said.blockers,
        by=said.by,
    )
    response.headers["Location"] = f"/api/v1/check-ins/{stored.id}"
    return CheckIn.model_validate(stored)


@router.get("/check-ins/{id}", summary="Read a check-in", responses=problems(404))
def read_check_in(world: TheWorld, number: RowId) -> CheckIn:
    """By the number that checking in gave it."""
    return CheckIn.model_validate(checkins.one(world, number))
