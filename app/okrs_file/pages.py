"""The status pages of a file: those it lists, or the usual ones."""

from dataclasses import replace

from app.domain.facts import PageDefinition
from app.domain.model import Cycle, CycleState, Objective, Team, Text
from app.domain.sync_health import SYNC_HEALTH
from app.errors import Invalid
from app.okrs_file import schema
from app.okrs_file.parts import text_of
from app.okrs_file.resolve import Reading, cycle_of, ordered, present
from app.schedule import check

KPI_TITLE = Text(ko="KPI 현황판", en="KPI board")
SYNC_TITLE = Text(ko="Sync 상태", en="Sync health")
HOURLY = "0 * * * *"
"""The schedule of a sync-health page that is given none: its heartbeats are of the hour."""


def pages(
    reading: Reading, teams: tuple[Team, ...], cycles: tuple[Cycle, ...], objectives: tuple[Objective, ...]
) -> tuple[PageDefinition, ...]:
    """Parents before children."""
    organisation = text_of(reading.file.organisation.name)
    if reading.file.pages is None:
        return usual_pages(organisation, teams, cycles, objectives, bool(present(reading.file.kpis)))
    items = present(reading.file.pages)
    made = [_page(reading, item, position, organisation, teams, cycles) for position, item in enumerate(items)]
    _refuse_equal_titles(reading, items, made)
    places = {item.id: item.place for item in items}
    return ordered(made, lambda page: page.id, lambda page: page.parent_id, places, reading.problems)


def usual_pages(
    organisation: Text,
    teams: tuple[Team, ...],
    cycles: tuple[Cycle, ...],
    objectives: tuple[Objective, ...],
    with_kpis: bool,
) -> tuple[PageDefinition, ...]:
    """An index; for each cycle that is not closed the company and every team with objectives; the KPI board, where
    there are KPIs; sync health."""
    made = [PageDefinition("index", "index", usual_title("index", organisation))]
    company = top_team(teams)
    for cycle in cycles:
        in_cycle = {objective.team_id for objective in objectives if objective.cycle_id == cycle.id}
        if not in_cycle or company is None or cycle.state is CycleState.CLOSED:
            continue
        for team in teams:
            if team is company:
                made.append(_usual("company", company, cycle, "index"))
            elif team.id in in_cycle:
                made.append(_usual("team", team, cycle, f"{company.id}-{cycle.id}"))
    if with_kpis:
        made.append(PageDefinition("kpi-board", "kpi_board", KPI_TITLE, parent_id="index"))
    made.append(PageDefinition("sync-health", SYNC_HEALTH, SYNC_TITLE, parent_id="index", schedule=HOURLY))
    return tuple(replace(page, position=position) for position, page in enumerate(made))


def top_team(teams: tuple[Team, ...]) -> Team | None:
    """The first team with none above: the one a company page is about unless it says otherwise."""
    return next((team for team in teams if team.parent_id is None), None)


def usual_title(kind: str, organisation: Text, team: Team | None = None, cycle: Cycle | None = None) -> Text:
    """The title of a page that is given none. The index is not just `OKR`: a space of that name has a home page of that
    title already."""
    if kind == "index":
        return Text(ko=f"{organisation.in_language('ko')} OKR", en=f"{organisation.in_language('en')} OKR")
    if kind == "kpi_board":
        return KPI_TITLE
    if kind == SYNC_HEALTH:
        return SYNC_TITLE
    name = cycle.name if cycle else ""
    if team is None:
        return Text(ko=name, en=name)
    return Text(ko=f"{name} · {team.name.in_language('ko')}", en=f"{name} · {team.name.in_language('en')}")


def usual_schedule(kind: str) -> str:
    """The schedule of a page that is given none; empty: as the installation's settings say."""
    return HOURLY if kind == SYNC_HEALTH else ""


def _usual(kind: str, team: Team, cycle: Cycle, parent_id: str) -> PageDefinition:
    title = usual_title(kind, Text(), team, cycle)
    return PageDefinition(f"{team.id}-{cycle.id}", kind, title, team.id, cycle.id, parent_id)


def _page(
    reading: Reading,
    item: schema.PageItem,
    position: int,
    organisation: Text,
    teams: tuple[Team, ...],
    cycles: tuple[Cycle, ...],
) -> PageDefinition:
    place = item.place
    reading.known.refer(place, "team", item.team, "teams")
    reading.known.refer(place, "parent", item.parent, "pages")
    about_team = item.kind in ("company", "team")
    if item.kind == "team" and item.team is None:
        reading.problems.add(place.line, place.path("team"), '"team" is missing: whose page is it? Add its id.')
    for key in ("team", "cycle"):
        if not about_team and getattr(item, key) is not None:
            reading.problems.add(
                place.line_of(key), place.path(key), f"a page of kind {item.kind} has none; delete it."
            )
    for key, cron, zone in (("schedule", item.schedule, "UTC"), ("time_zone", "0 8 * * *", item.time_zone)):
        try:
            if getattr(item, key):
                check(cron, zone)
        except Invalid as error:
            reading.problems.add(place.line_of(key), place.path(key), error.message)
    team = next((team for team in teams if team.id == item.team), top_team(teams) if item.kind == "company" else None)
    cycle_id = cycle_of(reading, place, item.cycle) if about_team else None
    cycle = next((cycle for cycle in cycles if cycle.id == cycle_id), None)
    usual = usual_title(item.kind, organisation, team, cycle)
    return PageDefinition(
        id=item.id,
        kind=item.kind,
        title=text_of(item.title) if item.title is not None else usual,
        team_id=team.id if team and about_team else None,
        cycle_id=cycle_id,
        parent_id=item.parent,
        schedule=item.schedule or usual_schedule(item.kind),
        time_zone=item.time_zone,
        languages=tuple(item.languages or ()),
        position=position,
    )


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
