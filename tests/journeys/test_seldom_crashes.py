"""Processes that die between noting a fact and ringing the pages for it, and more deliveries than one run takes."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.db.models import CheckInRow, InboxRow, RunRow, SyncRow
from app.jobs import RECONCILE
from app.services import checkins, inbox, pages, sync
from app.world import World
from tests.journeys.company import BLUE, RED
from tests.journeys.place import Place


class Died(BaseException):
    """The process ends here: nothing of ours catches it."""


def dying(place: Place, when: Callable[[Session], bool]) -> World:
    """The same world, but the process dies before the first transaction that begins after this became true."""

    @contextmanager
    def session() -> Iterator[Session]:
        with place.world.reading() as look:
            if when(look):
                raise Died
        opened: AbstractContextManager[Session] = place.world.session()
        with opened as one:
            yield one

    return replace(place.world, session=session)


def has_news(session: Session) -> bool:
    return bool(session.scalars(select(SyncRow.has_news)).one())


def test_a_drain_that_died_after_storing_rings_the_pages_when_it_runs_again(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.ring()
    with pytest.raises(Died):
        inbox.drain(dying(running, has_news))
    stored = running.stored_issue("RED-4")
    assert stored is not None
    assert stored.category == "done"
    assert running.row(RED).due_at is None
    running.clock.move(60)
    running.tick(RECONCILE)
    running.settle()
    assert running.page(RED).cell("Four things", "Now") == "75%"


def test_a_poll_that_died_after_storing_rings_the_pages_when_it_runs_again(running: Place) -> None:
    running.clock.move(60)
    running.edit("RED-5", summary="Thing 4 under another name")
    with pytest.raises(Died):
        sync.poll(dying(running, has_news))
    assert running.row(RED).due_at is None
    running.clock.move(300)
    assert running.sync()["stored"] == 0
    running.settle()
    assert "Thing 4 under another name" in running.page(RED).words


def test_a_check_in_and_its_ring_are_kept_together(running: Place) -> None:
    def is_noted(session: Session) -> bool:
        return session.scalar(select(CheckInRow.id)) is not None

    with pytest.raises(Died):
        checkins.check_in(dying(running, is_noted), "KR-1", "8.5")
    assert running.row(BLUE).due_at is not None
    running.settle()
    assert running.page(BLUE).cell("Churn", "Now") == "8.5%"


def test_more_deliveries_than_one_run_takes_are_drained_by_the_next(running: Place) -> None:
    issue_id = running.issue("RED-4")["id"]
    running.transition("RED-4", "Done")
    row = {"received_at": running.clock(), "event": "x", "issue_ids": [issue_id], "deleted": False}
    with running.world.session() as session:
        session.execute(insert(InboxRow), [row | {"identifier": str(n)} for n in range(inbox.AT_ONCE + 1000)])
        running.world.queue.enqueue(session, pages.DRAIN)
    running.work()
    with running.world.reading() as session:
        runs = session.scalars(select(RunRow.counts).where(RunRow.kind == pages.DRAIN).order_by(RunRow.id))
        assert [counts["deliveries"] for counts in runs] == [inbox.AT_ONCE, 1000]
        assert session.scalar(select(InboxRow.id).where(InboxRow.done_at.is_(None)).limit(1)) is None
    running.settle()
    assert running.page(RED).cell("Four things", "Now") == "75%"
