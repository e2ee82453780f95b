"""Making pages due: by a ring (throttled), by their schedule, or by hand."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, not_, or_, select, update
from sqlalchemy.orm import Session, aliased

from app import schedule
from app.db import rows
from app.db.definitions import in_force
from app.db.issues import SQL_BATCH
from app.db.models import CycleRow, InboxRow, ObjectiveRow, PageRow, PersonRow, SyncRow, TeamRow
from app.domain.batches import batched
from app.domain.model import CycleState, Team
from app.domain.page_kinds import OF_DRAFTS
from app.domain.privacy import keeper_of
from app.domain.sync_health import SYNC_HEALTH
from app.errors import Missing
from app.world import World

DRAIN = "drain"
PUBLISH = "publish"
DUE = "due"
CLAIM_LASTS = timedelta(minutes=2)
"""A claim this old was left behind by a worker that died; a page takes seconds."""
DRAFTS = select(CycleRow.id).where(CycleRow.state == CycleState.DRAFT)
CLOSED = select(CycleRow.id).where(CycleRow.state == CycleState.CLOSED)
OF_A_DRAFT = PageRow.cycle_id.is_not(None) & PageRow.cycle_id.in_(DRAFTS) & PageRow.kind.not_in(OF_DRAFTS)
RESTING = PageRow.final_at.is_not(None) | OF_A_DRAFT
"""Pages that are not written: the final ones of closed cycles, and those of drafts but for a session's."""


def ring(world: World, session: Session) -> None:
    """Facts changed: every page is due after the throttle window. The first ring fixes the time, later ones join it.

    All pages, because rendering tells exactly, and cheaply, which of them changed; those that did not cost no request.
    """
    _thaw(session)
    _ring(world, session)


def _thaw(session: Session) -> None:
    """Pages of a cycle that was opened again are final no longer, nor are those that others may read now."""
    is_final = PageRow.final_at.is_not(None) & or_(PageRow.cycle_id.is_(None), PageRow.cycle_id.not_in(CLOSED))
    session.execute(update(PageRow).where(is_final).values(final_at=None))
    for batch in batched(_for_others(session), SQL_BATCH):
        session.execute(update(PageRow).where(PageRow.id.in_(batch)).values(final_at=None))


def _for_others(session: Session) -> list[str]:
    """Final pages whose readers, by the definitions, are not those that they were restricted to."""
    teams = {row.id: rows.team(row) for row in in_force(session, TeamRow)}
    question = (
        select(PageRow.id, PageRow.restricted_to, func.coalesce(ObjectiveRow.team_id, PageRow.team_id))
        .outerjoin(ObjectiveRow, (ObjectiveRow.id == PageRow.objective_id) & ObjectiveRow.archived_at.is_(None))
        .where(PageRow.final_at.is_not(None), PageRow.archived_at.is_(None), PageRow.wiki_id.is_not(None))
    )
    if all(team.readers is None for team in teams.values()):
        question = question.where(PageRow.restricted_to.is_not(None))
    accounts = dict(session.execute(select(PersonRow.id, PersonRow.account_id)).all())
    return [key for key, put, team in session.execute(question) if put != _readers(teams, accounts, team)]


def _readers(
    teams: Mapping[str, Team], accounts: Mapping[str, str | None], team: str | None
) -> dict[str, list[str]] | None:
    """As `restricted_to` has them; an account that is not known makes them differ, and publishing tells it."""
    keeper = keeper_of(teams, team)
    readers = teams[keeper].readers if keeper else None
    if readers is None:
        return None
    return {"people": sorted({str(accounts.get(one)) for one in readers.people}), "groups": list(readers.groups)}


def freeze(world: World, ids: Sequence[str]) -> None:
    """These pages are as they should be: those of closed cycles are final from now on, unless something rang meanwhile.
    One that still has to be moved is not."""
    above = aliased(PageRow)
    question = (
        select(PageRow)
        .outerjoin(above, above.id == PageRow.parent_id)
        .where(PageRow.id.in_(ids), PageRow.cycle_id.in_(CLOSED), PageRow.final_at.is_(None), PageRow.due_at.is_(None))
        .where(or_(PageRow.parent_id.is_(None), PageRow.wiki_parent == above.wiki_id))
    )
    with world.session() as session:
        for page in session.scalars(question):
            page.final_at = world.now()


def renew(world: World, ids: Sequence[str]) -> None:
    """The claims on these pages go on, where they would soon look left behind."""
    now = world.now()
    with world.session() as session:
        session.execute(
            update(PageRow).where(PageRow.id.in_(ids), PageRow.claimed_at.is_not(None)).values(claimed_at=now)
        )


def ring_sync_health(world: World, session: Session, but: Sequence[str] = ()) -> None:
    """Something failed, or is well again, that only the sync-health page says; as for a ring, after the throttle."""
    _ring(world, session, (PageRow.kind == SYNC_HEALTH) & PageRow.id.not_in(but))


def _ring(world: World, session: Session, whom: ColumnElement[bool] | None = None) -> None:
    delay = timedelta(seconds=world.settings.throttle_seconds)
    _in_turn(session)
    pages = update(PageRow).where(PageRow.due_at.is_(None), PageRow.archived_at.is_(None), not_(RESTING))
    due = session.scalars(
        (pages if whom is None else pages.where(whom)).values(due_at=world.now() + delay).returning(PageRow.id)
    )
    if whom is None or due.all():
        world.queue.enqueue(session, PUBLISH, delay=delay)


