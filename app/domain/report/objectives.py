"""Objectives and key results as a page shows them, worst first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from urllib.parse import quote
from zoneinfo import ZoneInfo

from app.domain import jql
from app.domain.facts import EvidenceIssue, Facts, Tally
from app.domain.lines import Line
from app.domain.model import WORST_FIRST, CycleState, Evidence, KeyResult, Objective, Period, Person, Text
from app.domain.numbers import one_decimal
from app.domain.page_kinds import OF_TEAMS
from app.domain.progress import Score, mode_of
from app.domain.standing import KeyResultStanding, RolledUpStanding, Standings, cycle_of, score_of
from app.domain.views import (
    CheckInView,
    EvidenceView,
    InputView,
    KeyResultView,
    ObjectiveView,
    RefView,
)

INPUTS = 12


@dataclass(frozen=True)
class Depth:
    """How many evidence rows and check-ins of a key result a page shows."""

    evidence: int = 5
    check_ins: int = 2


IN_SHORT, IN_FULL = Depth(), Depth(evidence=20, check_ins=10)


def views(
    facts: Facts, objectives: Iterable[Objective], standings: Standings, depth: Depth = IN_SHORT
) -> tuple[ObjectiveView, ...]:
    """Worst health first, then the lowest score; equal ones in the order people gave them."""
    ordered = sorted(objectives, key=lambda one: worst_first(standings.objectives[one.id]))
    return tuple(_objective(facts, one, standings, depth) for one in ordered)


def worst_first(stands: KeyResultStanding | RolledUpStanding) -> tuple[int, Fraction]:
    """What to sort by: health, then progress; the unknown last."""
    scored = stands.score if isinstance(stands, KeyResultStanding) else stands.rolled
    return WORST_FIRST.index(stands.verdict.health), Fraction(2) if scored.progress is None else scored.progress


def _score(progress: Fraction | None) -> Decimal | None:
    return None if progress is None else one_decimal(progress)


def _objective(facts: Facts, one: Objective, standings: Standings, depth: Depth) -> ObjectiveView:
    stands = standings.objectives[one.id]
    beneath = sorted(facts.beneath.get(one.id, ()), key=lambda kr: worst_first(standings.key_results[kr.id]))
    nodes = [("objective", one.id), *(("key_result", kr.id) for kr in beneath)]
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
        supports=_supported(facts, one, standings),
        supported_by=tuple(ref(facts, other, standings) for other in below(facts, one, standings)),
        key_results=tuple(_key_result(facts, kr, standings, depth) for kr in beneath),
        why=(*stands.rolled.lines, stands.verdict.reason),
        private_above=one.id in facts.left_out.above,
        private_below=sum(facts.left_out.below.get(node, 0) for node in nodes),
        cycle=facts.cycles[one.cycle_id].name,
        page=own_page(facts, one) if depth is IN_SHORT else None,
    )


def name(facts: Facts, who: str) -> Text:
    """The person's name; somebody who is not in the file is shown as written."""
    person: Person | None = facts.people.get(who)
    return person.name if person else Text(who, who)


def page_of(facts: Facts, one: Objective) -> str | None:
    """The page that shows an objective: its own, else that of its team in its cycle."""
    mine = (page.id for page in facts.pages.values() if page.kind in OF_TEAMS and page.team_id == one.team_id)
    return own_page(facts, one) or next((key for key in mine if facts.pages[key].cycle_id == one.cycle_id), None)


def own_page(facts: Facts, one: Objective) -> str | None:
    pages = facts.pages.values()
    return next((page.id for page in pages if page.kind == "objective" and page.objective_id == one.id), None)


def ref(facts: Facts, one: Objective, standings: Standings) -> RefView:
    stands = standings.objectives.get(one.id)
    return RefView(
        kind="objective",
        id=one.id,
        title=one.title,
        health=stands.verdict.health if stands else None,
        score=_score(stands.rolled.progress) if stands else None,
        page=page_of(facts, one),
        team=facts.teams[one.team_id].name,
    )


def key_result_ref(facts: Facts, one: KeyResult, standings: Standings) -> RefView:
    objective = facts.objectives[one.objective_id]
    stands = standings.key_results.get(one.id)
    return RefView(
        kind="key_result",
        id=one.id,
        title=one.title,
        health=stands.verdict.health if stands else None,
        score=_score(stands.score.progress) if stands else None,
        page=page_of(facts, objective),
        team=facts.teams[objective.team_id].name,
    )


def above(facts: Facts, one: Objective) -> tuple[Objective, KeyResult | None] | None:
    """The objective that it supports, and which key result of that, if it is one; a draft is not told of."""
    kind, supported = one.supports or ("", "")
    key_result = facts.key_results.get(supported) if kind == "key_result" else None
    objective = facts.objectives.get(key_result.objective_id if key_result else supported)
    if objective is None or facts.cycles[objective.cycle_id].state is CycleState.DRAFT:
        return None
    return objective, key_result


def _supported(facts: Facts, one: Objective, standings: Standings) -> RefView | None:
    found = above(facts, one)
    if found is None:
        return None
    objective, key_result = found
    return key_result_ref(facts, key_result, standings) if key_result else ref(facts, objective, standings)


def below(facts: Facts, one: Objective, standings: Standings) -> list[Objective]:
    """The objectives that support it, or one of its key results; neither drafts nor those of cycles that are closed."""
    nodes = [("objective", one.id), *(("key_result", kr.id) for kr in facts.beneath.get(one.id, ()))]
    found = [other for node in nodes for other in facts.supporting.get(node, ()) if other.id in standings.objectives]
    return sorted(found, key=lambda other: other.position)


def _shared_with(facts: Facts, one: KeyResult, standings: Standings) -> tuple[RefView, ...]:
    return tuple(
        key_result_ref(facts, other, standings)
        for other in facts.measured_by[one.metric_id]
        if other.id != one.id and other.id in standings.key_results
    )


def confidence_of(facts: Facts, one: KeyResult) -> int | None:
    """The last that was given."""
    check_ins = facts.check_ins.get(one.id, ())
    return next((entry.confidence for entry in reversed(check_ins) if entry.confidence is not None), None)


def _key_result(facts: Facts, one: KeyResult, standings: Standings, depth: Depth) -> KeyResultView:
    stands = standings.key_results[one.id]
    metric, tally = facts.metrics[one.metric_id], facts.tallies.get(one.id, Tally())
    check_ins = facts.check_ins.get(one.id, ())
    shown = facts.evidence_issues.get(one.id, ())[: depth.evidence]
    zone = ZoneInfo(facts.time_zone)
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
        confidence=confidence_of(facts, one),
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
            for entry in list(reversed(check_ins))[: depth.check_ins]
        ),
        shared_private=facts.left_out.metrics.get(one.metric_id, 0),
        period=period_of(one, metric.unit),
    )


def period_of(one: KeyResult, unit: str) -> str | None:
    """What the target is for, of a mode that counts weeks, months or quarters."""
    mode = mode_of(one.mode)
    if "period" not in mode.parameters:
        return None
    period: Period = mode.parse(one.params, unit).period
    return period.value


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
