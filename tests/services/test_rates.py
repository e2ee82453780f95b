"""One pause per site, shared by all workers and replicas."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.services.rates import SharedRateGate

SITE = "example.atlassian.net"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def gate(sessions, reading, clock):
    return SharedRateGate(sessions, reading, clock)


@pytest.fixture
def replica(sessions, reading, clock):
    return SharedRateGate(sessions, reading, clock)


def test_a_site_that_asked_for_nothing_may_be_called_now(gate):
    assert gate.not_before(SITE) is None


def test_a_pause_holds_back_this_process_at_once_and_until_it_ends(gate, clock):
    assert gate.not_before(SITE) is None
    gate.pause(SITE, clock() + MINUTE, "429")
    assert gate.not_before(SITE) == clock() + MINUTE
    clock.move(59)
    assert gate.not_before(SITE) == clock() + timedelta(seconds=1)
    clock.move(1)
    assert gate.not_before(SITE) is None


def test_another_replica_notices_a_pause_within_half_a_second(gate, replica, clock):
    assert replica.not_before(SITE) is None
    gate.pause(SITE, clock() + MINUTE, "429")
    clock.move(0.5)
    assert replica.not_before(SITE) is not None


def test_a_shorter_pause_never_shortens_a_longer_one(gate, replica, clock):
    end = clock() + 5 * MINUTE
    gate.pause(SITE, end, "the quota of the hour is spent")
    replica.pause(SITE, clock() + MINUTE, "burst")
    assert gate.not_before(SITE) == replica.not_before(SITE) == end


def test_of_many_pauses_at_once_the_longest_stands(gate, clock):
    ends = [clock() + MINUTE * number for number in range(1, 21)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda end: gate.pause(SITE, end, "429"), ends[::-1] + ends))
    assert gate.not_before(SITE) == ends[-1]


def test_sites_are_paused_apart(gate, clock):
    gate.pause(SITE, clock() + MINUTE, "429")
    assert gate.not_before("jira.example.com") is None


def test_a_clock_that_was_set_back_does_not_keep_an_old_answer_alive(gate, replica, clock):
    gate.not_before(SITE)
    clock.move(-3600)
    replica.pause(SITE, clock() + MINUTE, "429")
    assert gate.not_before(SITE) is not None


def test_asking_costs_next_to_nothing(gate):
    gate.not_before(SITE)
    began = time.perf_counter()
    for _ in range(1000):
        gate.not_before(SITE)
    assert (time.perf_counter() - began) / 1000 < 0.001
