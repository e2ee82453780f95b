"""Puts the house together; the only module that knows both app and connectors."""

import gc
import signal
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
from app.ports import RateGate
from app.services.rates import SharedRateGate
from app.settings import Settings
from app.world import Sites, World
from connectors.confluence.detect import Login, Place, open_wiki
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
            gc.freeze()  # what is there now stays: looking through it for garbage would take a third of the time
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
    with open_sites(settings, gate, now) as sites:
        world = World(settings, session, reading, queue, now, sites.jira, sites.wiki)
        table |= {kind: _bound(job, world) for kind, job in jobs.JOBS.items()}
        yield House(world, engine, queue, Clock(queue, jobs.strikes(settings), settings.time_zone))


@contextmanager
def open_sites(
    settings: Settings, gate: RateGate | None = None, now: Callable[[], datetime] = utc_now
) -> Iterator[Sites]:
    """The sites that the settings name, closed in the end. Raises Invalid for an address or a token that cannot be
    one; nothing is asked yet."""
    with ExitStack() as leaving:
        jira = wiki = None
        if settings.jira_url:
            token = settings.jira_token.get_secret_value()
            email = settings.jira_email or None
            jira = JiraCloudTracker(
                settings.jira_url, token, email, gate, now=now, web_url=settings.jira_web_url or None
            )
            leaving.callback(jira.close)
        if settings.confluence_url:
            where = Place(settings.confluence_url, settings.confluence_web_url or None, gate, now)
            wiki = open_wiki(where, _wiki_login(settings))
            leaving.callback(wiki.close)
        yield Sites(settings, now, jira, wiki)


def _wiki_login(settings: Settings) -> Login:
    return Login(
        settings.confluence_token.get_secret_value(),
        settings.confluence_email,
        settings.jira_token.get_secret_value(),
        settings.jira_email,
    )


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
    """The console script. SIGTERM ends it as Ctrl-C does; without a handler, process 1 of a container ignores it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    command_line()
    sys.exit(cli.run(open_house, open_sites))
