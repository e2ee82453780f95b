"""Sentences without a language: what an explanation says, to be put into words where it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True)
class Line:
    """One sentence of an explanation, to be said in any language: a gettext `message` and its named values.

    Values may be str, int, date, datetime, Decimal, Fraction, Text, or `Quantity`.
    """

    message: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Quantity:
    """A number with its unit, written as the language writes it. Progress has the unit `progress` (0.6)."""

    value: Decimal | Fraction
    unit: str


def N_(message: str) -> str:  # noqa: N802  (the name that gettext tools look for)
    """Mark a message for the catalogues; it is translated where it is shown."""
    return message
