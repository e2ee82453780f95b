"""Publishing: load, build, render, and for each page whose digest is new read, decide, write, record (pages.md)."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from app.db.models import PageRow
from app.domain.facts import Facts
from app.domain.report import Moment
from app.errors import AppError, AuthFailed, RetryAfter
from app.services import pages
from app.services.outcome import Outcome
from app.services.prepare import look, prepare
from app.services.runs import Progress, quiet, recorded
from app.services.writing import Writing
from app.world import World

log = structlog.get_logger(__name__)
RETRY = timedelta(minutes=1)


def publish_due(world: World) -> dict[str, int]:
    """The job: everything that is due, or was left behind by a worker that died."""
    return publish(world, pages.claim(world))


def publish(world: World, ids: Sequence[str], progress: Progress = quiet) -> dict[str, int]:
    """Publish these (claimed) pages, parents first. One that fails says so and holds up no other.

    Returns how many ended in each outcome. Raises RetryAfter when Confluence asks us to wait; what is left is due then.
    """
    if not ids:
        return {}
    with recorded(world, pages.PUBLISH) as counts:
        counts |= {outcome.value: 0 for outcome in Outcome}
        before = pages.states(world)
        welcome = _publish_all(world, ids, counts, progress)
        if welcome and counts[Outcome.CREATED]:  # only now is there an address for every link between them
            welcome = _publish_all(world, ids, counts, progress)
        if welcome and pages.states(world) != before:
            _tell(world, ids)
        return dict(counts)


def _tell(world: World, ids: Sequence[str]) -> None:
    """What became of pages is said on the sync-health page; one that was published with them, last, said it already."""
    with world.session() as session:
        pages.ring_sync_health(world, session, but=ids)


def _publish_all(world: World, ids: Sequence[str], counts: dict[str, int], progress: Progress) -> bool:
    """False: Confluence does not know us, so nobody knocks again in this run: failed logins lock accounts."""
    facts, moment = look(world)
    for number, page_id in enumerate(ids):
        progress(page_id, number, len(ids))
        try:
            counts[_publish_one(world, facts, moment, page_id)] += 1
        except RetryAfter as limit:
            _postpone(world, ids[number:], limit)
            raise
        except AuthFailed as error:
            _refused(world, ids[number:], error)
            counts[Outcome.FAILED] += len(ids) - number
            return False
    progress("", len(ids), len(ids))
    return True


def _postpone(world: World, ids: Sequence[str], limit: RetryAfter) -> None:
    with world.session() as session:
        for page_id in ids:
            pages.release(session, page_id, limit.at)


def _refused(world: World, ids: Sequence[str], error: AuthFailed) -> None:
    log.error("pages not published", reason=error.message)
    for page_id in ids:
        _note_failure(world, page_id, error.message)
        with world.session() as session:
            pages.release(session, page_id)


def _publish_one(world: World, facts: Facts, moment: Moment, page_id: str) -> Outcome:
    try:
        definition = facts.pages[page_id]
        outcome = Writing(world, definition, lambda: prepare(world, facts, moment, definition)).run()
        again = None
    except (RetryAfter, AuthFailed):
        raise
    except AppError as error:
        outcome, again = Outcome.FAILED, None if error.permanent else world.now() + RETRY
        log.warning("page not published", page=page_id, reason=error.message, again=bool(again))
        _note_failure(world, page_id, error.message)
    except Exception:
        outcome, again = Outcome.FAILED, None
        log.exception("page not published", page=page_id)
        _note_failure(world, page_id, "An unexpected error; the service's log says more.")
    with world.session() as session:
        # Only the row says when; reconcile wakes the queue then. A waiting job would hold up the next ring.
        pages.release(session, page_id, again)
    return outcome


def _note_failure(world: World, page_id: str, why: str) -> None:
    with world.session() as session:
        page = session.get_one(PageRow, page_id)
        page.state, page.problem = "failed", why[:2000]
