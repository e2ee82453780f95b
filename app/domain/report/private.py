"""What a page may tell: the facts without everything that belongs to private teams that are not the page's own."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from app.domain.facts import Facts, LeftOut, PageDefinition
from app.domain.model import KeyResult, Kpi, Text
from app.domain.privacy import keeper_of, keeper_of_page
from app.domain.standing import RUNNING

Key = TypeVar("Key")
Value = TypeVar("Value")
TITLED_BY_TEAM = ("company", "team", "session", "close_out")
"""Kinds whose pages other pages may list; the title of an objective's page tells the objective."""


def for_everybody(facts: Facts) -> Facts:
    """The facts as a page may tell them that belongs to no team."""
    return without(facts, PageDefinition("", "", Text()))


def without(facts: Facts, page: PageDefinition) -> Facts:
    """The facts as that page may tell them; `left_out` counts the rest. Scores are computed from all facts before, so
    what was rolled up stays right. A page of a private team tells of that team, and of no other private one."""
    if all(team.readers is None for team in facts.teams.values()):
        return facts
    mine = keeper_of_page(facts, page)
    hidden = {team for team in facts.teams if keeper_of(facts.teams, team) not in (None, mine)}
    if not hidden:
        return facts
    objectives = {key for key, one in facts.objectives.items() if one.team_id in hidden}
    key_results = {key for key, one in facts.key_results.items() if one.objective_id in objectives}
    kpis = {key for key, one in facts.kpis.items() if team_of(facts, one) in hidden}
    pages = {key for key, one in facts.pages.items() if keeper_of_page(facts, one) not in (None, mine)}
    left = _except(facts.key_results, key_results), _except(facts.kpis, kpis)
    metrics = {one.metric_id for part in left for one in part.values()}
    private = {one.metric_id for one in _hidden(facts, key_results, kpis)} - metrics
    gone = {"objective": objectives, "key_result": key_results, "kpi": kpis, "page": pages, "metric": private}
    return replace(
        facts,
        metrics=_except(facts.metrics, private),
        objectives=_except(facts.objectives, objectives),
        key_results=left[0],
        kpis=left[1],
        pages=_except(facts.pages, {key for key in pages if facts.pages[key].kind not in TITLED_BY_TEAM}),
        evidence=_except(facts.evidence, key_results),
        measurements=_except(facts.measurements, private),
        check_ins=_except(facts.check_ins, key_results),
        tallies=_except(facts.tallies, key_results),
        evidence_issues=_except(facts.evidence_issues, key_results),
        changes=tuple(one for one in facts.changes if one.subject_id not in gone.get(one.subject, ())),
        snapshots=_where(facts.snapshots, lambda key: key[1] not in gone.get(key[0], ())),
        endings=_except(facts.endings, objectives),
        left_out=_left_out(facts, page, objectives, key_results, kpis, pages),
    )


def links(facts: Facts, page: PageDefinition, addresses: Mapping[str, str]) -> Mapping[str, str]:
    """The addresses, by page id, that the page may lead to: an address has the title of its page in it."""
    told = without(facts, page).pages
    if told is facts.pages:
        return addresses
    return {key: url for key, url in addresses.items() if key in told or key not in facts.pages}


def team_of(facts: Facts, one: Kpi) -> str | None:
    """The id of a KPI's team, or of that of the person whose it is."""
    person = facts.people.get(one.person_id or "")
    return one.team_id or (person.team_id if person else None)


def _hidden(facts: Facts, key_results: Collection[str], kpis: Collection[str]) -> list[KeyResult | Kpi]:
    return [*(facts.key_results[key] for key in key_results), *(facts.kpis[key] for key in kpis)]


def _except(items: Mapping[str, Value], keys: Collection[str]) -> dict[str, Value]:
    return _where(items, lambda key: key not in keys)


def _where(items: Mapping[Key, Value], keep: Callable[[Key], bool]) -> dict[Key, Value]:
    return {key: value for key, value in items.items() if keep(key)}


def _left_out(
    facts: Facts,
    page: PageDefinition,
    objectives: Collection[str],
    key_results: Collection[str],
    kpis: Collection[str],
    pages: set[str],
) -> LeftOut:
    gone = [facts.objectives[key] for key in objectives]
    beneath = [facts.key_results[key] for key in key_results]
    told = {key for key, cycle in facts.cycles.items() if cycle.state in RUNNING or key == page.cycle_id}
    nodes = {("objective", key) for key in objectives} | {("key_result", key) for key in key_results}
    return LeftOut(
        objectives=Counter(one.cycle_id for one in gone),
        key_results=Counter(facts.objectives[one.objective_id].cycle_id for one in beneath),
        below=Counter(one.supports for one in gone if one.supports and one.cycle_id in told),
        above=frozenset(one.id for one in facts.objectives.values() if one.supports in nodes),
        metrics=Counter(one.metric_id for one in beneath if facts.objectives[one.objective_id].cycle_id in told),
        kpis=len(kpis),
        pages=frozenset(pages),
    )
