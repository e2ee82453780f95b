"""Private teams: who may read what is about them, and which of them a page belongs to."""

from collections.abc import Mapping

from app.domain.facts import Facts, PageDefinition
from app.domain.model import Readers, Team


def readers_of(facts: Facts, page: PageDefinition) -> Readers | None:
    """Whom the page must be restricted to; None: it is for everybody."""
    keeper = keeper_of_page(facts, page)
    return facts.teams[keeper].readers if keeper else None


def keeper_of_page(facts: Facts, page: PageDefinition) -> str | None:
    """The id of the private team whose page this is (see `keeper_of`), by its own team or by that of its objective."""
    objective = facts.objectives.get(page.objective_id or "")
    return keeper_of(facts.teams, objective.team_id if objective else page.team_id)


def keeper_of(teams: Mapping[str, Team], team_id: str | None) -> str | None:
    """The id of the private team that a team belongs to: itself, or the nearest one above; None: no private one."""
    passed: set[str] = set()
    team = teams.get(team_id or "")
    while team is not None and team.id not in passed:
        if team.readers is not None:
            return team.id
        passed.add(team.id)
        team = teams.get(team.parent_id or "")
    return None
