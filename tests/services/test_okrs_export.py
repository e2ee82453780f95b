"""Export, apply elsewhere, export: equal bytes. And what is exported would change nothing where it comes from."""

import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import Engine, delete, update

from app.db.models import MeasurementRow, MetricRow, OrganisationRow
from app.db.session import open_engine
from app.errors import Invalid
from app.okrs_file import Definitions
from app.services import okrs
from app.services.okrs import Plan
from app.world import World
from connectors.sandbox.demo.okrs import okrs_text
from tests.conftest import HandClock
from tests.okrs_file.made import everything, reread
from tests.okrs_file.strategies import definitions
from tests.services.test_okrs_plan import FILE
from tests.web.service import world_on

Elsewhere = Callable[[], World]
CLOCK = HandClock()


@contextmanager
def fresh(template: Path, folder: Path) -> Iterator[World]:
    """A world on an empty SQLite database."""
    engine = open_engine(f"sqlite:///{shutil.copy(template, folder / 'elsewhere.db')}")
    with world_on(engine, CLOCK) as world:
        yield world
    engine.dispose()


@pytest.fixture
def elsewhere(sqlite_template: Path, tmp_path: Path) -> Iterator[World]:
    with fresh(sqlite_template, tmp_path) as world:
        yield world


@pytest.fixture
def world(engine: Engine, clock: HandClock) -> Iterator[World]:
    """On each kind of database."""
    with world_on(engine, clock) as world:
        yield world


def exported(world: World, with_values: bool = True) -> str:
    return okrs.export(world, with_values=with_values).text


def travels(here: World, there: World, with_values: bool = True) -> str:
    """What is exported changes nothing here, and is exported from there just so."""
    text = exported(here, with_values)
    assert okrs.plan(here, reread(text)) == Plan()
    okrs.apply(there, reread(text))
    assert exported(there, with_values) == text
    return text


@pytest.mark.parametrize("with_values", [False, True])
def test_the_demos_company_travels(world: World, elsewhere: World, with_values: bool) -> None:
    okrs.apply(world, reread(okrs_text(date(2026, 11, 23))))
    text = travels(world, elsewhere, with_values)
    assert ("\nmeasurements:" in text, "\ncheck_ins:" in text, "pages:" in text) == (with_values, with_values, False)


def test_a_file_with_everything_in_it_travels(world: World, elsewhere: World) -> None:
    okrs.apply(world, everything())
    travels(world, elsewhere)


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=definitions())
def test_whatever_there_is_travels(sqlite_template: Path, tmp_path: Path, made: Definitions) -> None:
    (tmp_path / "here").mkdir(exist_ok=True)
    with fresh(sqlite_template, tmp_path / "here") as here, fresh(sqlite_template, tmp_path) as there:
        okrs.apply(here, made)
        travels(here, there)


def test_after_changes_and_moves_it_travels_too(world: World, elsewhere: World) -> None:
    okrs.apply(world, reread(FILE))
    second = FILE[FILE.index("  - id: O-2") : FILE.index("kpis:")]
    turned = FILE.replace(second, "").replace("objectives:\n", "objectives:\n" + second)
    okrs.apply(world, reread(turned.replace("{epic: A-2}", "{epic: A-2}, {label: a}").replace("[{link: A-1}, ", "[")))
    okrs.apply(world, reread(turned))
    text = travels(world, elsewhere)
    assert text.index("O-2") < text.index("O-1")


# One kind of database is enough for the rest


@pytest.fixture
def here(sqlite_template: Path, tmp_path: Path) -> Iterator[World]:
    (tmp_path / "here").mkdir()
    with fresh(sqlite_template, tmp_path / "here") as world:
        okrs.apply(world, reread(FILE))
        yield world


def test_what_is_archived_is_not_in_it(here: World) -> None:
    okrs.apply(here, reread(FILE[: FILE.index("kpis:")]))
    assert "P-1" not in exported(here) and "kpis:" not in exported(here)


def test_pages_that_follow_the_settings_do_not_say_so(here: World, elsewhere: World) -> None:
    named = "pages:\n  - {id: a, kind: index, schedule: 0 8 * * *, time_zone: Asia/Seoul, languages: [ko, en]}\n"
    okrs.apply(here, reread(FILE + named + "  - {id: b, kind: kpi_board, schedule: 0 9 * * *, languages: [ko]}\n"))
    assert exported(here).endswith(
        "\npages:\n  - {id: a, kind: index}\n  - {id: b, kind: kpi_board, schedule: 0 9 * * *, languages: [ko]}\n"
    )
    travels(here, elsewhere)


