"""Everything a report is computed from, loaded at one moment, as values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from app.domain.history import Change, Snapshot
from app.domain.model import (
    CheckIn,
    Cycle,
    Evidence,
    EvidenceMode,
    KeyResult,
    Kpi,
    Measurement,
    Metric,
    Objective,
    Person,
    StatusCategory,
    Team,
    Text,
)

Item = TypeVar("Item")
Key = TypeVar("Key")


@dataclass(frozen=True)
class Tally:
    """Issues behind one key result: how many are done, how many there are, and how that set moved since the start.
    `not_work` were closed as Won't Do, Duplicate or the like: neither done nor to be done, and not in `total`."""

    done: int = 0
    total: int = 0
    hidden: int = 0
    joined: int = 0
    left: int = 0
    not_work: int = 0


@dataclass(frozen=True)
class EvidenceIssue:
    """One issue as it may be shown; `changed_at` is when something of what is shown last changed."""

    key: str
    summary: str
    status: str
    category: StatusCategory
    assignee: str | None
    resolved_at: datetime | None
    changed_at: datetime
    mode: EvidenceMode


@dataclass(frozen=True)
class PageDefinition:
    """A status page as people define it. `kind` is one of `PAGE_KINDS` in app/domain/page_kinds.py; `sections` are
    those that people chose, in their order (empty: the kind's usual ones)."""

    id: str
    kind: str
    title: Text
    team_id: str | None = None
    cycle_id: str | None = None
    parent_id: str | None = None
    schedule: str = ""
    time_zone: str = ""
    languages: tuple[str, ...] = ()
    position: int = 0
    objective_id: str | None = None
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class SiteState:
    """Whether a site answers. `ok_at`: when it was last read in full; `out_since` None: all is well."""

    site: str
    ok_at: datetime | None
    out_since: datetime | None
    error: str


@dataclass(frozen=True)
class LeftOut:
    """What a page may not tell of, because it belongs to private teams that are not its own: counted, never named.

    `objectives` and `key_results` by cycle; `below` by what the hidden objectives support, as (`"objective"` or
    `"key_result"`, id); `above` are objectives that support something hidden; `metrics`: how many hidden key results
    are measured by a metric; `kpis`: how many KPIs; `pages`: the pages of which nothing but the title is told."""

    objectives: Mapping[str, int] = field(default_factory=dict)
    key_results: Mapping[str, int] = field(default_factory=dict)
    below: Mapping[tuple[str, str], int] = field(default_factory=dict)
    above: frozenset[str] = frozenset()
    metrics: Mapping[str, int] = field(default_factory=dict)
    kpis: int = 0
    pages: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Facts:
    """Definitions by id, facts by what they belong to. Measurements: oldest first, corrected ones left out.
    A key after `browse_url`, or a query after `search_url`, is an address; both empty where no Jira is configured.
    `closed_on`: the day on which a cycle was closed, `endings`: the
    progress of its objectives then, where it was kept. `left_out`: what these facts were stripped of."""

    time_zone: str
    cycles: Mapping[str, Cycle]
    teams: Mapping[str, Team]
    people: Mapping[str, Person]
    metrics: Mapping[str, Metric]
    objectives: Mapping[str, Objective]
    key_results: Mapping[str, KeyResult]
    kpis: Mapping[str, Kpi]
    pages: Mapping[str, PageDefinition]
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    measurements: Mapping[str, tuple[Measurement, ...]] = field(default_factory=dict)
    check_ins: Mapping[str, tuple[CheckIn, ...]] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)
    evidence_issues: Mapping[str, tuple[EvidenceIssue, ...]] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    snapshots: Mapping[tuple[str, str], tuple[Snapshot, ...]] = field(default_factory=dict)
    sites: tuple[SiteState, ...] = ()
    browse_url: str = ""
    search_url: str = ""
    closed_on: Mapping[str, date] = field(default_factory=dict)
    endings: Mapping[str, Fraction | None] = field(default_factory=dict)
    left_out: LeftOut = field(default_factory=LeftOut)

    @cached_property
    def beneath(self) -> Mapping[str, tuple[KeyResult, ...]]:
        """The key results of each objective that has some, as people ordered them."""
        return _grouped(self.key_results.values(), lambda one: one.objective_id)

    @cached_property
    def set_by(self) -> Mapping[tuple[str, str], tuple[Objective, ...]]:
        """The objectives by cycle and team, as people ordered them."""
        return _grouped(self.objectives.values(), lambda one: (one.cycle_id, one.team_id))

    @cached_property
    def measured_by(self) -> Mapping[str, tuple[KeyResult, ...]]:
        """The key results that share a metric, by the metric."""
        return _grouped(self.key_results.values(), lambda one: one.metric_id)

    @cached_property
    def supporting(self) -> Mapping[tuple[str, str] | None, tuple[Objective, ...]]:
        """The objectives by what they support; by None those that support nothing."""
        return _grouped(self.objectives.values(), lambda one: one.supports)


def _grouped(items: Iterable[Item], key: Callable[[Item], Key]) -> Mapping[Key, tuple[Item, ...]]:
    found: dict[Key, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return {name: tuple(group) for name, group in found.items()}
