"""The frame of every page: its cycle, how far it can be trusted, how it stands in numbers, and what it refers to."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from app.domain.lines import Line
from app.domain.model import Health, Text


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
class PrivateView:
    """How much of private teams belongs here and is not shown."""

    objectives: int = 0
    key_results: int = 0
    kpis: int = 0
