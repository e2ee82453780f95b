"""A report in which nothing is missing, made from the dataclasses themselves: a new field needs no word here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from app.domain.lines import Line
from app.domain.model import Health, Text
from app.domain.page_kinds import PAGE_KINDS
from app.domain.views import Report

CODES: Mapping[str, tuple[str, str]] = {
    "CycleView.state": ("open", "closed"),
    "SiteView.state": ("out_of_sync", "unread"),
    "WebhooksView.state": ("refused", "stuck"),
    "PageTrouble.state": ("failed", "conflict"),
    "Finding.code": ("pages_failed", "evidence_refused"),
    "ObjectiveView.kind": ("aspirational", "committed"),
    "GradedObjectiveView.kind": ("aspirational", "committed"),
    "ObjectiveView.rollup": ("weighted_mean", "weakest"),
    "KeyResultView.mode": ("from_to", "recurring"),
    "KeyResultView.period": ("month", "week"),
    "GradedKeyResultView.period": ("month", "week"),
    "EvidenceView.mode": ("evidence", "contributing"),
    "EvidenceView.category": ("done", "indeterminate"),
    "KpiView.period": ("month", "week"),
    "KpiView.corridor": ("unhealthy", "watch"),
    "TrustView.time_zone": ("Asia/Seoul", "UTC"),
}
"""Texts that nobody types: codes of ours, two each."""
ADDRESSES = ("EvidenceView.url", "KeyResultView.evidence_url")
AT = datetime(2026, 11, 20, 6, 4, tzinfo=UTC)


@dataclass
class Filler:
    """`words` gives each text that a person may have typed. Flags are False first in a row, and True second."""

    words: Callable[[], str]

    def report(self, kind: str) -> Report:
        """A page of the kind with all that it may have."""
        return Report(**self.parts(Report, 0) | {"kind": kind, "sections": PAGE_KINDS[kind].offers, "pictured": True})

    def parts(self, kind: type, number: int) -> dict[str, Any]:
        hints = get_type_hints(kind)
        return {one.name: self.value(hints[one.name], f"{kind.__name__}.{one.name}", number) for one in fields(kind)}

    def value(self, kind: Any, name: str, number: int) -> Any:
        """Something of the type; `name` is the field it is for, `number` its place in a row."""
        if name in CODES:
            return CODES[name][number % 2]
        if get_origin(kind) is UnionType:
            return self.value(next(one for one in get_args(kind) if one is not NoneType), name, number)
        if get_origin(kind) is tuple:
            return self._row(get_args(kind), name, number)
        if kind in PLAIN:
            return PLAIN[kind](self, name, number)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return list(kind)[number % len(kind)]
        if is_dataclass(kind):
            return kind(**self.parts(kind, number))  # type: ignore[operator]
        raise TypeError(f"{name} is a {kind}: say in PLAIN what to fill it with.")

    def _row(self, kinds: tuple[Any, ...], name: str, number: int) -> tuple[Any, ...]:
        if kinds[-1] is Ellipsis:
            return tuple(self.value(kinds[0], name, place) for place in (0, 1))
        return tuple(self.value(one, name, number) for one in kinds)

    def _text(self, name: str) -> str:
        return f"https://jira.example/{self.words()}" if name in ADDRESSES else self.words()


PLAIN: Mapping[Any, Callable[[Filler, str, int], Any]] = {
    str: lambda filler, name, number: filler._text(name),
    Text: lambda filler, name, number: Text(filler.words(), filler.words()),
    Line: lambda filler, name, number: Line(
        "{a}: {b}", {"a": filler.words(), "b": Text(filler.words(), filler.words())}
    ),
    object: lambda filler, name, number: filler.words(),
    bool: lambda filler, name, number: bool(number),
    int: lambda filler, name, number: number + 2,
    Decimal: lambda filler, name, number: Decimal("0.4") + number,
    Fraction: lambda filler, name, number: Fraction(2, 5),
    date: lambda filler, name, number: AT.date(),
    datetime: lambda filler, name, number: AT,
    Health: lambda filler, name, number: list(Health)[number],
}
