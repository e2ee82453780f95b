"""Several pages written at a time, in threads; the first alone."""

import sys
from collections import deque
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType

from app.errors import AuthFailed, RetryAfter
from app.services.outcome import Outcome

AT_ONCE = 5
"""Confluence limits bursts; more calls at a time than 5 to 10 are never worth it (atlassian.md §4)."""
OFTEN = 0.0005
"""Seconds after which threads take turns while a crew is at work, instead of 5 ms: whoever has an answer of Confluence
would wait that long at every step for the thread that renders."""
Work = Callable[[], Outcome]


class Crew:
    """Does work on pages in the order in which it is given, and gathers what became of it, by page: `outcomes`.

    Until one page went well each goes alone, so that with a refused login or a rate limit nobody knocks twice. Such an
    error stops everything: what runs is waited for, what was not begun has no outcome, and `stopped` is the error.
    """

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self.outcomes: dict[str, Outcome] = {}
        self.stopped: RetryAfter | AuthFailed | None = None
        self._at_once, self._is_welcome = at_once, False
        self._waiting: deque[tuple[str, Work]] = deque()
        self._running: dict[Future[Outcome], str] = {}
        self._usual = sys.getswitchinterval()
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="publish")

    def __enter__(self) -> "Crew":
        sys.setswitchinterval(OFTEN)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.shutdown()
        sys.setswitchinterval(self._usual)

    def send(self, page_id: str, work: Work) -> None:
        """Have this done when it is its turn; does not wait."""
        self._waiting.append((page_id, work))
        self.look()

    def look(self) -> None:
        """See who is ready, and give out what is next; does not wait. To be called between pages."""
        self._go_on(timeout=0)

    def wait(self, page_id: str | None = None) -> None:
        """Until the work on this page is done, or, without one, all of it."""
        while self._is_at(page_id):
            self._go_on()

    def _is_at(self, page_id: str | None) -> bool:
        open_ones = [*self._running.values(), *(waiting for waiting, _ in self._waiting)]
        return bool(open_ones) if page_id is None else page_id in open_ones

    def _go_on(self, timeout: float | None = None) -> None:
        self._begin()
        for future in wait(self._running, timeout, FIRST_COMPLETED).done:
            self._gather(self._running.pop(future), future)
        self._begin()

    def _begin(self) -> None:
        if self.stopped is not None:
            self._waiting.clear()
        while self._waiting and len(self._running) < (self._at_once if self._is_welcome else 1):
            page_id, work = self._waiting.popleft()
            self._running[self._pool.submit(work)] = page_id

    def _gather(self, page_id: str, future: Future[Outcome]) -> None:
        try:
            self.outcomes[page_id] = future.result()
        except (RetryAfter, AuthFailed) as error:
            self.stopped = self.stopped or error
        else:
            self._is_welcome |= self.outcomes[page_id] is not Outcome.FAILED
