"""Building a page's report: what it may tell, which objectives, KPIs and pages belong on it, and how they stand."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from app.domain.facts import Facts, PageDefinition
from app.domain.model import Cycle, Kpi, Objective
from app.domain.page_kinds import OF_TEAMS, PAGE_KINDS, sections_of
from app.domain.report import grades, head, kpis, news, objectives
from app.domain.report.attention import attention
from app.domain.report.chain import chain
from app.domain.report.history import history
from app.domain.report.private import without
from app.domain.report.rows import rows
from app.domain.report.scope import cycle_of, is_closed, key_results_of, kpis_of, objectives_of, of_cycle
from app.domain.report.session import session
from app.domain.standing import Standings, ended_on, evaluate, evaluate_closed
from app.domain.views import CycleView, EndView, PrivateView, Report, SessionView, TrustView
from app.errors import Invalid

IN_FULL = (*OF_TEAMS, "objective")
"""The kinds that show their objectives with all that belongs to them."""
COUNTED = (*IN_FULL, "cycle")


@dataclass(frozen=True)
class Moment:
    """When a report is built: `now` aware, and how everything stood then and at the end of last week. `ended` keeps how
    closed cycles ended, and `then` how all else stood on those days, once that was asked for."""

    now: datetime
    standings: Standings
    last_week: Standings
    ended: dict[str, Standings] = field(default_factory=dict, compare=False, repr=False)
    then: dict[date, Standings] = field(default_factory=dict, compare=False, repr=False)

    @property
    def today(self) -> date:
        return self.standings.today


def last_sunday(today: date) -> date:
    """The end of last week: weeks start on Monday."""
    return today - timedelta(days=today.weekday() + 1)


def build(facts: Facts, page: PageDefinition, moment: Moment) -> Report:
    """Everything on one page, and nothing that private teams keep to themselves. Of a closed cycle: as it ended.
    Raises Invalid for a page of a cycle or an objective that is not there."""
    if page.kind not in PAGE_KINDS:
        raise Invalid(f"page {page.id}: there is no page kind {page.kind!r}; there are {', '.join(PAGE_KINDS)}.")
    if page.kind == "objective" and page.objective_id not in facts.objectives:
        raise Invalid(f"page {page.id}: its objective {page.objective_id} is not there.")
    cycle = cycle_of(facts, page)
    if page.cycle_id is not None and cycle is not None and is_closed(cycle):
        moment = replace(moment, standings=_as_it_ended(facts, cycle, moment))
    return _Page(facts, without(facts, page), page, cycle, moment).report()


def _ended(facts: Facts, cycle: Cycle, moment: Moment) -> Standings:
    if cycle.id not in moment.ended:
        moment.ended[cycle.id] = evaluate_closed(facts, cycle, moment.today)
    return moment.ended[cycle.id]


def _as_it_ended(facts: Facts, cycle: Cycle, moment: Moment) -> Standings:
    """With all else as it stood on that day: an objective may support one of a longer cycle."""
    ended = _ended(facts, cycle, moment)
    if ended.today not in moment.then:
        moment.then[ended.today] = evaluate(facts, ended.today)
    beside = moment.then[ended.today]
    return Standings(
        ended.today, {**beside.key_results, **ended.key_results}, {**beside.objectives, **ended.objectives}
    )


@dataclass(frozen=True)
class _Page:
    """`whole` are all facts, for scores alone; `facts` what the page may tell."""

    whole: Facts
    facts: Facts
    page: PageDefinition
    cycle: Cycle | None
    moment: Moment

    def report(self) -> Report:
        facts, page, moment = self.facts, self.page, self.moment
        team = facts.teams.get(page.team_id or "")
        mine = [one for one in objectives_of(facts, page) if one.id in moment.standings.objectives]
        beneath, shown = key_results_of(facts, mine), kpis_of(facts, page)
        depth = objectives.IN_FULL if page.kind == "objective" else objectives.IN_SHORT
        told = {*(beneath if page.kind in (*COUNTED, "close_out") else ())}
        told |= {kpi.id for kpi in shown if not kpi.confidential}
        since = news.since(moment.today)
        sections = sections_of(page.kind, page.sections)
        is_urgent = "attention" in sections and not is_closed(self.cycle)
        worst, worst_of = attention(facts, beneath, moment.standings) if is_urgent else ((), 0)
        setting = self._session(self.cycle) if page.kind == "session" and self.cycle else None
        return Report(
            page=page.id,
            kind=page.kind,
            title=page.title,
            team=team.name if team else None,
            cycle=self._view(self.cycle) if self.cycle and (page.cycle_id or page.kind == "index") else None,
            trust=self._trust(beneath, shown, setting, depth.evidence),
            counts=head.counts(facts, page, mine, moment.standings, moment.last_week) if page.kind in COUNTED else None,
            news=news.lines(facts, told, since, moment.today) if page.kind != "close_out" else (),
            news_since=since if page.kind in (*COUNTED, "kpi_board") else None,
            objectives=objectives.views(facts, mine, moment.standings, depth) if page.kind in IN_FULL else (),
            kpis=kpis.views(facts, shown, moment.today),
            history=history(facts, told, page.objective_id),
            pages=rows(facts, page, moment.standings) if "pages" in sections else (),
            sections=page.sections,
            attention=worst,
            attention_of=worst_of,
            chain=chain(facts, mine[0], moment.standings) if page.kind == "objective" and mine else None,
            grades=grades.views(facts, mine, moment.standings) if page.kind == "close_out" else (),
            end=self._end(self.cycle, mine) if page.kind == "close_out" and self.cycle else None,
            closed_cycles=self._closed_cycles() if page.kind == "archive" else (),
            session=setting,
            private=self._private(),
        )

    def _trust(
        self, beneath: list[str], shown: list[Kpi], setting: SessionView | None, evidence_rows: int
    ) -> TrustView:
        """The archive is as new as the cycle that was closed last; a session as what it refers to."""
        until = self.moment.today
        if self.page.kind == "archive":
            closed = grades.closed_cycles(self.facts)
            beneath = key_results_of(self.facts, [one for cycle in closed for one in of_cycle(self.facts, cycle)])
            until = max((ended_on(self.facts, cycle, until) for cycle in closed), default=until)
        if setting is not None:
            beneath = [one.id for above in setting.align for one in above.key_results]
            beneath += [one.id for result in setting.results for one in result.key_results]
        metrics = {kpi.metric_id for kpi in shown}
        return head.trust(self.facts, beneath, metrics, evidence_rows, self.moment.now, until)

    def _view(self, cycle: Cycle) -> CycleView:
        return head.cycle_view(cycle, self.moment.today)

    def _end(self, cycle: Cycle, mine: list[Objective]) -> EndView:
        """Of these objectives, as they stand at this moment."""
        return grades.end(self.facts, self._view(cycle), mine, grades.progress(mine, self.moment.standings))

    def _closed_cycles(self) -> tuple[EndView, ...]:
        return tuple(self._closed(one) for one in grades.closed_cycles(self.facts))

    def _closed(self, cycle: Cycle) -> EndView:
        """As it was kept when the cycle was closed; what was not, is computed."""
        mine, kept = of_cycle(self.facts, cycle), self.facts.endings
        if any(one.id not in kept for one in mine):
            kept = grades.progress(mine, self._settled(cycle))
        return grades.end(self.facts, self._view(cycle), mine, kept, self._page_of(cycle))

    def _page_of(self, cycle: Cycle) -> str | None:
        pages = self.facts.pages.values()
        return next((one.id for one in pages if one.kind == "cycle" and one.cycle_id == cycle.id), None)

    def _settled(self, cycle: Cycle) -> Standings:
        """How a cycle stands, or how it ended."""
        return _ended(self.whole, cycle, self.moment) if is_closed(cycle) else self.moment.standings

    def _session(self, cycle: Cycle) -> SessionView:
        return session(self.facts, self.page, cycle, self._view, self._settled)

    def _private(self) -> PrivateView:
        """What would stand here if it were not of private teams."""
        left, cycle = self.facts.left_out, self.page.cycle_id or ""
        if self.page.kind == "kpi_board":
            return PrivateView(kpis=left.kpis)
        if self.page.kind not in ("cycle", "close_out") or self.page.team_id:
            return PrivateView()
        return PrivateView(left.objectives.get(cycle, 0), left.key_results.get(cycle, 0))
