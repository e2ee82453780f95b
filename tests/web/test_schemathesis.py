"""The API held against its own OpenAPI document by schemathesis: all of its checks and phases, and no finding.

By hand, with many more examples: EXAMPLES=500 pytest tests/web/test_schemathesis.py
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.main import put_together
from app.okrs_file.read import read_text
from app.services import okrs, pages, publish, sync, tokens
from app.services.sources import SOURCES
from app.settings import Settings
from app.web.main import create_app
from app.world import World
from connectors.sandbox.run import end
from connectors.sandbox.server import create_app as sandbox
from connectors.sandbox.site import Site
from tests.conftest import Door, HandClock
from tests.journeys import company
from tests.journeys.api import KPIS
from tests.journeys.conftest import NOW
from tests.web.service import SECRET, served

ROOT = Path(__file__).parents[2]
EXAMPLES = os.environ.get("EXAMPLES", "5")
KNOWN = {
    "key-results": ["KR-1", "KR-2"],
    "objectives": ["O-1", "O-2"],
    "kpis": ["KPI-1", "KPI-2"],
    "metrics": ["calls", "payroll", "KR-1"],
    "pages": ["red", "blue"],
    "runs": [1, 2],
    "check-ins": [1, 2],
}
"""Ids that are there, or else nearly all answers would be 404."""


@pytest.fixture
def world(engine: Engine, door: Door, clock: HandClock) -> Iterator[World]:
    """The small company's: applied, synced, published."""
    clock.time = NOW
    site = Site(retry_delay=0.005, now=clock)
    door.app, site.base_url = sandbox(site), door.url
    company.fill(site)
    settings = Settings(
        _env_file=None,
        jira_url=door.url,
        jira_email=company.EMAIL,
        jira_token=company.TOKEN,
        confluence_url=door.url,
        confluence_space=company.SPACE,
        webhook_secrets=(SECRET,),
    )
    with put_together(settings, engine, clock) as house:
        sources = {name: source.parse for name, source in SOURCES.items()}
        text = company.SMALL + KPIS
        okrs.apply(house.world, read_text(text, time_zone=settings.time_zone, sources=sources))
        sync.poll(house.world)
        publish.publish(house.world, pages.claim(house.world, pages.known(house.world, None)))
        yield house.world
    end(site)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_schemathesis_finds_nothing(world: World, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(settings_for(tokens.create(world, "schemathesis")))
    with served(create_app(world)) as url:
        done = subprocess.run(
            [sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json", "--no-color"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    assert done.returncode == 0, done.stdout
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in done.stdout
    assert "Authentication failed" not in done.stdout


def settings_for(token: str) -> str:
    lines = [
        'hooks = "tests.web.schemathesis_hooks"',
        f'headers = {{ Authorization = "Bearer {token}" }}',
        "[generation]",
        f"max-examples = {EXAMPLES}",
        "deterministic = true",
        'database = "none"',
    ]
    for kind, ids in KNOWN.items():
        lines += [f"[dictionaries.{kind}]", f"values = {ids}"]
    for kind in KNOWN:
        lines += ["[[operations]]", f'include-path-regex = "^/api/v1/{kind}/"', "[operations.parameters]"]
        lines += [f'"path.id" = {{ dictionary = "{kind}", probability = 0.8 }}']
    return "\n".join(lines)
