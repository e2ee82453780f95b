"""The pages of a file that lists none, and what a page is called and when it is written unless the file says so."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.domain.facts import PageDefinition
from app.domain.model import Cycle, CycleState, Objective, Team, Text
from app.domain.sync_health import SYNC_HEALTH

TITLES = {
    "kpi_board": Text(ko="KPI 현황판", en="KPI board"),
    "archive": Text(ko="OKR 보관함", en="OKR archive"),
    SYNC_HEALTH: Text(ko="동기화 상태", en="Sync health"),
}
"""Of kinds that are there once."""
SUFFIXES = {
    "session": Text(ko="OKR 수립 세션", en="OKR session"),
    "close_out": Text(ko="마감 평가", en="Close-out"),
}
"""What follows the cycle's name."""
HOURLY = "0 * * * *"
"""The schedule of a sync-health page that is given none: its heartbeats are of the hour."""
ENDING = (CycleState.LOCKED, CycleState.CLOSED)


def usual_pages(
    organisation: Text,
    teams: tuple[Team, ...],
    cycles: tuple[Cycle, ...],
    objectives: tuple[Objective, ...],
    with_kpis: bool,
) -> tuple[PageDefinition, ...]:
    """An index; for each cycle with objectives a page, below it the company and every team that has some; a session
    for each draft; the KPI board, where there are KPIs; the archive with the closed cycles below it; sync health."""
    made = [PageDefinition("index", "index", usual_title("index", organisation))]
    archived: list[PageDefinition] = []
    for cycle in cycles:
        mine = [objective for objective in objectives if objective.cycle_id == cycle.id]
        closed = cycle.state is CycleState.CLOSED
        if cycle.state is CycleState.DRAFT:
            title = usual_title("session", organisation, cycle=cycle)
            made.append(PageDefinition(f"session-{cycle.id}", "session", title, None, cycle.id, "index"))
        if mine and teams:
            (archived if closed else made).extend(_of_cycle(teams, cycle, mine, "archive" if closed else "index"))
    if with_kpis:
        made.append(PageDefinition("kpi-board", "kpi_board", TITLES["kpi_board"], parent_id="index"))
    if archived:
        made += [PageDefinition("archive", "archive", TITLES["archive"], parent_id="index"), *archived]
    made.append(PageDefinition("sync-health", SYNC_HEALTH, TITLES[SYNC_HEALTH], parent_id="index", schedule=HOURLY))
    return tuple(replace(page, position=position) for position, page in enumerate(made))


def _of_cycle(
    teams: tuple[Team, ...], cycle: Cycle, mine: Iterable[Objective], parent: str
) -> Iterator[PageDefinition]:
    """Parents before children."""
    top, page = top_team(teams), f"cycle-{cycle.id}"
    yield PageDefinition(page, "cycle", usual_title("cycle", Text(), None, cycle), None, cycle.id, parent)
    company = f"{top.id}-{cycle.id}" if top else page
    busy = {objective.team_id for objective in mine}
    for team in sorted(teams, key=lambda team: team is not top):
        key, kind, above = f"{team.id}-{cycle.id}", "company" if team is top else "team", company
        if team is not top and team.id not in busy:
            continue
        title = usual_title(kind, Text(), team, cycle)
        yield PageDefinition(key, kind, title, team.id, cycle.id, page if team is top else above)
        yield from (_of_objective(cycle, one, key) for one in mine if one.own_page and one.team_id == team.id)
    if cycle.state in ENDING:
        title = usual_title("close_out", Text(), None, cycle)
        yield PageDefinition(f"close-out-{cycle.id}", "close_out", title, None, cycle.id, page)


def _of_objective(cycle: Cycle, one: Objective, parent: str) -> PageDefinition:
    title = usual_title("objective", Text(), None, cycle, one)
    key = f"objective-{one.id}"
    return PageDefinition(key, "objective", title, one.team_id, cycle.id, parent, objective_id=one.id)


def top_team(teams: tuple[Team, ...]) -> Team | None:
    """The first team with none above: the one a company page is about unless it says otherwise."""
    return next((team for team in teams if team.parent_id is None), None)


def usual_title(
    kind: str,
    organisation: Text,
    team: Team | None = None,
    cycle: Cycle | None = None,
    objective: Objective | None = None,
) -> Text:
    """The title of a page that is given none; each is the only one of its kind. The index is not just `OKR`: a space of
    that name has a home page of that title already."""
    if kind == "index":
        return Text(ko=f"{organisation.in_language('ko')} OKR", en=f"{organisation.in_language('en')} OKR")
    if kind in TITLES:
        return TITLES[kind]
    parts = [Text(cycle.name, cycle.name)] if cycle else []
    if objective is not None:
        ko, en = (f"{objective.id} {objective.title.in_language(language)}" for language in ("ko", "en"))
        parts.append(Text(ko, en))
    elif kind in SUFFIXES:
        parts.append(SUFFIXES[kind])
    if team is not None and objective is None:
        parts.append(team.name)
    return Text(*(" · ".join(part.in_language(language) for part in parts) for language in ("ko", "en")))


def usual_schedule(kind: str) -> str:
    """The schedule of a page that is given none; empty: as the installation's settings say."""
    return HOURLY if kind == SYNC_HEALTH else ""
