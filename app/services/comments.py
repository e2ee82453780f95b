"""Comments as a channel: commands below our pages are check-ins of the key results' owners, and are answered."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select

from app.db.issues import SQL_BATCH
from app.db.models import CommentChannelRow, CommentRow, PageRow
from app.domain import comment_text
from app.domain.batches import batched
from app.errors import AppError, AuthFailed, NotFound, RetryAfter, Unfitting
from app.ports import WikiComment
from app.services import pages, scores
from app.services.comment_reading import Reading, lines_of
from app.services.runs import recorded
from app.world import World

log = structlog.get_logger(__name__)
COMMENTS = "comments"
OVERLAP = timedelta(minutes=15)
"""The wiki's search index lags; what was read already is known by its id."""
BEING_ANSWERED = timedelta(minutes=2)
"""Whoever read a comment so lately is answering it now."""
ANSWERED_WITHIN = timedelta(days=1)
"""After that nobody waits for an answer any more, and the wiki is not asked again."""
COUNTS = ("read", "recorded", "refused", "left_alone", "answered", "unanswered")

Counts = dict[str, int]


def read(world: World) -> Counts:
    """The job: read what was written below our pages since the last time, record it, answer it. One request when there
    is nothing new. The first run after the channel was switched on only notes the time, and what was written just
    before: that is never carried out. Switched off, it forgets that time and asks nothing.

    Returns the counts of the run (`COUNTS`): comments with commands, commands recorded and refused, comments of others,
    answers."""
    if not world.settings.comment_check_ins or world.wiki is None:
        _close(world)
        return {}
    started_at = world.now()
    with recorded(world, COMMENTS) as counts:
        counts |= dict.fromkeys(COUNTS, 0)
        channel = _channel(world)
        if channel is None:
            _open(world)
        else:
            _answer(world, _carry_out(world, channel, counts), counts)
        _read_up_to(world, started_at)
        return dict(counts)


def read_now(world: World) -> Counts:
    """By hand. Unfitting: the channel is switched off."""
    world.need_wiki()
    if not world.settings.comment_check_ins:
        raise Unfitting("Comments are not read.", "Set PLAINSIGHT_COMMENT_CHECK_INS=true to make them check-ins.")
    return read(world)


def _close(world: World) -> None:
    with world.reading() as session:
        is_open = session.scalar(select(CommentChannelRow.site).limit(1)) is not None
    if is_open:
        with world.session() as session:
            session.execute(delete(CommentChannelRow))


def _channel(world: World) -> CommentChannelRow | None:
    with world.reading() as session:
        return session.get(CommentChannelRow, world.need_wiki().site)


def _open(world: World) -> None:
    """What is written already is left alone; the wiki's own clock tells what is older."""
    found = world.need_wiki().comments(world.settings.confluence_space, OVERLAP)
    reading = Reading(world)
    for comment, page_id in _of_our_pages(world, found):
        reading.leave(comment, page_id)


def _read_up_to(world: World, at: datetime) -> None:
    site = world.need_wiki().site
    with world.session() as session:
        row = session.get(CommentChannelRow, site)
        if row is None:
            session.add(CommentChannelRow(site=site, open_since=at, read_at=at))
        else:
            row.read_at = at


def _carry_out(world: World, channel: CommentChannelRow, counts: Counts) -> set[str]:
    """Every new command; the ids of the comments that are to be answered now."""
    since = max(channel.open_since, channel.read_at - OVERLAP)
    found = world.need_wiki().comments(world.settings.confluence_space, world.now() - since)
    reading = Reading(world)
    mine = _of_our_pages(world, found)
    fresh = {comment.id for comment, page_id in mine if reading.take(comment, page_id, counts)}
    if counts["recorded"]:
        scores.record(world)
        with world.session() as session:  # once more: should a page have been published meanwhile, it lacks the history
            pages.ring(world, session)
    return fresh


def _of_our_pages(world: World, comments: Sequence[WikiComment]) -> list[tuple[WikiComment, str]]:
    """Those that stand below a page of ours and were not read yet, with our id of the page."""
    with world.reading() as session:
        ours = select(PageRow.wiki_id, PageRow.id).where(PageRow.archived_at.is_(None), PageRow.wiki_id.is_not(None))
        here = dict(session.execute(ours).all())
        known: set[str] = set()
        for batch in batched([one.id for one in comments], SQL_BATCH):
            known |= set(session.scalars(select(CommentRow.id).where(CommentRow.id.in_(batch))))
    return [(one, here[one.page_id]) for one in comments if one.page_id in here and one.id not in known]


def _answer(world: World, fresh: Collection[str], counts: Counts) -> None:
    """What is to be said and was not yet; one answer that cannot be written holds up no other."""
    for row, wiki_page in _unanswered(world, fresh):
        comment = WikiComment(row.id, wiki_page, row.author_id, "", row.at)
        try:
            if row.id in fresh or not _is_there(world, comment, row.answer):
                world.need_wiki().answer(comment, row.answer)
            counts["answered"] += 1
            _answered(world, row.id)
        except (AuthFailed, RetryAfter):
            raise
        except NotFound:  # the comment is gone, or its page
            _answered(world, row.id)
        except AppError as error:
            log.warning("a comment was not answered", page=row.page_id, reason=error.message)
            counts["unanswered"] += 1
            _answered(world, row.id, error.message)


def _unanswered(world: World, fresh: Collection[str]) -> list[tuple[CommentRow, str]]:
    now = world.now()
    question = (
        select(CommentRow, PageRow.wiki_id)
        .join(PageRow, PageRow.id == CommentRow.page_id)
        .where(CommentRow.answered.is_(False), CommentRow.read_at > now - ANSWERED_WITHIN)
        .order_by(CommentRow.read_at, CommentRow.id)
    )
    with world.reading() as session:
        rows = [(row, wiki_id or "") for row, wiki_id in session.execute(question)]
    return [(row, wiki_id) for row, wiki_id in rows if row.id in fresh or row.read_at <= now - BEING_ANSWERED]


def _is_there(world: World, comment: WikiComment, answer: str) -> bool:
    """An answer whose own answer was lost did arrive."""
    wiki, said = world.need_wiki(), comment_text.lines(answer, {})
    me = wiki.myself().id
    return any(one.author_id == me and lines_of(one) == said for one in wiki.answers(comment.id))


def _answered(world: World, comment_id: str, problem: str = "") -> None:
    with world.session() as session:
        row = session.get_one(CommentRow, comment_id)
        is_news = row.problem != problem[:2000]
        row.answered, row.problem = not problem, problem[:2000]
        if is_news:
            pages.ring_sync_health(world, session)
