"""How a score came about, number by number: the very lines that the page shows."""

from app.domain.facts import Facts
from app.domain.lines import Line
from app.domain.model import Text
from app.domain.report import Moment, kpis, objectives
from app.errors import Missing
from app.render import render_line
from app.services.prepare import look
from app.world import World


def explain(world: World, key: str, language: str) -> list[str]:
    """Sentences for a key result, an objective or a KPI. Raises Missing, naming what there is."""
    facts, moment = look(world)
    title, why = _found(key, facts, moment)
    return [title.in_language(language), *(render_line(line, language, facts.time_zone) for line in why)]


def _found(key: str, facts: Facts, moment: Moment) -> tuple[Text, tuple[Line, ...]]:
    if key in facts.kpis:
        view = kpis.views(facts, [facts.kpis[key]], moment.today)[0]
        return view.title, view.why
    if key in moment.standings.objectives:
        shown = objectives.views(facts, [facts.objectives[key]], moment.standings)[0]
        return shown.title, shown.why
    if key in moment.standings.key_results:
        above = facts.objectives[facts.key_results[key].objective_id]
        shown = objectives.views(facts, [above], moment.standings)[0]
        one = next(view for view in shown.key_results if view.id == key)
        return one.title, one.why
    known = [*moment.standings.key_results, *moment.standings.objectives, *facts.kpis]
    raise Missing(f"There is no key result, objective or KPI {key!r}. There are: {', '.join(known) or 'none yet'}.")
