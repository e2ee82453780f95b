"""Grades: what is proposed for each objective and key result at the end of a cycle, and how whole cycles ended."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from app.domain.facts import Facts
from app.domain.health import kind_of_page
from app.domain.model import Band, Cycle, CycleState, KeyResult, Objective, ObjectiveKind
from app.domain.numbers import as_stored, band, one_decimal
from app.domain.report.objectives import confidence_of, name, page_of, period_of, worst_first
from app.domain.report.scope import key_results_of, of_cycle
from app.domain.standing import Standings
from app.domain.views import CycleView, EndView, GradedKeyResultView, GradedObjectiveView, GradeView

BEST_FIRST = (Band.GREEN, Band.AMBER, Band.RED)


def grade(progress: Fraction | None, kind: ObjectiveKind) -> GradeView:
    if progress is None:
        return GradeView(None, None, None)
    return GradeView(progress, one_decimal(progress), band(progress, kind))


def views(facts: Facts, objectives: Iterable[Objective], standings: Standings) -> tuple[GradedObjectiveView, ...]:
    """Team by team in the order of the organisation; within one the worst first."""
    places = {team: place for place, team in enumerate(facts.teams)}
    ordered = sorted(objectives, key=lambda one: (places[one.team_id], worst_first(standings.objectives[one.id])))
    return tuple(_objective(facts, one, standings) for one in ordered)


def _objective(facts: Facts, one: Objective, standings: Standings) -> GradedObjectiveView:
    stands = standings.objectives[one.id]
    beneath = facts.beneath.get(one.id, ())
    return GradedObjectiveView(
        id=one.id,
        title=one.title,
        team=facts.teams[one.team_id].name,
        owner=name(facts, one.owner_id) if one.owner_id else None,
        kind=one.kind.value,
        health=stands.verdict.health,
        grade=grade(stands.rolled.progress, one.kind),
        measured=stands.rolled.measured,
        page=page_of(facts, one),
        key_results=tuple(_key_result(facts, kr, one.kind, standings) for kr in beneath),
    )


def _key_result(facts: Facts, one: KeyResult, kind: ObjectiveKind, standings: Standings) -> GradedKeyResultView:
    stands, unit = standings.key_results[one.id], facts.metrics[one.metric_id].unit
    return GradedKeyResultView(
        id=one.id,
        title=one.title,
        owner=name(facts, one.owner_id),
        unit=unit,
        start=stands.start,
        target=stands.target,
        now=stands.score.current,
        confidence=confidence_of(facts, one),
        grade=grade(stands.score.progress, kind),
        period=period_of(one, unit),
    )


def end(
    facts: Facts,
    cycle: CycleView,
    objectives: Sequence[Objective],
    progress_of: Mapping[str, Fraction | None],
    page: str | None = None,
) -> EndView:
    """All of these objectives together: the plain mean of those that have a progress, as on a page of theirs."""
    grades = [grade(progress_of[one.id], one.kind) for one in objectives]
    found = Counter(one.band for one in grades if one.band)
    known = [one.progress for one in grades if one.progress is not None]
    progress = as_stored(sum(known, Fraction(0)) / len(known)) if known else None
    return EndView(
        cycle=cycle,
        page=page,
        objectives=len(objectives),
        key_results=len(key_results_of(facts, objectives)),
        grade=grade(progress, kind_of_page(tuple(one.kind for one in objectives))),
        bands=tuple((one, found[one]) for one in BEST_FIRST),
        unmeasured=sum(one.band is None for one in grades),
        private=facts.left_out.objectives.get(cycle.id, 0),
    )


def progress(objectives: Iterable[Objective], standings: Standings) -> dict[str, Fraction | None]:
    return {one.id: standings.objectives[one.id].rolled.progress for one in objectives}


def closed_cycles(facts: Facts) -> list[Cycle]:
    """Those that had objectives, the newest first."""
    found = [one for one in facts.cycles.values() if one.state is CycleState.CLOSED and of_cycle(facts, one)]
    return sorted(found, key=lambda one: (one.ends_on, one.starts_on), reverse=True)
