"""The demo's file of OKRs is good on whatever day the demo is started, and shows the golden values of the article."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from app.domain.facts import Facts
from app.domain.kpi import KpiScore, assess, terms
from app.domain.model import CheckIn, Health, Measurement
from app.domain.numbers import one_decimal
from app.domain.standing import Standings, evaluate, evaluate_closed
from app.okrs_file import Definitions, read, read_text
from connectors.sandbox.demo import cycle_of, write_okrs
from connectors.sandbox.demo.okrs import TEMPLATE, okrs_text

ZONE = "Asia/Seoul"
DAYS = [
    date(2026, 10, 1),
    date(2026, 11, 23),
    date(2026, 12, 16),
    date(2026, 12, 31),
    date(2027, 1, 1),
    date(2027, 3, 1),
    date(2028, 2, 29),
    date(2028, 4, 30),
]


@lru_cache
def definitions_on(day: date) -> Definitions:
    return read_text(okrs_text(day))


@lru_cache
def facts_on(day: date) -> Facts:
    definitions = definitions_on(day)
    measured: dict[str, list[Measurement]] = {}
    for measurement in sorted(definitions.measurements, key=lambda one: one.at):
        measured.setdefault(measurement.metric_id, []).append(measurement)
    said: dict[str, list[CheckIn]] = {}
    for check_in in definitions.check_ins:
        said.setdefault(check_in.key_result_id, []).append(check_in)
    return Facts(
        time_zone=ZONE,
        cycles={one.id: one for one in definitions.cycles},
        teams={one.id: one for one in definitions.teams},
        people={one.id: one for one in definitions.people},
        metrics={one.id: one for one in definitions.metrics},
        objectives={one.id: one for one in definitions.objectives},
        key_results={one.id: one for one in definitions.key_results},
        kpis={one.id: one for one in definitions.kpis},
        pages={one.id: one for one in definitions.pages},
        measurements={key: tuple(values) for key, values in measured.items()},
        check_ins={key: tuple(values) for key, values in said.items()},
    )


@lru_cache
def standings(day: date) -> Standings:
    return evaluate(facts_on(day), day)


def kpi_scores(day: date) -> dict[str, KpiScore]:
    definitions = definitions_on(day)
    units = {metric.id: metric.unit for metric in definitions.metrics}
    return {
        kpi.id: assess(
            terms(kpi, units[kpi.metric_id]),
            [one for one in definitions.measurements if one.metric_id == kpi.metric_id],
            units[kpi.metric_id],
            kpi.corridor,
            day,
            ZoneInfo(ZONE),
        )
        for kpi in definitions.kpis
    }


def test_the_template_is_itself_a_good_file() -> None:
    definitions = read(TEMPLATE)
    assert [page.id for page in definitions.pages] == [
        "index",
        "cycle-2026-Q4",
        "company-2026-Q4",
        "sales-2026-Q4",
        "objective-O-S1",
        "marketing-2026-Q4",
        "session-2027-Q1",
        "kpi-board",
        "archive",
        "cycle-2026-Q3",
        "company-2026-Q3",
        "sales-2026-Q3",
        "close-out-2026-Q3",
        "sync-health",
    ]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_file_is_good_on_any_day_and_the_cycle_is_in_its_last_month(day: date) -> None:
    cycle, before, after = definitions_on(day).cycles
    assert cycle.starts_on < day <= cycle.ends_on
    assert (cycle.ends_on.year, cycle.ends_on.month) == (day.year, day.month)
    assert before.ends_on + timedelta(days=1) == cycle.starts_on
    assert cycle.ends_on + timedelta(days=1) == after.starts_on
    assert [one.state for one in (cycle, before, after)] == ["open", "closed", "draft"]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_cycle_before_ended_with_every_grade(day: date) -> None:
    ended = evaluate_closed(facts_on(day), definitions_on(day).cycles[1], day)
    found = {key: one.score.progress for key, one in ended.key_results.items()}
    assert {key: None if one is None else one_decimal(one) for key, one in found.items()} == {
        "KR-P1": Decimal("1.0"),
        "KR-P2": Decimal("0.5"),
        "KR-P3": Decimal("0.3"),
        "KR-P4": None,
    }


def test_in_the_last_month_of_a_quarter_the_cycle_is_that_quarter() -> None:
    assert cycle_of(date(2026, 12, 16)) == ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_kind_of_health_is_there_to_see(day: date) -> None:
    assert {one.verdict.health for one in standings(day).key_results.values()} == set(Health)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nothing_lies_after_the_day_of_the_start(day: date) -> None:
    definitions = definitions_on(day)
    times = [one.at for one in definitions.measurements] + [one.at for one in definitions.check_ins]
    assert max(times).astimezone(ZoneInfo(ZONE)).date() < day


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_value_is_given_twice_for_one_time(day: date) -> None:
    times = [(one.metric_id, one.at) for one in definitions_on(day).measurements]
    assert len(times) == len(set(times))


# The article's values (domain.md §4); KR-M1 and its like are as Jira stands after the seed.
GOLDEN = [
    ("KR-C1", "2.3", Fraction(6, 10)),
    ("KR-C2", "400", Fraction(1, 2)),
    ("KR-C3", "8.5", Fraction(1, 2)),
    ("KR-C4", "18", Fraction(4, 10)),
    ("KR-C6", "80", Fraction(1, 2)),
    ("KR-S1", "2.3", Fraction(6, 10)),
    ("KR-S2", "18.5", Fraction(1, 2)),
    ("KR-S4", "40", Fraction(1, 2)),
    ("KR-S6", "1", Fraction(1)),
    ("KR-M1", "75", Fraction(3, 4)),
    ("KR-M2", "9", Fraction(333333333333, 10**12)),
    ("KR-M3", "41", Fraction(3, 10)),
    ("KR-M4", "12.5", Fraction(1, 8)),
]


@pytest.mark.parametrize(("key_result", "now", "progress"), GOLDEN)
def test_the_newest_values_are_the_golden_ones(key_result: str, now: str, progress: Fraction) -> None:
    for day in DAYS:
        score = standings(day).key_results[key_result].score
        assert str(score.current) == now
        assert score.progress == progress


def test_leads_are_judged_over_the_two_finished_months() -> None:
    for day in DAYS:
        assert standings(day).key_results["KR-S3"].score.progress == Fraction(875, 1000)


def test_seven_weeks_were_good_enough_and_in_the_tenth_week_two_were_not() -> None:
    for day in DAYS:
        assert standings(day).key_results["KR-C5"].score.progress == Fraction(7, 10)
    tally = standings(date(2026, 12, 9)).key_results["KR-C5"].score.tally
    assert tally is not None
    assert (tally.hits, tally.misses, tally.reachable) == (7, 2, True)


def test_a_key_result_of_which_nothing_is_known_has_no_score() -> None:
    assert standings(DAYS[1]).key_results["KR-M5"].score.progress is None


@pytest.mark.parametrize(
    ("kpi", "progress"),
    [("KPI-1", "1/2"), ("KPI-2", "1/2"), ("KPI-3", "1/2"), ("KPI-4", "1/2"), ("KPI-5", "3/4")],
)
def test_the_kpis_stand_at_their_golden_values(kpi: str, progress: str) -> None:
    for day in DAYS:
        assert kpi_scores(day)[kpi].score.progress == Fraction(progress)


def test_the_monthly_kpis_have_twelve_months_to_show() -> None:
    # On the first of a month nothing was measured in it yet, and the newest value is last month's.
    found = kpi_scores(date(2026, 12, 16))
    assert all(None not in found[kpi].trend for kpi in ("KPI-1", "KPI-2", "KPI-3", "KPI-4"))
    assert {one.standing for one in found.values()} >= {"healthy", "watch", "unhealthy"}


def test_every_text_is_there_in_korean_and_in_english() -> None:
    definitions = definitions_on(DAYS[1])
    texts = [one.title for one in definitions.objectives]
    texts += [one.title for one in definitions.key_results] + [one.title for one in definitions.kpis]
    texts += [one.name for one in definitions.teams] + [one.name for one in definitions.people]
    texts += [one.name for one in definitions.metrics]
    assert all(text.ko != text.en and text.ko and text.en for text in texts)


def test_a_file_that_somebody_edited_is_left_as_it_is(tmp_path: Path) -> None:
    path = write_okrs(tmp_path / "demo", date(2026, 11, 23))
    path.write_text(path.read_text().replace("웹 전환율 25% 향상", "웹 전환율 25% 올리기"))
    assert write_okrs(tmp_path / "demo", date(2026, 11, 24)) == path
    assert "올리기" in path.read_text()
