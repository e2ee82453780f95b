"""Objectives and key results as a page shows them, worst first."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from urllib.parse import quote
from zoneinfo import ZoneInfo

from app.domain import jql
from app.domain.facts import EvidenceIssue, Facts, Tally
from app.domain.lines import Line
from app.domain.model import WORST_FIRST, Evidence, KeyResult, Objective, Person, Text
from app.domain.numbers import one_decimal
from app.domain.progress import Score
from app.domain.standing import Standings, cycle_of, score_of
from app.domain.views import (
    CheckInView,
    EvidenceView,
    InputView,
    KeyResultView,
    ObjectiveView,
    RefView,
)

INPUTS = 12
CHECK_INS = 2


def views(facts: Facts, objectives: Iterable[Objective], standings: Standings) -> tuple[ObjectiveView, ...]:
    """Worst health first, then the lowest score; equal ones in the order people gave them."""
    found = [_objective(facts, one, standings) for one in objectives]
    return tuple(sorted(found, key=lambda view: (WORST_FIRST.index(view.health), _low(view.progress))))


def _low(progress: Fraction | None) -> Fraction:
    return Fraction(2) if progress is None else progress


def _score(progress: Fraction | None) -> Decimal | None:
    return None if progress is None else one_decimal(progress)


def _objective(facts: Facts, one: Objective, standings: Standings) -> ObjectiveView:
    stands = standings.objectives[one.id]
    beneath = [_key_result(facts, kr, standings) for kr in facts.key_results.values() if kr.objective_id == one.id]
    progress = stands.rolled.progress
    return ObjectiveView(
        id=one.id,
        title=one.title,
        kind=one.kind.value,
        rollup=one.rollup.value,
        owner=name(facts, one.owner_id) if one.owner_id else None,
        team=facts.teams[one.team_id].name,
        health=stands.verdict.health,
        progress=progress,
        score=_score(progress),
        expected=_score(stands.rolled.expected),
        measured=stands.rolled.measured,
        supports=_above(facts, one, standings),
        supported_by=_below(facts, one, standings),
        key_results=tuple(sorted(beneath, key=lambda view: (WORST_FIRST.index(view.health), _low(view.progress)))),
        why=(*stands.rolled.lines, stands.verdict.reason),
    )


def name(facts: Facts, who: str) -> Text:
    """The person's name; somebody who is not in the file is shown as written."""
    person: Person | None = facts.people.get(who)
    return person.name if person else Text(who, who)


def _page_of(facts: Facts, one: Objective) -> str | None:
    """The page that shows an objective: that of its team in its cycle."""
    shows = ((page.id, page.team_id, page.cycle_id) for page in facts.pages.values())
    return next((key for key, team, cycle in shows if (team, cycle) == (one.team_id, one.cycle_id)), None)


def _ref(facts: Facts, one: Objective, standings: Standings) -> RefView:
    stands = standings.objectives.get(one.id)
    return RefView(
        kind="objective",
        id=one.id,
        title=one.title,
        health=stands.verdict.health if stands else None,
        score=_score(stands.rolled.progress) if stands else None,
        page=_page_of(facts, one),
        team=facts.teams[one.team_id].name,
    )


def _key_result_ref(facts: Facts, one: KeyResult, standings: Standings) -> RefView:
    objective = facts.objectives[one.objective_id]
    stands = standings.key_results.get(one.id)
    return RefView(
        kind="key_result",
        id=one.id,
        title=one.title,
        health=stands.verdict.health if stands else None,
        score=_score(stands.score.progress) if stands else None,
        page=_page_of(facts, objective),
        team=facts.teams[objective.team_id].name,
    )


def _above(facts: Facts, one: Objective, standings: Standings) -> RefView | None:
    kind, supported = one.supports or ("", "")
    if kind == "objective" and supported in facts.objectives:
        return _ref(facts, facts.objectives[supported], standings)
    if kind == "key_result" and supported in facts.key_results:
        return _key_result_ref(facts, facts.key_results[supported], standings)
    return None


def _below(facts: Facts, one: Objective, standings: Standings) -> tuple[RefView, ...]:
    mine = {("objective", one.id)}
    mine |= {("key_result", kr.id) for kr in facts.key_results.values() if kr.objective_id == one.id}
    return tuple(_ref(facts, other, standings) for other in facts.objectives.values() if other.supports in mine)


