"""Lists in parts, so that none is endless: what is in this part, and the cursor by which the next one is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True)
class Part(Generic[T]):
    """`after` is the cursor of the next part; None: this is the last one."""

    items: tuple[T, ...]
    after: int | None

    def each(self, change: Callable[[T], U]) -> "Part[U]":
        """The same part with every item changed."""
        return Part(tuple(map(change, self.items)), self.after)


def of_all(items: Sequence[T], cursor: int, limit: int) -> Part[T]:
    """The part of a list that is at hand; the cursor counts the items before it."""
    end = cursor + limit
    return Part(tuple(items[cursor:end]), end if end < len(items) else None)


def of_rows(rows: Sequence[T], limit: int, key: Callable[[T], int]) -> Part[T]:
    """The part out of rows of which one more than `limit` was asked for; the cursor is the last row's key."""
    items = tuple(rows[:limit])
    return Part(items, key(items[-1]) if len(rows) > limit else None)
