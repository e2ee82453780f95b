"""Progress week by week: of key results, objectives and the page, as it was kept or would have been."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest

from app.domain.facts import Facts
from app.domain.history import Snapshot
from app.domain.model import Health
from app.domain.numbers import one_decimal
from app.domain.report.trends import trends
from app.domain.views import TrendView
from tests.domain.company import facts_of, report

FILE = """\
organisation: {name: Hanbit}
teams: [{id: sales, name: Sales}]
people: [{id: ada, name: Ada}]
cycles: [{id: Q4, starts_on: 2026-10-01, ends_on: 2026-12-31}]
objectives:
  - id: O-1
    title: Sell
    team: sales
    cycle: Q4
    page: true
    key_results:
      - {id: KR-A, title: A, owner: ada, weight: 3, metric: {unit: count},
         progress: {mode: from_to, baseline: 0, target: 10}}
      - {id: KR-B, title: B, owner: ada, metric: {unit: count}, progress: {mode: from_to, baseline: 0, target: 10}}
      - {id: KR-N, title: N, owner: ada, metric: {unit: count}, progress: {mode: from_to, baseline: 0, target: 10}}
  - id: O-2
    title: Serve
    team: sales
    cycle: Q4
    rollup: weakest
    key_results:
      - {id: KR-C, title: C, owner: ada, metric: {unit: count}, progress: {mode: from_to, baseline: 0, target: 10}}
  - {id: O-3, title: Empty, team: sales, cycle: Q4}
measurements:
  - {metric: KR-A, at: 2026-10-02, value: 2}
  - {metric: KR-A, at: 2026-10-20, value: 6}
  - {metric: KR-B, at: 2026-10-13, value: 2}
  - {metric: KR-C, at: 2026-10-02, value: 1}
"""
TODAY = date(2026, 10, 21)
"""Wednesday, in the fourth week."""
WEEK_ENDS = (date(2026, 10, 4), date(2026, 10, 11), date(2026, 10, 18))


@pytest.fixture
def facts() -> Facts:
    return facts_of(FILE)


def found(facts: Facts, kind: str, today: date = TODAY) -> dict[str, TrendView]:
    """By title, on the page of that kind; the page as a whole has none."""
    (page,) = (one.id for one in facts.pages.values() if one.kind == kind)
    views = trends(facts, report(facts, page, today))
    return {one.title.in_language("en") if one.title else "": one for one in views}


def test_an_objective_goes_as_its_key_results_went(facts: Facts) -> None:
    one = found(facts, "company")["Sell"]
    assert one.progress == (Fraction(1, 5), Fraction(1, 5), Fraction(1, 5), Fraction(1, 2))
    assert found(facts, "company")["Serve"].progress == (Fraction(1, 10),) * 4


def test_the_page_is_the_mean_of_its_objectives_and_ends_with_its_own_score(facts: Facts) -> None:
    whole = found(facts, "company")[""]
    assert whole.whole
    assert whole.progress == (Fraction(3, 20), Fraction(3, 20), Fraction(3, 20), Fraction(3, 10))
    assert whole.score == one_decimal(Fraction(3, 10))


def test_what_was_kept_of_a_week_wins(facts: Facts) -> None:
    (page,) = (one.id for one in facts.pages.values() if one.kind == "company")
    then = {("objective", "O-1"): Fraction(9, 10), ("page", page): Fraction(8, 10)}
    kept = {key: (Snapshot(WEEK_ENDS[1], *key, progress, Health.ON_TRACK),) for key, progress in then.items()}
    trend = found(replace(facts, snapshots=kept), "company")
    assert trend["Sell"].progress[1] == Fraction(9, 10)
    assert trend[""].progress[1] == Fraction(8, 10)


def test_the_expectation_goes_to_the_end_of_the_cycle_over_what_is_measured(facts: Facts) -> None:
    trend = found(facts, "company")
    for one in trend.values():
        assert len(one.expected) == 14
        assert one.expected[-1] == 1
        assert list(one.expected) == sorted(value for value in one.expected if value is not None)
        assert one.expected[2] == Fraction(17, 92)


def test_an_objectives_own_page_shows_the_objective_and_then_its_key_results(facts: Facts) -> None:
    trend = found(facts, "objective")
    assert next((title, one.whole) for title, one in trend.items()) == ("Sell", True)
    assert {title for title, one in trend.items() if not one.whole} == {"A", "B", "N"}
    assert trend["N"].progress == (None,) * 4
    assert trend["A"].progress == (Fraction(1, 5), Fraction(1, 5), Fraction(1, 5), Fraction(3, 5))


@pytest.mark.parametrize("today", [date(2026, 10, 1), date(2026, 10, 4), date(2026, 12, 31), date(2027, 1, 20)])
def test_it_holds_on_the_first_day_on_sundays_at_the_end_and_after(facts: Facts, today: date) -> None:
    for one in found(facts, "company", today).values():
        weeks = min((today - date(2026, 9, 28)) // timedelta(days=7) + 1, 14)
        assert len(one.progress) == weeks
        assert len(one.expected) == 14
