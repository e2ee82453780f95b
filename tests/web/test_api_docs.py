"""docs/api.md names every call of the API, and nothing that is none."""

import re
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest

from app.web.main import create_app
from app.web.problems import PROBLEMS
from tests.web.service import world_on

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
PREFIX = "/api/v1"
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def operations(engine, clock) -> dict[tuple[str, str], dict[str, Any]]:
    """By method and path."""
    with world_on(engine, clock) as world:
        paths = create_app(world).openapi()["paths"]
    return {(method.upper(), path): told for path, known in paths.items() for method, told in known.items()}


@only_sqlite
def test_every_call_is_listed_with_its_summary(operations) -> None:
    listed = re.findall(r"^\| `([A-Z]+) (/\S+)` \| (.+) \|$", DOCS, re.MULTILINE)
    assert {(method, PREFIX + path): words for method, path, words in listed} == {
        key: told["summary"] for key, told in operations.items() if key[1].startswith(PREFIX)
    }


@only_sqlite
def test_every_example_calls_something_that_is_there(operations) -> None:
    templates = [re.sub(r"\{\w+\}", "[^/?]+", path.removeprefix(PREFIX)) for _, path in operations]
    asked = re.findall(r"\$API(/[^\s\"?]+)", DOCS)
    assert len(asked) >= 8
    for path in asked:
        assert any(re.fullmatch(one, path) for one in templates), path


@only_sqlite
def test_every_error_that_a_call_may_answer_is_explained(operations) -> None:
    listed = {int(status) for status in re.findall(r"^\| (\d{3}) \|", DOCS, re.MULTILINE)}
    told = {int(status) for key, one in operations.items() if key[1].startswith(PREFIX) for status in one["responses"]}
    assert {status for status in told if status >= 400} | {405} == listed


@only_sqlite
def test_every_error_is_a_problem_in_the_document_too(operations) -> None:
    for (method, path), told in operations.items():
        for status, response in told["responses"].items():
            if int(status) >= 400 and path != "/readyz":
                assert list(response["content"]) == ["application/problem+json"], (method, path, status)
        if path.startswith(PREFIX):
            assert told["security"] and {"401", "403", "503"} <= told["responses"].keys()
            assert told["tags"] and re.fullmatch(r"[a-z]+(_[a-z]+)+", told["operationId"])
    assert all(HTTPStatus(status) for status in PROBLEMS)
