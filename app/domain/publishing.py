"""What to do with a page: create, skip, update, record, adopt, ask for more, or leave it to a person. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, TypeVar

from app.domain import comments, notes, storage
from app.domain.comments import LostComment
from app.domain.picture import Picture
from app.domain.version_message import has_tag
from app.errors import Invalid


class StoredPage(Protocol):
    """What is asked of a page as the wiki stores it (`ports.WikiPage` is one); author and message are the version's."""

    @property
    def title(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def message(self) -> str: ...
    @property
    def author_id(self) -> str: ...
    @property
    def body(self) -> str: ...
    @property
    def parent_id(self) -> str | None: ...
    @property
    def space_id(self) -> str: ...


Page = TypeVar("Page", bound=StoredPage)


class Reason(StrEnum):
    """Why, in a word that each language can put into a sentence."""

    UNCHANGED = "unchanged"
    EDITED = "edited"  # a person changed what is ours
    NOTES_DO_NOT_FIT = "notes_do_not_fit"  # people's notes have no place in the new body
    UNREADABLE = "unreadable"  # the stored body is not well formed
    VERSION_GONE = "version_gone"  # the version that we wrote can no longer be read, so nobody can compare
    OLDER_THAN_OURS = "older_than_ours"  # the wiki was set back to before our last write
    NOT_OURS = "not_ours"  # we know the page, but never wrote it
    TITLE_TAKEN = "title_taken"  # another page of the space has the title
    OPENED = "opened"  # somebody lets others read a private page
    DELETED = "deleted"  # or hidden from us
    ARCHIVED = "archived"
    TRASHED = "trashed"
    UNPUBLISHED = "unpublished"
    MOVED = "moved"  # to another space


_LOST_BY_STATUS = {"archived": Reason.ARCHIVED, "trashed": Reason.TRASHED, "deleted": Reason.TRASHED}


@dataclass(frozen=True)
class Attempt:
    """A write that was begun: the version it was based on (0: a creation), and the digest it carries."""

    base_version: int
    digest: str


@dataclass(frozen=True)
class Known:
    """What we remember: `title`, `version` and `digest` are those of our last write; `title` is the one that we
    rendered, even where a person's title was kept. A page never created has no `page_id`."""

    page_id: str | None
    space_id: str
    title: str = ""
    version: int | None = None
    digest: str | None = None
    pending: Attempt | None = None
    take_over: bool = False  # a person agreed that we write over edits; spent with the next Update or Skip


@dataclass(frozen=True)
class Rendered:
    """What the page should be: `body` in storage format, `digest` the SHA-256 of title and body in hex; `pictures` are
    those that the body names."""

    title: str
    body: str
    digest: str
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True)
class Situation:
    """All that is needed to decide. `page` is the wiki's page now (None: not there, or, for one without `page_id`,
    no lost creation of ours was found); `versions` are the older versions fetched so far, None for one that is gone."""

    known: Known
    rendered: Rendered
    account_id: str
    page: StoredPage | None
    versions: Mapping[int, StoredPage | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Create:
    title: str
    body: str


@dataclass(frozen=True)
class Skip:
    """Nothing to write; a pending attempt, if any, never arrived and may be cleared."""

    reason: Reason


@dataclass(frozen=True)
class Update:
    """Write version `base_version + 1`, then remember the *rendered* title, not `title`, as ours."""

    base_version: int
    title: str
    body: str
    lost: tuple[LostComment, ...] = ()


@dataclass(frozen=True)
class Record:
    """Our own write arrived although its answer did not: remember version, digest and title, then decide again."""

    version: int
    digest: str
    title: str


@dataclass(frozen=True)
class AdoptVersion:
    """A person changed nothing of ours (a rename, a content state, the notes), and we have no news: remember the
    version; our title stays what it was, so that the person's is kept."""

    version: int


@dataclass(frozen=True)
class NeedOurStoredBody:
    """Fetch this version of the page, put it (or None) into `versions`, and decide again."""

    version: int


@dataclass(frozen=True)
class Conflict:
    """Leave the page as it is, report it, and offer a take-over."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True)
class Lost:
    """The page is not where it can be written: report it."""

    reason: Reason


Decision = Create | Skip | Update | Record | AdoptVersion | NeedOurStoredBody | Conflict | Lost


def is_due(known: Known, digest: str) -> bool:
    """Whether the wiki must be asked at all: an unchanged page costs no request."""
    return known.page_id is None or known.pending is not None or known.take_over or known.digest != digest


def found_our_creation(
    pages: Iterable[Page], title: str, parent_id: str | None, account_id: str, digest: str
) -> Page | None:
    """The page that a creation without an answer made after all, out of those found by title: under our parent
    (None: not asked), by our account, in its first version, with the attempt's tag or, on Cloud, without any message:
    creating takes none there. A page that somebody else made is never ours."""
    for page in pages:
        ours = page.author_id == account_id and page.version == 1 and page.status == "current"
        ours = ours and (not page.message or has_tag(page.message, digest))
        if ours and page.title.casefold() == title.casefold() and parent_id in (None, page.parent_id):
            return page
    return None


def decide(situation: Situation) -> Decision:
    """One decision for one page. Call it after `is_due`, the GET of the page and, for a creation that was begun,
    `found_our_creation`; call it again after Record and NeedOurStoredBody."""
    known, rendered, page = situation.known, situation.rendered, situation.page
    if page is None:
        return Create(rendered.title, rendered.body) if known.page_id is None else Lost(Reason.DELETED)
    reason = why_lost(page, known.space_id)
    if reason:
        return Lost(reason)
    if _is_our_write(known.pending, page, situation.account_id):
        return _record(known, rendered, page)
    if known.version is None:
        return _update(situation, page) if known.take_over else Conflict(Reason.NOT_OURS)
    if page.version == known.version:
        return Skip(Reason.UNCHANGED) if known.digest == rendered.digest else _update(situation, page)
    if known.take_over:
        return _update(situation, page)
    if page.version < known.version:
        return Conflict(Reason.OLDER_THAN_OURS, f"we wrote version {known.version}, the page has {page.version}")
    return _after_somebody_else(situation, page, known.version)


def why_lost(page: StoredPage, space_id: str) -> Reason | None:
    """Why the page is not where it can be written: in that space, and current; None: it is."""
    if page.status != "current":
        return _LOST_BY_STATUS.get(page.status, Reason.UNPUBLISHED)
    return Reason.MOVED if page.space_id != space_id else None


def _is_our_write(pending: Attempt | None, page: StoredPage, account_id: str) -> bool:
    """The account alone is not enough: it may be a person's. Nor is the tag: a person can restore a version. A
    creation that carries no tag (Cloud) is known by the notes zone that only our pages have."""
    if pending is None or page.version != pending.base_version + 1 or page.author_id != account_id:
        return False
    if pending.base_version == 0 and not page.message:
        return notes.split(page.body) is not None
    return has_tag(page.message, pending.digest)


def _record(known: Known, rendered: Rendered, page: StoredPage) -> Record:
    """Without a tag nobody knows which of several attempts arrived: unless it is what we would write now, its digest
    is unknown, and it is written again."""
    assert known.pending is not None
    title = page.title if same_title(page.title, rendered.title) or not known.title else known.title
    digest = known.pending.digest
    if not has_tag(page.message, digest):
        digest = rendered.digest if storage.canonical(page.body) == storage.canonical(rendered.body) else ""
    return Record(page.version, digest, title)


def _after_somebody_else(situation: Situation, page: StoredPage, our_version: int) -> Decision:
    """Newer than what we know to be ours: compare what is stored with what was stored when we wrote."""
    pending, digest = situation.known.pending, situation.known.digest
    if pending and our_version < pending.base_version + 1 < page.version:
        # Our unanswered write may lie beneath the person's.
        candidate = pending.base_version + 1
        if candidate not in situation.versions:
            return NeedOurStoredBody(candidate)
        arrived = situation.versions[candidate]
        if arrived is not None and _is_our_write(pending, arrived, situation.account_id):
            our_version, digest = candidate, pending.digest
    if our_version not in situation.versions:
        return NeedOurStoredBody(our_version)
    ours = situation.versions[our_version]
    if ours is None:
        return Conflict(Reason.VERSION_GONE, f"version {our_version}")
    try:
        edited = not same_but_for_notes(ours.body, page.body)
    except Invalid as error:
        return Conflict(Reason.UNREADABLE, error.message)
    if edited:
        return Conflict(Reason.EDITED, f"version {page.version}, after our version {our_version}")
    return AdoptVersion(page.version) if digest == situation.rendered.digest else _update(situation, page)


def same_but_for_notes(ours: str, theirs: str) -> bool:
    """Whether two stored bodies differ in nothing but what Confluence adds, and the notes. Raises Invalid for one that
    is not well formed."""
    if notes.split(ours) and notes.split(theirs):
        ours, theirs = notes.without(ours), notes.without(theirs)
    return storage.canonical(ours) == storage.canonical(theirs)


def _update(situation: Situation, page: StoredPage) -> Update | Conflict:
    """The rendered body with what belongs to people: notes byte for byte, comments, and the title they gave."""
    rendered = situation.rendered
    try:
        body, lost = comments.carry(page.body, rendered.body)
    except Invalid as error:
        return Conflict(Reason.UNREADABLE, error.message)
    zone = notes.split(page.body)
    if zone:
        try:
            body = notes.replace(body, zone.notes)
            storage.parse(body)
        except Invalid as error:
            return Conflict(Reason.NOTES_DO_NOT_FIT, error.message)
    return Update(page.version, _title(situation.known, rendered, page), body, lost)


def _title(known: Known, rendered: Rendered, page: StoredPage) -> str:
    """A person's title stays; ours follows the objective's name. Without memory of our own there is only theirs."""
    return rendered.title if same_title(page.title, known.title) else page.title


def same_title(one: str, other: str) -> bool:
    """Confluence trims titles and keeps one blank where there were several."""
    return " ".join(one.split()) == " ".join(other.split())
