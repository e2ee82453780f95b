"""What an apply would do, as a value: shown before it, compared inside its transaction, given back after it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile

MANY = 10
MOST, LEAD = 60, 20
"""Characters of a text that are shown, and how many of them stand before the first that differs."""


class Action(StrEnum):
    """What becomes of a definition."""

    CREATED = "created"
    CHANGED = "changed"
    RETURNED = "brought back"
    ARCHIVED = "archived"


@dataclass(frozen=True)
class Difference:
    """One field as it is and as it will be, in words; None: nothing."""

    field: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """`target 4 → 5`; of a long text the part where they begin to differ."""
        both = zip(self.before or "", self.after or "", strict=False)
        start = max(sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], both)) - LEAD, 0)
        return f"{self.field} {_excerpt(self.before, start)} → {_excerpt(self.after, start)}"


def legible(text: str) -> str:
    """In one line, and without what a terminal might obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _excerpt(text: str | None, start: int) -> str:
    if text is None:
        return "none"
    if len(text) <= MOST:
        start = 0
    end = start + MOST
    words = f"{'…' if start else ''}{legible(text[start:end])}{'…' if end < len(text) else ''}"
    return f"“{words}”" if " " in words or not words else words


@dataclass(frozen=True)
class Entry:
    """What becomes of one definition. `needs_reason`: its target or baseline changes in an open cycle, and no reason
    was given. `twin` is, for what is created, the id of something archived that has the same title."""

    action: Action
    kind: str
    id: str
    title: str = ""
    differences: tuple[Difference, ...] = ()
    needs_reason: bool = False
    twin: str = ""

    @property
    def name(self) -> str:
        return f"{self.kind} {self.id}".strip()

    @property
    def what_differs(self) -> str:
        """`target 4 → 5, owner minji → jun`."""
        return ", ".join(map(str, self.differences))


@dataclass(frozen=True)
class Plan:
    """In the order of the file, what is archived last. `moved` stand in another order; `values` are measurements and
    check-ins to take over. Nothing in it: the store says the same already. `in_force` is how many definitions there
    are before."""

    entries: tuple[Entry, ...] = ()
    moved: int = 0
    values: int = 0
    in_force: int = field(default=0, compare=False)

    def __bool__(self) -> bool:
        return bool(self.entries or self.moved or self.values)

    def _named(self, action: Action) -> list[str]:
        return [entry.name for entry in self.entries if entry.action is action]

    @property
    def created(self) -> list[str]:
        """As `kind id`, and so are the following."""
        return self._named(Action.CREATED)

    @property
    def changed(self) -> list[str]:
        return self._named(Action.CHANGED)

    @property
    def returned(self) -> list[str]:
        return self._named(Action.RETURNED)

    @property
    def archived(self) -> list[str]:
        return self._named(Action.ARCHIVED)

    @property
    def unexplained(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.needs_reason]

    @property
    def archives_many(self) -> bool:
        """More than half of all there is, and not just a handful: perhaps this is not the right file."""
        return len(self.archived) > MANY and 2 * len(self.archived) > self.in_force

    def news(self, before: "Plan") -> Iterator[Entry]:
        """What stands here and did not stand there."""
        return (entry for entry in self.entries if entry not in before.entries)
