"""Why a version was written, in its message, and whether watchers are told of it."""

from dataclasses import dataclass

from app.db import records
from app.domain import quiet, version_message
from app.domain.publishing import Rendered
from app.domain.report import plain
from app.domain.report.differences import SMALL_CHANGES, differences
from app.render import render_line
from app.services.writing.writing import Writing


@dataclass(frozen=True)
class Why:
    """The message of a version, and whether it is worth an e-mail to those who watch the page."""

    message: str
    is_worth_telling: bool


def why(writing: Writing) -> Why:
    """By what the page says now and what it will say. Watchers are told when a lozenge changed, or once a week."""
    with writing.world.reading() as session:
        before = records.last_report(session, writing.id)
    after = plain(writing.prepared.report)
    assert isinstance(after, dict)
    try:
        lines = differences(before, after)
    except (KeyError, TypeError):  # a report that an older version stored, of another shape
        lines = (SMALL_CHANGES,)
    said = ", ".join(render_line(line, writing.language) for line in lines)
    told_at, world = writing.row.told_at, writing.world
    told_on = told_at.astimezone(world.settings.zone).date() if told_at else None
    is_worth_telling = quiet.is_worth_telling(before, after, told_on, world.today())
    return Why(version_message.message(writing.rendered.digest, said), is_worth_telling)


def first_message(writing: Writing, wanted: Rendered) -> str:
    """The message of a page that is made; of a private one it tells nothing more."""
    (line,) = differences(None, {})
    return version_message.message(wanted.digest, render_line(line, writing.language))
