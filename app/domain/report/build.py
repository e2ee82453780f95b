"""Building a page's report: the head of the page, and which objectives, KPIs and pages belong on it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from app.domain.facts import Facts, PageDefinition
from app.domain.model import WORST_FIRST, Cycle, Kpi, Objective, Team
from app.domain.numbers import one_decimal
from app.domain.page_kinds import PAGE_KINDS
from app.domain.periods import Span, cycle_week
from app.domain.report import kpis, news, objectives
from app.domain.standing import OUT_OF_SYNC, RolledUpStanding, Standings, of_page
from app.domain.sync_health import SYNC_HEALTH
from app.domain.views import CountsView, CycleView, PageRow, Report, SyncView, TrustView
from app.errors import Invalid

OF_A_CYCLE = ("index", "company", "team")
EDIT_WHERE = "okrs.yaml"


@dataclass(frozen=True)
class Moment:
    """When a report is built: `now` aware, and how everything stood then and at the end of last week."""

    now: datetime
    standings: Standings
    last_week: Standings

    @property
    def today(self) -> date:
        return self.standings.today


def last_sunday(today: date) -> date:
    """The end of last week: weeks start on Monday."""
    return today - timedelta(days=today.weekday() + 1)


def build(facts: Facts, page: PageDefinition, moment: Moment) -> Report:
    """Everything on one page. Raises Invalid for a page of a team or a cycle that is not there."""
    if page.kind not in PAGE_KINDS:
        raise Invalid(f"page {page.id}: there is no page kind {page.kind!r}; there are {', '.join(PAGE_KINDS)}.")
    team = facts.teams.get(page.team_id or "")
    cycle = _cycle(facts, page)
    mine = [one for one in _objectives(facts, team, cycle) if one.id in moment.standings.objectives]
    on_page = mine if page.kind in ("company", "team") else []
    ids = _key_results(facts, on_page)
    shown = _kpis(facts, page, team)
    since = news.since(moment.today)
    told = ids | {kpi.id for kpi in shown if not kpi.confidential}
    return Report(
        page=page.id,
        kind=page.kind,
        title=page.title,
        team=team.name if team else None,
        cycle=_cycle_view(cycle, moment.today) if cycle and page.kind in OF_A_CYCLE else None,
        trust=_trust(
            facts, _key_results(facts, mine) if page.kind == "index" else ids, {kpi.metric_id for kpi in shown}, moment
        ),
        counts=_counts(facts, page, mine, moment) if page.kind in ("company", "team") else None,
        news=news.lines(facts, told, since, moment.today),
        news_since=since if page.kind in ("company", "team", "kpi_board") else None,
        objectives=objectives.views(facts, on_page, moment.standings),
        kpis=kpis.views(facts, shown, moment.today),
        history=news.history(facts, told),
        pages=_rows(facts, moment) if page.kind == "index" else (),
        sections=page.sections,
    )


def _cycle(facts: Facts, page: PageDefinition) -> Cycle | None:
    if page.cycle_id is None:
        running = [cycle for cycle in facts.cycles.values() if cycle.state.value in ("open", "locked")]
        return running[0] if running else None
    if page.cycle_id not in facts.cycles:
        raise Invalid(f"page {page.id}: its cycle {page.cycle_id} is not there.")
    return facts.cycles[page.cycle_id]


def _cycle_view(cycle: Cycle, today: date) -> CycleView:
    week, weeks = cycle_week(Span(cycle.starts_on, cycle.ends_on), today)
    return CycleView(cycle.id, cycle.name, cycle.starts_on, cycle.ends_on, cycle.state.value, week, weeks)


def _objectives(facts: Facts, team: Team | None, cycle: Cycle | None) -> list[Objective]:
    """Those of a team (None: of all) in a cycle."""
    return [
        one
        for one in facts.objectives.values()
        if cycle is not None and one.cycle_id == cycle.id and (team is None or one.team_id == team.id)
    ]


def _key_results(facts: Facts, objectives: list[Objective]) -> set[str]:
    above = {objective.id for objective in objectives}
    return {one.id for one in facts.key_results.values() if one.objective_id in above}


def _kpis(facts: Facts, page: PageDefinition, team: Team | None) -> list[Kpi]:
    """The board shows all, in the order of the organisation; a team's page its own and those of its people; others
    none."""
    if page.kind == "kpi_board":
        places = {team_id: place for place, team_id in enumerate(facts.teams)}
        return sorted(facts.kpis.values(), key=lambda one: places.get(kpis.team_of(facts, one) or "", len(places)))
    if team is None or page.kind not in ("company", "team"):
        return []
    return [one for one in facts.kpis.values() if kpis.team_of(facts, one) == team.id]


def _trust(facts: Facts, key_results: set[str], metrics: set[str], moment: Moment) -> TrustView:
    """When the newest fact is from, and whether the sites answer. Never the time of rendering."""
    metrics = metrics | {facts.key_results[one].metric_id for one in key_results}
    times = [one.at for metric in metrics for one in facts.measurements.get(metric, ())]
    times += [one.at for key_result in key_results for one in facts.check_ins.get(key_result, ())]
    times += [one.changed_at for key_result in key_results for one in facts.evidence_issues.get(key_result, ())]
    sites = tuple(
        SyncView(site.site, site.out_since if _is_out(site.out_since, moment.now) else None) for site in facts.sites
    )
    return TrustView(
        as_of=max((at for at in times if at <= moment.now), default=None),
        time_zone=facts.time_zone,
        stale=any(site.out_since for site in sites),
        sites=sites,
        edit_where=EDIT_WHERE,
        health_page=next((page.id for page in facts.pages.values() if page.kind == SYNC_HEALTH), None),
    )


def _is_out(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - since >= OUT_OF_SYNC


def _counts(facts: Facts, page: PageDefinition, mine: list[Objective], moment: Moment) -> CountsView:
    whole = of_page(mine, moment.standings)
    beneath = [moment.standings.key_results[one] for one in sorted(_key_results(facts, mine))]
    by_health = [(health, sum(one.verdict.health is health for one in beneath)) for health in WORST_FIRST]
    progress, expected = whole.rolled.progress, whole.rolled.expected
    before = _last_week(facts, page, mine, moment)
    return CountsView(
        objectives=len(mine),
        key_results=len(beneath),
        measured=sum(one.score.progress is not None for one in beneath),
        health=tuple(by_health),
        progress=progress,
        score=None if progress is None else one_decimal(progress),
        last_week=before,
        expected=None if expected is None else one_decimal(expected),
        overall=whole.verdict.health,
    )


def _last_week(facts: Facts, page: PageDefinition, mine: list[Objective], moment: Moment) -> Decimal | None:
    """The page's score at the end of last week: as it was kept then, else computed from what was measured by then."""
    on = moment.last_week.today
    for snapshot in facts.snapshots.get(("page", page.id), ()):
        if snapshot.on == on:
            return None if snapshot.progress is None else one_decimal(snapshot.progress)
    started = [one for one in mine if facts.cycles[one.cycle_id].starts_on <= on]
    progress = of_page(started, moment.last_week).rolled.progress if started else None
    return None if progress is None else one_decimal(progress)


