"""One outside site spoken to over HTTP: the retry policy, the shared pause, and nothing of what is said."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import requests
import urllib3
from atlassian.rest_client import AtlassianRestAPI

from app.errors import RetryAfter
from app.ports import RateGate
from connectors.http import waits
from connectors.http.address import Address
from connectors.http.answers import Call, Form, Setback, Value, judge
from connectors.http.losses import lost
from connectors.http.transport import Client, Clients, Timeouts, credentials

TRIES = 4
PATIENCE = 2.0
TIMEOUTS: Timeouts = (5.0, 30.0)
EXHAUSTED = 30.0
"""Seconds to stay away after the last try still met a rate limit that told no time."""

UPLOAD = {"Accept": "application/json", "X-Atlassian-Token": "nocheck"}
"""Headers of an upload; the library's own would call its body JSON."""

log = logging.getLogger(__name__)


def clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Pace:
    """Clock and waiting. `patience` is the longest sleep before a try, `timeouts` (connect, read); all in seconds."""

    now: Callable[[], datetime] = clock
    sleep: Callable[[float], None] = time.sleep
    patience: float = PATIENCE
    timeouts: Timeouts = TIMEOUTS
    tries: int = TRIES


class Remote:
    """The policy (atlassian.md §4): reads are tried four times on 429, 5xx, lost connections and half answers; writes
    only where they were certainly not carried out (429, connection refused). A write in doubt is Transient with
    `sent=True`. A wait above our patience is not slept: the site's gate is moved and RetryAfter raised.

    Safe to share between threads; no redirect is followed. Without a token (None) it asks as nobody. `ahead` is how
    far the site's clock was ahead of ours at its last answer, to the second; None: it told no time yet.
    """

    def __init__(
        self,
        product: str,
        where: Address,
        token: str | None,
        email: str | None = None,
        gate: RateGate | None = None,
        pace: Pace | None = None,
        *,
        client: Client = AtlassianRestAPI,
    ) -> None:
        self.product = product
        self.site = where.name
        self.ahead: timedelta | None = None
        pace = pace or Pace()
        self.sleep = pace.sleep
        self._gate, self._now, self._patience, self._tries = gate, pace.now, pace.patience, pace.tries
        self._clients = Clients(client, where.url, credentials(f"{product} {where.name}", token, email), pace.timeouts)

    def get(self, path: str, params: dict[str, object] | None = None) -> Any:
        """The JSON of a GET. `path` is relative to the site's address."""
        return self._perform(self._call("GET", path, True, None, params))

    def ask(self, path: str, body: object, params: dict[str, object] | None = None) -> Any:
        """The JSON of a POST that only reads, such as a search."""
        return self._perform(self._call("POST", path, True, body, params))

    def post(self, path: str, body: object, params: dict[str, object] | None = None) -> Any:
        return self._perform(self._call("POST", path, False, body, params))

    def put(self, path: str, body: object = None) -> Any:
        return self._perform(self._call("PUT", path, False, body, None))

    def delete(self, path: str) -> Any:
        return self._perform(self._call("DELETE", path, False, None, None))

    def upload(self, method: str, path: str, form: Form) -> Any:
        """The JSON of a multipart POST or PUT, as Confluence takes files: without our header it refuses them (XSRF)."""
        return self._perform(Call(self.product, self.site, method, path, False, form=form))

    def close(self) -> None:
        self._clients.close()

    def _call(self, method: str, path: str, reads: bool, body: object, params: dict[str, object] | None) -> Call:
        return Call(self.product, self.site, method, path, reads, body, params)

    def _perform(self, call: Call) -> Any:
        for attempt in count(1):
            self._pass_gate(call)
            outcome = self._attempt(call)
            if isinstance(outcome, Value):
                return outcome.json
            self._recover(call, outcome, attempt)
        raise AssertionError("unreachable")  # pragma: no cover

    def _pass_gate(self, call: Call) -> None:
        at = self._gate.not_before(self.site) if self._gate else None
        if at is None:
            return
        wait = (at - self._now()).total_seconds()
        if wait > self._patience:
            raise RetryAfter(call.says(f"waits for a rate limit until {at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"), at)
        if wait > 0:
            self.sleep(wait)

    def _attempt(self, call: Call) -> Value | Setback:
        try:
            response = self._clients.mine().request(
                call.method,
                call.path,
                json=call.body,
                params=call.params,
                headers=UPLOAD if call.form else None,
                files=call.form,
                advanced_mode=True,
                allow_redirects=False,
            )
        except requests.exceptions.InvalidJSONError:
            raise
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            return lost(call, error)
        log.debug("%s %s /%s -> %s", call.site, call.method, call.path, response.status_code)
        now = self._now()
        ahead = waits.ahead(response.headers, now)
        self.ahead = self.ahead if ahead is None else ahead
        return judge(call, response, now)

    def _recover(self, call: Call, setback: Setback, attempt: int) -> None:
        """Sleep before the next try, or raise what the caller must hear."""
        last = attempt >= self._tries
        wait = min(waits.backoff(attempt), self._patience) if setback.wait is None else setback.wait
        if setback.limited:
            self._pause(call, setback, max(wait, EXHAUSTED) if last and setback.wait is None else wait, last)
        elif last or not (call.reads or setback.unsent):
            raise setback.error
        elif setback.wait is not None and wait > self._patience:
            self._pause(call, setback, wait, last)
        log.info("%s %s /%s: try %d failed, again in %.1f s", call.site, call.method, call.path, attempt, wait)
        self.sleep(wait)

    def _pause(self, call: Call, setback: Setback, wait: float, last: bool) -> None:
        """Tell every replica; raise RetryAfter where waiting here would take too long."""
        at = self._now() + timedelta(seconds=wait)
        if self._gate:
            self._gate.pause(self.site, at, setback.reason or "the site asked to wait")
        if last or wait > self._patience:
            what = f"{setback.error.message} The next try is due at {at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}."
            raise RetryAfter(what, at) from setback.error
