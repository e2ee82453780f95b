"""Looking up OKRs, KPIs and pages as they stand: the definitions with the very values that the pages show.

Whoever asks sees what pages for everybody show: of private teams that they are there, and nothing of theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.db import load, private, rows
from app.db.models import CycleRow, PageRow, PersonRow, TeamRow
from app.domain.facts import Facts
from app.domain.model import Cycle, KeyResult, Kpi, Objective, Person, Team, Text
from app.domain.report import kpis, objectives
from app.domain.report.private import for_everybody
from app.domain.standing import Standings, evaluate
from app.domain.views import KeyResultView, KpiView, ObjectiveView
from app.errors import Missing
from app.services import listing
from app.services.listing import Part
from app.services.prepare import facts_of
from app.world import World


@dataclass(frozen=True)
class KeyResultFound:
    """`view` is None while its cycle is a draft, and once that is closed: nothing is measured then."""

    definition: KeyResult
    unit: str
    view: KeyResultView | None


@dataclass(frozen=True)
class ObjectiveFound:
    """As above; with its key results in the order people gave them."""

    definition: Objective
    view: ObjectiveView | None
    key_results: tuple[KeyResultFound, ...]


@dataclass(frozen=True)
class KpiFound:
    """Of a confidential one the definition says no more than the page does, and the view has no value."""

    definition: Kpi
    view: KpiView


@dataclass(frozen=True)
class PageFound:
    """`private`: what people wrote on it, or made of it, is told to nobody else."""

    row: PageRow
    private: bool


def cycles(world: World, cursor: int, limit: int) -> Part[Cycle]:
    """In the order of the file."""
    with world.reading() as session:
        return listing.of_all([rows.cycle(row) for row in load.in_force(session, CycleRow)], cursor, limit)


def teams(world: World, cursor: int, limit: int) -> Part[Team]:
    """In the order of the file."""
    with world.reading() as session:
        return listing.of_all([rows.team(row) for row in load.in_force(session, TeamRow)], cursor, limit)


def people(world: World, cursor: int, limit: int) -> Part[Person]:
    """In the order of the file."""
    with world.reading() as session:
        return listing.of_all([rows.person(row) for row in load.in_force(session, PersonRow)], cursor, limit)


def all_objectives(
    world: World, cursor: int, limit: int, *, cycle: str | None = None, team: str | None = None
) -> Part[ObjectiveFound]:
    """In the order of the file; of one cycle, of one team. Missing: there is no such cycle or team."""
    facts, standings = _look(world)
    _must_be("cycle", cycle, facts.cycles)
    _must_be("team", team, facts.teams)
    asked = [one for one in facts.objectives.values() if cycle in (None, one.cycle_id) and team in (None, one.team_id)]
    return listing.of_all(asked, cursor, limit).each(lambda one: _objective(facts, standings, one))


def objective(world: World, key: str) -> ObjectiveFound:
    """Missing: there is no such objective."""
    facts, standings = _look(world)
    _must_be("objective", key, facts.objectives)
    return _objective(facts, standings, facts.objectives[key])


def key_result(world: World, key: str) -> KeyResultFound:
    """Missing: there is no such key result."""
    facts, standings = _look(world)
    _must_be("key result", key, facts.key_results)
    above = _objective(facts, standings, facts.objectives[facts.key_results[key].objective_id])
    return next(one for one in above.key_results if one.definition.id == key)


def all_kpis(world: World, cursor: int, limit: int, *, team: str | None = None) -> Part[KpiFound]:
    """In the order of the file; of one team and its people. Missing: there is no such team."""
    facts, standings = _look(world)
    _must_be("team", team, facts.teams)
    people = {person.id for person in facts.people.values() if person.team_id == team}
    asked = [one for one in facts.kpis.values() if team is None or one.team_id == team or one.person_id in people]
    return listing.of_all(asked, cursor, limit).each(lambda one: _kpi(facts, standings, one))


def kpi(world: World, key: str) -> KpiFound:
    """Missing: there is no such KPI."""
    facts, standings = _look(world)
    _must_be("KPI", key, facts.kpis)
    return _kpi(facts, standings, facts.kpis[key])


def all_pages(world: World, cursor: int, limit: int) -> Part[PageFound]:
    """In the order of the file."""
    with world.reading() as session:
        secret = private.pages(session)
        found = [PageFound(row, row.id in secret) for row in load.in_force(session, PageRow)]
    return listing.of_all(found, cursor, limit)


def page(world: World, key: str) -> PageFound:
    """Missing: there is no such page."""
    with world.reading() as session:
        row, secret = session.get(PageRow, key), private.pages(session)
    if row is None or row.archived_at is not None:
        raise Missing(f"There is no page {key!r}. `GET /api/v1/pages` lists them.")
    return PageFound(row, key in secret)


def _look(world: World) -> tuple[Facts, Standings]:
    facts = facts_of(world)
    return for_everybody(facts), evaluate(facts, world.today())


def _must_be(kind: str, key: str | None, there: Mapping[str, object]) -> None:
    if key is not None and key not in there:
        raise Missing(f"There is no {kind} {key!r}. There are: {', '.join(there) or 'none yet'}.")


def _objective(facts: Facts, standings: Standings, one: Objective) -> ObjectiveFound:
    runs = one.id in standings.objectives
    view = objectives.views(facts, [one], standings)[0] if runs else None
    shown = {key_result.id: key_result for key_result in view.key_results} if view else {}
    beneath = [key_result for key_result in facts.key_results.values() if key_result.objective_id == one.id]
    found = (KeyResultFound(each, facts.metrics[each.metric_id].unit, shown.get(each.id)) for each in beneath)
    return ObjectiveFound(one, view, tuple(found))


def _kpi(facts: Facts, standings: Standings, one: Kpi) -> KpiFound:
    view = kpis.views(facts, [one], standings.today)[0]
    if one.confidential:
        one = replace(one, metric_id="", mode="", params={}, corridor=None, action=Text())
    return KpiFound(one, view)