def _rows(facts: Facts, moment: Moment) -> tuple[PageRow, ...]:
    """The pages of an index, in the order of the organisation."""
    return tuple(_row(facts, page, moment) for page in facts.pages.values() if page.kind != "index")


def _row(facts: Facts, page: PageDefinition, moment: Moment) -> PageRow:
    mine = [
        one
        for one in _objectives(facts, facts.teams.get(page.team_id or ""), _cycle(facts, page))
        if page.team_id and one.id in moment.standings.objectives
    ]
    whole: RolledUpStanding | None = of_page(mine, moment.standings) if mine else None
    beneath = [moment.standings.key_results[one] for one in sorted(_key_results(facts, mine))]
    progress = whole.rolled.progress if whole else None
    return PageRow(
        page=page.id,
        title=page.title,
        depth=_depth(facts, page),
        health=whole.verdict.health if whole else None,
        score=None if progress is None else one_decimal(progress),
        objectives=len(mine),
        key_results=len(beneath),
        outdated=sum(one.verdict.health.value == "outdated" for one in beneath),
    )


def _depth(facts: Facts, page: PageDefinition) -> int:
    depth, above = 0, facts.teams.get(page.team_id or "")
    while above and above.parent_id and depth < len(facts.teams):
        depth, above = depth + 1, facts.teams.get(above.parent_id)
    return depth
