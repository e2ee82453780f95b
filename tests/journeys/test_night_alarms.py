"""The nightly sweep when something is wrong: too much is gone at once, or Jira cannot be asked to the end."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from app.db.models import RunRow, SyncRow
from app.errors import Alarm
from app.services import status, sweep
from connectors.sandbox import faults
from connectors.sandbox.jira.seed import add_issues
from connectors.sandbox.site import ADMIN, Site
from tests.journeys import company
from tests.journeys.company import BLUE, RED, SERVICE, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.nights import QUERY, a_day, only_sqlite, silently
from tests.journeys.place import Place

MANY = 20


def twenty_more(site: Site) -> None:
    """BLU-5 to BLU-24 carry the label as well: 24 issues of 28 are behind the query."""
    company.fill(site)
    add_issues(site, "BLU", MANY, labels=["launch"])


@pytest.fixture
def many(opening: Opening, engine: Engine) -> Place:
    place = opening(engine, twenty_more)
    place.start(SMALL)
    place.listen()
    a_day(place)
    return place


def close_project(place: Place, key: str, *, to_us: bool) -> None:
    with place.site.store.lock:
        project = place.tracker.project(key)
        assert project is not None
        place.tracker.projects.put(project["id"], {**project, "browse": [ADMIN] if to_us else None})


def last_run(place: Place) -> RunRow:
    with place.world.reading() as session:
        found = session.scalars(select(RunRow).where(RunRow.kind == "sweep").order_by(RunRow.id.desc())).first()
    assert found is not None
    return found


def out_since(place: Place) -> Any:
    with place.world.reading() as session:
        return session.scalars(select(SyncRow)).one().out_since


def parked(place: Place) -> dict[str, str]:
    return {job["kind"]: job["reason"] for job in status.read(place.world)["parked_jobs"]}


def test_when_most_issues_are_gone_at_once_nothing_of_it_is_believed(many: Place) -> None:
    silently(many, "RED-4", summary="Thing three")
    close_project(many, "BLU", to_us=True)
    versions = many.versions()
    with pytest.raises(Alarm, match=r"24 of 29 issues are no longer shown.*Did the account lose a right\?.*--accept"):
        sweep.sweep(many.world)
    counts = last_run(many).counts
    assert (counts["unseen"], counts["left"], counts["changed"], counts["refused"]) == (0, 0, 1, 1)
    assert "24 of 29" in last_run(many).error
    many.settle()
    assert "Thing three" in many.page(RED).body  # what else was found is taken over
    assert many.versions()[many.page(BLUE).title] == versions[many.page(BLUE).title]
    assert many.page(BLUE).cell("Ready to launch", "Jira").startswith("7/24")


@only_sqlite
def test_a_person_can_say_that_it_is_right_so(many: Place) -> None:
    close_project(many, "BLU", to_us=True)
    with pytest.raises(Alarm):
        sweep.sweep(many.world)
    assert sweep.sweep(many.world, accept=True)["unseen"] == 24
    many.settle()
    page = many.page(BLUE)
    assert page.cell("Ready to launch", "Jira").startswith("7/24")
    assert "Launch step 1" not in page.body
    a_day(many)
    assert sweep.sweep(many.world)["repaired"] == 0  # and nobody is asked again


@only_sqlite
def test_when_the_right_is_back_the_alarm_is_over(many: Place) -> None:
    close_project(many, "BLU", to_us=True)
    assert many.tick(sweep.SWEEP) == 1
    assert "24 of 29" in parked(many)["sweep"]
    close_project(many, "BLU", to_us=False)
    a_day(many)
    many.tick(sweep.SWEEP)
    assert parked(many) == {}
    assert last_run(many).error == ""
    assert last_run(many).counts["repaired"] == 0


def test_a_query_whose_issues_are_all_out_of_sight_keeps_them_until_a_person_agrees(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = opening(sqlite_engine, twenty_more)
    place.start(SMALL.replace("project = BLU AND ", ""))
    close_project(place, "BLU", to_us=True)
    with pytest.raises(Alarm, match="the query of KR-3, which had 24 issues, finds none"):
        sweep.sweep(place.world)
    assert len(place.evidence()) == 28


def test_a_query_that_moved_on_is_believed(opening: Opening, sqlite_engine: Engine) -> None:
    place = opening(sqlite_engine, twenty_more)
    place.start(SMALL.replace("labels = launch", "created >= startOfDay(-3d)"))
    for _ in range(4):
        a_day(place)
    assert sweep.sweep(place.world)["left"] == 24
    assert len(place.evidence()) == 4


def test_when_no_query_finds_anything_any_more_the_search_is_not_believed(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = opening(sqlite_engine, twenty_more)
    passing = "{jql: project = BLU AND created >= startOfDay(-3d), mode: contributing}"
    place.start(SMALL.replace("{link: RED-1, mode: contributing}", passing).replace(QUERY, passing))
    for _ in range(4):
        a_day(place)
    with pytest.raises(Alarm, match="finds none"):
        sweep.sweep(place.world)
    assert sweep.sweep(place.world, accept=True)["left"] == 48


def test_a_search_that_finds_nothing_at_all_is_not_believed_for_small_queries_either(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = opening(sqlite_engine, company.fill)
    many = "".join(f"          - {{id: part-{number}, jql: key >= BLU-{number}}}\n" for number in range(1, 5))
    place.start(SMALL.replace(f"          - {QUERY}\n", many + f"          - {QUERY}\n"))
    a_day(place)
    before = len(place.evidence())
    faults.add(place.site, {"path": "/search/jql", "status": 200, "body": {"issues": [], "isLast": True}})
    with pytest.raises(Alarm, match="finds none"):
        sweep.sweep(place.world)
    assert len(place.evidence()) == before


@pytest.mark.parametrize(("gone", "is_believed"), [(11, True), (15, False)])
def test_less_than_half_is_believed(opening: Opening, sqlite_engine: Engine, gone: int, is_believed: bool) -> None:
    place = opening(sqlite_engine, twenty_more)
    place.start(SMALL)
    a_day(place)
    for number in range(gone):
        place.delete(f"BLU-{number + 5}")
    if is_believed:
        assert sweep.sweep(place.world)["unseen"] == gone
    else:
        with pytest.raises(Alarm, match=f"{gone} of 29"):
            sweep.sweep(place.world)


@only_sqlite
def test_a_few_are_believed_though_they_are_most(running: Place) -> None:
    for key in ("RED-2", "RED-3", "RED-4", "RED-5", "BLU-1", "BLU-2"):
        running.delete(key)
    a_day(running)
    assert sweep.sweep(running.world)["unseen"] == 6


def hundreds(site: Site) -> None:
    company.fill(site)
    add_issues(site, "BLU", 150, labels=["launch"])


def test_a_rate_limit_in_the_middle_is_waited_out_and_the_sweep_ends_later(opening: Opening, engine: Engine) -> None:
    place = opening(engine, hundreds)
    place.start(SMALL)
    a_day(place)
    silently(place, "BLU-4", summary="First hundred")
    silently(place, "BLU-150", summary="Second hundred")
    place.fault("bulkfetch$", status=429, headers={"Retry-After": "600"}, skip=1)
    place.tick(sweep.SWEEP)
    place.mend()
    assert "waits" in last_run(place).error or "429" in last_run(place).error
    assert last_run(place).counts["changed"] == 1
    assert out_since(place) is not None
    assert parked(place) == {}
    place.clock.move(599)
    assert place.work() == 0
    place.clock.move(1)
    place.work()
    assert last_run(place).error == ""
    assert last_run(place).counts["changed"] == 1
    stored = place.stored_issue("BLU-150")
    assert stored is not None
    assert stored.summary == "Second hundred"


@only_sqlite
def test_a_token_that_has_ended_is_an_outage_and_hides_nothing(running: Place) -> None:
    a_day(running)
    user = running.site.store.table("users").get(SERVICE)
    assert user is not None
    running.site.store.table("users").put(SERVICE, {**user, "expired": True})
    running.tick(sweep.SWEEP)
    assert "token" in parked(running)["sweep"]
    assert out_since(running) == running.clock()
    stored = running.stored_issue("RED-5")
    assert stored is not None
    assert stored.unseen_at is None


@only_sqlite
@pytest.mark.parametrize("fault", [{"repeat_token": True}, {"empty_page": True, "count": 2}])
def test_a_search_that_goes_round_in_circles_ends(running: Place, fault: dict[str, Any]) -> None:
    a_day(running)
    faults.add(running.site, {"path": "search/jql$", **fault})
    if "count" in fault:
        assert sweep.sweep(running.world)["repaired"] == 0
    else:
        running.tick(sweep.SWEEP)
        assert "same page token twice" in last_run(running).error
    assert len(running.evidence()) == 8