def _shared_with(facts: Facts, one: KeyResult, standings: Standings) -> tuple[RefView, ...]:
    return tuple(
        _key_result_ref(facts, other, standings)
        for other in facts.key_results.values()
        if other.metric_id == one.metric_id and other.id != one.id
    )


def _key_result(facts: Facts, one: KeyResult, standings: Standings) -> KeyResultView:
    stands = standings.key_results[one.id]
    metric, tally = facts.metrics[one.metric_id], facts.tallies.get(one.id, Tally())
    check_ins = facts.check_ins.get(one.id, ())
    shown = facts.evidence_issues.get(one.id, ())
    zone = ZoneInfo(facts.time_zone)
    confidence = next((entry.confidence for entry in reversed(check_ins) if entry.confidence is not None), None)
    return KeyResultView(
        id=one.id,
        title=one.title,
        owner=name(facts, one.owner_id),
        metric=metric.name,
        unit=metric.unit,
        mode=one.mode,
        weight=one.weight,
        start=stands.start,
        target=stands.target,
        now=stands.score.current,
        progress=stands.score.progress,
        raw=stands.score.raw,
        score=_score(stands.score.progress),
        expected=one_decimal(stands.expected.value),
        health=stands.verdict.health,
        health_was=stands.verdict.was,
        health_reason=one.hand_reason,
        trend=_trend(facts, one, standings),
        confidence=confidence,
        last_check_in=check_ins[-1].at.astimezone(zone).date() if check_ins else None,
        issues_done=tally.done,
        issues_total=tally.total,
        issues_joined=tally.joined,
        issues_left=tally.left,
        shared_with=_shared_with(facts, one, standings),
        why=tuple(named(facts, line) for line in (*stands.score.lines, stands.expected.line, stands.verdict.reason)),
        inputs=_inputs(facts, stands.score),
        evidence=tuple(_evidence(facts, issue, zone) for issue in shown),
        evidence_hidden=tally.hidden,
        evidence_more=max(tally.total + tally.not_work - tally.hidden - len(shown), 0),
        evidence_url=_evidence_url(facts, facts.evidence.get(one.id, ())),
        check_ins=tuple(
            CheckInView(entry.at, name(facts, entry.by), entry.confidence, entry.value, entry.note, entry.blockers)
            for entry in list(reversed(check_ins))[:CHECK_INS]
        ),
    )


def named(facts: Facts, line: Line) -> Line:
    """The sentence with the name of the person whose id it carries."""
    by = line.values.get("by")
    return Line(line.message, {**line.values, "by": name(facts, by)}) if isinstance(by, str) else line


def _inputs(facts: Facts, score: Score) -> tuple[InputView, ...]:
    return tuple(InputView(reading.at, reading.value, name(facts, reading.by)) for reading in score.inputs[:INPUTS])


def _trend(facts: Facts, one: KeyResult, standings: Standings) -> tuple[Fraction | None, ...]:
    """Progress at the end of each week so far, and today: as it was kept then, else from what was measured by then."""
    cycle = cycle_of(facts, one)
    kept = {snapshot.on: snapshot.progress for snapshot in facts.snapshots.get(("key_result", one.id), ())}
    points: list[Fraction | None] = []
    day = cycle.starts_on + timedelta(days=6 - cycle.starts_on.weekday())
    while day < min(standings.today, cycle.ends_on):
        points.append(kept[day] if day in kept else score_of(facts, one, day).progress)
        day += timedelta(days=7)
    return (*points, standings.key_results[one.id].score.progress)


def _evidence(facts: Facts, issue: EvidenceIssue, zone: ZoneInfo) -> EvidenceView:
    return EvidenceView(
        key=issue.key,
        url=facts.browse_url + quote(issue.key, safe=""),
        summary=issue.summary,
        status=issue.status,
        category=issue.category.value,
        assignee=issue.assignee,
        resolved_on=issue.resolved_at.astimezone(zone).date() if issue.resolved_at else None,
        mode=issue.mode.value,
    )


def _evidence_url(facts: Facts, evidence: tuple[Evidence, ...]) -> str | None:
    if not evidence or not facts.search_url:
        return None
    return facts.search_url + quote(jql.any_of(jql.clause(one) for one in evidence), safe="")
