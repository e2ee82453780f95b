"""Weeks, months and quarters, and the week a cycle is in."""

from datetime import date, timedelta

import pytest

from app.domain.model import Period
from app.domain.periods import Span, counted, cycle_week, label, last_spans, span_of, spans
from tests.domain.facts import QUARTER


@pytest.mark.parametrize(
    ("period", "day", "starts_on", "ends_on", "named"),
    [
        (Period.WEEK, date(2026, 10, 1), date(2026, 9, 28), date(2026, 10, 4), "2026-W40"),
        (Period.WEEK, date(2027, 1, 3), date(2026, 12, 28), date(2027, 1, 3), "2026-W53"),
        (Period.MONTH, date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31), "2026-12"),
        (Period.MONTH, date(2028, 2, 1), date(2028, 2, 1), date(2028, 2, 29), "2028-02"),
        (Period.QUARTER, date(2026, 5, 31), date(2026, 4, 1), date(2026, 6, 30), "2026-Q2"),
        (Period.QUARTER, date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31), "2026-Q4"),
        (Period.QUARTER, date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31), "2026-Q1"),
    ],
)
def test_the_period_of_a_day(period: Period, day: date, starts_on: date, ends_on: date, named: str) -> None:
    assert span_of(period, day) == Span(starts_on, ends_on)
    assert label(period, day) == named


@pytest.mark.parametrize("period", list(Period))
def test_every_day_of_ten_years_is_in_its_period(period: Period) -> None:
    for number in range(3653):
        day = date(2020, 1, 1) + timedelta(days=number)
        span = span_of(period, day)
        assert day in span
        assert span_of(period, span.ends_on + timedelta(days=1)).starts_on == span.ends_on + timedelta(days=1)


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 9, 30), 0),
        (date(2026, 10, 1), 1),
        (date(2026, 10, 4), 1),
        (date(2026, 10, 5), 2),
        (date(2026, 11, 16), 8),
        (date(2026, 12, 31), 14),
        (date(2027, 2, 1), 14),
    ],
)
def test_the_week_of_a_cycle_begins_on_monday(day: date, week: int) -> None:
    assert cycle_week(QUARTER, day) == (week, 14)


def test_the_periods_of_a_window_leave_no_day_out() -> None:
    found = spans(Period.WEEK, QUARTER)
    assert sum(span.days for span in found) == QUARTER.days == 92
    assert (found[0].days, found[-1].days) == (4, 4)


def test_whole_weeks_are_counted_and_cut_ones_only_when_they_are_needed() -> None:
    assert len(counted(Period.WEEK, QUARTER)) == len(counted(Period.WEEK, QUARTER, 12)) == 12
    assert len(counted(Period.WEEK, QUARTER, 13)) == 14
    assert counted(Period.MONTH, Span(date(2026, 10, 5), date(2026, 10, 20))) == (
        Span(date(2026, 10, 5), date(2026, 10, 20)),
    )


def test_a_span_is_over_when_its_last_day_has_passed() -> None:
    assert not QUARTER.is_over(date(2026, 12, 31))
    assert QUARTER.is_over(date(2027, 1, 1))


def test_the_last_periods_end_with_the_present_one() -> None:
    found = last_spans(Period.MONTH, date(2026, 3, 15), 12)
    assert len(found) == 12
    assert (found[0].starts_on, found[-1].ends_on) == (date(2025, 4, 1), date(2026, 3, 31))
