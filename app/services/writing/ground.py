"""What the pages of one run have in common, each asked for once."""

from functools import cached_property

from sqlalchemy import select

from app.db.models import PageRow, PictureRow
from app.ports import Wiki, WikiSpace
from app.services.prepare import look
from app.world import World


class Ground:
    """All facts and how everything stands; of each page of ours its row, as it is known here, its address, and the
    digests of the pictures that hang on it (`hung`, by page and name). Threads may share it: each keeps the row of its
    own page up to date.

    `space` and `account` (our own id) are asked from Confluence when somebody needs them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.facts, self.moment = look(world)
        with world.reading() as session:
            self.rows = {row.id: row for row in session.scalars(select(PageRow))}
            self.hung = {(row.page_id, row.name): row.digest for row in session.scalars(select(PictureRow))}
        self.addresses = {row.id: row.wiki_url for row in self.rows.values() if row.wiki_url}

    @property
    def wiki(self) -> Wiki:
        """Raises Unfitting if none is configured."""
        return self.world.need_wiki()

    @cached_property
    def space(self) -> WikiSpace:
        return self.wiki.space(self.world.settings.confluence_space)

    @cached_property
    def account(self) -> str:
        return self.wiki.myself().id

    def keep(self, row: PageRow) -> None:
        """This is how the page's row is now."""
        self.rows[row.id] = row
        if row.wiki_url:
            self.addresses[row.id] = row.wiki_url
