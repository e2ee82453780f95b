"""The table of jobs and their clock. To add one: a verb in app/services, one entry here."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from app.services import audit, comments, inbox, night, pages, publish, retention, scores, sweep, sync
from app.settings import Settings
from app.world import World

RECONCILE = "reconcile"


def _reconcile(world: World) -> None:
    pages.reconcile(world)
    night.make_up(world)


JOBS: Mapping[str, Callable[[World], object]] = {
    pages.DRAIN: inbox.drain,
    sync.POLL: lambda world: sync.poll(world) if world.jira else None,
    comments.COMMENTS: comments.read,
    pages.DUE: pages.follow_schedules,
    pages.PUBLISH: publish.publish_due,
    scores.SNAPSHOT: scores.record,
    RECONCILE: _reconcile,
    sweep.SWEEP: lambda world: sweep.sweep(world) if world.jira else None,
    audit.AUDIT: lambda world: audit.audit(world) if world.wiki else None,
    retention.RETENTION: retention.retain,
}
"""What can be due. A job is only its kind (and a key, which none of these needs): running one twice does no harm."""


def strikes(settings: Settings) -> tuple[tuple[str, str | timedelta], ...]:
    """When the clock makes jobs due; cron text is meant in the configured zone."""
    return (
        (pages.DUE, timedelta(minutes=1)),
        (RECONCILE, timedelta(minutes=1)),
        (sync.POLL, settings.poll_schedule),
        (comments.COMMENTS, settings.poll_schedule),
        (scores.SNAPSHOT, "55 23 * * *"),
        (sweep.SWEEP, settings.night_schedule),
        (audit.AUDIT, settings.night_schedule),
        (retention.RETENTION, settings.night_schedule),
    )
