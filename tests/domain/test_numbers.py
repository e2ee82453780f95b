"""Rounding half-up, the stored form, and bands that never disagree with their number (domain.md §2, §7)."""

from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.model import Band, ObjectiveKind
from app.domain.numbers import as_stored, band, exact_decimal, half_up, one_decimal, twelve_places

ASPIRATIONAL, COMMITTED = ObjectiveKind.ASPIRATIONAL, ObjectiveKind.COMMITTED


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("0.05", "0.1"),
        ("0.049", "0.0"),
        ("0.25", "0.3"),
        ("0.35", "0.4"),
        ("0.65", "0.7"),
        ("0.95", "1.0"),
        ("-0.05", "-0.1"),
    ],
)
def test_scores_are_rounded_half_up_to_one_decimal(value: str, shown: str) -> None:
    assert str(one_decimal(Fraction(value))) == shown


@pytest.mark.parametrize(
    ("progress", "kind", "colour"),
    [
        ("0.34", ASPIRATIONAL, Band.RED),
        ("0.35", ASPIRATIONAL, Band.AMBER),
        ("0.649", ASPIRATIONAL, Band.AMBER),
        ("0.65", ASPIRATIONAL, Band.GREEN),
        ("1", ASPIRATIONAL, Band.GREEN),
        ("0", ASPIRATIONAL, Band.RED),
        ("0.649", COMMITTED, Band.RED),
        ("0.65", COMMITTED, Band.AMBER),
        ("0.949", COMMITTED, Band.AMBER),
        ("0.95", COMMITTED, Band.GREEN),
    ],
)
def test_the_band_is_picked_after_rounding(progress: str, kind: ObjectiveKind, colour: Band) -> None:
    assert band(Fraction(progress), kind) is colour


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (Fraction(1, 3), "0.333333333333"),
        (Fraction(2, 3), "0.666666666667"),
        (Fraction(-2, 3), "-0.666666666667"),
        (Fraction(5, 10**13), "1E-12"),
        (Fraction(10**18) + Fraction(1, 3), "1000000000000000000.333333333333"),
        (Fraction(-1, 10**13), "0E-12"),
    ],
)
def test_twelve_places_are_exact_for_any_size(value: Fraction, stored: str) -> None:
    assert str(twelve_places(value)) == stored
    assert Fraction(twelve_places(value)) == Fraction(stored)


def test_stored_progress_lies_between_0_and_1() -> None:
    assert as_stored(Fraction(-1, 3)) == 0
    assert as_stored(Fraction(4, 3)) == 1
    assert as_stored(Fraction(1, 3)) == Fraction("0.333333333333")


def test_a_decimal_without_an_end_is_not_cut() -> None:
    assert exact_decimal(Fraction(5, 2)) == Decimal("2.5")
    with pytest.raises(ValueError, match="1/3"):
        exact_decimal(Fraction(1, 3))


def test_rounding_takes_decimals_too() -> None:
    assert half_up(Decimal("2.345"), 2) == Decimal("2.35")
