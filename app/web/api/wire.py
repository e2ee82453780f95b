"""What the API's questions and answers are made of: ids, cursors, numbers as they are sent, texts, parts of lists."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Generic, Literal, TypeVar

from fastapi import Depends, Path, Query, Request
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from app.domain.lines import Line
from app.domain.numbers import twelve_places
from app.render import render_line
from app.services.listing import Part
from app.world import World

T = TypeVar("T")
U = TypeVar("U")
ID = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
LONGEST_ID = 100
MOST = 500
LAST = 2**31 - 1
"""The largest number of a row."""


def _world(request: Request) -> World:
    world: World = request.app.state.world
    return world


TheWorld = Annotated[World, Depends(_world)]


def _digits(value: object) -> object:
    """A Decimal by its digits, without trailing zeros: 8.500000 is 8.5."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _number(value: object) -> object:
    """A Fraction to 12 places, as it is stored, and a Decimal as it is shown: the nearest double prints alike."""
    if isinstance(value, Fraction):
        value = twelve_places(value)
    return float(value) if isinstance(value, Decimal) else value


Exact = Annotated[str, BeforeValidator(_digits), Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$", examples=["8.5"])]
"""A number in full, as a text, because JSON's numbers lose digits in most languages."""
Ratio = Annotated[float, BeforeValidator(_number), Field(examples=[0.6])]


def id_in_path(what: str, example: str) -> Any:
    """`id` on the wire."""
    return Path(alias="id", pattern=ID, max_length=LONGEST_ID, description=f"Id of {what}.", examples=[example])


def id_in_query(what: str, example: str) -> Any:
    """For an IdOrAll."""
    return Query(description=f"Only those of {what}.", examples=[example])


IdOrAll = Annotated[str, Field(pattern=ID, max_length=LONGEST_ID)] | SkipJsonSchema[None]
RowId = Annotated[int, Path(alias="id", ge=1, le=LAST, description="Its number.", examples=[1])]
Cursor = Annotated[int, Query(ge=0, le=LAST, description="`next_cursor` of the part before; 0: from the start.")]
Limit = Annotated[int, Query(ge=1, le=MOST, description="How many at most.")]
Language = Annotated[Literal["en", "ko"], Query(description="Language of the sentences.")]


class Wire(BaseModel):
    """Any object of the API; built from a value with the same attributes."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


class Words(Wire):
    """A text in both languages; one of them may be empty."""

    ko: str = Field(examples=["고객이 남는다"])
    en: str = Field(examples=["Customers stay"])


class Health(Wire):
    """Where something stands against what is expected by now."""

    state: Literal["off_track", "at_risk", "outdated", "pending", "on_track", "done"] = Field(examples=["at_risk"])
    was: str | None = Field(None, description="Of something outdated: the last state that was known.")
    reason: str = Field(description="Why, in one sentence.", examples=["0.3 ÷ 0.5 expected by now = 0.6"])


class Explanation(Wire):
    """How a score came about: the sentences that the page shows, the title first."""

    id: str = Field(examples=["KR-1"])
    lines: list[str] = Field(examples=[["Churn from 10 % to 5 %", "Now 8.5%, measured on 18 Nov by Ada."]])


class Several(Wire, Generic[T]):
    """A part of a list."""

    items: list[T]
    next_cursor: int | None = Field(description="Ask for the next part with this `cursor`; null: there is none.")


def several(part: Part[U], model: Callable[[U], T]) -> Several[T]:
    """A part of a list with each of its values as the API tells it."""
    return Several(items=[model(one) for one in part.items], next_cursor=part.after)


def sentence(line: Line, language: str, world: World) -> str:
    """One sentence in the words of the page."""
    return render_line(line, language, world.settings.time_zone)


def health(state: str, was: str | None, reason: Line, language: str, world: World) -> Health:
    """A verdict with its reason in words."""
    return Health(state=state, was=was, reason=sentence(reason, language, world))
