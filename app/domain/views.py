"""What a status page shows, as values: the one shape that templates, diffs and stored reports agree on."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from app.domain.lines import Line
from app.domain.model import Health, Text
from app.domain.sync_health.views import SyncHealthView


@dataclass(frozen=True)
class CycleView:
    """`week` counts from 1 to `weeks`; before the cycle it is 0, after it `weeks`."""

    id: str
    name: str
    starts_on: date
    ends_on: date
    state: str
    week: int
    weeks: int


@dataclass(frozen=True)
class SyncView:
    """`out_since` is None while the site answers. Why it does not is for admins, and in `plainsight status`."""

    site: str
    out_since: datetime | None = None


@dataclass(frozen=True)
class TrustView:
    """`as_of`: time of the newest fact on the page (None: no fact yet). `stale`: a site is out of sync for long.
    `health_page`: the id of our page that tells how the service fares, where there is one."""

    as_of: datetime | None
    time_zone: str
    stale: bool
    sites: tuple[SyncView, ...]
    edit_where: str
    health_page: str | None = None


@dataclass(frozen=True)
class CountsView:
    """How the page stands; `health` holds a count for each health in worst-first order."""

    objectives: int
    key_results: int
    measured: int
    health: tuple[tuple[Health, int], ...]
    progress: Fraction | None
    score: Decimal | None
    last_week: Decimal | None
    expected: Decimal | None
    overall: Health


@dataclass(frozen=True)
class NewsView:
    """One line of *what changed*; `line` is said in the page's language."""

    on: date
    line: Line


@dataclass(frozen=True)
class RefView:
    """A reference to something above or below, or to another page of ours; `page` is its page id of ours."""

    kind: str
    id: str
    title: Text
    health: Health | None = None
    score: Decimal | None = None
    page: str | None = None
    team: Text | None = None


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
    """`progress` is 0–1 to 12 places, `score` the same rounded half-up to one; `trend` weekly, oldest first."""

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


@dataclass(frozen=True)
class ObjectiveView:
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


@dataclass(frozen=True)
class KpiView:
    """`corridor` is `healthy`, `watch`, `unhealthy` or `unknown`. Confidential ones carry no value at all."""

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


@dataclass(frozen=True)
class ChangeView:
    """A change of a target or a baseline, with its reason; `before` and `after` as a `Line` can say them."""

    on: date
    by: Text
    subject: Text
    what: Line
    before: object
    after: object
    reason: str


@dataclass(frozen=True)
class LostCommentView:
    """An inline comment whose text is gone from its place: the text, and where on the page it stood."""

    text: str
    context: str


@dataclass(frozen=True)
class PageRow:
    """One line of an index: a page of ours and how it stands; `depth` is its level in the organisation."""

    page: str
    title: Text
    depth: int
    health: Health | None
    score: Decimal | None
    objectives: int
    key_results: int
    outdated: int


@dataclass(frozen=True)
class Report:
    """Everything on one page. `kind` is one of `PAGE_KINDS` in app/domain/page_kinds.py; `team` the page's own team;
    `sync_health` is what the page of that kind shows; `sections` are those that people chose (empty: the usual)."""

    page: str
    kind: str
    title: Text
    team: Text | None
    cycle: CycleView | None
    trust: TrustView
    counts: CountsView | None
    news: tuple[NewsView, ...]
    news_since: date | None
    objectives: tuple[ObjectiveView, ...]
    kpis: tuple[KpiView, ...]
    history: tuple[ChangeView, ...]
    pages: tuple[PageRow, ...]
    lost_comments: tuple[LostCommentView, ...] = ()
    sync_health: SyncHealthView | None = None
    sections: tuple[str, ...] = ()
