"""How the service itself fares, loaded at one moment, as values: what a sync-health page is made from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app.domain.facts import SiteState
from app.domain.model import Text


@dataclass(frozen=True)
class KnownIssues:
    """Issues that are evidence now: how many, how many of them may not be shown, and when one that may be shown was
    last changed."""

    count: int = 0
    hidden: int = 0
    newest: datetime | None = None


@dataclass(frozen=True)
class Refusal:
    """Webhook deliveries refused for one reason: how many ever, and when the last came."""

    reason: str
    count: int
    at: datetime


@dataclass(frozen=True)
class Deliveries:
    """`expected`: a secret is set. `last_at`: when one was accepted last. `oldest` of those that wait to be drained."""

    expected: bool
    last_at: datetime | None = None
    waiting: int = 0
    oldest: datetime | None = None
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True)
class PublishedPage:
    """A page that is in force: its state and problem, `strayed` as (kind, detail), comments without a place, and why
    it stands without pictures. `marked`: it carries our labels and our mark, or is not written yet. `frozen`: written
    for the last time, since its cycle is closed; `awaits_final`: that is still to be done."""

    id: str
    title: Text
    state: str
    problem: str = ""
    strayed: tuple[tuple[str, str], ...] = ()
    lost_comments: int = 0
    pictures_problem: str = ""
    marked: bool = True
    frozen: bool = False
    awaits_final: bool = False


@dataclass(frozen=True)
class Unanswered:
    """A check-in in a comment below a page, whose answer the wiki did not take; `problem` says why."""

    page: str
    title: Text
    problem: str


@dataclass(frozen=True)
class RefusedEvidence:
    """What Jira does not answer for a key result: the query as people wrote it, and Jira's reason."""

    key_result: Text
    query: str
    error: str


@dataclass(frozen=True)
class Run:
    """`at`: when it ended; it took that many `seconds`."""

    kind: str
    at: datetime
    counts: Mapping[str, object]
    error: str = ""
    seconds: float = 0


@dataclass(frozen=True)
class Expiry:
    """The day on which the token of `product` ends, as the admin stated it."""

    product: str
    on: date


@dataclass(frozen=True)
class SyncFacts:
    """`site`: the Jira that is configured (None: none is), `state` None: it was never read. `runs`: those of the last
    day and the last one of each kind, oldest first. `parked` as (kind, error). `visible`: of the issue keys that Jira's
    texts name, those that may be shown."""

    site: str | None = None
    state: SiteState | None = None
    issues: KnownIssues = KnownIssues()
    deliveries: Deliveries = Deliveries(False)
    pages: tuple[PublishedPage, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()
    evidence: tuple[RefusedEvidence, ...] = ()
    parked: tuple[tuple[str, str], ...] = ()
    runs: tuple[Run, ...] = ()
    expiries: tuple[Expiry, ...] = ()
    visible: frozenset[str] = frozenset()
