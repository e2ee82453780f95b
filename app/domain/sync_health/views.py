"""What a sync-health page shows, as values. Codes are put into words by the templates that show them.

Every field is of a type that `report.read` can take out of a stored report again.
"""

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.model import Text


@dataclass(frozen=True)
class SiteView:
    """A Jira site. `state`: `in_sync`, `out_of_sync` or `unread`; `read` and `newest` are cut to the hour."""

    site: str
    state: str
    out_since: datetime | None
    error: str
    read: datetime | None
    issues: int
    hidden: int
    newest: datetime | None


@dataclass(frozen=True)
class RefusalView:
    """`at` is cut to the hour. `is_news`: it is recent, and nothing was accepted since."""

    reason: str
    count: int
    at: datetime
    is_news: bool


@dataclass(frozen=True)
class WebhooksView:
    """`state`: `arriving`, `refused`, `stuck` (accepted, but not drained), `none_yet` or `no_secret`."""

    state: str
    last: datetime | None
    waiting: int
    refused: tuple[RefusalView, ...]


@dataclass(frozen=True)
class PageTrouble:
    """One finding about one page. `state`: `failed`, `conflict`, `lost`, `strayed` or `incomplete`; `reason` a code
    where there is one; `detail` a text that the service or the wiki wrote."""

    page: str
    title: Text
    state: str
    reason: str
    detail: str


@dataclass(frozen=True)
class LostComments:
    page: str
    title: Text
    count: int


@dataclass(frozen=True)
class UnansweredView:
    page: str
    title: Text
    problem: str


@dataclass(frozen=True)
class RefusedEvidenceView:
    key_result: Text
    query: str
    error: str


@dataclass(frozen=True)
class ParkedView:
    kind: str
    error: str


@dataclass(frozen=True)
class RunView:
    """The last run of a kind (its hour, and its error) and those of the last 24 hours: how many, how many of them
    failed, and what they counted together."""

    kind: str
    at: datetime
    error: str
    runs: int
    failed: int
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class ExpiryView:
    product: str
    on: date
    is_near: bool


@dataclass(frozen=True)
class Finding:
    """Something that somebody must mend (`is_problem`) or should know; `count` of what it is about."""

    code: str
    count: int
    is_problem: bool


@dataclass(frozen=True)
class SyncHealthView:
    """`hour`: the full hour that the page speaks of. `fine`, `frozen` and `unwritten` count the other pages."""

    hour: datetime
    findings: tuple[Finding, ...]
    sites: tuple[SiteView, ...]
    webhooks: WebhooksView
    pages: tuple[PageTrouble, ...]
    fine: int
    frozen: int
    unwritten: int
    lost_comments: tuple[LostComments, ...]
    unanswered: tuple[UnansweredView, ...]
    evidence: tuple[RefusedEvidenceView, ...]
    parked: tuple[ParkedView, ...]
    runs: tuple[RunView, ...]
    expiries: tuple[ExpiryView, ...]
