"""JSON Schema of `okrs.yaml` for editors: the models' shape, with one branch for each mode and source there is."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from app.domain.kpi import DATES
from app.domain.progress import MODES
from app.domain.progress.parameters import Parameter
from app.okrs_file.schema import File

DIALECT = "http://json-schema.org/draft-07/schema#"
"""The newest that editors fully support: the README of redhat-developer/yaml-language-server."""
Takes = Mapping[str, tuple[Parameter, ...]]
Json = dict[str, Any]

TYPES: Mapping[str, Json] = {
    "number": {"type": "number"},
    "whole": {"type": "integer", "minimum": 1},
    "choice": {"type": "string"},
    "flag": {"type": "boolean"},
    "words": {"type": "array", "items": {"type": "string"}},
}
DAYS: Mapping[str, str] = {
    "starts_on": "First day that counts, if there is a due date.",
    "due": "Day by which the target is to be reached; left out: judged period by period.",
}


def json_schema(sources: Takes) -> Json:
    """JSON Schema (draft 7) of the file; `sources` are the metric sources with what each of them takes.

    Days and times are texts, as the file's reader takes them. A key that is there without a value is not accepted,
    although the reader passes over it: it is a slip.
    """
    schema = File.model_json_schema(ref_template="#/definitions/{model}", schema_generator=_Numbers)
    definitions = schema.pop("$defs")
    for item in definitions.values():
        item["title"] = item["title"].removesuffix("Item")
    modes = {name: mode.takes for name, mode in MODES.items()}
    days = {name: {"type": "string", "format": "date", "description": DAYS[name]} for name in DATES}
    definitions["Progress"] |= _variants("mode", modes)
    definitions["KpiProgress"] |= _variants("mode", modes, days)
    definitions["Source"] = _source(definitions["Source"], sources)
    for item in ("MetricItem", "InlineMetric"):
        source = definitions[item]["properties"]["source"]
        del source["oneOf"]
        source["$ref"] = "#/definitions/Source"
    return {"$schema": DIALECT, **schema, "title": "okrs.yaml", "definitions": definitions}


def _source(described: Json, sources: Takes) -> Json:
    by_name = [name for name, takes in sources.items() if not any(one.required for one in takes)]
    variants = _variants("type", sources)["oneOf"]
    named = {"title": "name", "type": "string", "enum": by_name}
    return {"title": "Source", "description": described["description"], "oneOf": [named, *variants]}


def _variants(key: str, table: Takes, more: Mapping[str, Json] | None = None) -> Json:
    """In place of free keys: one of several shapes, told apart by `key`."""
    branches = [_variant(key, name, takes, more or {}) for name, takes in table.items()]
    what = "The mode's name" if key == "mode" else "The source's name"
    return {"oneOf": branches, "properties": {key: {"description": what, "enum": list(table)}}}


def _variant(key: str, name: str, takes: Iterable[Parameter], more: Mapping[str, Json]) -> Json:
    told = {one.name: _parameter(one) for one in takes}
    return {
        "title": name,
        "type": "object",
        "properties": {key: {"const": name}, **told, **more},
        "required": [key, *(one.name for one in takes if one.required)],
        "additionalProperties": False,
    }


def _parameter(one: Parameter) -> Json:
    schema = {**TYPES[one.kind], "description": one.about}
    if one.options:
        schema["enum"] = [str(option) for option in one.options]
    if one.most:
        schema["maximum"] = one.most
    if one.default is not None:
        schema["default"] = one.default
    return schema


class _Numbers(GenerateJsonSchema):
    """Decimals are numbers, nothing is null, and the words on our enums are for us."""

    def enum_schema(self, schema: core_schema.EnumSchema) -> JsonSchemaValue:
        made = super().enum_schema(schema)
        made.pop("description", None)
        return made

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        number: JsonSchemaValue = super().decimal_schema(schema)["anyOf"][0]
        return number

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        default = made.get("default")
        if default is None:
            made.pop("default", None)
        elif isinstance(default, str) and made.get("type") == "number":
            made["default"] = float(default) if "." in default else int(default)
        return made
