"""Transactions as the whole house relies on them, on both databases."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, ForeignKey, Integer, inspect, select, text
from sqlalchemy.exc import DBAPIError

from app.db import jobs as rows
from app.db.session import migrating, open_engine, reader, writer
from app.errors import Invalid

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COUNT_UP = """
import sys
from sqlalchemy import text
from app.db.session import open_engine, writer

sessions = writer(open_engine(sys.argv[1]))
for _ in range(int(sys.argv[2])):
    with sessions() as session:
        row = session.execute(text("SELECT failures FROM job FOR UPDATE" if "postgres" in sys.argv[1] else
                                   "SELECT failures FROM job")).scalar_one()
        session.execute(text("UPDATE job SET failures = :n"), {"n": row + 1})
"""


@pytest.fixture
def counter(sessions):
    """One row whose `failures` everybody counts up."""
    with sessions() as session:
        session.add(rows.Job(kind="count", key="", failures=0))


def count(sessions):
    with sessions() as session:
        return session.scalar(select(rows.Job.failures))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_is_opened_durable_and_strict(engine):
    for _ in range(2):  # the second time from the pool
        with engine.connect() as connection:
            pragmas = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
            found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas}
        assert found == {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 30000, "foreign_keys": 1}


def test_a_writer_commits_on_leaving_and_rolls_back_on_an_error(sessions):
    with pytest.raises(ZeroDivisionError), sessions() as session:
        session.add(rows.Tick(kind="poll", at=AT))
        session.flush()
        raise ZeroDivisionError
    with sessions() as session:
        assert session.scalars(select(rows.Tick)).all() == []
        session.add(rows.Tick(kind="poll", at=AT))
    with sessions() as session:
        assert session.scalars(select(rows.Tick)).one().at == AT


def test_a_transaction_inside_another_is_refused_rather_than_waiting_for_itself(sessions):
    with sessions(), pytest.raises(RuntimeError, match="already open"), sessions():
        pass
    with sessions() as session:
        session.execute(select(1))


def test_writers_in_many_threads_neither_fail_nor_lose_an_update(counter, sessions):
    def count_up(_):
        with sessions() as session:
            job = session.scalars(select(rows.Job).with_for_update()).one()
            job.failures += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(100)))
    assert count(sessions) == 100


def test_a_second_process_may_write_beside_us(counter, sessions, database_url):
    others = [subprocess.Popen([sys.executable, "-c", COUNT_UP, database_url, "40"]) for _ in range(2)]
    for _ in range(40):
        with sessions() as session:
            session.scalars(select(rows.Job).with_for_update()).one().failures += 1
    assert [other.wait(30) for other in others] == [0, 0]
    assert count(sessions) == 120


def test_a_new_sqlite_file_may_be_opened_by_many_at_once(tmp_path):
    url = f"sqlite:///{tmp_path / 'new.db'}"

    def open_and_look(_):
        with writer(open_engine(url))() as session:
            return session.scalar(select(1))

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(open_and_look, range(16))) == [1] * 16


def test_a_reader_sees_one_state_whatever_is_written_meanwhile(counter, sessions, reading):
    with reading() as session:
        before = session.scalar(select(rows.Job.failures))
        other = threading.Thread(target=lambda: _add_one(sessions))
        other.start()
        other.join(10)
        assert not other.is_alive(), "a reader must not hold up a writer"
        assert session.scalar(select(rows.Job.failures)) == before == 0
        assert session.scalar(select(rows.Tick.kind)) is None
    assert count(sessions) == 1


def _add_one(sessions):
    with sessions() as session:
        session.scalars(select(rows.Job)).one().failures += 1
        session.add(rows.Tick(kind="poll", at=AT))


def test_a_reader_does_not_wait_for_a_writer(counter, sessions, reading):
    with sessions() as session:
        session.scalars(select(rows.Job)).one().failures = 7
        session.flush()
        with reading() as other:
            assert other.scalar(select(rows.Job.failures)) == 0


def test_a_reader_refuses_to_write_instead_of_losing_it(sessions, reading):
    with pytest.raises(DBAPIError, match=r"(?i)read.?only"), reading() as session:
        session.add(rows.Tick(kind="poll", at=AT))
        session.flush()
    with sessions() as session:  # and the connection, back in the pool, writes again
        session.add(rows.Tick(kind="poll", at=AT))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://localhost/x", "not supported; use sqlite or postgresql"),
        ("nonsense", "cannot be read; give sqlite:///file or postgresql://"),
        ("sqlite://", "give sqlite:///file"),
        ("sqlite:///no/such/folder/x.db", "folder no/such/folder does not exist"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_the_way_out(url, said):
    with pytest.raises(Invalid, match=said):
        open_engine(url)


@pytest.mark.parametrize("url", ["postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"])
def test_all_spellings_of_a_postgresql_address_are_understood(url):
    assert open_engine(url).url.drivername == "postgresql+psycopg"


def test_a_password_is_not_told_when_an_address_is_refused():
    with pytest.raises(Invalid) as refused:
        open_engine("mysql://me:hush@localhost/x")
    assert "hush" not in refused.value.message


@pytest.fixture
def family(bare_database_url):
    """A migrated database with a parent, and a child that goes when its parent goes."""
    engine = open_engine(bare_database_url)
    with migrating(engine) as connection:
        op = Operations(MigrationContext.configure(connection))
        op.create_table("parent", Column("id", Integer, primary_key=True), Column("age", Integer))
        parent = ForeignKey("parent.id", ondelete="CASCADE", name="fk")
        op.create_table("child", Column("id", Integer, primary_key=True), Column("parent_id", Integer, parent))
        op.execute("INSERT INTO parent VALUES (1, 40)")
        op.execute("INSERT INTO child VALUES (1, 1)")
    yield engine
    engine.dispose()


def test_a_migration_that_rebuilds_a_table_keeps_the_rows_that_refer_to_it(family):
    with migrating(family) as connection:
        op = Operations(MigrationContext.configure(connection))
        with op.batch_alter_table("parent") as table:
            table.alter_column("age", nullable=False)
    with family.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM child")).scalar() == 1
    with pytest.raises(DBAPIError), family.begin() as connection:
        connection.execute(text("INSERT INTO child VALUES (2, 99)"))


def test_a_migration_that_fails_half_way_leaves_nothing_behind(family):
    with pytest.raises(ZeroDivisionError), migrating(family) as connection:
        Operations(MigrationContext.configure(connection)).create_table("half", Column("id", Integer))
        raise ZeroDivisionError
    assert "half" not in inspect(family).get_table_names()


@pytest.mark.parametrize("bare_database_url", ["sqlite"], indirect=True)  # PostgreSQL checks each statement
def test_a_migration_that_leaves_orphans_is_refused(family):
    with pytest.raises(RuntimeError, match="1 rows that refer to nothing"), migrating(family) as connection:
        connection.execute(text("DELETE FROM parent"))
    with reader(family)() as session:
        assert session.execute(text("SELECT count(*) FROM parent")).scalar() == 1


def test_alembic_leaves_the_transaction_to_us(family):
    with pytest.raises(ZeroDivisionError), migrating(family) as connection:
        context = MigrationContext.configure(connection)
        with context.begin_transaction():
            Operations(context).create_table("whole", Column("id", Integer))
        raise ZeroDivisionError
    assert "whole" not in inspect(family).get_table_names()


def test_only_one_process_migrates_at_a_time(family):
    entered, done = threading.Event(), []

    def migrate_too():
        with migrating(family) as connection:
            done.append(connection.execute(text("SELECT age FROM parent")).scalar())
            entered.set()

    with migrating(family) as connection:
        connection.execute(text("UPDATE parent SET age = 41"))
        other = threading.Thread(target=migrate_too)
        other.start()
        assert not entered.wait(0.2)
    other.join(10)
    assert done == [41]
