"""The committing thread: deliveries that arrive together are stored in one commit, and each waits for its own."""

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from app.services.inbox import Delivery

log = logging.getLogger(__name__)
A_COMMIT = 200
"""At most this many deliveries in one commit, so that one slow commit never answers too many."""

Waiting = tuple[Delivery, "Future[None]"]


class Intake:
    """`put` returns once the delivery is durable, or raises what kept it from being so."""

    def __init__(self, accept: Callable[[Sequence[Delivery]], None]) -> None:
        self._accept = accept
        self._waiting: queue.Queue[Waiting | None] = queue.Queue(maxsize=10_000)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="intake", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Commit what waits, then end."""
        if self._thread:
            self._waiting.put(None)
            self._thread.join(timeout=10)
            self._thread = None

    async def put(self, delivery: Delivery) -> None:
        done: Future[None] = Future()
        self._waiting.put_nowait((delivery, done))
        await asyncio.wrap_future(done)

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            together, ended = self._gather(first)
            self._commit(together)
            if ended:
                return

    def _gather(self, first: Waiting) -> tuple[list[Waiting], bool]:
        together = [first]
        while len(together) < A_COMMIT:
            try:
                more = self._waiting.get_nowait()
            except queue.Empty:
                break
            if more is None:
                return together, True
            together.append(more)
        return together, False

    def _commit(self, together: list[Waiting]) -> None:
        waiting = [done for _, done in together if done.set_running_or_notify_cancel()]  # others hung up
        try:
            self._accept([delivery for delivery, _ in together])
        except Exception as error:  # whatever kept it from being stored is the answer to each who waits
            log.exception("%d webhook deliveries could not be stored", len(together))
            for done in waiting:
                done.set_exception(error)
            return
        for done in waiting:
            done.set_result(None)
