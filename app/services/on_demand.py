"""Publishing and syncing on demand: nothing is done here but made due, and the worker woken."""

from collections.abc import Sequence

from sqlalchemy import select

from app.db.models import PageRow
from app.errors import Unfitting
from app.services import pages, sync
from app.world import World


def publish_now(world: World, ids: Sequence[str] | None = None) -> list[str]:
    """Make these pages due now (None: all but those that rest); returns which. Missing: one of them is not there.
    Unfitting: one of them is not written, because its cycle is a draft, or closed and it is final; or no site."""
    world.need_wiki()
    asked = pages.known(world, ids)
    with world.session() as session:
        resting = set(session.scalars(select(PageRow.id).where(pages.RESTING)))
        if ids is not None and resting & set(ids):
            raise Unfitting(
                f"Not published: {', '.join(sorted(resting & set(ids)))}. Pages are written while their cycle is open "
                "or locked, and once more when it is closed: then they are final. Its state stands in okrs.yaml."
            )
        due = [one for one in asked if one not in resting]
        in_turn = select(PageRow).where(PageRow.id.in_(due)).order_by(PageRow.id).with_for_update()
        for page in session.scalars(in_turn):
            page.due_at = world.now()
        world.queue.enqueue(session, pages.PUBLISH)
    return due


def sync_now(world: World) -> None:
    """Enqueue the poll of Jira. Unfitting: no Jira is configured."""
    world.need_jira()
    with world.session() as session:
        world.queue.enqueue(session, sync.POLL)
