"""Rows of an index: pages of ours, in the order of the organisation, and how each stands."""

from app.domain.facts import Facts, PageDefinition
from app.domain.model import CycleState
from app.domain.numbers import one_decimal
from app.domain.page_kinds import OF_DRAFTS
from app.domain.report.scope import SCORED, is_closed, key_results_of, objectives_of
from app.domain.standing import Standings, of_page
from app.domain.views import PageRow


def rows(facts: Facts, page: PageDefinition, standings: Standings) -> tuple[PageRow, ...]:
    """What a page lists: an index all that is not closed, a cycle its own, a team those of the teams below it."""
    listed = [one for one in facts.pages.values() if one.id != page.id and _is_listed(facts, page, one)]
    headed = {one.cycle_id for one in listed if one.kind == "cycle"}
    return tuple(_row(facts, one, standings, one.cycle_id in headed) for one in listed)


def _is_listed(facts: Facts, page: PageDefinition, other: PageDefinition) -> bool:
    cycle = facts.cycles.get(other.cycle_id or "")
    if cycle is not None and cycle.state is CycleState.DRAFT and other.kind not in OF_DRAFTS:
        return False
    if page.kind == "index":
        return other.kind != "index" and not is_closed(cycle)
    if page.cycle_id is None or other.cycle_id != page.cycle_id:
        return False
    return page.kind == "cycle" or page.team_id in _above(facts, other.team_id)


def _above(facts: Facts, team_id: str | None) -> list[str]:
    """The teams above a team, the nearest first."""
    found: list[str] = []
    team = facts.teams.get(team_id or "")
    while team is not None and team.parent_id and team.parent_id not in found:
        found.append(team.parent_id)
        team = facts.teams.get(team.parent_id)
    return found


def _row(facts: Facts, page: PageDefinition, standings: Standings, is_headed: bool) -> PageRow:
    private = page.id in facts.left_out.pages
    mine = [] if private or page.kind not in SCORED else objectives_of(facts, page)
    mine = [one for one in mine if one.id in standings.objectives]
    whole = of_page(mine, standings) if mine else None
    beneath = [standings.key_results[one] for one in key_results_of(facts, mine)]
    progress = whole.rolled.progress if whole else None
    return PageRow(
        page=page.id,
        title=page.title,
        depth=_depth(facts, page, is_headed),
        health=whole.verdict.health if whole else None,
        score=None if progress is None else one_decimal(progress),
        objectives=len(mine),
        key_results=len(beneath),
        outdated=sum(one.verdict.health.value == "outdated" for one in beneath),
        private=private,
    )


def _depth(facts: Facts, page: PageDefinition, is_headed: bool) -> int:
    """Beneath the page of their cycle where that is listed too; an objective beneath its team."""
    below_cycle = is_headed and page.kind != "cycle"
    return below_cycle + len(_above(facts, page.team_id)) + (page.kind == "objective")
