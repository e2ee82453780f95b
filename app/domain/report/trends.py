"""Progress week by week against expectation: of a page as a whole and of its parts, from what it shows already."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from app.domain.facts import Facts
from app.domain.model import Cycle, Period, Rollup
from app.domain.periods import Span, spans
from app.domain.progress import Mode, mode_of
from app.domain.rollup import Part, RolledUp, roll_up
from app.domain.views import CountsView, KeyResultView, ObjectiveView, Report, TrendView

OBJECTIVE = "objective"


def trends(facts: Facts, report: Report) -> tuple[TrendView, ...]:
    """The whole first, where it has several parts; then these, in the order of the page: its objectives, or on the page
    of an objective the key results. Empty for pages without either."""
    objectives = [one for one in report.objectives if one.key_results]
    if report.kind == OBJECTIVE and objectives:
        parts = tuple(_key_result(facts, one) for one in objectives[0].key_results)
        return (_objective(facts, objectives[0], whole=True), *parts) if len(parts) > 1 else parts
    parts = tuple(_objective(facts, one) for one in objectives)
    if len(parts) < 2 or report.counts is None:
        return parts
    ends = week_ends(_cycle(facts, objectives[0]))
    return (_page(report.counts, parts, ends, _kept(facts, "page", report.page)), *parts)


def week_ends(cycle: Cycle) -> tuple[date, ...]:
    """The last day of each of its weeks; the last one may be cut."""
    return tuple(span.ends_on for span in spans(Period.WEEK, Span(cycle.starts_on, cycle.ends_on)))


def _cycle(facts: Facts, one: ObjectiveView) -> Cycle:
    return facts.cycles[facts.objectives[one.id].cycle_id]


def _kept(facts: Facts, subject: str, subject_id: str) -> Mapping[date, Fraction | None]:
    return {snapshot.on: snapshot.progress for snapshot in facts.snapshots.get((subject, subject_id), ())}


def _key_result(facts: Facts, one: KeyResultView) -> TrendView:
    return TrendView(one.title, one.health, one.score, one.expected, one.trend, _expected(facts, one))


def _expected(facts: Facts, view: KeyResultView) -> tuple[Fraction, ...]:
    """What is expected of a key result at the end of each week."""
    one = facts.key_results[view.id]
    cycle = facts.cycles[facts.objectives[one.objective_id].cycle_id]
    mode = mode_of(one.mode)
    return _expected_in(mode, mode.parse(one.params, facts.metrics[one.metric_id].unit), cycle)


@lru_cache(maxsize=1024)
def _expected_in(mode: Mode[Any], params: Any, cycle: Cycle) -> tuple[Fraction, ...]:
    window = Span(cycle.starts_on, cycle.ends_on)
    return tuple(mode.expected(params, window, day).value for day in week_ends(cycle))


def _objective(facts: Facts, one: ObjectiveView, *, whole: bool = False) -> TrendView:
    """As it was kept, else rolled up from its key results."""
    ends, kept = week_ends(_cycle(facts, one)), _kept(facts, OBJECTIVE, one.id)
    weeks = zip(ends, *(view.trend[:-1] for view in one.key_results), strict=False)
    before = [kept[end] if end in kept else _rolled_up(facts, one, values).progress for end, *values in weeks]
    progress = (*before, one.progress)
    return TrendView(one.title, one.health, one.score, one.expected, progress, _expected_of_all(facts, one), whole)


def _expected_of_all(facts: Facts, one: ObjectiveView) -> tuple[Fraction | None, ...]:
    """Over the key results that are measured by now; mostly the same is expected of all."""
    curves = [_expected(facts, view) for view in one.key_results]
    if len(set(curves)) == 1:
        return curves[0]
    now = [view.progress if one.measured else Fraction(0) for view in one.key_results]
    return tuple(_rolled_up(facts, one, now, values).expected for values in zip(*curves, strict=True))


def _rolled_up(
    facts: Facts, one: ObjectiveView, progress: Sequence[Fraction | None], expected: Sequence[Fraction] = ()
) -> RolledUp:
    """The objective, had its key results this progress."""
    expected = expected or [Fraction(0)] * len(progress)
    parts = [
        Part(view.id, view.title, reached, due, weight=view.weight, metric_id=facts.key_results[view.id].metric_id)
        for view, reached, due in zip(one.key_results, progress, expected, strict=True)
    ]
    return roll_up(parts, Rollup(one.rollup))


def _page(
    counts: CountsView, parts: Sequence[TrendView], ends: Sequence[date], kept: Mapping[date, Fraction | None]
) -> TrendView:
    """The plain mean of its objectives, as the page's own score is."""
    weeks = zip(ends, *(part.progress[:-1] for part in parts), strict=False)
    before = [kept[end] if end in kept else _mean(values) for end, *values in weeks]
    judged = [part for part in parts if part.progress[-1] is not None] or parts
    expected = tuple(_mean(values) for values in zip(*(part.expected for part in judged), strict=True))
    return TrendView(None, counts.overall, counts.score, counts.expected, (*before, counts.progress), expected, True)


def _mean(values: Sequence[Fraction | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return sum(known, Fraction(0)) / len(known) if known else None
