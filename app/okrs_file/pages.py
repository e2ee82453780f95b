"""The status pages of a file: those it lists, or the usual ones."""

from dataclasses import replace

from app.domain.facts import PageDefinition
from app.domain.model import CycleState, Objective, Team, Text
from app.errors import Invalid
from app.okrs_file import schema
from app.okrs_file.parts import text_of
from app.okrs_file.resolve import Reading, cycle_of, ordered, present
from app.schedule import check

KPI_TITLE = Text(ko="KPI 현황판", en="KPI board")


def pages(reading: Reading, teams: tuple[Team, ...], objectives: tuple[Objective, ...]) -> tuple[PageDefinition, ...]:
    """Parents before children."""
    if reading.file.pages is None:
        return usual_pages(reading, teams, objectives)
    items = present(reading.file.pages)
    made = [_page(reading, item, position, teams) for position, item in enumerate(items)]
    _refuse_equal_titles(reading, items, made)
    places = {item.id: item.place for item in items}
    return ordered(made, lambda page: page.id, lambda page: page.parent_id, places, reading.problems)


def usual_pages(
    reading: Reading, teams: tuple[Team, ...], objectives: tuple[Objective, ...]
) -> tuple[PageDefinition, ...]:
    """An index; for each cycle that is not closed the company and every team with objectives; the KPI board."""
    made = [PageDefinition("index", "index", _index_title(reading))]
    company = next((team for team in teams if team.parent_id is None), None)
    for cycle in present(reading.file.cycles):
        in_cycle = {objective.team_id for objective in objectives if objective.cycle_id == cycle.id}
        if not in_cycle or company is None or cycle.state is CycleState.CLOSED:
            continue
        for team in teams:
            if team is company:
                made.append(_usual(reading, "company", company, cycle.id, "index"))
            elif team.id in in_cycle:
                made.append(_usual(reading, "team", team, cycle.id, f"{company.id}-{cycle.id}"))
    if present(reading.file.kpis):
        made.append(PageDefinition("kpi-board", "kpi_board", KPI_TITLE, parent_id="index"))
    return tuple(replace(page, position=position) for position, page in enumerate(made))


def _index_title(reading: Reading) -> Text:
    """Not just `OKR`: a space of that name has a home page of that title already."""
    name = text_of(reading.file.organisation.name)
    return Text(ko=f"{name.in_language('ko')} OKR", en=f"{name.in_language('en')} OKR")


def _usual(reading: Reading, kind: str, team: Team, cycle_id: str, parent_id: str) -> PageDefinition:
    title = _title(reading, team, cycle_id)
    return PageDefinition(f"{team.id}-{cycle_id}", kind, title, team.id, cycle_id, parent_id)


def _title(reading: Reading, team: Team | None, cycle_id: str) -> Text:
    cycle = next((cycle for cycle in present(reading.file.cycles) if cycle.id == cycle_id), None)
    name = (cycle.name or cycle.id) if cycle else cycle_id
    if team is None:
        return Text(ko=name, en=name)
    return Text(ko=f"{name} · {team.name.in_language('ko')}", en=f"{name} · {team.name.in_language('en')}")


def _page(reading: Reading, item: schema.PageItem, position: int, teams: tuple[Team, ...]) -> PageDefinition:
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
    root = next((team for team in teams if team.parent_id is None), None)
    team = next((team for team in teams if team.id == item.team), root if item.kind == "company" else None)
    cycle_id = cycle_of(reading, place, item.cycle) if about_team else None
    if item.title is not None:
        title = text_of(item.title)
    elif about_team:
        title = _title(reading, team, cycle_id or "")
    else:
        title = _index_title(reading) if item.kind == "index" else KPI_TITLE
    return PageDefinition(
        id=item.id,
        kind=item.kind,
        title=title,
        team_id=team.id if team and about_team else None,
        cycle_id=cycle_id,
        parent_id=item.parent,
        schedule=item.schedule,
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
