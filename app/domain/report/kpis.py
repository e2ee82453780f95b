"""KPIs as a page shows them; a confidential one shows that it exists, and nothing else."""

from collections.abc import Iterable
from datetime import date

from app.domain.facts import Facts
from app.domain.model import Kpi, Text
from app.domain.numbers import one_decimal
from app.domain.report.objectives import named
from app.domain.report.private import team_of
from app.domain.standing import assess_kpi
from app.domain.views import KpiView


def views(facts: Facts, kpis: Iterable[Kpi], today: date) -> tuple[KpiView, ...]:
    return tuple(_secret(facts, one) if one.confidential else _view(facts, one, today) for one in kpis)


def _owner(facts: Facts, one: Kpi) -> Text:
    if one.person_id:
        return facts.people[one.person_id].name
    return facts.teams[one.team_id].name if one.team_id else Text()


def _team(facts: Facts, one: Kpi) -> Text | None:
    team = facts.teams.get(team_of(facts, one) or "")
    return team.name if team else None


def _view(facts: Facts, one: Kpi, today: date) -> KpiView:
    metric = facts.metrics[one.metric_id]
    aim, stands = assess_kpi(facts, one, today)
    start, target = aim.ends
    progress = stands.score.progress
    return KpiView(
        id=one.id,
        title=one.title,
        owner=_owner(facts, one),
        unit=metric.unit,
        period=one.period.value,
        start=start,
        target=target,
        now=stands.score.current,
        now_period=stands.now_period,
        previous=stands.previous,
        progress=progress,
        score=None if progress is None else one_decimal(progress),
        corridor=stands.standing.value,
        trend=stands.trend,
        action=one.action,
        confidential=False,
        why=tuple(named(facts, line) for line in (*stands.score.lines, stands.reason)),
        team=_team(facts, one),
        healthy=one.corridor.healthy if one.corridor else None,
        watch=one.corridor.watch if one.corridor else None,
        rising=aim.mode.rising(aim.params),
        trend_from=stands.trend_from,
    )


def _secret(facts: Facts, one: Kpi) -> KpiView:
    return KpiView(
        id=one.id,
        title=one.title,
        owner=_owner(facts, one),
        unit="",
        period=one.period.value,
        start=None,
        target=None,
        now=None,
        now_period=None,
        previous=None,
        progress=None,
        score=None,
        corridor="unknown",
        trend=(),
        action=Text(),
        confidential=True,
        why=(),
        team=_team(facts, one),
    )
