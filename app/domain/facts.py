"""Everything a report is computed from, loaded at one moment, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

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
class Facts:
    """Definitions by id, facts by what they belong to. Measurements: oldest first, corrected ones left out.
    A key after `browse_url`, or a query after `search_url`, is an address; both empty where no Jira is configured."""

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
