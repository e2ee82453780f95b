"""What pictures show: the whole and its parts worst first, corridors, weeks; told in words and sealed by a digest."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pytest

from app.domain.model import Health, Text
from app.domain.picture import ALT_LIMIT, MOST_PANELS, TOP, Mark, Picture
from app.domain.pictures import kpi_history, pictures_of, trend
from app.domain.views import KpiView, TrendView
from app.voice import Voice

ENGLISH, KOREAN, BOTH = Voice(("en",), "UTC"), Voice(("ko",), "UTC"), Voice(("ko", "en"), "UTC")
WEEKS = 14
EXPECTED = tuple(Fraction(week, WEEKS) for week in range(1, WEEKS + 1))


def course(title: Text | None = None, *values: float | None, **given: Any) -> TrendView:
    progress = tuple(None if value is None else Fraction(value).limit_denominator(100) for value in values)
    score = None if not progress or progress[-1] is None else Decimal(str(round(float(progress[-1]), 1)))
    one = TrendView(title, Health.AT_RISK, score, Decimal("0.6"), progress, EXPECTED)
    return replace(one, **given)


def kpi(*values: float | None, **given: Any) -> KpiView:
    trend_ = tuple(None if value is None else Decimal(str(value)) for value in values)
    one = KpiView(
        id="k",
        title=Text("이탈률", "Churn"),
        owner=Text(),
        unit="%",
        period="month",
        start=None,
        target=None,
        now=trend_[-1] if trend_ else None,
        now_period="2026-11",
        previous=None,
        progress=None,
        score=None,
        corridor="healthy",
        trend=trend_,
        action=Text(),
        confidential=False,
        why=(),
        trend_from="2025-12",
    )
    return replace(one, **given)


def of_trends(*trends: TrendView, words: Voice = ENGLISH) -> Picture | None:
    report: Any = SimpleNamespace(trends=trends)
    return trend.picture(report, words)


def of_kpis(*kpis: KpiView, words: Voice = ENGLISH) -> Picture | None:
    report: Any = SimpleNamespace(kpis=kpis)
    return kpi_history.picture(report, words)


def test_the_whole_leads_and_its_parts_follow_in_the_order_of_the_page() -> None:
    whole = course(None, 0.1, 0.4, whole=True)
    worst, best = course(Text("", "Worst one"), 0, 0.1), course(Text("", "Best one"), 0.2, 0.7)
    picture = of_trends(whole, worst, best)
    assert picture is not None
    assert picture.leads
    assert [panel.title for panel in picture.panels] == [("All objectives",), ("Worst one",), ("Best one",)]
    assert picture.alt == (
        "Progress week by week against what was expected. All objectives: 0.4, expected 0.6, at risk. "
        "Worst: Worst one: 0.1, expected 0.6, at risk. Best: Best one: 0.7, expected 0.6, at risk."
    )


def test_a_curve_goes_from_week_to_week_and_what_is_unknown_is_a_gap() -> None:
    picture = of_trends(course(Text("", "A"), 0, None, 0.5, 1))
    assert picture is not None
    (panel,) = picture.panels
    assert panel.actual == (0, None, 500, TOP)
    assert (panel.slots, panel.expected[-1]) == (WEEKS, TOP)
    assert [(tick.words, tick.at) for tick in panel.across] == [("Week 1", 0), ("Week 4", 230), ("Week 14", TOP)]
    assert panel.newest == "1.0"


def test_what_was_never_measured_is_not_drawn() -> None:
    assert of_trends(course(Text("", "A"), None, None)) is None
    assert of_trends() is None
    assert of_kpis(kpi(None, None)) is None


def test_the_best_of_too_many_are_left_out_and_the_text_says_so() -> None:
    picture = of_trends(*(course(Text("", f"Objective {number}"), 0.1) for number in range(MOST_PANELS + 3)))
    assert picture is not None
    assert len(picture.panels) == MOST_PANELS
    assert picture.alt.endswith("Not drawn: 3.")
    assert "Objective 14" not in picture.alt


def test_a_confidential_kpi_is_not_on_the_picture_and_not_in_its_text() -> None:
    secret = kpi(4711, title=Text("급여", "Payroll"), confidential=True)
    picture, alone = of_kpis(kpi(1, 2), secret), of_kpis(secret)
    assert picture is not None
    assert alone is None
    assert "Payroll" not in repr(picture)
    assert "4711" not in repr(picture)
    assert picture.digest == of_kpis(kpi(1, 2)).digest  # type: ignore[union-attr]


@pytest.mark.parametrize(("rising", "zone"), [(True, (500, TOP)), (False, (0, 500))])
def test_the_corridor_is_filled_on_its_good_side(rising: bool, zone: tuple[int, int]) -> None:
    limits = {"healthy": Decimal(5), "watch": Decimal(4) if rising else Decimal(6), "rising": rising}
    picture = of_kpis(kpi(0, 10, **limits))
    assert picture is not None
    healthy = next(level for level in picture.panels[0].levels if level.mark is Mark.HEALTHY)
    assert healthy.zone == zone
    assert [mark for mark, _ in picture.legend] == [Mark.ACTUAL, Mark.HEALTHY, Mark.WATCH]


def test_kpis_outside_their_corridor_come_first() -> None:
    stands = ("healthy", "unknown", "unhealthy", "watch")
    picture = of_kpis(*(kpi(1, 2, corridor=corridor) for corridor in stands))
    assert picture is not None
    assert [panel.code for panel in picture.panels] == ["unhealthy", "watch", "unknown", "healthy"]


@pytest.mark.parametrize("values", [(-5, -3), (3, 3), (0, 0), (1e18, 6e18), (0.000001, 0.000002), (None, 7)])
def test_every_value_lies_within_the_panel(values: tuple[float | None, ...]) -> None:
    picture = of_kpis(kpi(*values, target=Decimal("2.5"), healthy=Decimal(-9), watch=Decimal(9)))
    assert picture is not None
    (panel,) = picture.panels
    heights = [*panel.actual, *(level.at for level in panel.levels), *(tick.at for tick in panel.upwards)]
    assert all(0 <= height <= TOP for height in heights if height is not None)


def test_the_same_facts_give_the_same_digest_and_others_another() -> None:
    one = course(Text("가", "A"), 0.1, 0.4)
    digests = {
        "the same": of_trends(one),
        "again": of_trends(replace(one)),
        "a value": of_trends(course(Text("가", "A"), 0.2, 0.4)),
        "a title": of_trends(replace(one, title=Text("가", "B"))),
        "a health": of_trends(replace(one, health=Health.DONE)),
        "what is expected": of_trends(replace(one, expected=(*EXPECTED[:-1], Fraction(1, 2)))),
        "a language": of_trends(one, words=KOREAN),
        "two languages": of_trends(one, words=BOTH),
    }
    found = {what: picture.digest for what, picture in digests.items() if picture}
    assert found.pop("again") == found["the same"]
    assert len(set(found.values())) == len(digests) - 1


def test_what_cannot_be_seen_makes_no_new_picture() -> None:
    one = course(Text("", "A"), 0.1, 0.4)
    nearly = replace(one, progress=(Fraction(1, 10), Fraction(4, 10) + Fraction(1, 100_000)))
    assert of_trends(one).digest == of_trends(nearly).digest  # type: ignore[union-attr]


def test_the_text_is_said_in_each_language_of_the_page() -> None:
    picture = of_trends(course(Text("신뢰성", "Reliability"), 0.4), words=BOTH)
    assert picture is not None
    assert "신뢰성: 0.4, 기대 0.6, 주의." in picture.alt
    assert "Reliability: 0.4, expected 0.6, at risk." in picture.alt
    assert picture.panels[0].title == ("신뢰성", "Reliability")
    assert dict(picture.legend)[Mark.EXPECTED] == "기대 · Expected"


def test_the_text_stays_short_and_ends_with_a_whole_sentence() -> None:
    long = Text("", "word " * 100)
    picture = of_kpis(*(kpi(1, 2, title=long) for _ in range(12)))
    assert picture is not None
    assert len(picture.alt) <= ALT_LIMIT
    assert picture.alt.endswith(".")


def test_only_the_sections_of_a_page_that_may_carry_pictures_have_some() -> None:
    report: Any = SimpleNamespace(trends=(course(Text("", "A"), 0.1),), kpis=(kpi(1, 2),), pictured=True)
    assert set(pictures_of(report, ("counts", "trend", "kpi_history"), ENGLISH)) == {"trend", "kpi_history"}
    assert set(pictures_of(report, ("counts", "kpi_history"), ENGLISH)) == {"kpi_history"}
    assert not pictures_of(SimpleNamespace(pictured=False), ("trend", "kpi_history"), ENGLISH)  # type: ignore[arg-type]
