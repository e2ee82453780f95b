"""The table of jobs: every kind that anything enqueues is in it, its clock can be read, and the docs tell of each."""

import ast
import importlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import jobs, schedule
from app.clock import Clock
from app.settings import Settings

ROOT = Path(__file__).parent.parent
SETTINGS = Settings(_env_file=None)  # type: ignore[call-arg]


def enqueued() -> dict[str, str]:
    """Where in app/ → the kind that is enqueued there; the engines only pass on what they are given."""
    found = {}
    for path in sorted((ROOT / "app").rglob("*.py")):
        if path.is_relative_to(ROOT / "app" / "engine"):
            continue
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "enqueue" and len(node.args) > 1:
                for kind in _kinds(node.args[1], path):
                    found[f"{path.relative_to(ROOT)}:{node.lineno}"] = eval(kind, vars(module))
    return found


def _kinds(argument: ast.expr, path: Path) -> list[str]:
    """The expression; for a loop's variable, what the loop goes through."""
    if not (isinstance(argument, ast.Name) and argument.id.islower()):
        return [ast.unparse(argument)]
    loops = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.For)]
    return [ast.unparse(one) for loop in loops if ast.unparse(loop.target) == argument.id for one in loop.iter.elts]  # type: ignore[attr-defined]


def test_every_kind_that_is_enqueued_has_a_job() -> None:
    found = enqueued()
    assert len(found) > 5
    assert {where: kind for where, kind in found.items() if kind not in jobs.JOBS} == {}


def test_every_job_is_made_due_by_somebody() -> None:
    due = {kind for kind, _when in jobs.strikes(SETTINGS)} | set(enqueued().values())
    assert due == set(jobs.JOBS)


def test_the_clock_can_be_read_and_strikes_for_jobs_that_exist() -> None:
    strikes = jobs.strikes(SETTINGS)
    assert len({kind for kind, _when in strikes}) == len(strikes)
    for kind, when in strikes:
        assert kind in jobs.JOBS
        if isinstance(when, timedelta):
            assert timedelta(seconds=1) <= when <= timedelta(days=1)
        else:
            assert schedule.next_due(when, SETTINGS.time_zone, datetime(2026, 3, 2, tzinfo=UTC))
    Clock(None, strikes, SETTINGS.time_zone)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", jobs.JOBS)
def test_every_job_stands_in_the_docs_with_its_clock(kind: str) -> None:
    text = (ROOT / "docs" / "jobs.md").read_text(encoding="utf-8")
    line = next((line for line in text.splitlines() if f"`{kind}`" in line), "")
    assert line, f"docs/jobs.md does not tell of {kind}"
    when = dict(jobs.strikes(SETTINGS)).get(kind)
    if isinstance(when, str):
        assert when in line
    elif when is not None:
        assert f"{when.total_seconds():.0f} seconds" in line


def test_a_kind_is_short_enough_for_every_table_that_holds_it() -> None:
    assert all(kind.isidentifier() and len(kind) <= 32 for kind in jobs.JOBS)
