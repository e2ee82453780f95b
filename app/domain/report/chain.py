"""The alignment chain of an objective: what stands above it up to the top, and what stands below it, level by level."""

from collections.abc import Iterator

from app.domain.facts import Facts
from app.domain.model import Objective
from app.domain.report.objectives import above, below, key_result_ref, ref
from app.domain.standing import Standings
from app.domain.views import ChainView, RefView

MOST_BELOW = 50
"""Rows of what stands below: a page stays small."""


def chain(facts: Facts, one: Objective, standings: Standings) -> ChainView:
    """`supports` never runs in a loop (app/domain/definitions.py)."""
    beneath = [(depth, ref(facts, other, standings)) for depth, other in _below(facts, one, standings, 0)]
    return ChainView(tuple(_above(facts, one, standings)), tuple(beneath[:MOST_BELOW]))


def _above(facts: Facts, one: Objective, standings: Standings) -> list[RefView]:
    found = above(facts, one)
    if found is None:
        return []
    objective, key_result = found
    here = [ref(facts, objective, standings)]
    if key_result is not None:
        here.append(key_result_ref(facts, key_result, standings))
    return [*_above(facts, objective, standings), *here]


def _below(facts: Facts, one: Objective, standings: Standings, depth: int) -> Iterator[tuple[int, Objective]]:
    for other in below(facts, one, standings):
        yield depth, other
        yield from _below(facts, other, standings, depth + 1)