def test_a_sync_health_page_at_the_usual_hour_of_the_others_keeps_it(here: World, elsewhere: World) -> None:
    okrs.apply(here, reread(FILE + "pages:\n  - {id: s, kind: sync_health, schedule: 0 8 * * *}\n"))
    assert "{id: s, kind: sync_health, schedule: 0 8 * * *}" in travels(here, elsewhere)
    okrs.apply(here, reread(FILE + "pages:\n  - {id: s, kind: sync_health}\n"))
    assert "{id: s, kind: sync_health}" in exported(here)


def test_before_anything_was_applied_there_is_nothing_to_export(elsewhere: World) -> None:
    with pytest.raises(Invalid, match="apply a file first"):
        okrs.export(elsewhere)


def test_a_database_from_before_is_to_be_applied_once_more(here: World) -> None:
    with here.session() as session:
        session.execute(delete(OrganisationRow))
    with pytest.raises(Invalid, match=r"earlier version.*once more"):
        okrs.export(here)
    okrs.apply(here, reread(FILE))
    assert "Hanbit" in exported(here)


# Values


SAID = "check_ins:\n  - {key_result: KR-1, at: 2026-02-02T09:00+09:00, value: 2, note: so far}\n"
AT = datetime(2026, 2, 2, tzinfo=UTC)


def values(world: World) -> tuple[list[tuple[str, Decimal, str]], list[tuple[str, str, Decimal | None]]]:
    """Measurements as (metric, value, by), check-ins as (key result, by, value)."""
    found = okrs.export(world, with_values=True).definitions
    return (
        [(one.metric_id, one.value, one.by) for one in found.measurements],
        [(one.key_result_id, one.by, one.value) for one in found.check_ins],
    )


def test_the_value_of_a_check_in_stands_in_it_and_not_twice(here: World, elsewhere: World) -> None:
    okrs.apply(here, reread(FILE + SAID + "measurements:\n  - {metric: KR-1, at: 2026-02-01, value: 1.5, by: jun}\n"))
    assert values(here) == ([("KR-1", Decimal("1.5"), "jun")], [("KR-1", "minji", Decimal(2))])
    travels(here, elsewhere)


@pytest.mark.parametrize("later", [False, True])
def test_a_corrected_value_is_exported_as_it_stands(here: World, elsewhere: World, later: bool) -> None:
    """In its check-in if it is of the same time; else beside it."""
    okrs.apply(here, reread(FILE + SAID))
    at = AT.replace(hour=1) if later else AT
    with here.session() as session:
        (wrong,) = session.query(MeasurementRow)
        better = MeasurementRow(metric_id="KR-1", at=at, value=Decimal(3), by="minji", replaces=wrong.id)
        session.add(better)
        session.flush()
        session.add(MeasurementRow(metric_id="KR-1", at=at, value=Decimal("3.5"), by="jun", replaces=better.id))
    beside = [("KR-1", Decimal("3.5"), "jun")]
    assert values(here) == ((beside, [("KR-1", "minji", None)]) if later else ([], [("KR-1", "minji", Decimal("3.5"))]))
    travels(here, elsewhere)


def test_a_check_in_of_somebody_who_is_archived_is_left_out_and_its_value_kept(here: World, elsewhere: World) -> None:
    okrs.apply(here, reread(FILE + SAID.replace("note: so far", "by: jun, note: so far")))
    without = FILE.replace("  - {id: jun, name: Jun}\n", "").replace("owner: jun", "owner: minji")
    okrs.apply(here, reread(without))
    assert values(here) == ([("KR-1", Decimal(2), "")], [])
    assert okrs.export(here, with_values=True).left_out == 1
    assert okrs.export(here).left_out == 0
    travels(here, elsewhere)


def test_a_value_entered_before_jira_measured_it_stands_beside_its_check_in(here: World, elsewhere: World) -> None:
    okrs.apply(here, reread(FILE + SAID))
    with here.session() as session:
        session.execute(update(MetricRow).where(MetricRow.id == "KR-1").values(source="jira.share_done"))
    assert values(here) == ([("KR-1", Decimal(2), "minji")], [("KR-1", "minji", None)])
    travels(here, elsewhere)


def test_what_jira_measured_is_exported_and_nobody_is_said_to_have(here: World, elsewhere: World) -> None:
    with here.session() as session:
        session.add(MeasurementRow(metric_id="KR-3", at=AT, value=Decimal(2), by="Jira"))
        session.add(MeasurementRow(metric_id="KR-3", at=AT, value=Decimal(4), by="Jira"))
    assert values(here) == ([("KR-3", Decimal(4), "")], [])
    travels(here, elsewhere)


# Two at once


def test_two_who_apply_at_the_same_time_wait_for_each_other(world: World) -> None:
    files = [FILE, FILE.replace("title: Price", "title: Cost")] * 3
    with ThreadPoolExecutor(len(files)) as people:
        plans = list(people.map(lambda text: okrs.apply(world, reread(text)), files))
    assert sum("team sales" in plan.created for plan in plans) == 1
    assert "title: Price" in exported(world) or "title: Cost" in exported(world)
