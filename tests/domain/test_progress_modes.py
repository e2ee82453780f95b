"""The edges of the five modes: which reading counts, what unknown means, and explanations that can be done again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.model import Measurement
from app.domain.progress import MODES, gather, mode_of
from tests.domain.facts import QUARTER, SEOUL, facts, measured, said, score

SMALLEST: Mapping[str, Mapping[str, object]] = {
    "from_to": {"baseline": 20, "target": 17},
    "relative": {"baseline": 20, "change": 10},
    "periods": {"n": 2, "of": 3, "period": "month", "threshold": 4},
    "recurring": {"target": 40},
    "boolean": {},
}
WEEKLY = {"n": 10, "of": 12, "threshold": 4}
OCTOBER, NOVEMBER, DECEMBER = date(2026, 10, 31), date(2026, 11, 30), date(2026, 12, 5)


@pytest.mark.parametrize("name", MODES)
def test_without_a_reading_progress_is_unknown_not_zero(name: str) -> None:
    found = score(name, SMALLEST[name], facts(today=date(2027, 1, 5)))
    assert (found.progress, found.raw, found.current, found.tally) == (None, None, None, None)
    assert said(found.lines[-2]) == "There is no value yet, so progress is unknown; unknown is not zero."


@pytest.mark.parametrize("name", MODES)
def test_every_explanation_ends_with_its_rule_and_version(name: str) -> None:
    found = score(name, SMALLEST[name], facts((OCTOBER, 18)))
    assert said(found.lines[-1]) == f"Rule: {name} v1"
    assert MODES[name].name == name


def test_the_latest_reading_counts_and_one_from_before_the_cycle_is_better_than_none() -> None:
    params = SMALLEST["from_to"]
    assert score("from_to", params, facts((date(2026, 9, 20), "18.5"))).progress == Fraction(1, 2)
    assert score("from_to", params, facts((date(2026, 9, 20), "18.5"), (OCTOBER, 17))).progress == 1


def test_the_sum_of_from_to_can_be_done_again_by_hand() -> None:
    found = score("from_to", {"baseline": 300, "target": 500}, facts((OCTOBER, 280), unit="USD"))
    assert [said(line) for line in found.lines] == [
        "Now 280USD, measured on 2026-10-31 by Kim Jiwoo.",
        "(280USD − 300USD) ÷ (500USD − 300USD) = -1/10",
        "Below 0 counts as 0.",
        "Rule: from_to v1",
    ]
    assert [reading.value for reading in found.inputs] == [280]


def test_a_relative_score_tells_how_its_target_came_about() -> None:
    params = {"baseline": "2.0", "change": 25, "as": "points"}
    found = score("relative", params, facts((OCTOBER, "2.3"), unit="%"))
    assert said(found.lines[0]) == "Target: 2.0% + 25points = 27%"
    assert said(found.lines[2]) == "(2.3% − 2.0%) ÷ (27% − 2.0%) = 3/250"


def test_a_value_after_the_last_day_counts_and_is_marked_late() -> None:
    found = score("from_to", SMALLEST["from_to"], facts((date(2027, 1, 4), 17), today=date(2027, 1, 5)))
    assert found.progress == 1
    assert said(found.lines[1]) == "This value is late: the last day was 2026-12-31."


def test_a_corrected_measurement_is_left_out_whatever_the_order() -> None:
    first, second = measured((OCTOBER, 18), (NOVEMBER, 19))
    wrong, right = replace(second, value=Decimal(190)), replace(second, id=3, replaces=2)
    found = gather((right, wrong, first), "days", QUARTER, NOVEMBER, SEOUL)
    assert [reading.value for reading in found.readings] == [18, 19]


def test_readings_after_today_are_not_known_yet_and_days_are_meant_in_the_zone() -> None:
    """15:30 UTC on 31 October is already November in Seoul."""
    late = Measurement(1, "metric", datetime(2026, 10, 31, 15, 30, tzinfo=UTC), Decimal(1))
    assert not gather((late,), "count", QUARTER, OCTOBER, SEOUL).readings
    found = gather((late,), "count", QUARTER, date(2026, 11, 1), SEOUL)
    assert found.day_of(found.readings[0]) == date(2026, 11, 1)


def test_a_boolean_is_reached_at_one() -> None:
    assert score("boolean", {}, facts((OCTOBER, 0))).progress == 0
    assert score("boolean", {}, facts((OCTOBER, 0), (NOVEMBER, 1), today=NOVEMBER)).progress == 1


def test_several_readings_of_a_week_the_latest_counts_and_an_open_week_is_not_judged() -> None:
    given = facts(
        (date(2026, 10, 6), "3.0"), (date(2026, 10, 9), "4.0"), (date(2026, 10, 13), "2.0"), today=date(2026, 10, 14)
    )
    found = score("periods", WEEKLY, given)
    assert found.tally is not None
    assert (found.tally.hits, found.tally.misses, found.tally.open) == (1, 0, 11)
    assert [said(line) for line in found.lines] == [
        "2026-10-05 – 2026-10-11: 4.0count ≥ 4count, hit",
        "2026-10-12 – 2026-10-18: 2.0count so far, not over yet",
        "1 hit ÷ 10 needed of 12 = 1/10",
        "10 of 12 can still be reached: 1 hit and 11 open.",
        "Rule: periods v1",
    ]


@pytest.mark.parametrize(("missing", "hits", "misses", "open_"), [("open", 1, 0, 11), ("miss", 1, 1, 10)])
def test_a_missing_week_stays_open_or_is_missed_as_the_key_result_says(
    missing: str, hits: int, misses: int, open_: int
) -> None:
    given = facts((date(2026, 10, 6), 5), today=date(2026, 10, 20))
    found = score("periods", {**WEEKLY, "missing": missing}, given)
    assert found.tally is not None
    assert (found.tally.hits, found.tally.misses, found.tally.open) == (hits, misses, open_)
    assert (found.measured, found.missing) == (1, 1)


def test_as_long_as_no_week_is_decided_progress_is_unknown() -> None:
    found = score("periods", WEEKLY, facts((date(2026, 10, 6), 5), today=date(2026, 10, 7)))
    assert (found.progress, found.current) == (None, Decimal(5))


def test_enough_hits_are_certain_and_more_than_enough_count_as_one() -> None:
    params = {"n": 1, "of": 3, "period": "month", "threshold": 4}
    found = score("periods", params, facts((OCTOBER, 4), (NOVEMBER, 5), today=DECEMBER))
    assert (found.progress, found.raw) == (Fraction(1), Fraction(2))
    assert found.tally is not None
    assert found.tally.certain
    assert said(found.lines[-2]) == "1 of 3 is already certain."


def test_at_most_counts_the_months_that_stay_below() -> None:
    params = {"n": 3, "of": 3, "period": "month", "threshold": 5, "direction": "at_most"}
    found = score("periods", params, facts((OCTOBER, 5), (NOVEMBER, 6), today=DECEMBER))
    assert found.tally is not None
    assert (found.tally.hits, found.tally.misses, found.tally.reachable) == (1, 1, False)


def test_expected_of_periods_is_the_share_of_the_periods_that_passed() -> None:
    mode = mode_of("periods")
    params = mode.parse(WEEKLY, "points")
    assert mode.expected(params, QUARTER, date(2026, 10, 11)).value == 0
    assert mode.expected(params, QUARTER, date(2026, 11, 16)).value == Fraction(6, 12)
    assert mode.expected(params, QUARTER, date(2027, 1, 1)).value == 1


def recurring(today: date = DECEMBER, *values: tuple[date, object], **params: object) -> Fraction | None:
    return score("recurring", {"target": 40, **params}, facts(*values, today=today)).raw


def test_a_recurring_target_caps_every_period_unless_it_is_carried_over() -> None:
    months = ((OCTOBER, 60), (NOVEMBER, 30))
    assert recurring(DECEMBER, *months) == Fraction("0.875")
    assert recurring(DECEMBER, *months, carry_over=True) == Fraction(90, 80)


def test_a_missing_month_is_left_out_and_counted_or_is_zero() -> None:
    found = score("recurring", {"target": 40}, facts((NOVEMBER, 30), today=DECEMBER))
    assert (found.raw, found.measured, found.missing) == (Fraction(3, 4), 1, 1)
    assert "1 of 2 finished periods measured" in [said(line) for line in found.lines]
    assert recurring(DECEMBER, (NOVEMBER, 30), missing="zero") == Fraction(3, 8)
    assert recurring(DECEMBER, (NOVEMBER, 30), missing="zero", carry_over=True) == Fraction(3, 8)


def test_without_a_finished_month_progress_is_unknown_and_the_open_month_is_shown() -> None:
    found = score("recurring", {"target": 40}, facts((date(2026, 10, 20), 12), today=date(2026, 10, 21)))
    assert (found.progress, found.current) == (None, Decimal(12))
    assert said(found.lines[0]) == "2026-10-01 – 2026-10-31: 12count so far, not over yet, shown apart"


def test_several_readings_of_a_month_are_the_month_so_far_unless_they_add_up() -> None:
    weekly = ((date(2026, 10, 7), 10), (date(2026, 10, 14), 25))
    assert recurring(date(2026, 11, 2), *weekly) == Fraction(25, 40)
    assert recurring(date(2026, 11, 2), *weekly, several="sum") == Fraction(35, 40)


def test_downward_less_is_better_and_nothing_at_all_is_the_whole() -> None:
    months = ((OCTOBER, 80), (NOVEMBER, 0))
    assert recurring(DECEMBER, *months, direction="down") == Fraction(3, 4)
    assert recurring(DECEMBER, *months, direction="down", carry_over=True) == 1
    assert recurring(DECEMBER, (OCTOBER, 1), direction="down", target=0) == 0


def test_the_sum_of_a_recurring_target_can_be_done_again_by_hand() -> None:
    found = score("recurring", {"target": 40}, facts((OCTOBER, 50), (NOVEMBER, 30), (DECEMBER, 7), today=DECEMBER))
    assert [said(line) for line in found.lines] == [
        "2026-10-01 – 2026-10-31: 50count ÷ 40count = 5/4, counted as 1",
        "2026-11-01 – 2026-11-30: 30count ÷ 40count = 3/4",
        "2026-12-01 – 2026-12-31: 7count so far, not over yet, shown apart",
        "2 of 2 finished periods measured",
        "Mean: 7/4 ÷ 2 = 7/8",
        "Rule: recurring v1",
    ]
    assert [reading.value for reading in found.inputs] == [7, 30, 50]


def test_start_and_target_are_told_for_display() -> None:
    shown = {name: mode.ends(mode.parse(SMALLEST[name], "count")) for name, mode in MODES.items()}
    assert shown == {
        "from_to": (Decimal(20), Decimal(17)),
        "relative": (Decimal(20), Decimal(22)),
        "periods": (None, Decimal(4)),
        "recurring": (None, Decimal(40)),
        "boolean": (Decimal(0), Decimal(1)),
    }
    rising = {name: mode.rising(mode.parse(SMALLEST[name], "count")) for name, mode in MODES.items()}
    assert [name for name, up in rising.items() if not up] == ["from_to"]
