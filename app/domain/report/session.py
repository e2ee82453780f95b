"""What there is to know when objectives are set: what stands above to align with, and what became of the last ones."""

from collections.abc import Callable

from app.domain.facts import Facts, PageDefinition
from app.domain.model import Cycle, CycleState, Objective, Team
from app.domain.report import grades
from app.domain.report.objectives import key_result_ref, ref
from app.domain.report.scope import around, of_cycle
from app.domain.standing import RUNNING, Standings
from app.domain.views import AlignView, CycleView, SessionView


def session(
    facts: Facts,
    page: PageDefinition,
    cycle: Cycle,
    view: Callable[[Cycle], CycleView],
    settle: Callable[[Cycle], Standings],
) -> SessionView:
    """For the page's team, else for the whole organisation. `settle` tells how a cycle stands, or ended."""
    top = next((team for team in facts.teams.values() if team.parent_id is None), None)
    team = facts.teams.get(page.team_id or "") or top
    if team is None:
        return SessionView((), None, ())
    last = _last(facts, cycle, team)
    if last is None:
        return SessionView(_align(facts, cycle, team, settle), None, ())
    standings, mine = settle(last), of_cycle(facts, last, team)
    return SessionView(
        align=_align(facts, cycle, team, settle),
        last=grades.end(facts, view(last), mine, grades.progress(mine, standings)),
        results=grades.views(facts, mine, standings),
    )


def _align(facts: Facts, cycle: Cycle, team: Team, settle: Callable[[Cycle], Standings]) -> tuple[AlignView, ...]:
    """The objectives of the teams above in this cycle, or else in the one that runs now, and the year's of all."""
    above = _teams_above(facts, team)
    found = [(one, year) for year in around(facts, cycle) for one in _of_teams(facts, year, [*above, team])]
    now = [cycle] if cycle.state is not CycleState.DRAFT else _running_beside(facts, cycle)
    found += [(one, beside) for beside in now for one in _of_teams(facts, beside, above)]
    return tuple(_aligned(facts, one, settle(its)) for one, its in found)


def _running_beside(facts: Facts, cycle: Cycle) -> list[Cycle]:
    years = {one.id for one in around(facts, cycle)}
    running = [one for one in facts.cycles.values() if one.state in RUNNING and one.id not in years]
    return sorted(running, key=lambda one: one.ends_on)[-1:]


def _of_teams(facts: Facts, cycle: Cycle, teams: list[Team]) -> list[Objective]:
    return [one for team in teams for one in of_cycle(facts, cycle, team)]


def _teams_above(facts: Facts, team: Team) -> list[Team]:
    """From the top down."""
    found: list[Team] = []
    above = facts.teams.get(team.parent_id or "")
    while above is not None and above not in found:
        found.insert(0, above)
        above = facts.teams.get(above.parent_id or "")
    return found


def _aligned(facts: Facts, one: Objective, standings: Standings) -> AlignView:
    beneath = facts.beneath.get(one.id, ())
    return AlignView(ref(facts, one, standings), tuple(key_result_ref(facts, kr, standings) for kr in beneath))


def _last(facts: Facts, cycle: Cycle, team: Team) -> Cycle | None:
    """The cycle before, in which the team had objectives; neither a draft nor a year around this one."""
    before = [
        one
        for one in facts.cycles.values()
        if one.state is not CycleState.DRAFT
        and one.starts_on < cycle.starts_on
        and one.ends_on < cycle.ends_on
        and of_cycle(facts, one, team)
    ]
    return max(before, key=lambda one: one.ends_on, default=None)
