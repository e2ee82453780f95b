"""The command line as a person at a terminal has it: a working folder, an environment, a sandbox site, a database."""

import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from app import cli
from app.cli.terminal import OpenHouse
from app.db import migrate
from app.main import open_house, open_sites
from app.settings import Settings
from connectors.sandbox.confluence import add_space
from connectors.sandbox.jira.seed import add_issue, add_project, link
from connectors.sandbox.run import end
from connectors.sandbox.server import create_app
from connectors.sandbox.site import Site
from tests.conftest import Door

PERSON = "712020:service"


@pytest.fixture
def site(door: Door) -> Iterator[Site]:
    """A space, a project with the issue that stands for a key result, and two issues that contribute to it."""
    site = Site(retry_delay=0.005)
    site.add_user("service@example.com", "Plainsight", account_id=PERSON, token="open-sesame")
    add_space(site, "OKR", "OKR")
    add_project(site, "MKT", "Marketing")
    for summary, status in (("Win four outlets", "To Do"), ("Ask the daily", "Done"), ("Ask the weekly", "To Do")):
        add_issue(site, "MKT", summary, status=status, labels=["press"])
    for key in ("MKT-2", "MKT-3"):
        link(site, "Contributes", key, "MKT-1")
    door.app, site.base_url = create_app(site), door.url
    yield site
    end(site)


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@dataclass
class Terminal:
    """`run` types a command and gives back what it said and its exit status."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]
    house: OpenHouse = open_house

    def run(self, *arguments: str) -> Said:
        self.monkeypatch.setattr(sys, "argv", ["plainsight", *arguments])
        self.capsys.readouterr()
        code = cli.run(self.house, open_sites)
        said = self.capsys.readouterr()
        assert "Traceback" not in said.err + said.out
        return Said(code, said.out, said.err)

    def do(self, *arguments: str) -> str:
        """A command that must succeed; what it said."""
        said = self.run(*arguments)
        assert said.code == 0, said.err + said.out
        return said.out

    def fail(self, *arguments: str) -> str:
        """A command that must fail as it should: status 1, and one error in plain words."""
        said = self.run(*arguments)
        assert said.code == 1, said.out
        assert said.err.startswith("Error: "), said.err
        return said.err.removeprefix("Error: ").strip()

    def set(self, **given: str) -> None:
        for name, value in given.items():
            self.monkeypatch.setenv(f"PLAINSIGHT_{name.upper()}", value)

    def write(self, text: str, name: str = "okrs.yaml") -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return name


@pytest.fixture
def lone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    """A terminal in an empty folder, with no settings at all."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PLAINSIGHT_{name.upper()}", raising=False)
    monkeypatch.delenv("PLAINSIGHT_SECRETS_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    before = root.handlers, root.level
    terminal = Terminal(tmp_path, monkeypatch, capsys)
    terminal.set(log_level="ERROR", languages="en", time_zone="UTC")
    yield terminal
    root.handlers, root.level = before


@pytest.fixture
def terminal(lone: Terminal, site: Site, engine: Engine, database_url: str) -> Terminal:
    """A terminal with a migrated database and an account on the site."""
    if migrate.present(engine) is None:  # its tables were made from the code
        with engine.begin() as connection:
            script = ScriptDirectory(str(migrate.FOLDER))
            MigrationContext.configure(connection).stamp(script, "head")
    lone.set(database_url=database_url, jira_url=site.base_url, jira_email="service@example.com")
    lone.set(jira_token="open-sesame", confluence_url=site.base_url, confluence_space="OKR")
    return lone


GOOD = f"""\
organisation: {{name: Hanbit}}
teams:
  - {{id: company, name: Company}}
  - {{id: marketing, name: Marketing, parent: company}}
people:
  - {{id: haeun, name: Haeun, team: marketing}}
cycles:
  - {{id: now, starts_on: {date.today() - timedelta(days=40)}, ends_on: {date.today() + timedelta(days=40)}}}
objectives:
  - id: O-1
    title: Be the brand that people look for
    team: marketing
    owner: haeun
    key_results:
      - id: kr-1
        title: Results on page one
        owner: haeun
        metric: {{unit: count}}
        progress: {{mode: from_to, baseline: 6, target: 15}}
        evidence:
          - jql: project = MKT AND labels = press
      - id: kr-2
        title: Outlets won
        owner: haeun
        metric: {{unit: "%", source: jira.share_done}}
        progress: {{mode: from_to, baseline: 0, target: 100}}
        evidence:
          - {{link: MKT-1, mode: contributing}}
"""


@pytest.fixture
def good() -> str:
    """A file with two key results: one measured by hand, one by the share of its linked issues."""
    return GOOD
