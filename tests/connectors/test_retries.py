"""What is tried again, how often, and what never is: reads gladly, writes only where they were certainly not done."""

from dataclasses import replace
from ssl import SSLCertVerificationError, SSLError

import pytest
import requests
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, ProtocolError

from app.errors import RetryAfter, Transient
from connectors.http.answers import Call
from connectors.http.losses import lost

READS = ("get", "ask")
WRITES = ("post", "put")
PASSING = (
    pytest.param({"status": 500}, id="500"),
    pytest.param({"status": 502, "body": b"<html>Bad gateway</html>"}, id="502 with a page"),
    pytest.param({"status": 503}, id="503"),
    pytest.param({"status": 504}, id="504"),
    pytest.param({"lost": True}, id="connection closed"),
    pytest.param({"silent": True}, id="timeout"),
    pytest.param({"body": b'{"issues": [{"id": "1"'}, id="half JSON"),
    pytest.param({"body": b'{"a": 1}', "cut": True}, id="body cut off"),
    pytest.param({"body": b""}, id="empty body"),
    pytest.param({"body": b"<html><body>Down for maintenance</body></html>"}, id="maintenance page"),
)


@pytest.fixture
def remote(request, stub, connect, pace):
    """A silent site is given up after 0.1 s, the others get the time they need."""
    silent = "timeout" in request.node.name
    return connect(stub.url, pace=replace(pace, timeouts=(5.0, 0.1)) if silent else pace)


def send(remote, verb):
    return remote.get("thing") if verb == "get" else getattr(remote, verb)("thing", {"a": 1})


@pytest.mark.parametrize("verb", READS)
@pytest.mark.parametrize("failure", PASSING)
def test_a_read_is_tried_again_after_a_failure_that_may_pass(stub, remote, naps, verb, failure):
    stub.then(**failure).then(body={"ok": True})
    assert send(remote, verb) == {"ok": True}
    assert len(stub.asked) == 2
    assert len(naps) == 1


@pytest.mark.parametrize("failure", PASSING)
def test_a_read_is_given_up_after_four_tries_with_growing_waits(stub, remote, naps, failure):
    stub.always(**failure)
    with pytest.raises(Transient) as caught:
        remote.get("rest/api/3/thing")
    assert len(stub.asked) == 4
    assert not caught.value.sent
    assert not caught.value.permanent
    assert f"Jira {remote.site}: GET /rest/api/3/thing" in caught.value.message
    assert [low <= nap <= 2.0 for nap, low in zip(naps, (0.35, 0.7, 1.4), strict=True)] == [True] * 3
    assert naps[0] <= 0.65


@pytest.mark.parametrize("verb", WRITES)
@pytest.mark.parametrize("failure", PASSING)
def test_a_write_that_may_have_been_carried_out_is_never_repeated(stub, remote, naps, verb, failure):
    stub.then(**failure).then(body={"ok": True})
    with pytest.raises(Transient) as caught:
        send(remote, verb)
    assert caught.value.sent
    assert "look before repeating" in caught.value.message
    assert len(stub.asked) == 1
    assert naps == []


@pytest.mark.parametrize("verb", READS + WRITES)
def test_a_refused_connection_is_tried_again_even_for_a_write_since_it_was_never_sent(deaf_stub, connect, naps, verb):
    with pytest.raises(Transient) as caught:
        send(connect(deaf_stub.url), verb)
    assert not caught.value.sent
    assert "refused" in caught.value.message
    assert len(naps) == 3


def test_a_write_goes_out_once_the_site_listens_again(deaf_stub, connect, pace):
    sleep, remote = pace.sleep, connect(deaf_stub.url)

    def wake(seconds: float) -> None:
        sleep(seconds)
        deaf_stub.listen()

    remote.sleep = wake
    deaf_stub.then(body={"ok": True})
    assert remote.put("thing", {}) == {"ok": True}
    assert len(deaf_stub.asked) == 1


@pytest.mark.parametrize("verb", READS + WRITES)
def test_a_rate_limit_refuses_before_acting_so_that_writes_are_tried_again_too(stub, remote, naps, verb):
    stub.then(429, headers={"Retry-After": "1"}).then(body={"ok": True})
    assert send(remote, verb) == {"ok": True}
    assert naps == [1.0]


def test_four_rate_limits_in_a_row_reschedule_instead_of_failing(stub, remote, gate, clock):
    stub.always(429)
    with pytest.raises(RetryAfter) as caught:
        remote.put("thing", {})
    assert len(stub.asked) == 4
    assert (caught.value.at - clock()).total_seconds() == 30
    assert gate.not_before(remote.site) == caught.value.at


def test_timeouts_hold_although_the_library_knows_whole_seconds_only(stub, remote):
    stub.always(silent=True)
    with pytest.raises(Transient, match="no answer within the time"):
        remote.get("thing")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://no-such-host.invalid", "cannot be resolved"),
        ("http://a..b", "not a usable web address"),
    ],
)
def test_an_address_that_leads_nowhere_is_named_in_plain_words(connect, url, words):
    with pytest.raises(Exception, match=words) as caught:
        connect(url).get("thing")
    assert caught.value.message.startswith("Jira ")


def test_a_dead_proxy_means_that_nothing_was_sent(deaf_stub, connect, monkeypatch):
    monkeypatch.setenv("http_proxy", deaf_stub.url)
    with pytest.raises(Transient, match="proxy") as caught:
        connect("http://example.invalid").put("thing", {})
    assert not caught.value.sent


@pytest.mark.parametrize(
    ("error", "unsent", "words"),
    [
        (requests.ConnectTimeout(MaxRetryError(None, "/", ConnectTimeoutError())), True, "no connection within"),
        (
            requests.exceptions.SSLError(MaxRetryError(None, "/", SSLCertVerificationError())),
            True,
            "REQUESTS_CA_BUNDLE",
        ),
        (requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError())), False, "certificate"),
        (requests.ReadTimeout(), False, "no answer"),
        (requests.ConnectionError(ProtocolError("aborted", ConnectionResetError())), False, "broke off"),
    ],
)
def test_only_what_certainly_never_left_counts_as_unsent(error, unsent, words):
    setback = lost(Call("Jira", "example.com", "PUT", "thing", reads=False), error)
    assert setback.unsent is unsent
    assert setback.error.sent is not unsent
    assert words in setback.error.message
