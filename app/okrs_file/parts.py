"""What the items of `okrs.yaml` are made of: ids, texts in two languages, days and times."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PrivateAttr,
    Tag,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.domain.model import Text
from app.okrs_file.document import Block

# Reports an item that does not fit; the rest of the file is still read.
Report = Callable[[Block, ValidationError], None]

Id = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=40, description="Stable name; it never changes"),
]
Language = Literal["ko", "en"]


class Part(BaseModel):
    """A mapping of the file: unknown keys are refused, numbers are Decimals read from their digits."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bilingual(Part):
    """A text in two languages; a missing one falls back to the other."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["ko"]}, {"required": ["en"]}]})

    ko: str = Field("", description="In Korean")
    en: str = Field("", description="In English")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.ko.strip() and not self.en.strip():
            raise PydanticCustomError("empty_text", "it says nothing; give a text, or {{ko: …, en: …}}")
        return self


def _day(value: object) -> object:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise PydanticCustomError("day", "it must be a date such as 2026-10-01") from None


def _moment(value: object) -> object:
    """A date alone means noon of that day, so that it stays the same day in every zone near."""
    try:
        if isinstance(value, str) and len(value) == len("2026-10-01"):
            return datetime.combine(date.fromisoformat(value), time(12))
        return datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        raise PydanticCustomError("moment", "it must be a date, or a time such as 2026-10-05T09:00+09:00") from None


@dataclass(frozen=True)
class OneOf:
    """Beside `str` in `Annotated`: the text is one of these names, which stand in a table and not in a type."""

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "enum": list(self.names)}

    def _check(self, value: str) -> str:
        if value not in self.names:
            raise PydanticCustomError("enum", "it is none of {expected}", {"expected": ", ".join(self.names)})
        return value


LONGEST_LINE = 1000
Line = Annotated[str, Field(min_length=1, max_length=LONGEST_LINE)]
Words = Annotated[
    Annotated[Line, Tag("<line>")] | Annotated[Bilingual, Tag("<languages>")],
    Discriminator(lambda value: "<languages>" if isinstance(value, dict | Bilingual) else "<line>"),
]
Day = Annotated[date, BeforeValidator(_day)]
AT = "A day, meaning its noon, or a time such as 2026-11-02T09:00+09:00"
Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "description": AT})]


class Item(Part):
    """A mapping in a list of the file; `place` is where it stands there."""

    _place: Block = PrivateAttr()

    @property
    def place(self) -> Block:
        return self._place


def _placed(value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    report: Report | None = (info.context or {}).get("report")
    if report is None:
        return handler(value)
    if not isinstance(value, Block):
        return None  # reported by read.py, which sees the list around it
    try:
        item = handler(value)
    except ValidationError as error:
        report(value, error)
        return None
    item._place = value
    return item


PLACED = WrapValidator(_placed)


def text_of(words: str | Bilingual) -> Text:
    """A plain line is the same in both languages."""
    return Text(ko=words, en=words) if isinstance(words, str) else Text(ko=words.ko.strip(), en=words.en.strip())
