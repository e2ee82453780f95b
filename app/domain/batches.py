"""Cutting a sequence into pieces (itertools.batched came with Python 3.12; 3.11 is supported)."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def batched(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    """Pieces of at most `size` items, in order."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
