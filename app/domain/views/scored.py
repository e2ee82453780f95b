"""What is scored, as pages show it: objectives with their key results, and KPIs."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from app.domain.lines import Line
from app.domain.model import Health, Text
from app.domain.views.frame import RefView


@dataclass(frozen=True)
class InputView:
    """One measured value that entered a score, newest first."""

    at: datetime
    value: Decimal
    by: Text


@dataclass(frozen=True)
class EvidenceView:
    key: str
    url: str
    summary: str
    status: str
    category: str
    assignee: str | None
    resolved_on: date | None
    mode: str


@dataclass(frozen=True)
class CheckInView:
    at: datetime
    by: Text
    confidence: int | None
    value: Decimal | None
    note: str
    blockers: str


@dataclass(frozen=True)
class KeyResultView:
    """`progress` is 0–1 to 12 places, `score` the same rounded half-up to one; `trend` weekly, oldest first.
    `shared_private`: how many key results of private teams are measured by the same metric. `period`: what its target
    is for, where it starts anew with each."""

    id: str
    title: Text
    owner: Text
    metric: Text
    unit: str
    mode: str
    weight: Decimal
    start: Decimal | None
    target: Decimal | None
    now: Decimal | None
    progress: Fraction | None
    raw: Fraction | None
    score: Decimal | None
    expected: Decimal | None
    health: Health
    health_was: Health | None
    health_reason: str
    trend: tuple[Fraction | None, ...]
    confidence: int | None
    last_check_in: date | None
    issues_done: int
    issues_total: int
    issues_joined: int
    issues_left: int
    shared_with: tuple[RefView, ...]
    why: tuple[Line, ...]
    inputs: tuple[InputView, ...]
    evidence: tuple[EvidenceView, ...]
    evidence_hidden: int
    evidence_more: int
    evidence_url: str | None
    check_ins: tuple[CheckInView, ...]
    shared_private: int = 0
    period: str | None = None


@dataclass(frozen=True)
class ObjectiveView:
    """`private_above`: it supports something of a private team; `private_below`: how many of private teams support
    it; these are not named. `cycle` is the name of its cycle; `page` its own page, told on those of others."""

    id: str
    title: Text
    kind: str
    rollup: str
    owner: Text | None
    team: Text
    health: Health
    progress: Fraction | None
    score: Decimal | None
    expected: Decimal | None
    measured: int
    supports: RefView | None
    supported_by: tuple[RefView, ...]
    key_results: tuple[KeyResultView, ...]
    why: tuple[Line, ...]
    private_above: bool = False
    private_below: int = 0
    cycle: str | None = None
    page: str | None = None


@dataclass(frozen=True)
class KpiView:
    """`corridor` is `healthy`, `watch`, `unhealthy` or `unknown`. Confidential ones carry no value at all.
    `healthy` and `watch` are the corridor's limits, where it has one; `rising`: more is better. `trend_from` names the
    first period of `trend`."""

    id: str
    title: Text
    owner: Text
    unit: str
    period: str
    start: Decimal | None
    target: Decimal | None
    now: Decimal | None
    now_period: str | None
    previous: Decimal | None
    progress: Fraction | None
    score: Decimal | None
    corridor: str
    trend: tuple[Decimal | None, ...]
    action: Text
    confidential: bool
    why: tuple[Line, ...]
    team: Text | None = None
    healthy: Decimal | None = None
    watch: Decimal | None = None
    rising: bool = True
    trend_from: str | None = None


@dataclass(frozen=True)
class TrendView:
    """Progress against expectation, week by week. `title` None: all objectives of the page. `progress` holds the end
    of each week so far and, last, today; `expected` the end of every week of the cycle; `score` and
    `expected_now` are what the page says. `whole`: the others are its parts."""

    title: Text | None
    health: Health
    score: Decimal | None
    expected_now: Decimal | None
    progress: tuple[Fraction | None, ...]
    expected: tuple[Fraction | None, ...]
    whole: bool = False
