"""What needs somebody: of many key results those that stand worst."""

from collections.abc import Iterable

from app.domain.facts import Facts
from app.domain.model import Health
from app.domain.report.objectives import key_result_ref, name, worst_first
from app.domain.standing import Standings
from app.domain.views import AttentionView

MOST = 10
NEEDS_SOMEBODY = (Health.OFF_TRACK, Health.AT_RISK, Health.OUTDATED)


def attention(facts: Facts, key_results: Iterable[str], standings: Standings) -> tuple[tuple[AttentionView, ...], int]:
    """The worst first, ten at most, and how many there are in all."""
    found = [one for one in key_results if standings.key_results[one].verdict.health in NEEDS_SOMEBODY]
    found.sort(key=lambda one: worst_first(standings.key_results[one]))
    return tuple(_view(facts, one, standings) for one in found[:MOST]), len(found)


def _view(facts: Facts, key_result_id: str, standings: Standings) -> AttentionView:
    one = facts.key_results[key_result_id]
    objective = facts.objectives[one.objective_id]
    return AttentionView(key_result_ref(facts, one, standings), objective.title, name(facts, one.owner_id))
