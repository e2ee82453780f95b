"""Refused deliveries are counted by why, at the cost of one write a minute for each reason, whoever floods us."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from app.db.models import RefusedDeliveryRow
from app.db.session import reader
from app.services import status
from app.services.refusals import Refusals
from tests.web.service import service_on, signature, world_on

BODY = b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "10001"}}'
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def noted(engine) -> dict[str, tuple[int, str]]:
    with reader(engine)() as session:
        rows = session.scalars(select(RefusedDeliveryRow))
        return {row.reason: (row.count, row.at.strftime("%H:%M:%S")) for row in rows}


def test_each_reason_is_noted_down(service, engine) -> None:
    service.post(BODY)
    service.post(BODY, x_hub_signature="sha1=00")
    service.post(BODY, x_hub_signature=signature(BODY, "guessed"))
    service.ring(b"no JSON")
    service.ring(b"[]")
    service.post(b"", content_length=str(26 * 1024 * 1024))
    assert set(noted(engine)) == {"unsigned", "method", "forged", "unreadable", "too_large"}
    assert service.ring(BODY).status_code == 200
    told = {one["reason"]: one["count"] for one in status.read(service.world)["refused_deliveries"]}
    assert told["forged"] == 1


def test_without_a_secret_it_is_noted_that_there_is_none(engine, clock) -> None:
    with service_on(engine, clock, webhook_secrets=()) as service:
        assert service.post(BODY, x_hub_signature=signature(BODY)).status_code == 401
    assert noted(engine) == {"no_secret": (1, "09:00:00")}


def test_a_flood_costs_one_write_a_minute_and_is_counted_all_the_same(service, engine, clock) -> None:
    for seconds in (0, 20, 20, 19):
        clock.move(seconds)
        assert service.post(BODY).status_code == 401
    assert noted(engine) == {"unsigned": (1, "09:00:00")}
    clock.move(1)
    service.post(BODY)
    assert noted(engine) == {"unsigned": (5, "09:01:00")}
    service.post(BODY, x_hub_signature="sha256=00")  # another reason has a minute of its own
    assert noted(engine)["forged"] == (1, "09:01:00")


@only_sqlite
def test_a_burst_is_counted_whole_although_nothing_follows(service, engine) -> None:
    refusals = Refusals(service.world, timedelta(seconds=0.05))
    written = threading.Event()

    def write(reason: str) -> None:
        Refusals.write(refusals, reason)
        written.set()

    refusals.write = write  # type: ignore[method-assign]
    assert refusals.count("forged")
    Refusals.write(refusals, "forged")
    assert not any(refusals.count("forged") for _ in range(499))
    assert written.wait(10)
    assert noted(engine)["forged"][0] == 500


def test_what_is_left_is_written_when_the_service_ends(engine, clock) -> None:
    with service_on(engine, clock) as service:
        service.post(BODY)
        clock.move(5)
        service.post(BODY)
        assert noted(engine) == {"unsigned": (1, "09:00:00")}
    assert noted(engine) == {"unsigned": (2, "09:00:05")}


def test_two_processes_add_up(engine, clock) -> None:
    with service_on(engine, clock) as one, service_on(engine, clock) as other:
        one.post(BODY)
        other.post(BODY)
    assert noted(engine) == {"unsigned": (2, "09:00:00")}


def test_a_database_that_does_not_take_it_changes_no_answer(service, engine, clock) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE refused_deliveries RENAME TO elsewhere"))
    try:
        assert service.post(BODY).status_code == 401
        assert service.post(BODY, x_hub_signature="sha256=00").status_code == 401
        assert service.ring(b"no JSON").status_code == 400
    finally:
        with engine.begin() as connection:
            connection.execute(text("ALTER TABLE elsewhere RENAME TO refused_deliveries"))
    clock.move(60)
    service.post(BODY)
    assert noted(engine) == {"unsigned": (2, "09:01:00")}


@only_sqlite
def test_a_clock_that_is_set_back_does_not_silence_it(engine, clock) -> None:
    with world_on(engine, clock) as world:
        refusals = Refusals(world)
        assert refusals.count("forged") and not refusals.count("forged")
        clock.move(-3600)
        assert refusals.count("forged")


@only_sqlite
def test_many_threads_write_once(engine, clock) -> None:
    with world_on(engine, clock) as world, ThreadPoolExecutor(8) as pool:
        refusals = Refusals(world)
        due = list(pool.map(lambda _: refusals.count("forged"), range(200)))
        assert due.count(True) == 1
        written = []
        event.listen(engine, "commit", written.append)
        list(pool.map(lambda _: refusals.write("forged"), range(8)))
        assert len(written) == 1
    assert noted(engine)["forged"][0] == 200
