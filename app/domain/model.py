"""The nouns of OKRs and KPIs, as frozen values (domain.md §1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True)
class Text:
    """One text in Korean and English; a missing half falls back to the other."""

    ko: str = ""
    en: str = ""

    def in_language(self, language: str) -> str:
        return (self.ko or self.en) if language == "ko" else (self.en or self.ko)


class CycleState(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    LOCKED = "locked"
    CLOSED = "closed"


class ObjectiveKind(StrEnum):
    ASPIRATIONAL = "aspirational"
    COMMITTED = "committed"


class Rollup(StrEnum):
    WEIGHTED_MEAN = "weighted_mean"
    MEAN = "mean"
    WEAKEST = "weakest"


class Health(StrEnum):
    """What a lozenge says during a cycle; ordered worst first for display by `WORST_FIRST`."""

    OFF_TRACK = "off_track"
    AT_RISK = "at_risk"
    OUTDATED = "outdated"
    PENDING = "pending"
    ON_TRACK = "on_track"
    DONE = "done"


WORST_FIRST = tuple(Health)


class Band(StrEnum):
    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class EvidenceKind(StrEnum):
    LINK = "link"
    KEYS = "keys"
    JQL = "jql"
    EPIC = "epic"
    PROJECT = "project"
    LABEL = "label"


class EvidenceMode(StrEnum):
    EVIDENCE = "evidence"
    CONTRIBUTING = "contributing"


class StatusCategory(StrEnum):
    """Jira's own keys; names are translated and never compared (atlassian.md §2.4)."""

    NEW = "new"
    INDETERMINATE = "indeterminate"
    DONE = "done"
    UNDEFINED = "undefined"


NOT_WORK = ("Won't Do", "Won't Fix", "Duplicate", "Declined", "Cannot Reproduce")
"""Resolutions (in any case of letters) that are no work done, unless a metric says otherwise."""


class Period(StrEnum):
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True)
class Cycle:
    """A time box; both days belong to it."""

    id: str
    name: str
    starts_on: date
    ends_on: date
    state: CycleState = CycleState.OPEN


@dataclass(frozen=True)
class Readers:
    """Who may read what is private: people by their id, and groups of the wiki by name."""

    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True)
class Team:
    """`readers`: the team is private, its pages are for these alone, and no other page tells of its objectives and
    KPIs; None: for everybody."""

    id: str
    name: Text
    parent_id: str | None = None
    readers: Readers | None = None


@dataclass(frozen=True)
class Person:
    id: str
    name: Text
    email: str = ""
    team_id: str | None = None
    account_id: str | None = None


@dataclass(frozen=True)
class Metric:
    """One measured quantity. `unit` is free text shown beside values; `%`, `USD`, `KRW`, `days`, `hours`, `count`
    and `rank` are known and written as the language writes them; `rank` means that smaller is better."""

    id: str
    name: Text
    unit: str
    source: str = "manual"
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Objective:
    """`supports` is (`"objective"` or `"key_result"`, id), or None. `own_page`: the usual pages have one for it."""

    id: str
    cycle_id: str
    team_id: str
    title: Text
    owner_id: str | None = None
    kind: ObjectiveKind = ObjectiveKind.ASPIRATIONAL
    rollup: Rollup = Rollup.WEIGHTED_MEAN
    supports: tuple[str, str] | None = None
    position: int = 0
    own_page: bool = False


@dataclass(frozen=True)
class KeyResult:
    """`params` are the mode's own (see app/domain/progress); `cadence_days` is how often a sign of life is owed."""

    id: str
    objective_id: str
    title: Text
    owner_id: str
    metric_id: str
    mode: str
    params: Mapping[str, object]
    weight: Decimal = Decimal(1)
    cadence_days: int = 7
    position: int = 0
    hand_health: Health | None = None
    hand_reason: str = ""


@dataclass(frozen=True)
class Corridor:
    """Two limits in the metric's unit. Rising metrics: healthy ≥ `healthy`, watch ≥ `watch`; falling ones: ≤."""

    healthy: Decimal
    watch: Decimal


@dataclass(frozen=True)
class Kpi:
    id: str
    title: Text
    metric_id: str
    mode: str
    params: Mapping[str, object]
    team_id: str | None = None
    person_id: str | None = None
    period: Period = Period.MONTH
    corridor: Corridor | None = None
    action: Text = Text()
    confidential: bool = False
    position: int = 0


@dataclass(frozen=True)
class Measurement:
    """One value of a metric at one time (aware, UTC). A correction is a new one that names the one it `replaces`."""

    id: int
    metric_id: str
    at: datetime
    value: Decimal
    by: str = ""
    replaces: int | None = None


@dataclass(frozen=True)
class CheckIn:
    id: int
    key_result_id: str
    at: datetime
    by: str
    confidence: int | None = None
    note: str = ""
    blockers: str = ""
    value: Decimal | None = None


@dataclass(frozen=True)
class Evidence:
    """A link from a key result to Jira work.

    `value` by `kind`: `link` and `epic` an issue key, `keys` keys separated by blanks, `jql` a query, `project` a
    project key, `label` a label. For `link`, `link_type` is a Jira link type id (None: any type) and `direction`
    is `inward`, `outward` or `both`, as seen from that issue. `anchor_id` is the Jira id behind `value` for `link` and
    `epic`, once Jira was asked: keys change, ids do not.
    """

    id: str
    key_result_id: str
    kind: EvidenceKind
    value: str
    mode: EvidenceMode = EvidenceMode.EVIDENCE
    link_type: str | None = None
    direction: str = "both"
    anchor_id: str | None = None


@dataclass(frozen=True)
class IssueLink:
    """A Jira issue link as seen from one issue: `outward` if the other one is its `outwardIssue`, else `inward`."""

    type_id: str
    direction: str
    other_id: str


@dataclass(frozen=True)
class Issue:
    """The present state of a Jira issue as asked from Jira. `id` is identity, `key` a label (design 5).

    `hidden` marks an issue that carries a security level, or that we may no longer see: it counts, and is not shown.
    `numbers` holds number fields by field id; `points` is the coalesced story-point value (None is not 0).
    """

    id: str
    key: str
    project: str
    summary: str
    status: str
    category: StatusCategory
    updated_at: datetime
    type_name: str = ""
    type_level: int = 0
    created_at: datetime | None = None
    resolved_at: datetime | None = None
    resolution: str | None = None
    assignee: str | None = None
    labels: tuple[str, ...] = ()
    parent_id: str | None = None
    subtask_ids: tuple[str, ...] = ()
    links: tuple[IssueLink, ...] = ()
    points: Decimal | None = None
    hidden: bool = False
