"""One page being written: what it should be, what is known of it, and its row, changed in short transactions."""

from collections.abc import Callable

import structlog

from app.db.models import PageRow
from app.domain import publishing
from app.domain.facts import PageDefinition
from app.domain.privacy import readers_of
from app.domain.publishing import Rendered
from app.ports import WikiPage
from app.services.outcome import Outcome
from app.services.prepare import Kept, Prepared, prepare
from app.services.writing.ground import Ground

log = structlog.get_logger(__name__)


class Writing:
    """One page being written. Raises Invalid where the page cannot be built.

    `page` is the page as Confluence has it (None: not there, or not looked at yet), `versions` its older versions as
    far as they were fetched. `title_taken` says which page has the title that this one should have."""

    def __init__(self, ground: Ground, definition: PageDefinition) -> None:
        self.ground, self.world, self.wiki = ground, ground.world, ground.wiki
        self.definition, self.id, self.language = definition, definition.id, definition.languages[0]
        self.readers = readers_of(ground.facts, definition)
        self.prepared = self.prepare()
        self.page: WikiPage | None = None
        self.versions: dict[int, WikiPage | None] = {}
        self.title_taken = ""
        self.is_new = self.is_guarded = False

    @property
    def rendered(self) -> Rendered:
        return self.prepared.rendered

    @property
    def row(self) -> PageRow:
        """As it was when it was last read or changed here."""
        return self.ground.rows[self.id]

    def prepare(self) -> Prepared:
        """The page as it should be, by what its row says now."""
        kept = Kept(self.row, dict(self.ground.addresses))  # others add theirs meanwhile
        return prepare(self.world, self.ground.facts, self.ground.moment, self.definition, kept)

    def prepare_again(self) -> None:
        """Its row says something else now, which the page shows."""
        self.prepared = self.prepare()

    def refresh(self) -> None:
        """Somebody else may have changed the row since the run began."""
        with self.world.reading() as session:
            self.ground.keep(session.get_one(PageRow, self.id))

    def change(self, change: Callable[[PageRow], object]) -> None:
        with self.world.session() as session:
            row = session.get_one(PageRow, self.id)
            change(row)
        self.ground.keep(row)

    @property
    def known(self) -> publishing.Known:
        row, pending = self.row, None
        if row.attempt_version is not None and row.attempt_digest is not None:
            pending = publishing.Attempt(row.attempt_version, row.attempt_digest)
        return publishing.Known(
            page_id=row.wiki_id,
            space_id=row.wiki_space or "",
            title=row.wiki_title or "",
            version=row.wiki_version,
            digest=row.digest,
            pending=pending,
            take_over=row.take_over,
        )

    def attempt(self, base: int, rendered: Rendered) -> None:
        """A write on this version begins (0: a creation): should its answer be lost, this tells what to look for."""

        def begin(row: PageRow) -> None:
            row.attempt_version, row.attempt_digest = base, rendered.digest
            if base == 0:
                row.wiki_title = rendered.title

        self.change(begin)

    def forget_attempt(self) -> None:
        """It was refused, so it never happened."""

        def forget(row: PageRow) -> None:
            row.attempt_version, row.attempt_digest = None, None

        self.change(forget)

    def leave(self, state: str, problem: str, outcome: Outcome) -> Outcome:
        """Leave the page as it is, and say why."""
        log.warning("page left alone", page=self.id, reason=problem)

        def note(row: PageRow) -> None:
            row.state, row.problem, row.attempt_version, row.attempt_digest = state, problem, None, None

        self.change(note)
        return outcome
