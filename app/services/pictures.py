"""The nightly look at pictures: those that somebody deleted are forgotten, so that publishing hangs them again."""

from collections import defaultdict

from sqlalchemy import delete, select

from app.db.models import PageRow, PictureRow
from app.errors import Forbidden, NotFound
from app.services.runs import Progress, quiet
from app.world import World


def fallen(world: World, progress: Progress = quiet) -> int:
    """How many were deleted. One request for each page that has pictures; a page that is out of sight is left to the
    audit."""
    hung = _hung(world)
    gone = 0
    for number, ((page_id, wiki_id), names) in enumerate(hung.items()):
        progress("Looking at pictures", number, len(hung))
        missing = names - _there(world, wiki_id, names)
        gone += len(missing)
        if missing:
            with world.session() as session:
                mine = (PictureRow.page_id == page_id) & PictureRow.name.in_(missing)
                session.execute(delete(PictureRow).where(mine))
    return gone


def _hung(world: World) -> dict[tuple[str, str], set[str]]:
    """The names of the pictures by our id of the page and Confluence's."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    question = (
        select(PageRow.id, PageRow.wiki_id, PictureRow.name)
        .join(PictureRow, PictureRow.page_id == PageRow.id)
        .where(PageRow.archived_at.is_(None), PageRow.final_at.is_(None), PageRow.state != "lost")
        .order_by(PageRow.id)
    )
    with world.reading() as session:
        for page_id, wiki_id, name in session.execute(question):
            if wiki_id is not None:
                found[page_id, wiki_id].add(name)
    return found


def _there(world: World, wiki_id: str, names: set[str]) -> set[str]:
    try:
        return {one.name for one in world.need_wiki().attachments(wiki_id)}
    except (Forbidden, NotFound):
        return names
