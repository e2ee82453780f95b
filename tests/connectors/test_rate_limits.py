"""How long we wait, who is told, and when a worker gives the job back instead of sleeping."""

from datetime import timedelta
from email.utils import format_datetime

import pytest

from app.errors import RetryAfter, Transient
from connectors.http import waits


def after(clock, seconds):
    return clock() + timedelta(seconds=seconds)


FORMS = (
    pytest.param({"Retry-After": "90"}, 90, id="seconds"),
    pytest.param({"Retry-After": "1.5"}, 1.5, id="fractions"),
    pytest.param({"Retry-After": "Mon, 02 Mar 2026 09:02:00 GMT"}, 120, id="a date"),
    pytest.param({"X-RateLimit-Reset": "2026-03-02T09:01:30Z"}, 90, id="a reset"),
    pytest.param({"X-RateLimit-Reset": "2026-03-02T09:02Z"}, 120, id="a reset without seconds"),
    pytest.param({"X-RateLimit-Reset": "2026-03-02T18:02+09:00"}, 120, id="a reset in another zone"),
    pytest.param({"Retry-After": "5", "X-RateLimit-Reset": "2026-03-02T10:00Z"}, 5, id="both"),
    pytest.param({"Retry-After": "soon", "X-RateLimit-Reset": "2026-03-02T09:01Z"}, 60, id="nonsense and a reset"),
    pytest.param({"Retry-After": "0"}, waits.FLOOR, id="zero is not believed"),
    pytest.param({"Retry-After": "-3"}, waits.FLOOR, id="less than zero"),
    pytest.param({"Retry-After": "Mon, 02 Mar 2026 08:00:00 GMT"}, waits.FLOOR, id="a date gone by"),
    pytest.param({"Retry-After": "1e9"}, waits.LONGEST, id="a lifetime"),
    pytest.param({"Retry-After": "inf"}, None, id="for ever"),
    pytest.param({"Retry-After": "tomorrow"}, None, id="nonsense"),
    pytest.param({}, None, id="nothing"),
)


@pytest.mark.parametrize(("headers", "seconds"), FORMS)
def test_every_form_of_the_wait_is_read(clock, headers, seconds):
    assert waits.told(headers, clock()) == seconds


def test_a_retry_after_of_zero_makes_no_storm(stub, remote, naps):
    stub.then(429, headers={"Retry-After": "0"}).then(429, headers={"Retry-After": "0"}).then()
    remote.get("thing")
    assert naps == [0.5, 0.5]


@pytest.mark.parametrize("verb", ["get", "put"])
def test_a_long_wait_is_not_slept_but_shared_and_the_job_is_given_back(stub, remote, gate, clock, naps, verb):
    stub.then(429, headers={"Retry-After": "3600", "RateLimit-Reason": "jira-quota-tenant-based"})
    with pytest.raises(RetryAfter) as caught:
        remote.get("thing") if verb == "get" else remote.put("thing", {})
    assert caught.value.at == after(clock, 3600)
    assert gate.not_before(remote.site) == after(clock, 3600)
    assert gate.reasons == ["jira-quota-tenant-based"]
    assert naps == []
    assert "2026-03-02 10:00:00Z" in caught.value.message


def test_a_date_works_over_the_wire_too(stub, remote, clock):
    stub.then(429, headers={"Retry-After": format_datetime(after(clock, 60), usegmt=True)})
    with pytest.raises(RetryAfter) as caught:
        remote.get("thing")
    assert caught.value.at == after(clock, 60)


def test_a_short_wait_is_told_to_the_other_replicas_as_well(stub, remote, gate, clock):
    began = clock()
    stub.then(429, headers={"Retry-After": "1"}).then()
    remote.get("thing")
    assert gate.not_before(remote.site) == began + timedelta(seconds=1)


def test_while_the_site_is_paused_for_long_nothing_is_sent(stub, remote, gate, clock):
    gate.pause(remote.site, after(clock, 60), "told to another replica")
    with pytest.raises(RetryAfter) as caught:
        remote.put("thing", {})
    assert caught.value.at == after(clock, 60)
    assert stub.asked == []


def test_the_rest_of_a_short_pause_is_slept(stub, remote, gate, clock, naps):
    gate.pause(remote.site, after(clock, 1.5), "")
    stub.then()
    remote.get("thing")
    assert naps == [1.5]


def test_a_pause_gone_by_holds_nothing_up(stub, remote, gate, clock, naps):
    gate.pause(remote.site, after(clock, -10), "")
    stub.then()
    remote.get("thing")
    assert naps == []


def test_a_read_obeys_a_long_retry_after_of_an_overloaded_site(stub, remote, gate, clock):
    stub.then(503, headers={"Retry-After": "120"})
    with pytest.raises(RetryAfter) as caught:
        remote.get("thing")
    assert caught.value.at == after(clock, 120) == gate.not_before(remote.site)


def test_a_write_is_in_doubt_even_if_an_overloaded_site_names_a_time(stub, remote):
    stub.then(503, headers={"Retry-After": "1"}).then()
    with pytest.raises(Transient) as caught:
        remote.put("thing", {})
    assert caught.value.sent
    assert len(stub.asked) == 1
