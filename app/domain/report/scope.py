"""What a page is about: its cycle, its team, and which objectives, key results and KPIs belong on it."""

from collections.abc import Iterable

from app.domain.facts import Facts, PageDefinition
from app.domain.model import Cycle, CycleState, Kpi, Objective, Team
from app.domain.page_kinds import OF_TEAMS
from app.domain.report.private import team_of
from app.domain.standing import RUNNING
from app.errors import Invalid

GRADED = ("close_out",)
SCORED = (*OF_TEAMS, "cycle", "objective")
"""The kinds of which an index tells how they stand."""


def cycle_of(facts: Facts, page: PageDefinition) -> Cycle | None:
    """The page's own, else the running one that ends first. Raises Invalid for one that is not there."""
    if page.cycle_id is None:
        running = [cycle for cycle in facts.cycles.values() if cycle.state in RUNNING]
        return min(running, key=lambda cycle: (cycle.ends_on, cycle.starts_on), default=None)
    if page.cycle_id not in facts.cycles:
        raise Invalid(f"page {page.id}: its cycle {page.cycle_id} is not there.")
    return facts.cycles[page.cycle_id]


def around(facts: Facts, cycle: Cycle) -> list[Cycle]:
    """The running cycles that hold this one, as a year holds its quarters; the shortest first."""
    found = [
        one
        for one in facts.cycles.values()
        if one.id != cycle.id
        and one.state in RUNNING
        and one.starts_on <= cycle.starts_on
        and one.ends_on >= cycle.ends_on
    ]
    return sorted(found, key=lambda one: one.ends_on - one.starts_on)


def of_cycle(facts: Facts, cycle: Cycle, team: Team | None = None) -> list[Objective]:
    """Those of a team (None: of all) in a cycle, as people ordered them."""
    if team is not None:
        return list(facts.set_by.get((cycle.id, team.id), ()))
    return [one for one in facts.objectives.values() if one.cycle_id == cycle.id]


def objectives_of(facts: Facts, page: PageDefinition) -> list[Objective]:
    """The objectives that a page tells of. A company whose own objectives are the year's has those on the page of each
    quarter."""
    cycle, team = cycle_of(facts, page), facts.teams.get(page.team_id or "")
    if page.kind == "objective":
        return [one for one in (facts.objectives.get(page.objective_id or ""),) if one]
    if cycle is None or page.kind not in (*SCORED, *GRADED, "index"):
        return []
    mine = of_cycle(facts, cycle, team)
    if page.kind == "company" and not mine:
        return next(filter(None, (of_cycle(facts, one, team) for one in around(facts, cycle))), [])
    if page.kind == "index":
        return [one for one in facts.objectives.values() if facts.cycles[one.cycle_id].state in RUNNING]
    return mine


def key_results_of(facts: Facts, objectives: Iterable[Objective]) -> list[str]:
    """The ids of what is beneath, as people ordered them."""
    return [one.id for objective in objectives for one in facts.beneath.get(objective.id, ())]


def kpis_of(facts: Facts, page: PageDefinition) -> list[Kpi]:
    """The board shows all, in the order of the organisation; a team's page its own and those of its people; others
    none."""
    if page.kind == "kpi_board":
        places = {team_id: place for place, team_id in enumerate(facts.teams)}
        return sorted(facts.kpis.values(), key=lambda one: places.get(team_of(facts, one) or "", len(places)))
    if page.team_id is None or page.kind not in OF_TEAMS:
        return []
    return [one for one in facts.kpis.values() if team_of(facts, one) == page.team_id]


def is_closed(cycle: Cycle | None) -> bool:
    return cycle is not None and cycle.state is CycleState.CLOSED
