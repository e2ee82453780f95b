"""The JSON Schema says to editors what the reader says to people, and describes every key."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from ruamel.yaml import YAML

from app.domain.progress import MODES
from app.domain.progress.parameters import Parameter
from app.errors import Invalid
from app.okrs_file import write_text
from app.services import okrs
from app.services.sources import SOURCES
from connectors.sandbox.demo.okrs import TEMPLATE
from tests.okrs_file.made import everything
from tests.okrs_file.strategies import definitions
from tests.okrs_file.test_reading import example

SCHEMA = okrs.schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)


def as_editors_see(text: str) -> Any:
    """Numbers and texts as YAML 1.2 has them; days are texts."""
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))


def test_it_is_a_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", [example(), TEMPLATE.read_text(encoding="utf-8")], ids=["docs", "demo"])
def test_it_accepts_good_files(text: str) -> None:
    VALIDATOR.validate(as_editors_see(text))


def test_it_accepts_what_is_exported() -> None:
    VALIDATOR.validate(as_editors_see(write_text(everything(), "Asia/Seoul")))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(definitions())
def test_it_accepts_whatever_is_exported(made: Any) -> None:
    VALIDATOR.validate(as_editors_see(write_text(made, "UTC")))


def test_what_is_published_is_this_schema() -> None:
    assert json.loads(okrs.schema_text()) == SCHEMA


# What is replaced in the example, and the key or word that is wrong then.
WRONG = [
    ("owner: minji\n    key", "ownr: minji\n    key"),
    ("organisation:", "organization:"),
    ("mode: from_to, baseline: 0, target: 100", "mode: form_to, baseline: 0, target: 100"),
    ("mode: from_to, baseline: 0, target: 100", "mode: from_to, baseline: 0"),
    ("mode: from_to, baseline: 0, target: 100", "mode: from_to, baseline: 0, target: lots"),
    ("mode: from_to, baseline: 0, target: 100", "mode: from_to, baseline: 0, target: 100, by: 3"),
    ("as: percent", "as: procent"),
    ("by: count", "by: weight"),
    ("type: jira.share_done", "type: jira.share"),
    ("- link: OKR-1", "- {link: OKR-1, label: okr}"),
    ("- link: OKR-1", "- mode: contributing"),
    ("    team: sales\n    metric", "    metric"),
    ("id: sales, kind: team", "id: sales, kind: group"),
    ("confidence: 7", "confidence: 11"),
    ("id: O-1", "id: 목표"),
    ("ko: 온라인에서 더 많이 판다, en: Sell more online", ""),
]


@pytest.mark.parametrize(("old", "new"), WRONG)
def test_it_refuses_what_the_reader_refuses(old: str, new: str) -> None:
    assert example().count(old) == 1
    assert not VALIDATOR.is_valid(as_editors_see(example().replace(old, new)))


def properties(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from schema.get("properties", {}).items()
    for part in (*schema.get("definitions", {}).values(), *schema.get("oneOf", ())):
        yield from properties(part)


def test_every_key_is_described() -> None:
    def described(inner: Mapping[str, Any]) -> bool:
        target = SCHEMA["definitions"].get(str(inner.get("$ref", "")).rpartition("/")[2], {})
        return bool(inner.get("description") or target.get("description") or "const" in inner)

    found = list(properties(SCHEMA))
    assert len(found) > 80
    assert [name for name, inner in found if not described(inner)] == []


# The table of parameters and the parsers of modes and sources, which must say the same


def good(one: Parameter) -> object:
    return {
        "number": "3",
        "whole": "2",
        "choice": one.options[-1] if one.options else "",
        "flag": True,
        "words": ["Duplicate"],
    }[one.kind]


PARSERS = [(name, mode.takes, lambda raw, mode=mode: mode.parse(raw, "%")) for name, mode in MODES.items()]
PARSERS += [(name, source.takes, source.parse) for name, source in SOURCES.items()]
EACH = [(name, takes, parse, one) for name, takes, parse in PARSERS for one in takes]
# Two that exclude each other or need each other's values.
FITTING = {"from_to": {"target": "4"}, "relative": {"change": "5"}, "periods": {"of": "3"}}


def given_all(name: str, takes: tuple[Parameter, ...]) -> dict[str, object]:
    return {one.name: good(one) for one in takes} | FITTING.get(name, {})


@pytest.mark.parametrize(("name", "takes", "parse"), PARSERS, ids=[one[0] for one in PARSERS])
def test_a_parser_takes_all_that_it_says_it_takes(name: str, takes: Any, parse: Any) -> None:
    parse(given_all(name, takes))


@pytest.mark.parametrize(("name", "takes", "parse", "one"), EACH, ids=[f"{one[0]} {one[3].name}" for one in EACH])
def test_a_parser_needs_what_it_says_it_needs(name: str, takes: Any, parse: Any, one: Parameter) -> None:
    without = {key: value for key, value in given_all(name, takes).items() if key != one.name}
    if one.required or (name, one.name) == ("relative", "as"):  # which must be said of a metric in %
        with pytest.raises(Invalid, match=f"`{one.name}`"):
            parse(without)
    else:
        parse(without)


@pytest.mark.parametrize(("name", "takes", "parse", "one"), EACH, ids=[f"{one[0]} {one[3].name}" for one in EACH])
def test_a_parser_refuses_another_kind_of_value(name: str, takes: Any, parse: Any, one: Parameter) -> None:
    with pytest.raises(Invalid, match=one.name):
        parse(given_all(name, takes) | {one.name: "nonsense"})
