"""The declarative base and the column types that keep values exact on SQLite and PostgreSQL alike (domain.md §7)."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, MetaData, String, TypeDecorator
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import DeclarativeBase

from app.domain.numbers import twelve_places
from app.errors import Invalid

SCALE = 6
LIMIT = Decimal(2**63 - 1).scaleb(-SCALE)


class NotExact(Invalid, DontWrapMixin):
    """A value that cannot be stored as it is; SQLAlchemy hands it on as it is, so that it reaches whoever gave it."""


class Exact(TypeDecorator[Decimal]):
    """A Decimal stored as an integer of millionths; refuses what would be rounded or does not fit."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if not value.is_finite() or value.copy_abs() > LIMIT:
            raise NotExact(f"{value} is out of range: values must lie within ±{LIMIT:.0f}.")
        tiny = value != 0 and value.adjusted() < -SCALE  # as a fraction, 1e-999999999 would fill the memory
        scaled = Fraction(0) if tiny else Fraction(value) * 10**SCALE  # a Decimal would round to its context
        if tiny or scaled.denominator != 1:
            raise NotExact(f"{value} has more than {SCALE} decimal places; give at most {SCALE}.")
        return int(scaled)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-SCALE)


class Progress(TypeDecorator[Fraction]):
    """A Fraction stored as text with 12 decimal places, half-up; what is banded and shown is this stored value."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: Fraction | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{twelve_places(value):f}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Fraction | None:
        return None if value is None else Fraction(value)


class UtcTime(TypeDecorator[datetime]):
    """An aware time, stored in UTC; naive ones are a bug and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}: give an aware one")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table's ancestor; constraint names are fixed so that migrations run the same everywhere."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: dict[Any, Any] = {datetime: UtcTime, Decimal: Exact, Fraction: Progress}  # noqa: RUF012
