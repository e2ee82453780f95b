"""KPIs: their own days, their corridor, their trend."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.kpi import KpiScore, Standing, assess, between, terms
from app.domain.model import Corridor, Kpi, Period, Text
from app.domain.periods import Span
from tests.domain.facts import SEOUL, measured, said

CONTRACTS = {"baseline": 250, "target": 350}


def assessed(
    *values: tuple[date, object],
    today: date,
    mode: str = "from_to",
    params: Mapping[str, object] = CONTRACTS,
    period: Period = Period.MONTH,
    corridor: Corridor | None = None,
) -> KpiScore:
    kpi = Kpi("K1", Text(en="KPI"), "metric", mode, params, team_id="sales", period=period, corridor=corridor)
    return assess(terms(kpi, "USD"), measured(*values), "USD", corridor, today, SEOUL)


def test_a_monthly_kpi_is_judged_in_the_month_of_its_newest_value() -> None:
    found = assessed((date(2026, 9, 30), 260), (date(2026, 10, 31), 300), today=date(2026, 11, 3))
    assert found.score.progress == Fraction(1, 2)
    assert (found.now_period, found.previous) == ("2026-10", Decimal(260))
    assert found.window == Span(date(2026, 10, 1), date(2026, 10, 31))
    assert found.expected.value == 1
    assert found.trend == (*[None] * 10, Decimal(260), Decimal(300))


def test_high_value_contracts_by_the_end_of_the_second_quarter() -> None:
    params = {"baseline": 0, "target": 8, "due": "2026-06-30"}
    contracts = ((date(2026, 5, 31), 4), (date(2026, 6, 28), 6), (date(2026, 7, 20), 8))
    found = assessed(*contracts, today=date(2026, 8, 1), params=params, period=Period.QUARTER)
    assert found.score.progress == Fraction("0.75")
    assert found.window == Span(date(2026, 4, 1), date(2026, 6, 30))
    assert (found.now_period, found.expected.value) == ("2026-Q2", Fraction(1))


def test_a_due_date_may_come_with_its_first_day() -> None:
    params = {"baseline": 0, "target": 8, "starts_on": date(2026, 1, 1), "due": date(2026, 6, 30)}
    found = assessed((date(2026, 3, 1), 4), today=date(2026, 4, 1), params=params)
    assert found.expected.value == Fraction(88, 181), "what is expected moves on Mondays: here the 30th of March"


def test_a_recurring_kpi_looks_back_over_a_year_and_its_period_is_the_kpis() -> None:
    values = ((date(2025, 11, 10), 40), (date(2026, 9, 30), 20), (date(2026, 10, 31), 40), (date(2026, 11, 2), 3))
    found = assessed(*values, today=date(2026, 11, 3), mode="recurring", params={"target": 40})
    assert found.score.progress == Fraction("0.833333333333")
    assert (found.score.measured, found.score.missing) == (3, 9)
    assert found.score.current == 3


def test_a_kpi_of_n_of_m_periods_looks_at_the_last_m() -> None:
    params = {"n": 2, "of": 3, "threshold": 4}
    values = ((date(2026, 8, 31), 1), (date(2026, 9, 30), 4), (date(2026, 10, 31), 5))
    found = assessed(*values, today=date(2026, 11, 3), mode="periods", params=params)
    assert found.score.tally is not None
    assert (found.score.tally.hits, found.score.tally.open) == (2, 1)


def test_the_trend_of_parts_that_add_up_shows_the_sums() -> None:
    values = ((date(2026, 10, 7), 10), (date(2026, 10, 14), 25))
    found = assessed(*values, today=date(2026, 11, 3), mode="recurring", params={"target": 40, "several": "sum"})
    assert found.trend[-1] == 35


def test_a_kpi_without_a_value_is_unknown() -> None:
    found = assessed(today=date(2026, 11, 3), corridor=Corridor(Decimal(320), Decimal(280)))
    assert (found.standing, found.score.progress, found.now_period) == (Standing.UNKNOWN, None, None)
    assert found.trend == (None,) * 12


@pytest.mark.parametrize(
    ("value", "rising", "falling"),
    [
        ("321", Standing.HEALTHY, Standing.UNHEALTHY),
        ("320", Standing.HEALTHY, Standing.WATCH),
        ("300", Standing.WATCH, Standing.WATCH),
        ("280", Standing.WATCH, Standing.HEALTHY),
        ("279.999999", Standing.UNHEALTHY, Standing.HEALTHY),
    ],
)
def test_the_limits_of_a_corridor_belong_to_the_better_side(value: str, rising: Standing, falling: Standing) -> None:
    low, high = Decimal(280), Decimal(320)
    assert between(Decimal(value), Corridor(high, low), rising=True) is rising
    assert between(Decimal(value), Corridor(low, high), rising=False) is falling


def test_a_corridor_tells_its_limits() -> None:
    found = assessed((date(2026, 10, 31), 300), today=date(2026, 11, 3), corridor=Corridor(Decimal(320), Decimal(280)))
    assert found.standing is Standing.WATCH
    assert said(found.reason) == "Healthy from 320USD up, watch from 280USD up; now 300USD."


@pytest.mark.parametrize(
    ("value", "standing"), [("319", Standing.HEALTHY), ("300", Standing.WATCH), ("280", Standing.UNHEALTHY)]
)
def test_without_a_corridor_the_cut_offs_of_health_apply(value: str, standing: Standing) -> None:
    found = assessed((date(2026, 10, 31), value), today=date(2026, 11, 3))
    assert found.standing is standing
