"""Sends webhooks in the background as Atlassian does: signed, identified, and again when the receiver may recover."""

import hashlib
import heapq
import hmac
import itertools
import threading
import time
import uuid
from collections import deque
from dataclasses import dataclass, field

import requests

from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

RETRIED = frozenset({408, 409, 425, 429, *range(500, 600)})
MOST_RETRIES = 5
SENDERS = 4


@dataclass
class Delivery:
    """One body for one receiver. `results` holds what came of each attempt: a status, or the name of the failure."""

    webhook: str
    event: str
    url: str
    body: bytes
    secret: str | None
    flow: str
    identifier: str = field(default_factory=lambda: str(uuid.uuid4()))
    results: list[int | str] = field(default_factory=list)
    state: str = "waiting"


def signature(secret: str, body: bytes) -> str:
    """The value of X-Hub-Signature: the method and the hex HMAC over the raw body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Postman:
    """Threads that deliver; they start with the first delivery. Not durable: what is unsent at the end is lost."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self.log: deque[Delivery] = deque(maxlen=50_000)
        self._due: list[tuple[float, int, Delivery]] = []
        self._order = itertools.count()
        self._busy = 0
        self._closed = False
        self._changed = threading.Condition()
        self._threads: list[threading.Thread] = []

    def post(self, delivery: Delivery) -> None:
        """Send it soon, in no promised order."""
        with self._changed:
            if self._closed:
                return
            self.log.append(delivery)
            self._push(delivery, 0)
            while len(self._threads) < SENDERS:
                thread = threading.Thread(target=self._work, name="sandbox-webhooks", daemon=True)
                self._threads.append(thread)
                thread.start()

    def flush(self, timeout: float) -> bool:
        """Wait until nothing is due or under way, retries included. False if `timeout` seconds were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._due and not self._busy, timeout)

    def close(self) -> None:
        """Stop sending. What waits is dropped."""
        with self._changed:
            self._closed = True
            self._due.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=1)

    def _push(self, delivery: Delivery, delay: float) -> None:
        heapq.heappush(self._due, (time.monotonic() + delay, next(self._order), delivery))
        self._changed.notify_all()

    def _work(self) -> None:
        with requests.Session() as session:
            session.trust_env = False
            while (delivery := self._take()) is not None:
                try:
                    self._settle(delivery, self._attempt(session, delivery))
                finally:
                    with self._changed:
                        self._busy -= 1
                        self._changed.notify_all()

    def _take(self) -> Delivery | None:
        with self._changed:
            while not self._closed:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    self._busy += 1
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None

    def _attempt(self, session: requests.Session, delivery: Delivery) -> int | str:
        headers = _headers(delivery)
        try:
            answer = session.post(
                delivery.url,
                data=delivery.body,
                headers=headers,
                timeout=self._site.webhook_timeout,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return type(error).__name__
        return answer.status_code

    def _settle(self, delivery: Delivery, result: int | str) -> None:
        with self._changed:
            delivery.results.append(result)
            if result in (200, 204):
                delivery.state = "delivered"
            elif (isinstance(result, str) or result in RETRIED) and len(delivery.results) <= MOST_RETRIES:
                self._push(delivery, self._site.retry_delay * 2 ** (len(delivery.results) - 1))
            else:
                delivery.state = "lost"


def _headers(delivery: Delivery) -> dict[str, str]:
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        "User-Agent": "Atlassian Webhook HTTP Client",
        "X-Atlassian-Webhook-Identifier": delivery.identifier,
        "X-Atlassian-Webhook-Flow": delivery.flow,
    }
    if delivery.results:
        headers["X-Atlassian-Webhook-Retry"] = str(len(delivery.results))
    if delivery.secret:
        headers["X-Hub-Signature"] = signature(delivery.secret, delivery.body)
    return headers


def shown(delivery: Delivery) -> Document:
    """A delivery for the control API's log."""
    return {
        "identifier": delivery.identifier,
        "webhook": delivery.webhook,
        "event": delivery.event,
        "url": delivery.url,
        "flow": delivery.flow,
        "state": delivery.state,
        "results": list(delivery.results),
        "body": delivery.body.decode(),
    }