def _in_turn(session: Session) -> None:
    """Rings and claims wait for each other (on SQLite they do anyhow): a claim beside a ring that is not committed yet
    would take the page and miss the fact."""
    session.execute(select(PageRow.id).order_by(PageRow.id).with_for_update())


def follow_schedules(world: World) -> None:
    """Pages whose own schedule has come are due now, and their next time is set in the same transaction."""
    now = world.now()
    with world.session() as session:
        question = (
            select(PageRow)
            .where(PageRow.archived_at.is_(None), not_(RESTING))
            .where(or_(PageRow.next_due_at.is_(None), PageRow.next_due_at <= now))
        )
        for page in session.scalars(question):
            if page.next_due_at is not None and page.due_at is None:
                page.due_at = now
            page.next_due_at = schedule.next_due(page.schedule, page.time_zone, now)
        session.flush()
        due = select(PageRow.id).where(PageRow.archived_at.is_(None), PageRow.due_at <= now)
        if session.scalar(due.limit(1)):
            world.queue.enqueue(session, PUBLISH)


def claim(world: World, only: Sequence[str] | None = None) -> list[str]:
    """Ids of the pages to publish now, parents first, taken so that a ring from now on makes them due again.

    With `only`, these pages whether due or not (by hand). Those that rest are not taken.
    """
    now = world.now()
    with world.session() as session:
        _in_turn(session)
        _thaw(session)
        these = update(PageRow).where(PageRow.archived_at.is_(None), not_(RESTING))
        if only is None:
            left_behind = PageRow.claimed_at <= now - CLAIM_LASTS
            these = these.where(or_(PageRow.due_at <= now, left_behind))
            session.execute(update(PageRow).where(RESTING).values(due_at=None, claimed_at=None))
        else:
            these = these.where(PageRow.id.in_(only))
        taken = session.scalars(these.values(due_at=None, claimed_at=now).returning(PageRow.id)).all()
        parents = dict(session.execute(select(PageRow.id, PageRow.parent_id)).all())
        health = set(session.scalars(select(PageRow.id).where(PageRow.kind == SYNC_HEALTH)))

    def turn(page_id: str) -> tuple[bool, int, str]:
        """What became of the others is said by the page that comes last."""
        is_last = page_id in health and page_id not in parents.values()
        return is_last, _depth(page_id, parents), page_id

    return sorted(taken, key=turn)


def _depth(page_id: str, parents: dict[str, str | None]) -> int:
    depth, above = 0, parents.get(page_id)
    while above and depth < len(parents):
        depth, above = depth + 1, parents.get(above)
    return depth


def release(session: Session, page_id: str, due_at: datetime | None = None) -> None:
    """The work on a page has ended; `due_at`: it must be tried again then, unless a ring fixed an earlier time."""
    page = session.get_one(PageRow, page_id)
    page.claimed_at = None
    if due_at is not None and (page.due_at is None or page.due_at > due_at):
        page.due_at = due_at


def reconcile(world: World) -> None:
    """The rows are the intent, the queue only wakes: whatever they say is unfinished is enqueued again."""
    now = world.now()
    with world.session() as session:
        left_behind = PageRow.claimed_at <= now - CLAIM_LASTS
        unfinished = select(PageRow.id).where(PageRow.archived_at.is_(None), or_(PageRow.due_at <= now, left_behind))
        if session.scalar(unfinished.limit(1)):
            world.queue.enqueue(session, PUBLISH)
        # While a site is out, only the poll knocks: failed logins lock accounts (atlassian.md §6).
        state = session.get(SyncRow, world.jira.site) if world.jira else None
        is_out = state is not None and state.out_since is not None
        if not is_out and session.scalar(select(InboxRow.id).where(InboxRow.done_at.is_(None)).limit(1)):
            world.queue.enqueue(session, DRAIN)


def known(world: World, ids: Sequence[str] | None) -> list[str]:
    """All pages, or these; Missing names the ones that there are."""
    with world.reading() as session:
        question = select(PageRow.id).where(PageRow.archived_at.is_(None)).order_by(PageRow.position)
        there = list(session.scalars(question))
    if ids is None:
        return there
    unknown = sorted(set(ids) - set(there))
    if unknown:
        raise Missing(f"There is no page {', '.join(unknown)}. There are: {', '.join(there) or 'none yet'}.")
    return list(ids)


def take_over(world: World, ids: Sequence[str]) -> None:
    """People asked for it: the next write of these pages goes over what was changed outside the notes."""
    with world.session() as session:
        for page_id in ids:
            page = session.get_one(PageRow, page_id)
            page.take_over, page.state, page.problem = True, "ok", ""
        ring_sync_health(world, session)


def states(world: World) -> dict[str, object]:
    """Of each page what the sync-health page may say of it. Its own is not among them, so that its failure never makes
    it due."""
    told = PageRow.state, PageRow.lost_comments, PageRow.strayed, PageRow.marked, PageRow.pictures_problem
    with world.reading() as session:
        question = select(PageRow.id, *told).where(PageRow.archived_at.is_(None), PageRow.kind != SYNC_HEALTH)
        return {page_id: tuple(rest) for page_id, *rest in session.execute(question)}
