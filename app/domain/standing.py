"""How everything stands on a day: every key result, objective and KPI scored once, for all pages to show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from app.domain.facts import Facts
from app.domain.health import Verdict, kind_of_page, of_key_result, of_rolled_up
from app.domain.kpi import KpiScore, Terms, assess, terms
from app.domain.model import Cycle, CycleState, KeyResult, Kpi, Objective
from app.domain.periods import Span, judged_on
from app.domain.progress import Expected, Score, gather, mode_of
from app.domain.rollup import Part, RolledUp, roll_up

JIRA = "jira."
RUNNING = (CycleState.OPEN, CycleState.LOCKED)
OUT_OF_SYNC = timedelta(hours=1)
"""A site that is out for less is not worth rewriting every page twice."""


@dataclass(frozen=True)
class KeyResultStanding:
    """`start` and `target` in the metric's unit; `last_sign` is the day of the last check-in or measurement."""

    score: Score
    expected: Expected
    verdict: Verdict
    done: bool
    start: Decimal | None
    target: Decimal | None
    last_sign: date | None


@dataclass(frozen=True)
class RolledUpStanding:
    """An objective, or a page: what was rolled up and how that stands."""

    rolled: RolledUp
    verdict: Verdict


@dataclass(frozen=True)
class Standings:
    """By id, as of `today`. Objectives of draft and closed cycles are not in what `evaluate` makes."""

    today: date
    key_results: Mapping[str, KeyResultStanding]
    objectives: Mapping[str, RolledUpStanding]


def evaluate(facts: Facts, today: date) -> Standings:
    """Score everything that runs on that day, from what was measured up to it."""
    return _standings(facts, today, {one.id for one in facts.cycles.values() if one.state in RUNNING})


def evaluate_closed(facts: Facts, cycle: Cycle, today: date) -> Standings:
    """How a closed cycle ended: scored on the day on which it was closed (unknown: its last), from what was measured
    up to then."""
    return _standings(facts, ended_on(facts, cycle, today), {cycle.id})


def ended_on(facts: Facts, cycle: Cycle, today: date) -> date:
    """The last day of which a closed cycle tells."""
    return min(facts.closed_on.get(cycle.id, cycle.ends_on), today)


def _standings(facts: Facts, today: date, cycles: Collection[str]) -> Standings:
    mine = [one for one in facts.objectives.values() if one.cycle_id in cycles]
    beneath: dict[str, list[KeyResult]] = {one.id: [] for one in mine}
    key_results = {}
    for one in facts.key_results.values():
        if one.objective_id in beneath:
            beneath[one.objective_id].append(one)
            key_results[one.id] = stand(facts, one, today)
    return Standings(today, key_results, {one.id: _objective(one, beneath[one.id], key_results) for one in mine})


def cycle_of(facts: Facts, key_result: KeyResult) -> Cycle:
    return facts.cycles[facts.objectives[key_result.objective_id].cycle_id]


def score_of(facts: Facts, key_result: KeyResult, today: date) -> Score:
    """The score as it was, or would have been, on a day: from what was measured up to then."""
    metric, mode = facts.metrics[key_result.metric_id], mode_of(key_result.mode)
    cycle = cycle_of(facts, key_result)
    measured = facts.measurements.get(metric.id, ())
    zone = ZoneInfo(facts.time_zone)
    given = gather(measured, metric.unit, Span(cycle.starts_on, cycle.ends_on), today, zone)
    return mode.score(mode.parse(key_result.params, metric.unit), given)


def stand(facts: Facts, key_result: KeyResult, today: date) -> KeyResultStanding:
    """One key result: its score, what is expected of it, and the verdict."""
    objective, mode = facts.objectives[key_result.objective_id], mode_of(key_result.mode)
    cycle = facts.cycles[objective.cycle_id]
    window = Span(cycle.starts_on, cycle.ends_on)
    params = mode.parse(key_result.params, facts.metrics[key_result.metric_id].unit)
    score = score_of(facts, key_result, today)
    last_sign = _last_sign(facts, key_result, today)
    verdict = of_key_result(
        score,
        cumulative=mode.cumulative,
        kind=objective.kind,
        expected=lambda day: mode.expected(params, window, judged_on(window, day)),
        cadence_days=key_result.cadence_days,
        last_sign=last_sign,
        today=today,
        hand=key_result.hand_health,
        hand_reason=key_result.hand_reason,
    )
    start, target = mode.ends(params)
    return KeyResultStanding(
        score=score,
        expected=mode.expected(params, window, judged_on(window, today)),
        verdict=verdict,
        done=mode.cumulative and score.raw is not None and score.raw >= 1,
        start=start,
        target=target,
        last_sign=last_sign,
    )


def _last_sign(facts: Facts, key_result: KeyResult, today: date) -> date | None:
    """The last check-in or measurement. A Jira metric is measured whenever Jira is read, also when it stays equal."""
    zone = ZoneInfo(facts.time_zone)
    metric = facts.metrics[key_result.metric_id]
    times: list[datetime] = [one.at for one in facts.check_ins.get(key_result.id, ())]
    times += [one.at for one in facts.measurements.get(metric.id, ())]
    if metric.source.startswith(JIRA) and facts.measurements.get(metric.id):
        times += [site.ok_at for site in facts.sites if site.ok_at]
    days = [day for day in (time.astimezone(zone).date() for time in times) if day <= today]
    return max(days, default=None)


def assess_kpi(facts: Facts, one: Kpi, today: date) -> tuple[Terms, KpiScore]:
    """What a KPI aims at, and how it stands on that day."""
    metric = facts.metrics[one.metric_id]
    aim, measured = terms(one, metric.unit), facts.measurements.get(metric.id, ())
    return aim, assess(aim, measured, metric.unit, one.corridor, today, ZoneInfo(facts.time_zone))


def _objective(
    objective: Objective, beneath: Sequence[KeyResult], standings: Mapping[str, KeyResultStanding]
) -> RolledUpStanding:
    parts = [
        Part(
            id=one.id,
            title=one.title,
            progress=standings[one.id].score.progress,
            expected=standings[one.id].expected.value,
            done=standings[one.id].done,
            weight=one.weight,
            metric_id=one.metric_id,
        )
        for one in beneath
    ]
    rolled = roll_up(parts, objective.rollup)
    return RolledUpStanding(rolled, of_rolled_up(rolled.progress, rolled.expected, rolled.done, objective.kind))


def of_page(objectives: Sequence[Objective], standings: Standings) -> RolledUpStanding:
    """All objectives of a page together: their plain weighted mean, judged as committed only if all of them are."""
    parts = [
        Part(
            id=one.id,
            title=one.title,
            progress=standings.objectives[one.id].rolled.progress,
            expected=standings.objectives[one.id].rolled.expected or Fraction(0),
            done=standings.objectives[one.id].rolled.done,
        )
        for one in objectives
    ]
    rolled = roll_up(parts)
    kind = kind_of_page(tuple(one.kind for one in objectives))
    return RolledUpStanding(rolled, of_rolled_up(rolled.progress, rolled.expected, rolled.done, kind))
