"""Publishing: load, build, render, and for each page whose digest is new read, decide, write, record (pages.md)."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import structlog
from sqlalchemy import update

from app.db.models import PageRow
from app.domain.sync_health import SYNC_HEALTH
from app.errors import AppError, AuthFailed, RetryAfter
from app.services import pages
from app.services.crew import Crew
from app.services.outcome import Outcome
from app.services.runs import Progress, quiet, recorded
from app.services.writing import Ground, Writing, is_due, write
from app.world import World

log = structlog.get_logger(__name__)
RETRY = timedelta(minutes=1)
WELL = (Outcome.UNCHANGED, Outcome.CREATED, Outcome.UPDATED)
Made = TypeVar("Made")


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
        well = _publish_all(world, ids, counts, progress)
        if well is not None and counts[Outcome.CREATED]:  # only now is there an address for every link between them
            well = _publish_all(world, ids, counts, progress)
        if well is not None:
            pages.freeze(world, well)
            if pages.states(world) != before:
                _tell(world, ids)
        return dict(counts)


def _tell(world: World, ids: Sequence[str]) -> None:
    """What became of pages is said on the sync-health page; one that was published with them, last, said it already."""
    with world.session() as session:
        pages.ring_sync_health(world, session, but=ids)


def _publish_all(world: World, ids: Sequence[str], counts: dict[str, int], progress: Progress) -> list[str] | None:
    """The pages that are as they should be. None: Confluence does not know us, so nobody knocks again in this run:
    failed logins lock accounts."""
    with Crew() as crew:
        _send_out(world, ids, crew, progress)
    for outcome in crew.outcomes.values():
        counts[outcome] += 1
    left = [page_id for page_id in ids if page_id not in crew.outcomes]
    if isinstance(crew.stopped, RetryAfter):
        _postpone(world, left, crew.stopped)
        raise crew.stopped
    if crew.stopped is not None:
        _refused(world, left, crew.stopped)
        counts[Outcome.FAILED] += len(left)
        return None
    progress("", len(ids), len(ids))
    return [page_id for page_id, outcome in crew.outcomes.items() if outcome in WELL]


def _send_out(world: World, ids: Sequence[str], crew: Crew, progress: Progress) -> None:
    """Render page after page, and have those written that are due; what is unchanged ends here, all in one go."""
    ground, unchanged, claimed = Ground(world), [], world.now()
    for number, page_id in enumerate(ids):
        progress(page_id, number, len(ids))
        if world.now() - claimed > pages.CLAIM_LASTS / 4:
            claimed = world.now()
            pages.renew(world, ids)
        crew.look()
        _let_go_first(ground, page_id, crew)
        if crew.stopped is not None:
            break
        found = _tried(world, page_id, partial(_due, ground, page_id))
        if isinstance(found, Writing):
            crew.send(page_id, partial(_written, found))
        elif found is Outcome.UNCHANGED:
            unchanged.append(page_id)
        else:
            crew.outcomes[page_id] = found
    crew.wait()
    _settle(world, unchanged)
    crew.outcomes |= dict.fromkeys(unchanged, Outcome.UNCHANGED)


def _let_go_first(ground: Ground, page_id: str, crew: Crew) -> None:
    """A page is made after the one above it; what became of the others is said by the page for that."""
    row = ground.rows[page_id]
    if row.kind == SYNC_HEALTH:
        crew.wait()
    elif row.parent_id is not None and ground.rows[row.parent_id].wiki_id is None:
        crew.wait(row.parent_id)


def _due(ground: Ground, page_id: str) -> Writing | Outcome:
    writing = Writing(ground, ground.facts.pages[page_id])
    return writing if is_due(writing) else Outcome.UNCHANGED


def _written(writing: Writing) -> Outcome:
    world = writing.world
    outcome = _tried(world, writing.id, partial(write, writing))
    if outcome is not Outcome.FAILED:
        with world.session() as session:
            pages.release(session, writing.id)
    return outcome


def _tried(world: World, page_id: str, work: Callable[[], Made]) -> Made | Outcome:
    """What came of it; a page that fails says so and is let go. Raises what concerns all pages."""
    try:
        return work()
    except (RetryAfter, AuthFailed):
        raise
    except AppError as error:
        # Only the row says when; reconcile wakes the queue then. A waiting job would hold up the next ring.
        again = None if error.permanent else world.now() + RETRY
        log.warning("page not published", page=page_id, reason=error.message, again=bool(again))
        _fail(world, page_id, error.message, again)
    except Exception:
        log.exception("page not published", page=page_id)
        _fail(world, page_id, "An unexpected error; the service's log says more.")
    return Outcome.FAILED


def _fail(world: World, page_id: str, why: str, again: datetime | None = None) -> None:
    with world.session() as session:
        page = session.get_one(PageRow, page_id)
        page.state, page.problem = "failed", why[:2000]
        pages.release(session, page_id, again)


def _settle(world: World, ids: Sequence[str]) -> None:
    """What failed was a page that is not wanted any more: what stands there is right again."""
    these = update(PageRow).where(PageRow.id.in_(ids))
    with world.session() as session:
        session.execute(these.where(PageRow.state == "failed").values(state="ok", problem=""))
        session.execute(these.values(claimed_at=None))
        if not world.settings.pictures:  # what nobody asks for is no trouble
            session.execute(these.values(pictures_refused_at=None, pictures_problem=""))


def _postpone(world: World, ids: Sequence[str], limit: RetryAfter) -> None:
    with world.session() as session:
        for page_id in ids:
            pages.release(session, page_id, limit.at)


def _refused(world: World, ids: Sequence[str], error: AuthFailed) -> None:
    log.error("pages not published", reason=error.message)
    for page_id in ids:
        _fail(world, page_id, error.message)
