"""The night's clock and its broom: what was missed is made up for once, and old records go."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from app.db.jobs import Job
from app.db.models import InboxRow, PublicationRow, RunRow
from app.jobs import RECONCILE, strikes
from app.services import audit, inbox, pages, retention, sweep, sync
from app.services.inbox import Delivery
from tests.journeys.company import RED, SERVICE
from tests.journeys.nights import only_sqlite
from tests.journeys.place import Place

NIGHT = (sweep.SWEEP, audit.AUDIT, retention.RETENTION)


def runs(place: Place) -> dict[str, int]:
    """How often each of the night's jobs ran, as their records tell."""
    with place.world.reading() as session:
        counted = dict(session.execute(select(RunRow.kind, func.count()).group_by(RunRow.kind)).all())
    return {kind: counted[kind] for kind in NIGHT if kind in counted}


def until(place: Place, local: str) -> None:
    """Move the clock to this time in Seoul, with the poll at work so far."""
    place.clock.time = datetime.fromisoformat(f"{local}+09:00")
    place.sync()
    place.settle()


@only_sqlite
def test_the_night_strikes_for_all_three_and_they_run_after_each_other(running: Place) -> None:
    assert {kind for kind, when in strikes(running.world.settings) if when == "0 3 * * *"} == set(NIGHT)
    until(running, "2026-11-19T03:00:00")
    for kind in NIGHT:
        running.house.queue.tick(kind, running.clock())
    assert running.work() == 3
    assert runs(running) == dict.fromkeys(NIGHT, 1)


@only_sqlite
def test_a_new_installation_waits_for_its_first_night(running: Place) -> None:
    until(running, "2026-11-18T23:00:00")
    assert running.tick(RECONCILE) == 1
    assert runs(running) == {}


def test_a_night_that_was_slept_through_is_made_up_for_once(running: Place) -> None:
    until(running, "2026-11-19T03:59:00")
    running.tick(RECONCILE)
    assert runs(running) == {}  # the clock's own strike may be on its way
    until(running, "2026-11-19T09:00:00")
    for _ in range(3):
        running.clock.move(60)
        running.tick(RECONCILE)
    assert runs(running) == dict.fromkeys(NIGHT, 1)
    until(running, "2026-11-20T03:00:00")
    for kind in NIGHT:
        running.house.queue.tick(kind, running.clock())
    running.work()
    until(running, "2026-11-20T09:00:00")
    running.tick(RECONCILE)
    assert runs(running) == dict.fromkeys(NIGHT, 2)


@only_sqlite
def test_while_jira_is_out_the_sweep_waits(running: Place) -> None:
    until(running, "2026-11-19T09:00:00")
    running.fault("search/jql$", status=403)
    with pytest.raises(Exception, match="403"):
        running.sync()
    running.tick(RECONCILE)
    assert sweep.SWEEP not in runs(running)
    running.mend()
    running.sync()
    running.clock.move(60)
    running.tick(RECONCILE)
    assert runs(running)[sweep.SWEEP] == 1


@only_sqlite
def test_one_that_failed_has_had_its_night_and_one_that_never_ends_is_tried_once_an_hour(running: Place) -> None:
    until(running, "2026-11-19T09:00:00")
    user = running.site.store.table("users").get(SERVICE)
    assert user is not None
    running.site.store.table("users").put(SERVICE, {**user, "expired": True})
    for _ in range(5):
        running.clock.move(60)
        running.tick(RECONCILE)
    assert runs(running)[audit.AUDIT] == 1  # parked, and its run says why
    with running.world.session() as session:  # as after a worker that died again and again: parked without a run
        session.add(Job(kind=retention.RETENTION, key="", due_at=None, failed_at=running.clock(), error="died"))
        for run in session.scalars(select(RunRow).where(RunRow.kind == retention.RETENTION)):
            session.delete(run)
    for minutes in (1, 30, 28):
        running.clock.move(minutes * 60)
        running.tick(RECONCILE)
    assert retention.RETENTION not in runs(running)
    running.clock.move(60)
    running.tick(RECONCILE)
    assert runs(running)[retention.RETENTION] == 1


# Retention


def delivered(place: Place, days_ago: float, name: str, *, is_done: bool = True) -> None:
    issue_ids = () if is_done else (place.issue("RED-4")["id"],)
    now = place.clock.time
    place.clock.time = now - timedelta(days=days_ago)
    inbox.accept(place.world, [Delivery(name, "jira:issue_updated", issue_ids, deleted=False)])
    place.clock.time = now


def kept(place: Place) -> set[str]:
    with place.world.reading() as session:
        return set(session.scalars(select(InboxRow.identifier)))


def test_old_deliveries_go_but_not_those_that_wait(running: Place) -> None:
    delivered(running, 31, "old")
    delivered(running, 31, "waits", is_done=False)
    delivered(running, 29.9, "young")
    assert retention.retain(running.world)["deliveries"] == 1
    assert kept(running) == {"waits", "young"}


def test_the_newest_delivery_is_kept_however_old_it_is(running: Place) -> None:
    for number, days in enumerate((400, 300, 200)):
        delivered(running, days, f"letter {number}")
    assert retention.retain(running.world)["deliveries"] == 2
    assert kept(running) == {"letter 2"}
    assert retention.retain(running.world)["deliveries"] == 0


def publications(place: Place) -> list[tuple[str, int]]:
    with place.world.reading() as session:
        rows = session.scalars(select(PublicationRow).order_by(PublicationRow.page_id, PublicationRow.id))
        return [(row.page_id, row.version) for row in rows]


def test_reports_of_old_versions_go_but_each_page_s_newest_stays(running: Place) -> None:
    for status in ("Done", "To Do"):
        running.transition("RED-4", status)
        running.follow()
    before = publications(running)
    assert len(before) > 2
    running.clock.move(399 * 86400)
    assert retention.retain(running.world)["publications"] == 0
    running.clock.move(2 * 86400)
    assert retention.retain(running.world)["publications"] == len(before) - 2
    newest = {page_id: max(version for one, version in before if one == page_id) for page_id, _ in before}
    assert dict(publications(running)) == newest
    assert len(publications(running)) == 2
    version = running.page(RED).version
    running.transition("RED-4", "Done")
    running.follow()
    assert "KR-2" in running.page(RED).message
    assert running.page(RED).version == version + 1


def test_thousands_of_deliveries_go_a_thousand_at_a_time(running: Place) -> None:
    running.clock.move(-40 * 86400)
    many = [Delivery(f"letter {number}", "x", (), deleted=False) for number in range(2001)]
    inbox.accept(running.world, many)
    running.clock.move(40 * 86400)
    assert retention.retain(running.world)["deliveries"] == 2000
    assert kept(running) == {"letter 2000"}


def test_old_runs_go_but_the_last_of_each_kind(running: Place) -> None:
    running.clock.move(86400)
    sweep.sweep(running.world)
    for _ in range(3):
        running.clock.move(86400)
        running.sync()
    running.clock.move(89 * 86400)
    with running.world.reading() as session:
        before = session.scalar(select(func.count()).select_from(RunRow))
    assert before is not None
    deleted = retention.retain(running.world)["runs"]
    with running.world.reading() as session:
        left = [run.kind for run in session.scalars(select(RunRow).order_by(RunRow.id))]
    assert deleted == before + 1 - len(left) > 0
    assert left.count(sync.POLL) == 2  # one is 89 days old, the other the one before it, just 90
    assert left.count(sweep.SWEEP) == left.count(pages.PUBLISH) == 1
