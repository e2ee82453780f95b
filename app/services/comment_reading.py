"""One comment below a page of ours: what its commands say is recorded with the note that it was read, or not at all."""

from dataclasses import dataclass
from html import escape

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.models import CommentRow, KpiRow
from app.db.session import insert_into
from app.domain import comment_text
from app.domain.comment_check_ins import Meant, Sentences, acknowledged, meant, noted, people_of
from app.domain.facts import Facts, PageDefinition
from app.domain.lines import N_, Line
from app.domain.model import CheckIn
from app.domain.okr_command import Command, NotUnderstood, commands
from app.errors import AppError, Invalid
from app.ports import WikiComment
from app.render import render_line
from app.services import checkins, pages
from app.services.prepare import facts_of
from app.world import World

RECORDED, REFUSED, NOT_OURS = "recorded", "refused", "not_ours"


@dataclass(frozen=True)
class Reply:
    """What is said of one command, and whether it was recorded."""

    key: str
    sentences: Sentences
    recorded: bool


class Reading:
    """New comments being read, in order."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._facts: Facts | None = None
        self._me = ""

    def leave(self, comment: WikiComment, page_id: str) -> None:
        """Note that the comment was there before: it is never carried out."""
        if commands(lines_of(comment)):
            with self.world.session() as session:
                _read_first(session, comment, page_id, self.world)

    def take(self, comment: WikiComment, page_id: str, counts: dict[str, int]) -> bool:
        """Carry out the comment's commands, once, whoever else is reading; whether there is something to answer."""
        if not commands(lines_of(comment)) or self._is_an_answer_of_ours(comment):
            return False
        facts = self._facts = self._facts or facts_of(self.world)
        page, mine = facts.pages[page_id], people_of(facts, comment.author_id)
        with self.world.session() as session:
            if not _read_first(session, comment, page_id, self.world):
                return False
            names = {one.account_id: one.name.in_language(page.languages[0]) for one in facts.people.values()}
            told = commands(lines_of(comment, {key: name for key, name in names.items() if key})) if mine else ()
            carried = [self._carry_out(session, comment, page, mine, command) for command in told]
            replies = [one for one in carried if one is not None]
            row = session.get_one(CommentRow, comment.id)
            row.outcome = _outcome(replies)
            row.author_id = comment.author_id if replies else ""
            row.answer, row.answered = self._words(page, replies), not replies
            if row.outcome == RECORDED:
                pages.ring(self.world, session)
        counts["read"] += 1
        counts["recorded"] += sum(one.recorded for one in replies)
        counts["refused"] += sum(not one.recorded for one in replies)
        counts["left_alone"] += not replies
        return bool(replies)

    def _is_an_answer_of_ours(self, comment: WikiComment) -> bool:
        """The service may share its account with a person, whose own comments are no answers."""
        self._me = self._me or self.world.need_wiki().myself().id
        return comment.parent_id is not None and comment.author_id == self._me

    def _carry_out(
        self, session: Session, comment: WikiComment, page: PageDefinition, mine: frozenset[str], command: Command
    ) -> Reply | None:
        """None: it is about a key result of somebody else."""
        assert self._facts is not None
        confidential = set(session.scalars(select(KpiRow.metric_id).where(KpiRow.confidential)))
        what = None
        try:
            what = meant(self._facts, page, mine, confidential, command)
            return self._record(session, comment, what) if what else None
        except NotUnderstood as error:
            return Reply(self._id_of(command), (error.line,), recorded=False)
        except AppError as error:
            hidden = what is not None and not what.open
            line = Line(N_("This could not be recorded.")) if hidden else Line("{reason}", {"reason": error.message})
            return Reply(self._id_of(command), (line,), recorded=False)

    def _record(self, session: Session, comment: WikiComment, what: Meant) -> Reply:
        """As of when it was written. Raises AppError for what no check-in may say; nothing of it is left then."""
        said, key_result, before = what.said, what.key_result, self._facts
        assert before is not None
        at = min(comment.created_at, self.world.now())  # the wiki's clock may run ahead
        note, blockers = checkins.words(said.note), checkins.words(said.blockers)
        check_in = CheckIn(0, key_result.id, at, key_result.owner_id, said.confidence, note, blockers, said.value)
        with session.begin_nested():
            checkins.record(session, check_in)
        self._facts = noted(before, check_in)
        sentences = acknowledged(before, self._facts, what, self.world.today())
        return Reply(key_result.id, sentences, recorded=True)

    def _id_of(self, command: Command) -> str:
        """As the file writes it; none where there is no such key result."""
        assert self._facts is not None
        known = (key for key in self._facts.key_results if key.casefold() == command.key.casefold())
        return next(known, "")

    def _words(self, page: PageDefinition, replies: list[Reply]) -> str:
        """A paragraph for each command, in the languages of the page, as storage format."""
        zone = page.time_zone or self.world.settings.time_zone

        def said(reply: Reply, language: str) -> str:
            words = " ".join(render_line(line, language, zone) for line in reply.sentences)
            return escape(f"{reply.key}: {words}" if reply.key else words)

        def paragraph(reply: Reply) -> str:
            return "<br />".join(dict.fromkeys(said(reply, language) for language in page.languages))

        return "".join(f"<p>{paragraph(reply)}</p>" for reply in replies)


def lines_of(comment: WikiComment, people: dict[str, str] | None = None) -> tuple[str, ...]:
    """The lines of a comment; none, if it cannot be read."""
    try:
        return comment_text.lines(comment.body, people or {})
    except Invalid:
        return ()


def _read_first(session: Session, comment: WikiComment, page_id: str, world: World) -> bool:
    """The note that it was read; False: another process was quicker, and carries it out."""
    new = insert_into(session, CommentRow).values(
        id=comment.id, page_id=page_id, author_id="", at=comment.created_at, read_at=world.now(), outcome=NOT_OURS,
        answer="", answered=True, problem="",
    )  # fmt: skip
    return bool(session.scalar(new.on_conflict_do_nothing(index_elements=["id"]).returning(CommentRow.id)))


def _outcome(replies: list[Reply]) -> str:
    if any(one.recorded for one in replies):
        return RECORDED
    return REFUSED if replies else NOT_OURS
