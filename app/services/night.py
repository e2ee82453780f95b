"""The night's jobs made up for: a machine that sleeps at night is looked after in the morning."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import schedule
from app.db import jobs
from app.db.models import RunRow, SyncRow
from app.services.audit import AUDIT
from app.services.retention import RETENTION
from app.services.sweep import SWEEP
from app.world import World

GRACE = timedelta(hours=1)
"""How long after its time a job counts as missed, and how often one that fails without a trace is tried again."""


def make_up(world: World) -> None:
    """Enqueue what should have run at the last `night_schedule` and did not: nobody served then, or the clock's strike
    was lost. A run that failed has run; the engine and the next night see to it."""
    with world.session() as session:
        for kind in (SWEEP, AUDIT, RETENTION):
            if _can_run(world, session, kind) and _was_missed(world, session, kind):
                world.queue.enqueue(session, kind)


def _can_run(world: World, session: Session, kind: str) -> bool:
    """The site is there; while Jira is out, only the poll knocks."""
    if kind == AUDIT:
        return world.wiki is not None
    if kind == SWEEP:
        state = session.get(SyncRow, world.jira.site) if world.jira else None
        return state is not None and state.out_since is None
    return True


def _was_missed(world: World, session: Session, kind: str) -> bool:
    """Counted from the last run; from the first run of all where it never ran, so that a new installation waits for
    its first night."""
    settings, now = world.settings, world.now()
    last = session.scalar(select(RunRow.started_at).where(RunRow.kind == kind).order_by(RunRow.id.desc()).limit(1))
    since = last or session.scalar(select(RunRow.started_at).order_by(RunRow.id).limit(1))
    if since is None or schedule.next_due(settings.night_schedule, settings.time_zone, since) + GRACE > now:
        return False
    return not jobs.is_at_hand(session, kind, now - GRACE)
