"""What services ask of the outside, as Protocols; connectors and engines fulfil them, main puts them together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from app.domain.model import Issue


@dataclass(frozen=True)
class Account:
    """Who a token belongs to."""

    id: str
    name: str
    time_zone: str = "UTC"


@dataclass(frozen=True)
class JiraSite:
    """What a Jira says of itself. `deployment` is `Cloud` or `Server`, which stands for Data Center, too."""

    title: str
    deployment: str
    version: str


@dataclass(frozen=True)
class Project:
    """A Jira project by its key."""

    key: str
    name: str


@dataclass(frozen=True)
class Projects:
    """The first projects, in Jira's order, and how many there are in all."""

    some: tuple[Project, ...]
    total: int


Operation = tuple[str, str]
"""What an account may do, and to what, such as `("create", "page")`."""


@dataclass(frozen=True)
class WikiSpace:
    """A space by its id (a number, as text; on Data Center its key) and its key; `homepage_id` is None where it was
    deleted."""

    id: str
    key: str
    name: str
    homepage_id: str | None


@dataclass(frozen=True)
class WikiPage:
    """A page as the wiki stores it. `status` is `current`, `archived`, `trashed` or `draft`; `body` is storage
    format (empty where it was not asked for); `author_id` and `message` belong to its newest version."""

    id: str
    title: str
    status: str
    version: int
    message: str
    author_id: str
    body: str
    parent_id: str | None
    space_id: str
    url: str


@dataclass(frozen=True)
class Attachment:
    """A file of a page, in its newest version. `comment` is what its uploader wrote beside it."""

    id: str
    name: str
    comment: str


@dataclass(frozen=True)
class Audience:
    """Who may: people by account id (Data Center: user key), and groups by name. Both empty: everybody."""

    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.groups)


@dataclass(frozen=True)
class Restrictions:
    """Who may see and who may change a page, set on the page itself; what it inherits from above is not in it."""

    readers: Audience = Audience()
    editors: Audience = Audience()


@dataclass(frozen=True)
class WikiComment:
    """A comment below a page, in its first version or later. `body` is storage format; `parent_id`: the comment that
    it answers; `page_id` is empty where the wiki does not tell it (answers on Cloud)."""

    id: str
    page_id: str
    author_id: str
    body: str
    created_at: datetime
    parent_id: str | None = None


class IssueTracker(Protocol):
    """One Jira site. Every call may raise AuthFailed, Forbidden, Transient, RetryAfter (app/errors.py)."""

    @property
    def site(self) -> str:
        """The site's stable name in our store: its host and context path."""

    @property
    def ahead(self) -> timedelta | None:
        """How far the site's clock was ahead of ours at its last answer; None: it told no time."""

    def about(self) -> JiraSite:
        """What answers at the address, asked without a login where that is possible. Rejected: it is no Jira."""

    def myself(self) -> Account: ...

    def projects(self, keys: Sequence[str] = ()) -> Projects:
        """Projects that the account may browse: those of `keys` out of sight are missing; without keys, the first."""

    def points_fields(self) -> Sequence[str]:
        """Ids of the fields that hold story points, those that count first."""

    def search(self, jql: str) -> Iterator[list[Issue]]:
        """Pages of issues that match, 100 at most each, until Jira says it is the last. Rejected: a refused JQL."""

    def ids(self, jql: str) -> Iterator[list[str]]:
        """Pages of the ids of issues that match, 5000 at most each; as `search` otherwise."""

    def issues(self, ids: Sequence[str]) -> list[Issue]:
        """Present state (the store, not the search index) by id or key; absent ones are silently missing: unknown,
        not deleted. One request per hundred."""

    def matches(self, ids: Sequence[str], queries: Sequence[str]) -> list[set[str]]:
        """For each query the ids, out of `ids`, that match it now. The index lags: ask again later."""

    def check_query(self, jql: str) -> str | None:
        """None if Jira accepts the query, else Jira's reason."""

    def browse_url(self, key: str) -> str: ...

    def search_url(self, jql: str) -> str: ...


