"""The head of a page: the week of its cycle, when its newest fact is from, and how the whole stands in numbers."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from app.domain.facts import Facts, PageDefinition
from app.domain.model import WORST_FIRST, Cycle, Objective
from app.domain.numbers import one_decimal
from app.domain.periods import Span, cycle_week
from app.domain.report.scope import key_results_of
from app.domain.standing import OUT_OF_SYNC, Standings, of_page
from app.domain.sync_health import SYNC_HEALTH
from app.domain.views import CountsView, CycleView, SyncView, TrustView

EDIT_WHERE = "okrs.yaml"


def cycle_view(cycle: Cycle, today: date) -> CycleView:
    week, weeks = cycle_week(Span(cycle.starts_on, cycle.ends_on), today)
    return CycleView(cycle.id, cycle.name, cycle.starts_on, cycle.ends_on, cycle.state.value, week, weeks)


def trust(
    facts: Facts, key_results: Collection[str], metrics: Collection[str], evidence_rows: int, now: datetime, until: date
) -> TrustView:
    """When the newest fact of these is from, up to a day, and whether the sites answer. Never the time of rendering."""
    zone = ZoneInfo(facts.time_zone)
    metrics = {*metrics, *(facts.key_results[one].metric_id for one in key_results)}
    times = [one.at for metric in metrics for one in facts.measurements.get(metric, ())]
    for key in key_results:
        times += [one.at for one in facts.check_ins.get(key, ())]
        times += [one.changed_at for one in facts.evidence_issues.get(key, ())[:evidence_rows]]
    sites = tuple(SyncView(site.site, site.out_since if _is_out(site.out_since, now) else None) for site in facts.sites)
    return TrustView(
        as_of=max((at for at in times if at <= now and at.astimezone(zone).date() <= until), default=None),
        time_zone=facts.time_zone,
        stale=any(site.out_since for site in sites),
        sites=sites,
        edit_where=EDIT_WHERE,
        health_page=next((page.id for page in facts.pages.values() if page.kind == SYNC_HEALTH), None),
    )


def _is_out(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - since >= OUT_OF_SYNC


def counts(
    facts: Facts, page: PageDefinition, mine: Sequence[Objective], standings: Standings, last_week: Standings
) -> CountsView:
    """How these objectives of a page stand together."""
    whole = of_page(mine, standings)
    beneath = [standings.key_results[one] for one in key_results_of(facts, mine)]
    by_health = [(health, sum(one.verdict.health is health for one in beneath)) for health in WORST_FIRST]
    progress, expected = whole.rolled.progress, whole.rolled.expected
    return CountsView(
        objectives=len(mine),
        key_results=len(beneath),
        measured=sum(one.score.progress is not None for one in beneath),
        health=tuple(by_health),
        progress=progress,
        score=None if progress is None else one_decimal(progress),
        last_week=_last_week(facts, page, mine, last_week),
        expected=None if expected is None else one_decimal(expected),
        overall=whole.verdict.health,
    )


def _last_week(facts: Facts, page: PageDefinition, mine: Sequence[Objective], then: Standings) -> Decimal | None:
    """The page's score at the end of last week: as it was kept then, else computed from what was measured by then."""
    for snapshot in facts.snapshots.get(("page", page.id), ()):
        if snapshot.on == then.today:
            return None if snapshot.progress is None else one_decimal(snapshot.progress)
    started = [one for one in mine if one.id in then.objectives and facts.cycles[one.cycle_id].starts_on <= then.today]
    progress = of_page(started, then).rolled.progress if started else None
    return None if progress is None else one_decimal(progress)
