"""The article's own examples (domain.md §4); each row is a test under the article's own words."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.model import Period
from app.domain.periods import Span, counted
from app.domain.progress import mode_of
from app.errors import Invalid
from tests.domain.facts import QUARTER, facts, score

Row = tuple[str, str, str, Mapping[str, object], str, str, str]

PERCENT = {"baseline": "2.0", "change": 25, "direction": "up", "as": "percent"}
CONTRACT = {"baseline": 300, "target": 500}
MINUS_FIVE = {"baseline": 200, "change": 5, "direction": "down"}
POINTS = {"baseline": "2.0", "change": 25, "direction": "up", "as": "points"}
ROWS: list[Row] = [
    # text, mode, unit, parameters, value, progress, raw
    ("웹 전환율 25% 향상, percent", "relative", "%", PERCENT, "2.3", "0.60", "0.60"),
    ("웹 전환율 25% 향상, percentage points", "relative", "%", POINTS, "2.3", "0.012", "0.012"),
    (
        "평균 가입 가치 300달러 → 500달러: 400",
        "from_to",
        "USD",
        CONTRACT,
        "400",
        "0.50",
        "0.50",
    ),
    ("평균 가입 가치 300달러 → 500달러: 280", "from_to", "USD", CONTRACT, "280", "0", "-0.10"),
    ("평균 가입 가치 300달러 → 500달러: 540", "from_to", "USD", CONTRACT, "540", "1", "1.20"),
    ("평균 판매 일수 20일 → 17일: 18.5", "from_to", "days", {"baseline": 20, "target": 17}, "18.5", "0.50", "0.50"),
    ("평균 판매 일수 20일 → 17일: 21", "from_to", "days", {"baseline": 20, "target": 17}, "21", "0", "-1/3"),
    ("평균 판매 일수 20일 → 17일: day one", "from_to", "days", {"baseline": 20, "target": 17}, "20", "0", "0"),
    ("직원 이직률 20% → 15%", "from_to", "%", {"baseline": 20, "target": 15}, "18", "0.40", "0.40"),
    ("360개 피드백 설문 응답률 70% → 90%", "from_to", "%", {"baseline": 70, "target": 90}, "80", "0.50", "0.50"),
    ("검색 결과 6 → 15, as a count", "from_to", "count", {"baseline": 6, "target": 15}, "9", "0.333333333333", "1/3"),
    (
        "고객 이탈 30% 감소",
        "relative",
        "%",
        {"baseline": 10, "change": -30, "as": "percent"},
        "8.5",
        "0.50",
        "0.50",
    ),
    ("4개의 미디어 확보", "from_to", "count", {"baseline": 0, "target": 4}, "3", "0.75", "0.75"),
    ("유지율 30% → 50%", "from_to", "%", {"baseline": 30, "target": 50}, "40", "0.50", "0.50"),
    ("참여율 35% → 55%", "from_to", "%", {"baseline": 35, "target": 55}, "41", "0.30", "0.30"),
    ("KPI 계약 금액 월 250 → 350달러", "from_to", "USD", {"baseline": 250, "target": 350}, "300", "0.50", "0.50"),
    ("KPI 티켓 해결 시간 −50 %", "relative", "hours", {"baseline": 40, "change": -50}, "30", "0.50", "0.50"),
    (
        "KPI 자재 비용 −5 %",
        "relative",
        "USD",
        MINUS_FIVE,
        "195",
        "0.50",
        "0.50",
    ),
    ("KPI 전환율 +30 %", "relative", "%", {"baseline": "2.0", "change": 30, "as": "percent"}, "2.3", "0.50", "0.50"),
    ("KPI 2분기까지 고액 계약 건수", "from_to", "count", {"baseline": 0, "target": 8}, "6", "0.75", "0.75"),
]
TEXTS, VALUES = [row[0] for row in ROWS], [row[1:] for row in ROWS]


@pytest.mark.parametrize(("mode", "unit", "params", "value", "progress", "raw"), VALUES, ids=TEXTS)
def test_the_article_scores(
    mode: str, unit: str, params: Mapping[str, object], value: str, progress: str, raw: str
) -> None:
    found = score(mode, params, facts((date(2026, 11, 10), value), unit=unit))
    assert (found.progress, found.raw, found.current) == (Fraction(progress), Fraction(raw), Decimal(value))


@pytest.mark.parametrize(
    ("mode", "unit", "params", "target"),
    [
        ("relative", "%", PERCENT, "2.5"),
        ("relative", "%", POINTS, "27.0"),
        ("relative", "%", {"baseline": "2.0", "change": 30, "as": "percent"}, "2.6"),
        ("relative", "hours", {"baseline": 40, "change": -50}, "20"),
        ("relative", "USD", {"baseline": 200, "change": -5}, "190"),
        ("relative", "%", {"baseline": 10, "change": -30, "as": "percent"}, "7"),
    ],
)
def test_a_relative_target_is_exact(mode: str, unit: str, params: Mapping[str, object], target: str) -> None:
    found = mode_of(mode)
    assert found.ends(found.parse(params, unit))[1] == Decimal(target)


SATISFACTION = {"n": 10, "of": 12, "threshold": 4, "period": "week"}


@pytest.mark.parametrize(
    ("hits", "misses", "best", "reachable"),
    [(7, 2, "1", True), (7, 3, "0.90", False)],
    ids=["12주 중 10주 동안 만족도 4점 이상: 7 hits, 2 misses", "12주 중 10주 동안 만족도 4점 이상: 7 hits, 3 misses"],
)
def test_ten_of_twelve_weeks(hits: int, misses: int, best: str, reachable: bool) -> None:
    weeks = counted(Period.WEEK, QUARTER, 12)
    values = ["4.0"] * hits + ["3.9"] * misses
    readings = [(week.ends_on, value) for week, value in zip(weeks, values, strict=False)]
    found = score("periods", SATISFACTION, facts(*readings, unit="points", today=weeks[hits + misses].starts_on))
    assert found.progress == Fraction("0.70")
    assert found.tally is not None
    assert (found.tally.hits, found.tally.misses, found.tally.open) == (hits, misses, 12 - hits - misses)
    assert (found.tally.best, found.tally.reachable, found.tally.certain) == (Fraction(best), reachable, False)


def test_forty_leads_every_month() -> None:
    """매월 40건의 잠재 고객: 40, 30, and an open month."""
    monthly = ((date(2026, 10, 31), 40), (date(2026, 11, 30), 30), (date(2026, 12, 5), 3))
    found = score("recurring", {"target": 40, "period": "month"}, facts(*monthly, today=date(2026, 12, 6)))
    assert found.progress == Fraction("0.875")
    assert found.current == 3


def test_a_rank_that_should_rise_is_refused() -> None:
    """검색 결과 순위 6위 → 15위 "증가"."""
    with pytest.raises(Invalid, match=r"smaller number is better, so this would get worse.*unit `count`"):
        mode_of("from_to").parse({"baseline": 6, "target": 15}, "rank")


def test_a_falling_rank_is_welcome() -> None:
    window = Span(date(2026, 10, 1), date(2026, 12, 31))
    found = score("from_to", {"baseline": 15, "target": 6}, facts((date(2026, 11, 1), 12), unit="rank", window=window))
    assert found.raw == Fraction(1, 3)
