"""Where journeys take place: a sandbox site on a port, a house on each kind of database, and a clock moved by hand."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app import settings
from app.db.session import open_engine
from app.main import put_together
from connectors.sandbox.run import end, listening
from connectors.sandbox.server import create_app
from connectors.sandbox.site import Site
from tests.conftest import HandClock
from tests.journeys import company
from tests.journeys.place import SECRET, THROTTLE, Door, Place
from tests.journeys.snapshot import Snapshot, restore_rows, restore_site, take

NOW = datetime(2026, 11, 18, 0, 0, tzinfo=UTC)
"""Wednesday, nine o'clock in Seoul, in the eighth week of the cycle."""

Opening = Callable[..., Place]


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    door = Door(create_app(Site()))
    with listening(door) as url:
        door.url = url
        yield door


@pytest.fixture
def opening(door: Door, clock: HandClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Opening]:
    """Opens a place on a database: `fill` puts into the site what was there before us, `given` are settings."""
    monkeypatch.chdir(tmp_path)  # no .env of anybody's
    clock.time = NOW
    with ExitStack() as stack:

        def open_place(engine: Engine, fill: Callable[[Site], object] = company.fill, **given: object) -> Place:
            site = Site(retry_delay=0.005, now=clock)
            door.app, site.base_url = create_app(site), door.url
            fill(site)
            door.sent.clear()
            stack.callback(end, site)
            told: dict[str, object] = {
                "database_url": engine.url.render_as_string(hide_password=False),
                "jira_url": door.url,
                "jira_email": company.EMAIL,
                "jira_token": company.TOKEN,
                "confluence_url": door.url,
                "confluence_space": company.SPACE,
                "webhook_secrets": SECRET,
                "languages": "en",
                "time_zone": "Asia/Seoul",
                "throttle_seconds": THROTTLE,
                "projects": "",
                "pictures": "false",
            }
            house = stack.enter_context(put_together(settings.load(**told | given), engine, clock))
            return Place(site, door, clock, house, stack)

        yield open_place


@pytest.fixture
def place(opening: Opening, engine: Engine) -> Place:
    """The small company's, before anything was applied; on each kind of database."""
    return opening(engine)


@pytest.fixture
def running(opening: Opening, engine: Engine, started: dict[str, Snapshot]) -> Place:
    """The small company's, with everything applied, synced and published, and Jira's webhook registered."""
    return start_once(opening, engine, started, company.SMALL)


@pytest.fixture
def watched(opening: Opening, engine: Engine, started: dict[str, Snapshot]) -> Place:
    """The same with a page for sync health."""
    return start_once(opening, engine, started, company.WATCHED)


def start_once(opening: Opening, engine: Engine, started: dict[str, Snapshot], text: str, **given: object) -> Place:
    """Done once on each kind of database and put back for each test, which is ten times as quick."""
    kind = f"{engine.dialect.name} {text} {sorted(given)}"
    if kind in started:
        restore_rows(engine, started[kind])
        place = opening(engine, lambda site: restore_site(site, started[kind]), **given)
    else:
        place = opening(engine, **given)
        place.start(text)
        started[kind] = take(engine, place.site)
    place.clock.time = started[kind].at
    place.world.need_jira().issues(["RED-1"])  # each process asks for Jira's fields once
    place.world.need_wiki().deployment()  # and which Confluence it is
    place.listen()
    return place


@pytest.fixture(scope="session")
def started() -> dict[str, Snapshot]:
    return {}


@pytest.fixture
def sqlite_engine(fresh_sqlite: Callable[[], str]) -> Iterator[Engine]:
    """For the journeys whose length, not whose database, is the matter."""
    engine = open_engine(fresh_sqlite())
    yield engine
    engine.dispose()
