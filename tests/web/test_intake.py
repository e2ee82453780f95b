"""A delivery is answered 200 only when it is durable, once whatever comes twice, many in one commit under load."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from app.db.jobs import Job
from app.db.session import open_engine
from app.services.inbox import Delivery
from app.web.intake import Intake
from tests.web.service import service_on

BODY = {"webhookEvent": "jira:issue_updated", "issue": {"id": "10001"}}


def delivery(name: str) -> Delivery:
    return Delivery(name, "jira:issue_updated", ("1",), deleted=False)


def test_a_delivery_that_comes_again_is_one_row(service) -> None:
    answers = [service.ring(BODY, "the same"), service.ring(BODY, "the same", x_atlassian_webhook_retry="1")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [row.identifier for row in service.inbox()] == ["the same"]


def test_without_an_identifier_the_body_itself_tells_deliveries_apart(service) -> None:
    other = {**BODY, "timestamp": 1}
    for body in (BODY, BODY, other):
        assert service.ring(body, identifier="").status_code == 200
    assert len(service.inbox()) == 2


def test_an_endless_identifier_is_no_error(service) -> None:
    for _ in range(2):
        assert service.ring(BODY, "x" * 1000).status_code == 200
    assert len(service.inbox()) == 1


def test_what_rang_makes_the_drain_due_in_the_same_commit(service) -> None:
    service.ring(BODY)
    with service.world.reading() as session:
        assert session.get(Job, ("drain", "")) is not None


def test_a_delivery_that_cannot_be_stored_gets_503_so_that_jira_sends_it_again(bare_database_url, clock) -> None:
    engine = open_engine(bare_database_url)  # a database without tables
    try:
        with service_on(engine, clock) as service:
            answer = service.ring(BODY)
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert "send it again" in answer.json()["detail"]
    finally:
        engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_was_stored_before_a_failure_comes_through_on_the_second_try(service) -> None:
    with service.world.session() as session:
        session.execute(text("ALTER TABLE inbox RENAME TO away"))
    assert service.ring(BODY, "again").status_code == 503
    with service.world.session() as session:
        session.execute(text("ALTER TABLE away RENAME TO inbox"))
    assert service.ring(BODY, "again").status_code == 200
    assert [row.identifier for row in service.inbox()] == ["again"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_200_is_said_after_the_commit_and_not_before(engine, clock) -> None:
    order: list[str] = []
    with service_on(engine, clock) as service:
        event.listen(engine, "commit", lambda _connection: order.append("commit"))
        service.ring(BODY)
        order.append("answer")
    assert order[order.index("answer") - 1] == "commit"


def test_many_deliveries_at_once_are_all_stored_in_few_commits(engine, clock) -> None:
    commits: list[int] = []
    held = threading.Event()

    def slow(_connection: object) -> None:
        commits.append(1)
        held.wait(5)

    with service_on(engine, clock) as service, ThreadPoolExecutor(30) as pool:
        event.listen(engine, "commit", slow)
        first = pool.submit(service.ring, BODY, "first")
        wait_until(lambda: commits)
        rest = [pool.submit(service.ring, BODY, f"delivery {number}") for number in range(100)]
        wait_until(lambda: service.app.state.intake._waiting.qsize() >= 29)  # one in the commit, the others queue
        held.set()
        assert {answer.result().status_code for answer in (first, *rest)} == {200}
        event.remove(engine, "commit", slow)
        assert len(service.inbox()) == 101
    assert len(commits) < 60


def wait_until(condition) -> None:
    for _ in range(2000):
        if condition():
            return
        threading.Event().wait(0.002)
    raise AssertionError("it did not come to that")


def test_deliveries_that_wait_together_share_one_commit() -> None:
    together: list[int] = []
    intake = Intake(lambda deliveries: together.append(len(deliveries)))

    async def rush() -> None:
        waiting = [asyncio.ensure_future(intake.put(delivery(str(number)))) for number in range(450)]
        await asyncio.sleep(0)  # all are queued before the thread starts
        intake.start()
        await asyncio.gather(*waiting)

    asyncio.run(rush())
    intake.stop()
    assert together == [200, 200, 50]


def test_stopping_commits_what_waits() -> None:
    stored: list[str] = []
    intake = Intake(lambda deliveries: stored.extend(one.identifier for one in deliveries))

    async def leave() -> None:
        waiting = asyncio.ensure_future(intake.put(delivery("last")))
        await asyncio.sleep(0)
        intake.start()
        intake.stop()
        await waiting

    asyncio.run(leave())
    assert stored == ["last"]


def test_a_caller_who_hangs_up_holds_up_nobody_after_him() -> None:
    stored: list[str] = []
    intake = Intake(lambda deliveries: stored.extend(one.identifier for one in deliveries))

    async def hang_up_then_ring() -> None:
        gone = asyncio.ensure_future(intake.put(delivery("gone")))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        intake.start()
        await asyncio.wait_for(intake.put(delivery("next")), 5)

    asyncio.run(hang_up_then_ring())
    intake.stop()
    assert stored == ["gone", "next"]


def test_an_error_reaches_each_who_waits_and_the_next_ones_get_through() -> None:
    broken = [True]

    def accept(_deliveries: object) -> None:
        if broken:
            broken.clear()
            raise OperationalError("INSERT", {}, Exception("database is locked"))

    intake = Intake(accept)

    async def ring() -> None:
        both = [asyncio.ensure_future(intake.put(delivery(name))) for name in "ab"]
        await asyncio.sleep(0)
        intake.start()
        found = await asyncio.gather(*both, return_exceptions=True)
        assert [type(one) for one in found] == [OperationalError, OperationalError]
        await intake.put(delivery("c"))

    asyncio.run(ring())
    intake.stop()
