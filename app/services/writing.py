"""Writing one page: ask the wiki, let the pure decision decide, act, and write down what became of it."""

from collections.abc import Callable, Sequence

import structlog
from sqlalchemy import delete

from app.db import records
from app.db.models import PageRow, PublicationRow
from app.domain import publishing, storage, version_message
from app.domain.comments import LostComment
from app.domain.facts import PageDefinition
from app.domain.publishing import Rendered
from app.domain.report import plain
from app.domain.report.differences import SMALL_CHANGES, differences
from app.domain.sync_health import SYNC_HEALTH
from app.errors import AppError, Conflict, NotFound, Transient
from app.ports import WikiPage
from app.render import render_line
from app.services.outcome import Outcome, inherit, no_failure, nothing_to_write, settle
from app.services.prepare import Prepared
from app.world import World

log = structlog.get_logger(__name__)
PROPERTY = "plainsight"
LABELS = ("plainsight", "okr")
TURNS = 8
"""More rounds of asking and deciding than any course of events needs; a page that changes faster can wait."""


class Writing:
    """One page being written. Every step that must survive a crash is a short transaction of its own."""

    def __init__(self, world: World, definition: PageDefinition, prepare: Callable[[], Prepared]) -> None:
        self.world, self.wiki = world, world.need_wiki()
        self.id, self.language, self.prepare = definition.id, definition.languages[0], prepare
        self.prepared = prepare()
        self.page: WikiPage | None = None
        self.versions: dict[int, WikiPage | None] = {}

    @property
    def rendered(self) -> Rendered:
        return self.prepared.rendered

    def run(self) -> Outcome:
        """Raises AppError for what Confluence refuses or fails at; nothing is overwritten, nothing created twice."""
        known = self._known()
        if not publishing.is_due(known, self.rendered.digest):
            self._change(no_failure)
            return Outcome.UNCHANGED
        storage.check(self.rendered.body)
        self._look(known)
        for _ in range(TURNS):
            known = self._known()
            outcome = self._act(self._decide(known))
            if outcome is not None:
                return outcome
        raise Transient(f"Page {self.id} kept changing while it was being written; it is tried again later.")

    def _row(self) -> PageRow:
        with self.world.reading() as session:
            return session.get_one(PageRow, self.id)

    def _change(self, change: Callable[[PageRow], None]) -> None:
        with self.world.session() as session:
            change(session.get_one(PageRow, self.id))

    def _known(self) -> publishing.Known:
        row = self._row()
        pending = None
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

    def _look(self, known: publishing.Known) -> None:
        """The page as it is now; for a creation whose answer was lost, the page that it made after all."""
        if known.page_id is None and known.pending is None:
            with self.world.session() as session:
                inherit(session, self.id, self.rendered.title)
            known = self._known()
        if known.page_id is not None:
            try:
                self.page = self.wiki.page(known.page_id)
            except NotFound:
                self.page = None
        elif known.pending is not None:
            space = self.wiki.space(self.world.settings.confluence_space)
            found = publishing.found_our_creation(
                self.wiki.find(space.id, known.title),
                known.title,
                self._parent(),
                self.wiki.myself().id,
                known.pending.digest,
            )
            self.page = self.wiki.page(found.id) if found else None

    def _decide(self, known: publishing.Known) -> publishing.Decision:
        account = self.wiki.myself().id if known.pending else ""
        if known.page_id is None and self.page is not None:
            known = publishing.Known(None, self.page.space_id, known.title, pending=known.pending)
        return publishing.decide(publishing.Situation(known, self.rendered, account, self.page, self.versions))

    def _act(self, decision: publishing.Decision) -> Outcome | None:
        """Carry a decision out; None: decide anew."""
        match decision:
            case publishing.Create():
                return self._create()
            case publishing.Update():
                return self._update(decision)
            case publishing.Record():
                self._record(decision)
                return None
            case publishing.NeedOurStoredBody(version):
                self._fetch(version)
                return None
            case publishing.AdoptVersion(version):
                self._change(lambda row: settle(row, version))
                return Outcome.UNCHANGED
            case publishing.Skip():
                self._change(nothing_to_write)
                return Outcome.UNCHANGED
            case publishing.Conflict(reason, detail):
                return self._leave("conflict", f"{reason}: {detail}" if detail else reason, Outcome.CONFLICT)
            case publishing.Lost(reason):
                return self._leave("lost", reason, Outcome.LOST)

    def _leave(self, state: str, problem: str, outcome: Outcome) -> Outcome:
        log.warning("page left alone", page=self.id, reason=problem)

        def note(row: PageRow) -> None:
            row.state, row.problem, row.attempt_version, row.attempt_digest = state, problem, None, None

        self._change(note)
        return outcome

    def _fetch(self, version: int) -> None:
        assert self.page is not None
        try:
            self.versions[version] = self.wiki.page(self.page.id, version)
        except NotFound:
            self.versions[version] = None

    def _parent(self) -> str | None:
        """The wiki id of the page above: ours, or the one from the settings; None: the space's homepage."""
        with self.world.reading() as session:
            row = session.get_one(PageRow, self.id)
            if row.parent_id is None:
                return self.world.settings.confluence_parent or None
            above = session.get_one(PageRow, row.parent_id)
        if above.wiki_id is None:
            raise Transient(f"Page {row.id} waits for the page above it, {above.id}, which is not in Confluence yet.")
        return above.wiki_id

    def _message(self) -> str:
        with self.world.reading() as session:
            before = records.last_report(session, self.id)
        after = plain(self.prepared.report)
        assert isinstance(after, dict)
        try:
            lines = differences(before, after)
        except (KeyError, TypeError):  # a report that an older version stored, of another shape
            lines = (SMALL_CHANGES,)
        words = ", ".join(render_line(line, self.language) for line in lines)
        return version_message.message(self.rendered.digest, words)

    def _attempt(self, base: int) -> None:
        def begin(row: PageRow) -> None:
            row.attempt_version, row.attempt_digest = base, self.rendered.digest
            if base == 0:
                row.wiki_title = self.rendered.title

        self._change(begin)

    def _forget_attempt(self) -> None:
        """It was refused, so it never happened."""

        def forget(row: PageRow) -> None:
            row.attempt_version, row.attempt_digest = None, None

        self._change(forget)

    def _create(self) -> Outcome:
        space = self.wiki.space(self.world.settings.confluence_space)
        parent, message = self._parent() or space.homepage_id, self._message()
        self._attempt(0)
        try:
            page = self.wiki.create(space.id, parent, self.rendered.title, self.rendered.body, message)
        except AppError as error:
            if not (isinstance(error, Transient) and error.sent):
                self._forget_attempt()
            raise
        self._wrote(page, self.rendered.title, message)
        self._mark(page.id)
        return Outcome.CREATED

    def _update(self, update: publishing.Update) -> Outcome | None:
        assert self.page is not None
        if self._list_lost(update.lost):
            self.prepared = self.prepare()
            return None
        storage.parse(update.body)  # with people's notes and markers in it now
        message = self._message()
        self._attempt(update.base_version)
        try:
            page = self.wiki.update(self.page, update.title, update.body, message)
        except Conflict:
            self.page = self.wiki.page(self.page.id)
            return None
        except AppError as error:
            if not (isinstance(error, Transient) and error.sent):
                self._forget_attempt()
            raise
        self._wrote(page, self.rendered.title, message)
        return Outcome.UPDATED

    def _list_lost(self, lost: Sequence[LostComment]) -> bool:
        """Comments that cannot be anchored again are listed on the page; True if that makes it another page."""
        with self.world.session() as session:
            row = session.get_one(PageRow, self.id)
            known = {one["ref"] for one in row.lost_comments}
            new = [{"ref": one.ref, "text": one.text, "context": one.context} for one in lost if one.ref not in known]
            row.lost_comments = [*row.lost_comments, *new]
        return bool(new)

    def _record(self, record: publishing.Record) -> None:
        """A write of ours whose answer was lost, or that we died over, did arrive."""
        assert self.page is not None
        page, is_new = self.page, self._row().wiki_id is None

        def remember(row: PageRow) -> None:
            row.wiki_id, row.wiki_space, row.wiki_url = page.id, page.space_id, page.url
            row.digest, row.wiki_title, row.published_at = record.digest, record.title, self.world.now()
            settle(row, record.version)

        self._change(remember)
        if is_new:
            self._mark(page.id)

    def _wrote(self, page: WikiPage, title: str, message: str) -> None:
        now, digest, report = self.world.now(), self.rendered.digest, plain(self.prepared.report)
        with self.world.session() as session:
            row = session.get_one(PageRow, self.id)
            row.wiki_id, row.wiki_space, row.wiki_url, row.wiki_title = page.id, page.space_id, page.url, title
            row.digest, row.published_at, row.take_over = digest, now, False
            settle(row, page.version)
            if row.kind == SYNC_HEALTH:  # heartbeats are no history: the last one is enough
                session.execute(delete(PublicationRow).where(PublicationRow.page_id == row.id))
            session.add(
                PublicationRow(
                    page_id=row.id, at=now, version=page.version, digest=digest, message=message, report=report
                )
            )

    def _mark(self, wiki_id: str) -> None:
        """Our sign on the page, once. A page without it works; only adopting it later would need consent."""
        try:
            self.wiki.set_property(wiki_id, PROPERTY, {"page": self.id})
            self.wiki.add_labels(wiki_id, LABELS)
        except AppError as error:
            log.warning("page written but not marked", page=self.id, reason=error.message)