class Wiki(Protocol):
    """One Confluence site. Errors as for IssueTracker; NotFound for a page that is not there or not visible."""

    @property
    def site(self) -> str: ...

    @property
    def ahead(self) -> timedelta | None:
        """As for IssueTracker."""

    def deployment(self) -> str:
        """`Cloud` or `Data Center`, for people to read."""

    def myself(self) -> Account: ...

    def space_operations(self, space_id: str) -> frozenset[Operation]:
        """What the account may do in the space, as far as Confluence tells; empty: it tells nothing."""

    def page_operations(self, page_id: str) -> frozenset[Operation]:
        """What the account may do with the page; empty as above."""

    def space(self, key: str) -> WikiSpace:
        """Raises NotFound when the space is not there or the token may not see it."""

    def page(self, page_id: str, version: int | None = None) -> WikiPage:
        """The page with its stored body, now or as of an older version. One request."""

    def find(self, space_id: str, title: str) -> list[WikiPage]:
        """Pages with this title, archived ones too; titles are unique per space without regard to case."""

    def pages(self, ids: Sequence[str]) -> list[WikiPage]:
        """Pages by id, without bodies, archived and trashed ones too; those that are deleted or hidden from us are
        silently missing. One request per 250."""

    def children(self, page_id: str) -> list[WikiPage]:
        """Direct children, without bodies."""

    def create(
        self, space_id: str, parent_id: str | None, title: str, body: str, message: str, *, private: bool = False
    ) -> WikiPage:
        """Transient with `sent=True`: it may have been created; look before creating again. Rejected: title clash.

        `private`: from its first moment nobody but us may see it; `restrict` then opens it to others. Unfitting where
        the site cannot promise that."""

    def update(self, page: WikiPage, title: str, body: str, message: str, *, quietly: bool = False) -> WikiPage:
        """Write version `page.version + 1`, or raise Conflict. The answer carries the new version. `quietly`: watchers
        are not told, where the deployment lets us choose (a minor edit)."""

    def move(self, page_id: str, parent_id: str) -> None:
        """Hang the page, with all below it, under another one of its space, behind that one's other children."""

    def set_property(self, page_id: str, key: str, value: Mapping[str, object]) -> None: ...

    def property(self, page_id: str, key: str) -> Mapping[str, object] | None: ...

    def add_labels(self, page_id: str, labels: Sequence[str]) -> None:
        """Others' labels stay."""

    def attachments(self, page_id: str) -> list[Attachment]:
        """All files of a page."""

    def attach(self, page_id: str, name: str, content: bytes, media_type: str, comment: str) -> Attachment:
        """A new file, or a new version of the one with this name; watchers are not told. Forbidden, Rejected: the site
        takes no files from us."""

    def restrictions(self, page_id: str) -> Restrictions: ...

    def restrict(self, page_id: str, restrictions: Restrictions) -> None:
        """Put these in place of all that the page had; our own account is always added, else we lock ourselves out."""

    def comments(self, space_key: str, since: timedelta) -> list[WikiComment]:
        """Comments below pages of the space (footer comments and answers to them; no inline ones) that were made that
        long ago at most, oldest first. One request when there is nothing new. The index lags: ask with an overlap."""

    def answers(self, comment_id: str) -> list[WikiComment]:
        """The answers to a comment, oldest first."""

    def answer(self, comment: WikiComment, body: str) -> WikiComment:
        """Transient with `sent=True`: it may have arrived; look at `answers` before answering again."""


class RateGate(Protocol):
    """One shared row per outside site, so that every worker and replica pauses together (design 15)."""

    def not_before(self, site: str) -> datetime | None:
        """When the next request to this site may go out; None: now."""

    def pause(self, site: str, until: datetime, reason: str) -> None: ...


class Queue(Protocol):
    """The engine's port (design 12). A job is only (kind, key); running it twice, late or not at all is harmless."""

    def enqueue(self, session: Session, kind: str, key: str = "", delay: timedelta = timedelta(0)) -> None:
        """In the caller's transaction. A throttle: the first ring fixes the time, later ones join it; a ring during
        a run gives exactly one more run."""

    def tick(self, kind: str, at: datetime) -> bool:
        """The clock struck: enqueue once for all replicas. True for the one that won."""

    def start(self) -> None: ...

    def stop(self, timeout: float = 10.0) -> None:
        """Drain: finish what runs, take nothing new."""
