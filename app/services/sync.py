"""Keeping the store equal to Jira: an incremental poll, and a refresh of what rang (design 3 and 4)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.db import issues as store
from app.db.models import EvidenceRow, MembershipRow, RematchRow, SyncRow
from app.domain import jql
from app.domain.batches import batched
from app.domain.model import EvidenceKind, Issue
from app.domain.standing import OUT_OF_SYNC
from app.errors import AppError, Rejected
from app.ports import IssueTracker
from app.services import evidence, members, pages, scores
from app.services.runs import Progress, quiet, recorded
from app.world import World

POLL = "poll"
OVERLAP_MS = 5 * 60 * 1000
"""The search index lags by seconds to minutes (atlassian.md §2.1)."""
TAIL = timedelta(minutes=15)
"""How long the newest issues are read again at each poll, should nothing newer come."""

Counts = dict[str, int]


def poll(world: World, progress: Progress = quiet) -> Counts:
    """Read what changed since the last time, fill evidence that was never filled, and let the pages follow.

    An outage is written down, so that the pages say so, and raised again. Returns the counts of the run.
    """
    site, started_at = world.need_jira().site, world.now()
    with recorded(world, POLL) as counts:
        try:
            _begin(world)
            _add(counts, _narrowed(world))
            _add(counts, evidence.fill(world, progress))
            _add(counts, _lagging(world))
            _add(counts, _incremental(world, started_at))
        except AppError as error:
            note_outage(world, site, error)
            raise
        with world.session() as session:  # first: a Jira metric is as fresh as Jira was read
            state = store.state_of(session, site)
            is_back = state.out_since is not None
            state.ok_at, state.out_since, state.error = world.now(), None, ""
        counts["measured"] = scores.measure(world)
        with world.session() as session:
            has_news = store.take_news(session, site)
            if is_back or has_news or counts["filled"] or counts["measured"]:
                pages.ring(world, session)
        return counts


def _add(counts: Counts, more: Mapping[str, int]) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count


def note_outage(world: World, site: str, error: AppError) -> None:
    """Write down since when a site cannot be read, and why; pages say so once it lasts."""
    with world.session() as session:
        state = store.state_of(session, site)
        if state.out_since is None:
            state.out_since = world.now()
            pages.ring_sync_health(world, session)
        elif world.now() - state.out_since >= OUT_OF_SYNC:
            pages.ring(world, session)
        state.error = error.message[:2000]


def _begin(world: World) -> None:
    """A site that was never read (the first one, or one with another address now), or another allow-list: all evidence
    is asked for anew, and issues of another site are evidence no longer."""
    site, projects = world.need_jira().site, ",".join(sorted(world.settings.projects))
    with world.session() as session:
        known = session.get(SyncRow, site)
        if known is not None and known.projects == projects:
            return
        store.state_of(session, site).projects = projects
        session.execute(update(EvidenceRow).values(filled_at=None, anchor_id=None, error=""))
        elsewhere = (MembershipRow.site != site) & MembershipRow.left_at.is_(None)
        session.execute(update(MembershipRow).where(elsewhere).values(left_at=world.now()))


def _narrowed(world: World) -> Counts:
    """Issues of projects that are not on the allow-list any more are evidence no longer."""
    if not world.settings.projects:
        return {}
    with world.session() as session:
        site = world.need_jira().site
        outside = store.outside(session, site, world.settings.projects)
        return {"left": store.mark_absent(session, site, outside, dict.fromkeys(outside, True), world.now())}


def _lagging(world: World) -> Counts:
    """Issues that changed before the last poll: which queries match them, now that the search index has caught up?"""
    site = world.need_jira().site
    with world.reading() as session:
        ids = list(session.scalars(select(RematchRow.issue_id).where(RematchRow.site == site)))
    if not ids:
        return {}
    counts = members.rematch(world, ids).counts
    with world.session() as session:
        for batch in batched(ids, store.SQL_BATCH):
            session.execute(delete(RematchRow).where(RematchRow.site == site, RematchRow.issue_id.in_(batch)))
    return counts


def _incremental(world: World, started_at: datetime) -> Counts:
    """One search from the cursor on."""
    tracker = world.need_jira()
    with world.reading() as session:
        state = session.get(SyncRow, tracker.site)
        cursor = state.cursor_ms if state else None
        projects = set(world.settings.projects) or store.projects(session, tracker.site) | _named_projects(session)
    counts: Counts = {"searched": 0, "stored": 0, "joined": 0, "left": 0}
    newest = cursor or 0
    if not projects:  # there is nothing to search yet: does the site know us at all?
        tracker.myself()
    elif cursor is not None:
        for page in _changed(tracker, projects, cursor - OVERLAP_MS):
            counts["searched"] += len(page)
            _add(counts, members.take_in(world, page, fresh=False).counts)
            newest = max([newest, *(_epoch_ms(issue.updated_at) for issue in page)])
    with world.session() as session:
        store.state_of(session, tracker.site).cursor_ms = max(newest, _epoch_ms(started_at - TAIL))
    return counts


def _changed(tracker: IssueTracker, projects: set[str], since_ms: int) -> Iterator[list[Issue]]:
    """Jira refuses the whole search when one project is gone or out of sight: then without those."""
    try:
        yield from tracker.search(jql.changed_since(projects, since_ms))
    except Rejected:
        there = {key for key in projects if tracker.check_query(jql.one_of("project", [key])) is None}
        if there == projects:
            raise
        if there:
            yield from tracker.search(jql.changed_since(there, since_ms))


def _epoch_ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _named_projects(session: Session) -> set[str]:
    """Those that evidence names: a project nobody has stored an issue of yet is looked into as well."""
    named: set[str] = set()
    for kind, value in session.execute(
        select(EvidenceRow.kind, EvidenceRow.value).where(EvidenceRow.archived_at.is_(None))
    ):
        if kind == EvidenceKind.PROJECT:
            named.add(value.upper())
        elif kind == EvidenceKind.JQL:
            named |= jql.projects_named(value)
    return named


def refresh(world: World, ids: Sequence[str], deleted: Mapping[str, bool]) -> Counts:
    """Take in the present state of these issues: one request per hundred, and one to ask which queries match them.

    `deleted` names those that Jira said were deleted.
    """
    tracker = world.need_jira()
    found = tracker.issues(ids)
    counts = members.take_in(world, found, fresh=True).counts
    absent = sorted(set(ids) - {issue.id for issue in found})
    if absent:
        with world.session() as session:
            _add(counts, {"stored": store.mark_absent(session, tracker.site, absent, deleted, world.now())})
    return counts
