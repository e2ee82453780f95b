"""How a score came about, number by number: the very lines that the page shows."""

from collections.abc import Callable, Mapping

from app.domain.facts import Facts
from app.domain.lines import Line
from app.domain.model import Text
from app.domain.report import Moment, kpis, objectives
from app.domain.report.private import for_everybody
from app.errors import Missing
from app.render import render_line
from app.services.prepare import look
from app.world import World

Told = tuple[Text, tuple[Line, ...]]


def explain(world: World, key: str, language: str, *, kind: str | None = None, to_everybody: bool = False) -> list[str]:
    """The title and the sentences of a KPI, an objective or a key result; of that kind alone, should one be named; to
    everybody nothing of private teams. Raises Missing, naming what there is."""
    facts, moment = look(world)
    facts = for_everybody(facts) if to_everybody else facts
    there = {
        "KPI": list(facts.kpis),
        "objective": [one for one in moment.standings.objectives if one in facts.objectives],
        "key result": [one for one in moment.standings.key_results if one in facts.key_results],
    }
    asked = [kind] if kind else list(there)
    found = next((one for one in asked if key in there[one]), None)
    if found is None:
        known = ", ".join(one for kind in asked for one in there[kind])
        raise Missing(f"There is no {' or '.join(asked)} {key!r} that is measured. There are: {known or 'none yet'}.")
    title, why = TELL[found](facts, moment, key)
    return [title.in_language(language), *(render_line(line, language, facts.time_zone) for line in why)]


def _kpi(facts: Facts, moment: Moment, key: str) -> Told:
    view = kpis.views(facts, [facts.kpis[key]], moment.today)[0]
    return view.title, view.why


def _objective(facts: Facts, moment: Moment, key: str) -> Told:
    view = objectives.views(facts, [facts.objectives[key]], moment.standings)[0]
    return view.title, view.why


def _key_result(facts: Facts, moment: Moment, key: str) -> Told:
    above = facts.objectives[facts.key_results[key].objective_id]
    shown = objectives.views(facts, [above], moment.standings)[0]
    one = next(view for view in shown.key_results if view.id == key)
    return one.title, one.why


TELL: Mapping[str, Callable[[Facts, Moment, str], Told]] = {
    "KPI": _kpi,
    "objective": _objective,
    "key result": _key_result,
}
