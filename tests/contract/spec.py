"""Checks requests and answers against Atlassian's own OpenAPI documents, kind to the known small defects of these.

Kind means: null stands for absent; answers may carry more members than are written down; formats are not checked; a
list may stand where a Data Center document declares its single item; a status that is not listed is not checked;
of several forms a value may fit more than one (a page body fits both of the forms that v2 declares as alternatives).
"""

import json
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from jsonschema import Draft202012Validator

FOLDER = "ATLASSIAN_SPECS"
_SHARED = "#/components/schemas/"
_MOST_PROBLEMS = 10
_TRUE_FALSE = ("true", "false")


class Spec:
    """One document by its file name without `.json`, e.g. `jira-cloud-platform-v3`. Opened once; use `spec(name)`.

    Both checks return problems as readable texts, none if all is well. `path` is the whole path on the site, such as
    `/rest/api/3/search/jql` or `/wiki/api/v2/pages/1`.
    """

    def __init__(self, name: str, folder: Path) -> None:
        document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        self._schemas: dict[str, Any] = document.get("components", {}).get("schemas", {})
        self._components: dict[str, Any] = document.get("components", {})
        self._single_items = "-dc-" in name
        self._prefix = urlsplit(document["servers"][0]["url"].replace("{", "").replace("}", "")).path.rstrip("/")
        self._templates = [(_pattern(path), path, operations) for path, operations in document["paths"].items()]
        self._validators: dict[tuple[str, str, str], Draft202012Validator | None] = {}

    def check_request(self, method: str, path: str, query: str | dict[str, Any] = "", body: Any = None) -> list[str]:
        """Whether there is such a call, with these query parameters and this JSON body."""
        found = self._find(method, path)
        if found is None:
            return [f"{method} {path}: there is no such call"]
        template, item = found
        operation = item[method.lower()]
        declared = {one["name"]: one for one in self._parameters(item, operation) if one["in"] == "query"}
        pairs = parse_qsl(query, keep_blank_values=True) if isinstance(query, str) else list(_pairs(query))
        problems = [f"{method} {path}: {problem}" for problem in self._query_problems(declared, pairs)]
        schema = _json_schema(self._resolved(operation.get("requestBody", {})))
        if body is not None and "requestBody" not in operation:
            problems.append(f"{method} {path}: takes no body")
        if body is not None and schema is not None:
            validator = self._validator(method, template, "request", schema, kind=False)
            problems += _problems(validator, body, f"{method} {path}")
        return problems

    def check_answer(self, method: str, path: str, status: int, body: Any) -> list[str]:
        """Whether the answer's JSON body is what the document tells for this status."""
        found = self._find(method, path)
        if found is None:
            return [f"{method} {path}: there is no such call"]
        template, item = found
        answers = item[method.lower()]["responses"]
        told = answers.get(str(status)) or answers.get("default")
        schema = _json_schema(told) if told else None
        if schema is None or body is None:
            return []
        validator = self._validator(method, template, str(status), schema, kind=True)
        where = f"{method} {path} {status}"
        if isinstance(body, list) and self._single_items and schema.get("type") != "array":
            return [problem for one in body for problem in _problems(validator, _without_nulls(one), where)]
        return _problems(validator, _without_nulls(body), where)

    def _find(self, method: str, path: str) -> tuple[str, dict[str, Any]] | None:
        path = path.removeprefix(self._prefix)
        fitting = [
            (template, operations)
            for pattern, template, operations in self._templates
            if method.lower() in operations and pattern.fullmatch(path)
        ]
        return min(fitting, key=lambda one: one[0].count("{"), default=None)

    def _parameters(self, item: dict[str, Any], operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for one in (*item.get("parameters", []), *operation.get("parameters", [])):
            yield self._resolved(one)

    def _resolved(self, one: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in one:
            return one
        _, _, kind, name = one["$ref"].split("/")
        found: dict[str, Any] = self._components[kind][name]
        return found

    def _query_problems(self, declared: dict[str, Any], pairs: list[tuple[str, str]]) -> Iterator[str]:
        for name, value in pairs:
            if name not in declared:
                yield f"query parameter '{name}' is not declared"
            else:
                yield from self._value_problems(name, value, self._resolved(declared[name].get("schema", {})))
        given = {name for name, _ in pairs}
        for name, one in declared.items():
            # a required parameter that has a default can be left out, whatever the document says
            if one.get("required") and name not in given and "default" not in one.get("schema", {}):
                yield f"query parameter '{name}' is missing"

    def _value_problems(self, name: str, value: str, schema: dict[str, Any]) -> Iterator[str]:
        many = schema.get("type") == "array"
        inner = self._resolved(schema.get("items", {})) if many else schema
        for one in value.split(",") if many else [value]:
            if inner.get("type") == "integer" and not re.fullmatch(r"-?\d+", one):
                yield f"query parameter '{name}' must be a whole number, not '{one}'"
            if inner.get("type") == "boolean" and one not in _TRUE_FALSE:
                yield f"query parameter '{name}' must be true or false, not '{one}'"
            if "enum" in inner and one not in inner["enum"]:
                yield f"query parameter '{name}' must be one of {', '.join(map(str, inner['enum']))}, not '{one}'"

    def _validator(
        self, method: str, template: str, part: str, schema: dict[str, Any], *, kind: bool
    ) -> Draft202012Validator:
        """A validator of a slice: only the shared schemas that this one needs."""
        key = (method, template, part)
        known = self._validators.get(key)
        if known is None:
            needed: dict[str, Any] = {}
            self._collect(schema, needed, kind=kind)
            known = Draft202012Validator({**_translated(schema, kind=kind), "$defs": needed})
            self._validators[key] = known
        return known

    def _collect(self, schema: Any, needed: dict[str, Any], *, kind: bool) -> None:
        for name in _references(schema):
            if name not in needed:
                needed[name] = _translated(self._schemas[name], kind=kind)
                self._collect(self._schemas[name], needed, kind=kind)


@cache
def spec(name: str) -> Spec:
    """The document of this name from the folder that the environment names; the test is skipped without it."""
    folder = os.environ.get(FOLDER)
    if not folder:
        pytest.skip(f"{FOLDER} is not set")
    return Spec(name, Path(folder))


def _pattern(template: str) -> re.Pattern[str]:
    parts = re.split(r"(\{[^}]+\})", template)
    return re.compile("".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts))


def _pairs(query: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in query.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            yield name, str(one)


def _json_schema(part: dict[str, Any]) -> dict[str, Any] | None:
    for media, told in part.get("content", {}).items():
        if "json" in media or media == "*/*":
            found: dict[str, Any] | None = told.get("schema")
            return found
    return None


def _references(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix(_SHARED)
        for value in schema.values():
            yield from _references(value)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value)


def _translated(schema: Any, *, kind: bool) -> Any:
    """OpenAPI 3.0 as JSON Schema. Joined schemas may not close themselves to what the others allow."""
    if isinstance(schema, list):
        return [_translated(one, kind=kind) for one in schema]
    if not isinstance(schema, dict):
        return schema
    dropped = {"example", "discriminator", "xml", "nullable", "format", "description"}
    if schema.get("additionalProperties") is False and (kind or {"allOf", "anyOf", "oneOf"} & set(schema)):
        dropped = {*dropped, "additionalProperties"}
    made = {name: _member(name, value, kind=kind) for name, value in schema.items() if name not in dropped}
    if "oneOf" in made:
        made["anyOf"] = made.pop("oneOf")
    if "oneOf" in made:  # Confluence's alternatives are open objects: a body fits several at once
        made["anyOf"] = made.pop("oneOf")
    if schema.get("nullable") and isinstance(made.get("type"), str):
        made["type"] = [made["type"], "null"]
        if "enum" in made:
            made["enum"] = [*made["enum"], None]
    return made


def _member(name: str, value: Any, *, kind: bool) -> Any:
    if name == "properties":
        return {inner: _translated(schema, kind=kind) for inner, schema in value.items()}
    if name == "$ref":
        return value.replace(_SHARED, "#/$defs/")
    if name in ("enum", "required", "default"):
        return value
    return _translated(value, kind=kind)


def _without_nulls(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _without_nulls(value) for name, value in body.items() if value is not None}
    return [_without_nulls(one) for one in body] if isinstance(body, list) else body


def _problems(validator: Draft202012Validator, body: Any, where: str) -> list[str]:
    found: list[str] = []
    for error in validator.iter_errors(body):
        found.append(f"{where}: {error.json_path}: {error.message[:300]}")
        if len(found) == _MOST_PROBLEMS:
            break
    return found
