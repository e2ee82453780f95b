"""The search index: what searches see of the issues, some time after the store has it."""

from collections import deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from connectors.sandbox.store import Document


class LinkEnd(NamedTuple):
    """One link as one of its issues sees it. `outward` is True at the source of the link."""

    link: str
    type: str
    outward: bool
    other: str


class Entry(NamedTuple):
    """One issue as it was when it was indexed. Documents are never changed in place, so this is a snapshot."""

    issue: Document
    links: tuple[LinkEnd, ...]


class Index:
    """Entries by issue id, with those that are not due yet kept aside. Not a store: it is rebuilt at every start."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._entries: dict[str, Entry] = {}
        self._waiting: deque[tuple[datetime, str, Entry | None]] = deque()

    def put(self, issue_id: str, entry: Entry | None, delay: float) -> None:
        """Show the entry (or its absence) to searches after `delay` seconds."""
        self._waiting.append((self._now() + timedelta(seconds=delay), issue_id, entry))
        self._settle()

    def get(self, issue_id: str) -> Entry | None:
        self._settle()
        return self._entries.get(issue_id)

    def __iter__(self) -> Iterator[Entry]:
        self._settle()
        return iter(list(self._entries.values()))

    def _settle(self) -> None:
        now = self._now()
        while self._waiting and self._waiting[0][0] <= now:
            _, issue_id, entry = self._waiting.popleft()
            if entry is None:
                self._entries.pop(issue_id, None)
            else:
                self._entries[issue_id] = entry
