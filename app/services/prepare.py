"""A page as it should be now: facts loaded, report built, body rendered; no request is made."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.db import load
from app.db.models import PageRow
from app.domain.facts import Facts, PageDefinition
from app.domain.publishing import Rendered
from app.domain.report import Moment, build
from app.domain.report.build import last_sunday
from app.domain.standing import evaluate
from app.domain.views import LostCommentView, Report
from app.render import render
from app.world import World


@dataclass(frozen=True)
class Prepared:
    """The report of a page and what it looks like."""

    report: Report
    rendered: Rendered


def look(world: World) -> tuple[Facts, Moment]:
    """All facts as one consistent state, and how everything stands now and stood at the end of last week."""
    tracker = world.jira
    with world.reading() as session:
        facts = load.facts(
            session,
            world.settings.time_zone,
            site=tracker.site if tracker else None,
            browse_url=tracker.browse_url("") if tracker else "",
            search_url=tracker.search_url("") if tracker else "",
        )
    today = world.today()
    return facts, Moment(world.now(), evaluate(facts, today), evaluate(facts, last_sunday(today)))


def prepare(world: World, facts: Facts, moment: Moment, definition: PageDefinition) -> Prepared:
    """Build and render one page. Raises Invalid for a page that cannot be built."""
    addresses, lost = _kept(world, definition)
    report = replace(build(facts, definition, moment), lost_comments=lost)
    return Prepared(report, render(report, definition.languages, addresses))


def _kept(world: World, definition: PageDefinition) -> tuple[Mapping[str, str], tuple[LostCommentView, ...]]:
    """The addresses of our pages, and the comments on this one that lost their place."""
    with world.reading() as session:
        question = select(PageRow.id, PageRow.wiki_url).where(PageRow.wiki_url.is_not(None))
        addresses = {page_id: url for page_id, url in session.execute(question) if url}
        lost = session.get_one(PageRow, definition.id).lost_comments
    return addresses, tuple(LostCommentView(one["text"], one["context"]) for one in lost)
