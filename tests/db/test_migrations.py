"""Migrations run the same on both databases, end where the code is, once however many start them, and never go back."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, inspect, text

from app.db import migrate
from app.db.base import Base
from app.db.session import migrating, open_engine
from app.errors import Invalid

UPGRADE = "import sys; from app.db import migrate; from app.db.session import open_engine; "
UPGRADE += "migrate.upgrade(open_engine(sys.argv[1]))"


@pytest.fixture
def bare(bare_database_url):
    engine = open_engine(bare_database_url)
    yield engine
    engine.dispose()


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names())


def put_at(engine: Engine, revision: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :at"), {"at": revision})


def test_an_empty_database_is_brought_to_all_tables_of_the_code(bare) -> None:
    assert migrate.present(bare) is None
    assert migrate.upgrade(bare) is True
    assert migrate.present(bare) == migrate.newest()
    assert tables(bare) == set(Base.metadata.tables) | {"alembic_version"}
    assert migrate.drift(bare) == []
    migrate.check(bare)


def test_a_second_upgrade_has_nothing_to_do(bare) -> None:
    migrate.upgrade(bare)
    assert migrate.upgrade(bare) is False


def test_the_migrated_tables_equal_those_of_the_code_to_the_last_index(bare, request) -> None:
    migrate.upgrade(bare)
    straight_from_the_code = open_engine(request.getfixturevalue(f"fresh_{bare.dialect.name}")())
    there, ours = inspect(bare), inspect(straight_from_the_code)
    for name in Base.metadata.tables:
        assert _columns(there, name) == _columns(ours, name), name
        assert there.get_pk_constraint(name) == ours.get_pk_constraint(name), name
        for ask in ("get_indexes", "get_unique_constraints", "get_foreign_keys"):
            assert _sorted(getattr(there, ask)(name)) == _sorted(getattr(ours, ask)(name)), (name, ask)
    straight_from_the_code.dispose()


def _columns(inspector, name: str) -> list[tuple[str, str, bool]]:
    return sorted((one["name"], str(one["type"]), one["nullable"]) for one in inspector.get_columns(name))


def _sorted(found: list[dict]) -> list[str]:
    return sorted(str(sorted((key, str(value)) for key, value in one.items())) for one in found)


def test_drift_tells_what_a_migration_forgot(bare) -> None:
    migrate.upgrade(bare)
    with bare.begin() as connection:
        connection.execute(text("DROP TABLE rematches"))
    assert "rematches" in str(migrate.drift(bare))


def test_a_database_without_tables_is_refused_with_what_to_do(bare) -> None:
    with pytest.raises(Invalid, match="run `plainsight migrate`"):
        migrate.check(bare)


def test_a_database_that_is_newer_than_the_code_is_refused_and_left_alone(bare) -> None:
    migrate.upgrade(bare)
    put_at(bare, "9999")
    for attempt in (migrate.check, migrate.upgrade):
        with pytest.raises(Invalid, match=r"revision 9999.*made by a newer one.*nothing was changed"):
            attempt(bare)
    assert migrate.present(bare) == "9999"


def test_a_migration_that_fails_leaves_nothing_behind(bare) -> None:
    with pytest.raises(ZeroDivisionError), migrating(bare) as connection:
        connection.execute(text("CREATE TABLE half_done (id INTEGER)"))
        raise ZeroDivisionError
    assert tables(bare) == set()
    assert migrate.upgrade(bare) is True


def test_processes_that_migrate_at_the_same_time_take_turns(bare, bare_database_url) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", UPGRADE, bare_database_url], stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    migrate.upgrade(bare)
    said = [process.communicate(timeout=60)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0], said
    assert migrate.drift(bare) == []


def test_who_comes_while_another_migrates_waits_and_finds_it_done(bare) -> None:
    entered, leave = threading.Event(), threading.Event()

    def slowly() -> None:
        with migrating(bare) as connection:
            entered.set()
            leave.wait(10)
            connection.execute(text("CREATE TABLE early (id INTEGER)"))

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(slowly)
        assert entered.wait(10)
        second = pool.submit(migrate.upgrade, bare)
        leave.set()
        first.result(30)
        assert second.result(30) is True
    assert "early" in tables(bare) and "inbox" in tables(bare)
