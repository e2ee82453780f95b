"""The nightly audit: what people did to our pages, told before the next write meets it. It only reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import PageRow
from app.domain import publishing, restricting
from app.domain.model import Readers
from app.domain.publishing import Reason
from app.domain.straying import EDITED, OF_PUBLISHING, OPENED, RENAMED, STILL_PRIVATE, Place, Stray, strays, why_lost
from app.errors import Alarm, Forbidden, Invalid, NotFound
from app.ports import WikiPage
from app.services import pages, pictures
from app.services.runs import Progress, quiet, recorded
from app.services.writing.privacy import put, there
from app.world import World

AUDIT, PICTURES = "audit", "pictures"
FOUND = (
    *(reason.value for reason in (Reason.MOVED, Reason.ARCHIVED, Reason.TRASHED, Reason.DELETED)),
    RENAMED,
    EDITED,
    OPENED,
)
NEW = timedelta(minutes=15)
"""A page written so lately may not be listed yet (atlassian.md §5.2)."""

Counts = dict[str, int]


@dataclass(frozen=True)
class _Seen:
    """What Confluence shows: pages by id, those of them that were edited outside the notes, those that are or were
    private with who may read them though they should not (empty: nobody), and where pages without one above them belong
    (None: anywhere)."""

    pages: Mapping[str, WikiPage]
    edited: frozenset[str]
    opened: Mapping[str, str]
    top: str | None


def audit(world: World, progress: Progress = quiet) -> Counts:
    """List all pages of ours that are in Confluence, 250 in a request, and write down how each strayed. Those with a
    newer version than ours cost two more requests: what we wrote is compared with what stands there; private ones cost
    one more, for who may read them. Final ones of closed cycles are left alone.

    One that cannot be written where it is becomes `lost`, as publishing would say at the next write; one that is back
    is well and due again. Pictures that somebody deleted are hung again; that is one request for each page that has
    some. Returns the counts of the run: how many pages, findings by kind (`FOUND`), how many are `back`, and how many
    `pictures` were gone. Raises Alarm if none of several pages is to be seen: then a right was lost, and nothing is
    changed.
    """
    world.need_wiki()
    with recorded(world, AUDIT) as counts:
        counts |= dict.fromkeys(("pages", *FOUND, "back", PICTURES), 0)
        with world.reading() as session:
            ours = {row.wiki_id: row for row in _published(session) if row.wiki_id}
        counts["pages"] = len(ours)
        if ours:
            seen = _look(world, ours, progress)
            with world.session() as session:
                if _note(world, session, ours, seen, counts):
                    pages.ring_sync_health(world, session)
                if counts["back"]:  # while it was lost, its news found no place
                    pages.ring(world, session)
            counts[PICTURES] = pictures.fallen(world, progress)
            if counts[PICTURES]:
                with world.session() as session:
                    pages.ring(world, session)
        return dict(counts)


def _published(session: Session) -> Iterable[PageRow]:
    question = select(PageRow).where(PageRow.archived_at.is_(None), PageRow.wiki_id.is_not(None))
    return session.scalars(question.where(PageRow.final_at.is_(None)))


def _look(world: World, ours: Mapping[str, PageRow], progress: Progress) -> _Seen:
    progress("Looking at pages", 0, len(ours))
    top = _top(world) if any(row.parent_id is None for row in ours.values()) else None
    found = {page.id: page for page in world.need_wiki().pages(sorted(ours))}
    if not found and len(ours) > 1:
        raise Alarm(
            f"Confluence shows none of our {len(ours)} pages.",
            "Did the account lose its right to view the space? `plainsight doctor` looks into it.",
        )
    edited = {page.id for page in found.values() if _is_edited(world, ours[page.id], page)}
    opened = _opened(world, [ours[page.id] for page in found.values()])
    progress("Looking at pages", len(ours), len(ours))
    return _Seen(found, frozenset(edited), opened, top)


def _opened(world: World, rows: Iterable[PageRow]) -> dict[str, str]:
    """Of the pages that are private, or were, whether others read them, by their id in Confluence. Of one that is in
    the trash, say, Confluence may tell nothing."""
    private = [row for row in rows if row.wiki_id and (row.restricted_to or _strayed(row, STILL_PRIVATE))]
    us = world.need_wiki().myself().id if private else ""
    found = {}
    for row in private:
        try:
            now, ours = there(world.need_wiki().restrictions(str(row.wiki_id))), put(row)
        except (Forbidden, NotFound):
            continue
        is_wider = ours is None or restricting.is_wider(now, Readers((*ours.people, us), ours.groups))
        found[str(row.wiki_id)] = "" if not is_wider else "more people" if now.people or now.groups else "everybody"
    return found


def _strayed(row: PageRow, kind: str) -> bool:
    return any(one["kind"] == kind for one in row.strayed)


def _top(world: World) -> str | None:
    """Asked for only if the settings do not say it."""
    named = world.settings.confluence_parent
    return named or world.need_wiki().space(world.settings.confluence_space).homepage_id


def _is_edited(world: World, row: PageRow, page: WikiPage) -> bool:
    """Whether the next write would meet a conflict. While a write of ours is in doubt, the newer version may be it."""
    is_newer = row.wiki_version is not None and page.version > row.wiki_version and row.attempt_version is None
    if not is_newer or why_lost(_place(row, None), page):
        return False
    try:
        ours = world.need_wiki().page(page.id, row.wiki_version)
        return not publishing.same_but_for_notes(ours.body, world.need_wiki().page(page.id).body)
    except (NotFound, Invalid):  # purged, or not well formed: nobody can compare
        return True


def _place(row: PageRow, parent_id: str | None) -> Place:
    return Place(row.wiki_title or "", row.wiki_space or "", parent_id)


def _note(world: World, session: Session, ours: Mapping[str, PageRow], seen: _Seen, counts: Counts) -> bool:
    """Whether something changed since the last audit. What was written meanwhile is newer, and left alone."""
    rows = {row.id: row for row in _published(session)}
    changed = False
    for wiki_id, known in ours.items():
        row, page = rows.get(known.id), seen.pages.get(wiki_id)
        if row is None or (row.wiki_id, row.wiki_version) != (wiki_id, known.wiki_version):
            continue
        if page is None and row.published_at is not None and row.published_at > world.now() - NEW:
            continue
        above = rows.get(row.parent_id) if row.parent_id else None
        place = _place(row, seen.top if row.parent_id is None else above.wiki_id if above else None)
        found = strays(place, page, is_edited=wiki_id in seen.edited)
        if row.restricted_to and seen.opened.get(wiki_id):
            found.append(Stray(OPENED, seen.opened[wiki_id]))
        for stray in found:
            counts[stray.kind] = counts.get(stray.kind, 0) + 1
        kept = [{"kind": stray.kind, "detail": stray.detail} for stray in found]
        kept += [
            one for one in row.strayed if one["kind"] in OF_PUBLISHING and not _is_over(one["kind"], wiki_id, seen)
        ]
        changed |= _keep(row, kept, why_lost(place, page), counts)
    return changed


def _is_over(kind: str, wiki_id: str, seen: _Seen) -> bool:
    """People lifted the restrictions of a page that is private no longer."""
    return kind == STILL_PRIVATE and seen.opened.get(wiki_id) == "everybody"


def _keep(row: PageRow, found: list[dict[str, str]], lost: Reason | None, counts: Counts) -> bool:
    before = (row.strayed, row.state, row.problem)
    row.strayed = found
    if lost is not None:
        row.state, row.problem = "lost", lost.value
    elif row.state == "lost":
        row.state, row.problem = "ok", ""
        counts["back"] += 1
    return before != (row.strayed, row.state, row.problem)
