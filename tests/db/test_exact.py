"""Values stay exact: column types round trip on both databases, refuse what they would round, and sums are integers."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as some
from sqlalchemy import Integer, func, select, text, type_coerce

from app.db.base import LIMIT, Exact, Progress
from app.db.models import MeasurementRow, MetricRow, SnapshotRow
from app.db.session import reader, writer
from app.errors import Invalid

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def metric(sessions):
    with sessions() as session:
        session.add(MetricRow(id="m", position=0, name_ko="", name_en="M", unit="count", source="manual", params={}))
    return "m"


def store(sessions, *values: Decimal) -> list[Decimal]:
    """Measured one after the other, and read back."""
    with sessions() as session:
        session.add_all(MeasurementRow(metric_id="m", at=AT, value=value) for value in values)
    with sessions() as session:
        return list(session.scalars(select(MeasurementRow.value).order_by(MeasurementRow.id)))


VALUES = [
    "0", "-0", "1", "-1", "0.1", "0.2", "0.3", "2.50", "0.000001", "-0.000001", "1E+3", "1.0000000000",
    "9007199254740993", "123456789012.654321", "9223372036854.775807", "-9223372036854.775807",
]  # fmt: skip


def test_values_come_back_as_they_went_in(metric, sessions) -> None:
    values = [Decimal(value) for value in VALUES if abs(Decimal(value)) <= LIMIT]
    assert store(sessions, *values) == values
    assert len(values) == len(VALUES) - 1  # all but the one that is there to be too large


def test_what_is_stored_is_an_integer_of_millionths(metric, sessions) -> None:
    store(sessions, Decimal("0.1"), Decimal("-2.5"))
    with sessions() as session:
        raw = session.execute(text("SELECT value FROM measurements ORDER BY id")).scalars().all()
    assert raw == [100_000, -2_500_000] and all(type(one) is int for one in raw)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("0.0000001", "more than 6 decimal places"),
        ("1.1234567", "more than 6 decimal places"),
        ("1E-999999", "more than 6 decimal places"),
        ("1E-999999999999999999", "more than 6 decimal places"),
        ("12345678901.00000000000000000000001", "more than 6 decimal places"),
        ("9223372036854.775808", "out of range"),
        ("-9223372036854.775808", "out of range"),
        ("1E+999999", "out of range"),
        ("NaN", "out of range"),
        ("sNaN", "out of range"),
        ("Infinity", "out of range"),
        ("-Infinity", "out of range"),
    ],
)
def test_what_would_be_rounded_or_does_not_fit_is_refused_and_nothing_stored(metric, sessions, value, told) -> None:
    with pytest.raises(Invalid, match=told):
        store(sessions, Decimal(value))
    assert store(sessions) == []


def test_sums_in_the_database_are_exact_where_floats_are_not(metric, engine) -> None:
    store(writer(engine), *[Decimal("0.1")] * 10, Decimal("9000000000000"), Decimal("-9000000000000"))
    with reader(engine)() as session:
        assert session.scalar(select(func.sum(MeasurementRow.value))) == 1
        assert session.scalar(select(func.sum(type_coerce(MeasurementRow.value, Integer)))) == 1_000_000
        assert session.scalar(select(func.max(MeasurementRow.value))) == Decimal(9000000000000)


def test_values_compare_as_numbers_in_questions(metric, sessions) -> None:
    store(sessions, Decimal("9"), Decimal("10"), Decimal("-1"), Decimal("0.5"))
    with sessions() as session:
        above = select(MeasurementRow.value).where(MeasurementRow.value > Decimal("0.5")).order_by(MeasurementRow.value)
        assert list(session.scalars(above)) == [9, 10]


def as_stored(progress: Fraction | None) -> tuple[str | None, Fraction | None]:
    kind = Progress()
    bound = kind.process_bind_param(progress, None)  # type: ignore[arg-type]
    return bound, kind.process_result_value(bound, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("progress", "text_in_the_row"),
    [
        (Fraction(0), "0.000000000000"),
        (Fraction(1), "1.000000000000"),
        (Fraction(1, 3), "0.333333333333"),
        (Fraction(2, 3), "0.666666666667"),
        (Fraction(1, 10**12), "0.000000000001"),
        (Fraction(1, 2 * 10**12), "0.000000000001"),
        (Fraction(1, 2 * 10**12 + 1), "0.000000000000"),
        (Fraction(-1, 3), "-0.333333333333"),
        (Fraction(-1, 10**13), "0.000000000000"),
        (None, None),
    ],
)
def test_progress_is_stored_with_twelve_places_half_up(progress, text_in_the_row) -> None:
    bound, back = as_stored(progress)
    assert bound == text_in_the_row
    assert back == (None if bound is None else Fraction(bound))


def test_progress_comes_back_from_both_databases(sessions) -> None:
    given = [Fraction(0), Fraction(1, 3), Fraction(7, 10), Fraction(1), None]
    with sessions() as session:
        for number, progress in enumerate(given):
            row = SnapshotRow(on=date(2026, 3, 2), subject="key_result", subject_id=str(number), progress=progress)
            row.health = "unknown"
            session.add(row)
    with sessions() as session:
        found = list(session.scalars(select(SnapshotRow.progress).order_by(SnapshotRow.subject_id)))
    assert found == [as_stored(one)[1] for one in given]
    assert found[4] is None and found[0] == 0


def test_times_come_back_aware_in_utc_to_the_microsecond(metric, sessions) -> None:
    seoul = timezone(timedelta(hours=9))
    given = [
        datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 3, 2, 1, 0, tzinfo=seoul),  # the day before, in UTC
        datetime(1, 1, 2, tzinfo=UTC),
        datetime(9999, 12, 30, tzinfo=UTC),
    ]
    with sessions() as session:
        session.add_all(MeasurementRow(metric_id="m", at=at, value=Decimal(1)) for at in given)
    with sessions() as session:
        found = list(session.scalars(select(MeasurementRow.at).order_by(MeasurementRow.id)))
        asked = select(func.count()).where(MeasurementRow.at == datetime(2026, 3, 1, 16, 0, tzinfo=UTC))
        assert session.scalar(asked) == 1
    assert found == given and all(at.tzinfo is UTC for at in found)


def test_a_naive_time_is_a_bug_and_not_stored(metric, sessions) -> None:
    with pytest.raises(Exception, match="naive time"), sessions() as session:
        session.add(MeasurementRow(metric_id="m", at=datetime(2026, 3, 2), value=Decimal(1)))


@given(some.decimals(min_value=-LIMIT, max_value=LIMIT, places=6))
def test_any_value_with_six_places_survives(value: Decimal) -> None:
    kind = Exact()
    assert kind.process_result_value(kind.process_bind_param(value, None), None) == value  # type: ignore[arg-type]


@trying(suppress_health_check=[HealthCheck.too_slow])
@given(some.decimals(allow_nan=True, allow_infinity=True))
def test_any_decimal_is_either_kept_exactly_or_refused(value: Decimal) -> None:
    kind = Exact()
    try:
        stored = kind.process_bind_param(value, None)  # type: ignore[arg-type]
    except Invalid:
        return
    assert stored is not None and Fraction(stored, 10**6) == Fraction(value)
