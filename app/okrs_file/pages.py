"""The status pages of a file: those it lists, or the usual ones."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.facts import PageDefinition
from app.domain.model import Cycle, CycleState, Objective, Team, Text
from app.domain.page_kinds import LAST, PAGE_KINDS, PageKind
from app.errors import Invalid
from app.okrs_file import schema
from app.okrs_file.parts import text_of
from app.okrs_file.problems import nearest
from app.okrs_file.resolve import Reading, cycle_of, ordered, present
from app.okrs_file.usual_pages import top_team, usual_pages, usual_schedule, usual_title
from app.schedule import check

MISSING = {"team": "whose page is it", "objective": "which one is it about"}


def pages(
    reading: Reading, teams: tuple[Team, ...], cycles: tuple[Cycle, ...], objectives: tuple[Objective, ...]
) -> tuple[PageDefinition, ...]:
    """Parents before children."""
    organisation = text_of(reading.file.organisation.name)
    if reading.file.pages is None:
        usual = usual_pages(organisation, teams, cycles, objectives, bool(present(reading.file.kpis)))
        _refuse_equal_ids(reading, usual)
        return usual
    items = present(reading.file.pages)
    known = _Known(organisation, teams, cycles, objectives)
    made = [_page(reading, item, position, known) for position, item in enumerate(items)]
    _refuse_equal_titles(reading, items, made)
    places = {item.id: item.place for item in items}
    filed = _filed(made, cycles)
    return ordered(filed, lambda page: page.id, lambda page: page.parent_id, places, reading.problems)


@dataclass(frozen=True)
class _Known:
    """What pages may be about."""

    organisation: Text
    teams: tuple[Team, ...]
    cycles: tuple[Cycle, ...]
    objectives: tuple[Objective, ...]


def _page(reading: Reading, item: schema.PageItem, position: int, known: _Known) -> PageDefinition:
    kind = PAGE_KINDS[item.kind]
    _check(reading, item, kind)
    objective = next((one for one in known.objectives if one.id == item.objective), None)
    team_id, cycle_id = _about(reading, item, kind, known, objective)
    team = next((one for one in known.teams if one.id == team_id), None)
    cycle = next((one for one in known.cycles if one.id == cycle_id), None)
    usual = usual_title(item.kind, known.organisation, team, cycle, objective)
    return PageDefinition(
        id=item.id,
        kind=item.kind,
        title=text_of(item.title) if item.title is not None else usual,
        team_id=team_id,
        cycle_id=cycle_id,
        parent_id=item.parent,
        schedule=item.schedule or usual_schedule(item.kind),
        time_zone=item.time_zone,
        languages=tuple(item.languages or ()),
        position=position,
        objective_id=objective.id if objective else None,
        sections=tuple(item.sections or ()),
    )


def _about(
    reading: Reading, item: schema.PageItem, kind: PageKind, known: _Known, objective: Objective | None
) -> tuple[str | None, str | None]:
    """The ids of its team and its cycle."""
    if objective is not None:
        return objective.team_id, objective.cycle_id
    top = top_team(known.teams) if item.kind == "company" else None
    team_id = (item.team or (top.id if top else None)) if "team" in kind.about else None
    return team_id, cycle_of(reading, item.place, item.cycle) if "cycle" in kind.about else None


def _check(reading: Reading, item: schema.PageItem, kind: PageKind) -> None:
    """Report what it names that is not there, lacks, or cannot have."""
    place, problems = item.place, reading.problems
    for key, section in (("team", "teams"), ("parent", "pages"), ("objective", "objectives")):
        reading.known.refer(place, key, getattr(item, key), section)
    for key in ("team", "cycle", "objective"):
        if key in kind.needs and getattr(item, key) is None:
            problems.add(place.line, place.path(key), f'"{key}" is missing: {MISSING[key]}? Add its id.')
        if key not in kind.about and getattr(item, key) is not None:
            problems.add(place.line_of(key), place.path(key), f"a page of kind {item.kind} has none; delete it.")
    for key, cron, zone in (("schedule", item.schedule, "UTC"), ("time_zone", "0 8 * * *", item.time_zone)):
        try:
            if getattr(item, key):
                check(cron, zone)
        except Invalid as error:
            problems.add(place.line_of(key), place.path(key), error.message)
    for why in _refused_sections(item.kind, kind, item.sections or []):
        problems.add(place.line_of("sections"), place.path("sections"), why)


def _refused_sections(name: str, kind: PageKind, chosen: Sequence[str]) -> list[str]:
    anyhow = [one for one in chosen if one in (*kind.heads, *LAST)]
    unknown = [one for one in chosen if one not in kind.offers and one not in anyhow]
    return [
        *(f'"{one}" stands on every page of kind {name} anyhow; delete it.' for one in anyhow),
        *(f'a page of kind {name} has no section "{one}".{nearest(one, kind.offers)}' for one in unknown),
        *(f'"{one}" stands there twice; delete one.' for one, times in Counter(chosen).items() if times > 1),
    ]


def _filed(made: list[PageDefinition], cycles: tuple[Cycle, ...]) -> list[PageDefinition]:
    """The pages of closed cycles in the archive, where there is one; those below a page of their cycle stay there."""
    archive = next((page.id for page in made if page.kind == "archive"), None)
    closed = {cycle.id for cycle in cycles if cycle.state is CycleState.CLOSED}
    cycle_of_page = {page.id: page.cycle_id for page in made}
    return [
        replace(page, parent_id=archive)
        if archive and page.cycle_id in closed and cycle_of_page.get(page.parent_id or "") != page.cycle_id
        else page
        for page in made
    ]


def _refuse_equal_ids(reading: Reading, made: Sequence[PageDefinition]) -> None:
    for key, times in Counter(page.id for page in made).items():
        if times > 1:
            why = f'two of the usual pages would have the id "{key}"; rename a team or a cycle, or list the pages.'
            reading.problems.add(1, "pages", why)


def _refuse_equal_titles(reading: Reading, items: list[schema.PageItem], made: list[PageDefinition]) -> None:
    """Confluence refuses two pages of one title in a space, in whatever case they are written."""
    seen: dict[str, str] = {}
    for item, page in zip(items, made, strict=True):
        for title in {page.title.in_language("ko").casefold(), page.title.in_language("en").casefold()}:
            other = seen.setdefault(title, page.id)
            if other != page.id:
                reading.problems.add(
                    item.place.line_of("title"),
                    item.place.path("title"),
                    f'the page "{other}" has the same title, which Confluence refuses; give each its own.',
                )
