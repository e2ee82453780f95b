"""Exact rounding: half-up to a number of places, and the band that a rounded score falls into (domain.md §2, §7)."""

from decimal import Decimal, localcontext
from fractions import Fraction

from app.domain.model import Band, ObjectiveKind

STORED_PLACES = 12
GREEN_AND_AMBER = {
    ObjectiveKind.ASPIRATIONAL: (Decimal("0.7"), Decimal("0.4")),
    ObjectiveKind.COMMITTED: (Decimal("1.0"), Decimal("0.7")),
}


def half_up(value: Fraction | Decimal, places: int) -> Decimal:
    """The value rounded half-up (away from zero) to `places`, exactly, whatever its size."""
    exact = Fraction(value)
    whole = int(abs(exact) * 10**places + Fraction(1, 2))
    return Decimal(f"{'-' if exact < 0 and whole else ''}{whole}E-{places}")


def twelve_places(value: Fraction) -> Decimal:
    """The value as it is stored: rounded half-up to 12 places."""
    return half_up(value, STORED_PLACES)


def one_decimal(value: Fraction) -> Decimal:
    """The value as it is shown and judged: rounded half-up to one decimal."""
    return half_up(value, 1)


def as_stored(raw: Fraction) -> Fraction:
    """Raw progress clamped to 0–1 and rounded as it is stored; what is shown, banded and rolled up is this."""
    return Fraction(twelve_places(min(max(raw, Fraction(0)), Fraction(1))))


def exact_decimal(value: Fraction) -> Decimal:
    """The same number as a Decimal; ValueError when it has no end (one third)."""
    with localcontext() as context:
        context.prec = 100
        decimal = Decimal(value.numerator) / Decimal(value.denominator)
    if Fraction(decimal) != value:
        raise ValueError(f"{value} cannot be written as a decimal")
    return decimal


def band(progress: Fraction, kind: ObjectiveKind) -> Band:
    """The colour of a grade: rounded to one decimal first, so that number and colour never disagree."""
    green, amber = GREEN_AND_AMBER[kind]
    score = one_decimal(progress)
    if score >= green:
        return Band.GREEN
    return Band.AMBER if score >= amber else Band.RED
