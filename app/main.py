"""Puts the house together; the only module that knows both app and connectors."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import cache

import typer
from sqlalchemy import Engine

from app import cli, demo, jobs
from app.clock import Clock
from app.db import migrate
from app.db.session import open_engine, reader, writer
from app.engine.lease import LeaseEngine
from app.house import House
from app.services.rates import SharedRateGate
from app.settings import Settings
from app.world import World
from connectors.confluence.cloud import ConfluenceCloudWiki
from connectors.jira.cloud import JiraCloudTracker
from connectors.sandbox.command import sandbox


def utc_now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def open_house(settings: Settings) -> Iterator[House]:
    """Everything that one process needs, closed in the end. On an embedded database the tables are brought up to
    date; elsewhere that is `plainsight migrate`'s work. Raises Invalid for a database that does not fit the code."""
    engine = open_engine(settings.database_url)
    try:
        if engine.dialect.name == "sqlite":
            migrate.upgrade(engine)
        migrate.check(engine)
        with put_together(settings, engine) as house:
            yield house
    finally:
        engine.dispose()


@contextmanager
def put_together(settings: Settings, engine: Engine, now: Callable[[], datetime] = utc_now) -> Iterator[House]:
    """The world, its queue and its clock on a database whose tables are there; connectors are closed in the end."""
    session, reading = writer(engine), reader(engine)
    table: dict[str, Callable[[str], None]] = {}
    queue = LeaseEngine(session, reading, table, now)
    gate = SharedRateGate(session, reading, now)
    with ExitStack() as leaving:
        jira = wiki = None
        if settings.jira_url:
            token = settings.jira_token.get_secret_value()
            jira = JiraCloudTracker(settings.jira_url, token, settings.jira_email or None, gate, now=now)
            leaving.callback(jira.close)
        if settings.confluence_url:
            token = settings.confluence_token.get_secret_value() or settings.jira_token.get_secret_value()
            email = settings.confluence_email or settings.jira_email or None
            wiki = ConfluenceCloudWiki(settings.confluence_url, token, email, gate, now=now)
            leaving.callback(wiki.close)
        world = World(settings, session, reading, queue, now, jira, wiki)
        table |= {kind: _bound(job, world) for kind, job in jobs.JOBS.items()}
        yield House(world, engine, queue, Clock(queue, jobs.strikes(settings), settings.time_zone))


def _bound(job: Callable[[World], object], world: World) -> Callable[[str], None]:
    def run(_key: str) -> None:
        job(world)

    return run


@cache
def command_line() -> typer.Typer:
    """All commands: those of app/cli.py, the sandbox, the demo."""
    cli.app.command()(sandbox)
    cli.app.command()(demo.demo)
    return cli.app


def run() -> None:
    """The console script."""
    command_line()
    sys.exit(cli.run(open_house))
