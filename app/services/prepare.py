"""A page as it should be now: facts loaded, report built, body rendered; no request is made."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import select

from app.db import load
from app.db.models import PageRow
from app.domain.facts import Facts, PageDefinition
from app.domain.publishing import Rendered
from app.domain.report import Moment, build
from app.domain.report.build import last_sunday
from app.domain.report.private import links
from app.domain.report.trends import trends
from app.domain.standing import evaluate
from app.domain.sync_health import SYNC_HEALTH
from app.domain.sync_health.views import SyncHealthView
from app.domain.views import LostCommentView, Report
from app.render import render
from app.services import sync_health
from app.world import World

PICTURES_AGAIN = timedelta(hours=24)
"""A site that took no picture is asked again after that; until then the page stands without, in the same bytes."""


@dataclass(frozen=True)
class Prepared:
    """The report of a page and what it looks like."""

    report: Report
    rendered: Rendered


def facts_of(world: World) -> Facts:
    """All facts as one consistent state."""
    tracker = world.jira
    with world.reading() as session:
        return load.facts(
            session,
            world.settings.time_zone,
            site=tracker.site if tracker else None,
            browse_url=tracker.browse_url("") if tracker else "",
            search_url=tracker.search_url("") if tracker else "",
            projects=world.settings.projects,
        )


def look(world: World) -> tuple[Facts, Moment]:
    """All facts, and how everything stands now and stood at the end of last week."""
    facts, today = facts_of(world), world.today()
    return facts, Moment(world.now(), evaluate(facts, today), evaluate(facts, last_sunday(today)))


def prepare(
    world: World, facts: Facts, moment: Moment, definition: PageDefinition, kept: "Kept | None" = None
) -> Prepared:
    """Build and render one page, with what is `kept` of it, unless that is still to be read. Raises Invalid for a page
    that cannot be built."""
    kept = kept or _kept(world, definition)
    kept = replace(kept, addresses=links(facts, definition, kept.addresses))
    report = replace(build(facts, definition, moment), lost_comments=kept.lost_comments)
    if _is_pictured(world, kept.row):
        report = replace(report, pictured=True, trends=trends(facts, report))
    if definition.kind == SYNC_HEALTH:
        return _sync_health(world, report, definition, kept)
    return Prepared(report, render(report, definition.languages, kept.addresses))


def _is_pictured(world: World, row: PageRow) -> bool:
    """Whether a page may carry pictures now. A new one gets them with its second version, when it has an id to hang
    them on."""
    refused = row.pictures_refused_at
    asked_lately = refused is not None and world.now() - refused < PICTURES_AGAIN
    return world.settings.pictures and row.wiki_id is not None and not asked_lately


def _sync_health(world: World, report: Report, definition: PageDefinition, kept: "Kept") -> Prepared:
    """With the heartbeats that it shows already, if it need not be written; else with the newest."""

    def with_part(part: SyncHealthView) -> Prepared:
        whole = replace(report, sync_health=part, trust=replace(report.trust, as_of=part.hour))
        return Prepared(whole, render(whole, definition.languages, kept.addresses))

    now = sync_health.look(world)
    said = sync_health.still_true(world, definition.id, now)
    as_it_is = with_part(said) if said else None
    return as_it_is if as_it_is and as_it_is.rendered.digest == kept.row.digest else with_part(now)


@dataclass(frozen=True)
class Kept:
    """What the store keeps of a page, and the addresses of all our pages by id."""

    row: PageRow
    addresses: Mapping[str, str]

    @property
    def lost_comments(self) -> tuple[LostCommentView, ...]:
        return tuple(LostCommentView(one["text"], one["context"]) for one in self.row.lost_comments)


def _kept(world: World, definition: PageDefinition) -> Kept:
    with world.reading() as session:
        question = select(PageRow.id, PageRow.wiki_url).where(PageRow.wiki_url.is_not(None))
        addresses = {page_id: url for page_id, url in session.execute(question) if url}
        return Kept(session.get_one(PageRow, definition.id), addresses)
