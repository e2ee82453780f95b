"""What holds for all numbers: progress is monotone, clamped, the same in any unit; a mean lies within its parts."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.health import of_rolled_up
from app.domain.model import Band, Health, ObjectiveKind, Rollup, Text
from app.domain.numbers import band
from app.domain.periods import Span
from app.domain.progress import MODES, Score, mode_of
from app.domain.progress.scoring import expected_by_days
from app.domain.rollup import Part, roll_up
from tests.domain.facts import QUARTER, after, facts, score

quick = settings(max_examples=25, deadline=None, derandomize=True, database=None)
values = st.decimals(min_value=-(10**6), max_value=10**6, places=3, allow_nan=False, allow_infinity=False)
positive = st.decimals(min_value=Decimal("0.001"), max_value=10**6, places=3)
shares = st.integers(0, 10**12).map(lambda n: Fraction(n, 10**12))
DEFINED: Mapping[str, Mapping[str, object]] = {
    "from_to": {"baseline": 20, "target": 50},
    "relative": {"baseline": 20, "change": 50},
    "periods": {"n": 2, "of": 3, "period": "month", "threshold": 30},
    "recurring": {"target": 40},
    "boolean": {},
}


def in_three_months(mode: str, params: Mapping[str, object], numbers: list[Decimal]) -> Score:
    days = (date(2026, 10, 20), date(2026, 11, 20), date(2026, 12, 20))
    return score(mode, params, facts(*zip(days, numbers, strict=True), today=date(2027, 1, 1)))


@pytest.mark.parametrize("name", MODES)
@quick
@given(numbers=st.lists(values, min_size=3, max_size=3))
def test_progress_is_clamped_and_has_twelve_places(name: str, numbers: list[Decimal]) -> None:
    found = in_three_months(name, DEFINED[name], numbers)
    assert found.progress is not None
    assert found.raw is not None
    assert 0 <= found.progress <= 1
    assert (found.progress * 10**12).denominator == 1
    assert abs(found.progress - min(max(found.raw, Fraction(0)), Fraction(1))) <= Fraction(1, 2 * 10**12)


@pytest.mark.parametrize("name", MODES)
@quick
@given(numbers=st.lists(values, min_size=3, max_size=3), which=st.integers(0, 2), more=positive)
def test_a_better_value_never_lowers_progress(name: str, numbers: list[Decimal], which: int, more: Decimal) -> None:
    better = [value + more if index == which else value for index, value in enumerate(numbers)]
    before, now = in_three_months(name, DEFINED[name], numbers), in_three_months(name, DEFINED[name], better)
    assert before.progress is not None
    assert now.progress is not None
    assert now.progress >= before.progress


@quick
@given(numbers=st.lists(values, min_size=3, max_size=3), which=st.integers(0, 2), less=positive)
@pytest.mark.parametrize("carry_over", [False, True])
def test_downward_a_smaller_value_never_lowers_progress(
    carry_over: bool, numbers: list[Decimal], which: int, less: Decimal
) -> None:
    params = {"target": 40, "direction": "down", "carry_over": carry_over}
    better = [value - less if index == which else value for index, value in enumerate(numbers)]
    before, now = in_three_months("recurring", params, numbers), in_three_months("recurring", params, better)
    assert now.progress is not None
    assert before.progress is not None
    assert now.progress >= before.progress


@quick
@given(baseline=values, target=values, value=values, factor=st.sampled_from([Decimal("0.001"), 60, 1000]))
def test_from_to_is_the_same_in_any_unit(baseline: Decimal, target: Decimal, value: Decimal, factor: Decimal) -> None:
    assume(baseline != target)
    day = date(2026, 11, 1)
    here = score("from_to", {"baseline": baseline, "target": target}, facts((day, value)))
    scaled = {"baseline": baseline * factor, "target": target * factor}
    assert score("from_to", scaled, facts((day, value * factor))).raw == here.raw


@quick
@given(numbers=st.lists(positive, min_size=3, max_size=3), target=positive, down=st.booleans(), over=st.booleans())
def test_a_recurring_target_is_the_same_in_any_unit(
    numbers: list[Decimal], target: Decimal, down: bool, over: bool
) -> None:
    params = {"direction": "down" if down else "up", "carry_over": over}
    here = in_three_months("recurring", {**params, "target": target}, numbers)
    there = in_three_months("recurring", {**params, "target": target * 60}, [value * 60 for value in numbers])
    assert here.raw == there.raw


@quick
@given(numbers=st.lists(values, min_size=3, max_size=3), n=st.integers(1, 3), passed=st.integers(0, 95))
def test_what_is_still_attainable_is_never_less_than_what_is_reached(
    numbers: list[Decimal], n: int, passed: int
) -> None:
    days = (date(2026, 10, 20), date(2026, 11, 20), date(2026, 12, 20))
    given_ = facts(*zip(days, numbers, strict=True), today=after(passed))
    tally = score("periods", {"n": n, "of": 3, "period": "month", "threshold": 0}, given_).tally
    if tally is None:
        return
    assert tally.hits + tally.misses + tally.open == 3
    assert min(Fraction(tally.hits, n), Fraction(1)) <= tally.best <= 1
    assert tally.reachable or not tally.certain
    assert tally.reachable == (tally.best == 1)


@pytest.mark.parametrize("name", MODES)
@quick
@given(day=st.integers(-10, 110))
def test_what_is_expected_never_falls(name: str, day: int) -> None:
    mode = mode_of(name)
    params = mode.parse(DEFINED[name], "count")
    today, tomorrow = (mode.expected(params, QUARTER, after(day + more)).value for more in (0, 1))
    assert 0 <= today <= tomorrow <= 1


@pytest.mark.parametrize("how", list(Rollup))
@quick
@given(found=st.lists(st.tuples(st.none() | shares, st.integers(0, 5)), max_size=6))
def test_a_roll_up_lies_within_its_parts(how: Rollup, found: list[tuple[Fraction | None, int]]) -> None:
    parts = [
        Part(str(number), Text(), progress, Fraction(1), weight=Decimal(weight))
        for number, (progress, weight) in enumerate(found)
    ]
    rolled = roll_up(parts, how)
    known = [part.progress for part in parts if part.progress is not None]
    assert (rolled.measured, rolled.total) == (len(known), len(parts))
    if rolled.progress is not None:
        assert min(known) <= rolled.progress <= max(known)
    else:
        assert not known or (how is Rollup.WEIGHTED_MEAN and rolled.expected is None)


BY_BAND = {Band.GREEN: Health.ON_TRACK, Band.AMBER: Health.AT_RISK, Band.RED: Health.OFF_TRACK}


@quick
@given(progress=shares, kind=st.sampled_from(ObjectiveKind))
def test_on_the_last_day_health_is_the_band_of_the_grade(progress: Fraction, kind: ObjectiveKind) -> None:
    mode = mode_of("from_to")
    expected = mode.expected(mode.parse(DEFINED["from_to"], "count"), QUARTER, QUARTER.ends_on)
    assert of_rolled_up(progress, expected.value, False, kind).health is BY_BAND[band(progress, kind)]


@quick
@given(first=st.dates(date(2020, 1, 1), date(2030, 1, 1)), days=st.integers(0, 800))
def test_expected_runs_from_nothing_to_all(first: date, days: int) -> None:
    window = Span(first, first + timedelta(days=days))
    assert expected_by_days(window, window.ends_on).value == 1
    assert expected_by_days(window, first - timedelta(days=1)).value == 0
