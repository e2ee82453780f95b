"""Numbers, units, dates and small pictures in both languages."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from app import formats
from app.domain.lines import N_, Line, Quantity
from app.domain.model import Health, Text
from app.render import render_line


@pytest.mark.parametrize(
    ("value", "unit", "korean", "english"),
    [
        ("2.3", "%", "2.3%", "2.3%"),
        ("2.50", "pp", "2.5%p", "2.5 pp"),
        ("1200000", "KRW", "₩1,200,000", "₩1,200,000"),
        ("300", "USD", "$300", "$300"),
        ("300.5", "USD", "$300.50", "$300.50"),
        ("-3", "USD", "-$3", "-$3"),
        ("20", "days", "20일", "20 days"),
        ("1.0", "days", "1일", "1 day"),
        ("18.5", "hours", "18.5시간", "18.5 hr"),
        ("40", "count", "40", "40"),
        ("6", "rank", "6위", "#6"),
        ("4", "점", "4점", "4점"),
        ("4.25", "points", "4.25 points", "4.25 points"),
        ("33.333333", "x", "33.33 x", "33.33 x"),
        ("0.000001", "x", "0.000001 x", "0.000001 x"),
        ("0.6", "progress", "0.6", "0.6"),
        ("0.0125", "progress", "0.013", "0.013"),
        ("1", "progress", "1.0", "1.0"),
    ],
)
def test_a_quantity_is_written_as_the_language_writes_it(value: str, unit: str, korean: str, english: str) -> None:
    assert formats.quantity(Decimal(value), unit, "ko") == korean
    assert formats.quantity(Decimal(value), unit, "en") == english


@pytest.mark.parametrize(("value", "words"), [("0.25", "0.3"), ("0.649", "0.6"), ("1", "1.0"), ("0", "0.0")])
def test_a_score_has_one_decimal_rounded_half_up(value: str, words: str) -> None:
    assert formats.score(Decimal(value), "ko") == words


def test_unknown_is_a_dash_and_never_zero() -> None:
    assert formats.score(None, "en") == "–"
    assert formats.change(None, "score", "en") == "–"
    assert formats.bar(None) == ""
    assert formats.sparkline([None, None]) == "–"


@pytest.mark.parametrize(("difference", "words"), [("0.1", "+0.1"), ("-0.1", "−0.1"), ("0", "±0.0")])
def test_a_change_shows_its_sign(difference: str, words: str) -> None:
    assert formats.change(Decimal(difference), "score", "en") == words


def test_the_change_of_a_percentage_is_in_percentage_points() -> None:
    assert formats.change(Decimal("0.2"), "%", "ko") == "+0.2%p"
    assert formats.change(Decimal("-0.2"), "%", "en") == "−0.2 pp"


def test_a_bar_has_ten_cells_and_stays_inside() -> None:
    assert [formats.bar(Decimal(each)) for each in ("0", "0.6", "1.4", "-1")] == [
        *("▯▯▯▯▯▯▯▯▯▯", "▮▮▮▮▮▮▯▯▯▯", "▮▮▮▮▮▮▮▮▮▮", "▯▯▯▯▯▯▯▯▯▯")
    ]


def test_a_sparkline_shows_gaps_and_a_flat_line_in_the_middle() -> None:
    assert formats.sparkline([Decimal(1), None, Decimal(3), Decimal(8)]) == "▁·▃█"
    assert formats.sparkline([Decimal(5), Decimal(5)]) == "▄▄"
    assert formats.sparkline([Fraction(0), Fraction(1, 2), Fraction(2)], 0, 1) == "▁▅█"


def test_times_name_their_zone() -> None:
    at = datetime(2026, 11, 20, 15, 30, tzinfo=UTC)
    assert formats.moment(at, "Asia/Seoul", "ko") == "2026. 11. 21. 00:30 KST"
    assert formats.moment(at, "Asia/Seoul", "en") == "Nov 21, 2026 00:30 KST"


def test_a_line_says_each_value_in_its_own_way() -> None:
    line = Line(
        "{who}: {was} → {is}, {on}, {part}, {missing}, {word}",
        {
            "who": Text("영업팀", "Sales"),
            "was": Quantity(Decimal(20), "days"),
            "is": Quantity(Fraction(1, 3), "progress"),
            "on": date(2026, 11, 20),
            "part": Line(N_("on track")),
            "missing": None,
            "word": Health.AT_RISK,
        },
    )
    assert render_line(line, "ko") == "영업팀: 20일 → 0.333, 2026. 11. 20., 순조, –, 주의"
    assert render_line(line, "en") == "Sales: 20 days → 0.333, Nov 20, 2026, on track, –, at risk"


def test_braces_in_a_value_are_left_alone() -> None:
    assert render_line(Line("{title}", {"title": "{title} {0} {"}), "ko") == "{title} {0} {"
