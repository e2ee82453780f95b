"""Opening the database: SQLite as it must be opened (design 14), PostgreSQL as it is, one way to begin on both."""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session

Sessions = Callable[[], AbstractContextManager[Session]]


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://…`."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver must not begin transactions of its own
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def writer(engine: Engine) -> Sessions:
    """Sessions that commit on leaving and roll back on an error. On SQLite one writer at a time in this process, and
    BEGIN IMMEDIATE: a deferred one loses or fails updates under threads."""
    if engine.dialect.name != "sqlite":
        return lambda: _transaction(engine)
    lock = threading.Lock()
    immediate = engine.execution_options(sqlite_begin="IMMEDIATE")

    @contextmanager
    def begin() -> Iterator[Session]:
        with lock, _transaction(immediate) as session:
            yield session

    return begin


def reader(engine: Engine) -> Sessions:
    """Sessions for reading one consistent state; nothing written in them is kept."""
    isolated = engine
    if engine.dialect.name == "postgresql":
        isolated = engine.execution_options(isolation_level="REPEATABLE READ")

    @contextmanager
    def begin() -> Iterator[Session]:
        with Session(isolated, expire_on_commit=False) as session:
            yield session
            session.rollback()

    return begin


@contextmanager
def _transaction(engine: Engine) -> Iterator[Session]:
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session
