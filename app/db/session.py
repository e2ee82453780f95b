"""Opening the database: SQLite as it must be opened (design 14), PostgreSQL as it is, one way to begin on both."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

from app.errors import Invalid

Sessions = Callable[[], AbstractContextManager[Session]]
ONE_MIGRATION = 0x706C61696E  # "plain": the advisory lock that lets one replica migrate at a time


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql://…`; its plain connections may write.

    Raises Invalid for any other address, and for a SQLite file in a folder that is not there."""
    address = address_of(url)
    if address.get_backend_name() == "postgresql":
        return create_engine(address, pool_pre_ping=True)
    _refuse_nowhere(address)
    engine = create_engine(address, connect_args={"timeout": 30, "check_same_thread": False})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def writer(engine: Engine) -> Sessions:
    """Sessions that commit on leaving and roll back on an error. Make one per engine and share it: on SQLite it holds
    the process's writer lock, which keeps threads in turn where the file's own lock would let them starve.

    Opening one inside another, in the same thread, is a bug and refused: it would wait for itself."""
    turn = threading.Lock() if engine.dialect.name == "sqlite" else nullcontext()
    thread = threading.local()

    @contextmanager
    def begin() -> Iterator[Session]:
        if getattr(thread, "writing", False):
            raise RuntimeError("a writing transaction is already open in this thread: hand on its session instead")
        thread.writing = True
        try:
            with turn, Session(engine, expire_on_commit=False) as session, session.begin():
                yield session
        finally:
            thread.writing = False

    return begin


def reader(engine: Engine) -> Sessions:
    """Sessions that see one consistent state, that of their first question, and refuse to write."""
    if engine.dialect.name == "sqlite":
        isolated = engine.execution_options(sqlite_reads_only=True)
    else:
        isolated = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def begin() -> Iterator[Session]:
        with Session(isolated, expire_on_commit=False) as session:
            yield session

    return begin


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction for Alembic, one migration at a time among all processes.

    On SQLite a table is altered by rebuilding it; with foreign keys on, dropping the old one would delete the rows
    that refer to it. So they are off meanwhile, and checked before the commit."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_MIGRATION})
                yield connection
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")  # has no effect inside a transaction
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise RuntimeError(f"the migration leaves {len(broken)} rows that refer to nothing: {broken[0]} …")
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def insert_into(session: Session, table: type[Any]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of this session."""
    return sqlite.insert(table) if session.get_bind().dialect.name == "sqlite" else postgresql.insert(table)


def holds_password(url: str) -> bool:
    """Whether a database's address tells a password, in its usual place or as a parameter."""
    address = make_url(url)
    return address.password is not None or not {"password", "sslpassword"}.isdisjoint(address.query)


def address_of(url: str) -> URL:
    """The address with its driver. Raises Invalid for one that cannot be read or used; nothing is connected yet."""
    try:
        address = make_url(url)
    except ArgumentError:
        raise Invalid("The database address cannot be read; give sqlite:///file or postgresql://…") from None
    if address.drivername in ("postgres", "postgresql"):
        return address.set(drivername="postgresql+psycopg")
    if address.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise Invalid(f"A database of the kind {address.drivername!r} is not supported; use sqlite or postgresql.")
    if address.get_backend_name() == "sqlite" and (not address.database or address.database == ":memory:"):
        raise Invalid("A database in memory cannot be shared between threads; give sqlite:///file.")
    return address


def _refuse_nowhere(address: URL) -> None:
    folder = Path(address.database or "").parent
    if not folder.is_dir():
        raise Invalid(f"The database's folder {folder} does not exist; create it or give another address.")


def _prepare(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    # A deferred BEGIN takes the write lock only at the first write and then, if somebody wrote since, fails at once.
    reads_only = connection.get_execution_options().get("sqlite_reads_only", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN DEFERRED" if reads_only else "BEGIN IMMEDIATE")
