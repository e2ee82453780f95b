"""Check-ins: an owner's regular statement, and the value it may carry."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.db import private
from app.db.models import CheckInRow, CycleRow, KeyResultRow, MeasurementRow, MetricRow, ObjectiveRow, PersonRow
from app.domain.model import CheckIn, CycleState
from app.errors import Invalid, Missing, Unfitting
from app.services import listing, measurements, pages, scores
from app.services.listing import Part
from app.world import World

MOST_WORDS = 10_000
_NOT_STORABLE = re.compile(r"[\x00\ud800-\udfff]")


def check_in(
    world: World,
    key_result_id: str,
    value: Decimal | str = "",
    *,
    confidence: int | None = None,
    note: str = "",
    blockers: str = "",
    by: str = "",
) -> CheckIn:
    """Record a check-in now, as it is returned; pages follow. By the key result's owner, unless a person is named.

    Missing: no such key result. Invalid: nothing said, a bad value, nobody of that name. Unfitting: its cycle is
    closed, or its value does not come from people."""
    if value == "" and not (note or blockers) and confidence is None:
        raise Invalid("This check-in says nothing; give a value, a confidence, a note or blockers.")
    number = None if value == "" else _number(value)
    with world.session() as session:
        key_result = _key_result(session, key_result_id)
        who = _person(session, by) if by else key_result.owner_id
        told = CheckIn(0, key_result_id, world.now(), who, confidence, words(note), words(blockers), number)
        row = record(session, told)
        pages.ring(world, session)
    scores.record(world)
    with world.session() as session:  # once more: should a page have been published meanwhile, it lacks the history
        pages.ring(world, session)
    return _check_in(row, number)


def of_key_result(world: World, key: str, cursor: int, limit: int) -> Part[CheckIn]:
    """What was said of a key result, the last first; the cursor is the last id of the part before, or 0. Missing: there
    is no such key result, or it is a private team's."""
    question = _with_values().where(CheckInRow.key_result_id == key).order_by(CheckInRow.id.desc()).limit(limit + 1)
    if cursor:
        question = question.where(CheckInRow.id < cursor)
    with world.reading() as session:
        may_see = _open(session, key).metric_id not in measurements.confidential(session)
        found = [_check_in(row, value if may_see else None) for row, value in session.execute(question)]
    return listing.of_rows(found, limit, lambda one: one.id)


def one(world: World, check_in_id: int) -> CheckIn:
    """Without its value, where that is of a confidential KPI. Missing: there is no such check-in, or its key result was
    archived or is a private team's."""
    with world.reading() as session:
        found = session.execute(_with_values().where(CheckInRow.id == check_in_id)).one_or_none()
        if found is None:
            raise Missing(f"There is no check-in {check_in_id}.")
        row, value = found
        may_see = _open(session, row.key_result_id).metric_id not in measurements.confidential(session)
    return _check_in(row, value if may_see else None)


def _with_values() -> Select[CheckInRow, Decimal | None]:
    value: Any = MeasurementRow.value  # no value, no measurement
    return select(CheckInRow, value).outerjoin(MeasurementRow, MeasurementRow.id == CheckInRow.measurement_id)


def _check_in(row: CheckInRow, value: Decimal | None) -> CheckIn:
    return CheckIn(row.id, row.key_result_id, row.at, row.by, row.confidence, row.note, row.blockers, value)


def _key_result(session: Session, key: str) -> KeyResultRow:
    row = session.get(KeyResultRow, key)
    if row is None or row.archived_at is not None:
        raise Missing(f"There is no key result {key!r}.")
    return row


def _open(session: Session, key: str) -> KeyResultRow:
    """One that everybody may read of."""
    row = _key_result(session, key)
    if key in private.key_results(session):
        raise Missing(f"There is no key result {key!r}.")
    return row


def _person(session: Session, key: str) -> str:
    row = session.get(PersonRow, key)
    if row is None or row.archived_at is not None:
        raise Invalid(f"There is no person {key!r}; give an id of okrs.yaml, or none for the key result's owner.")
    return row.id


def record(session: Session, check_in: CheckIn, *, past: bool = False) -> CheckInRow:
    """A check-in and, if it carries a value, the measurement of the key result's metric. Invalid: unknown key result.
    Unfitting: a closed cycle (not for what is `past` and taken over), or a value for a metric that is not measured by
    hand."""
    key_result = session.get(KeyResultRow, check_in.key_result_id)
    if key_result is None or key_result.archived_at is not None:
        raise Invalid(f"There is no key result {check_in.key_result_id}.")
    objective = session.get_one(ObjectiveRow, key_result.objective_id)
    if not past and session.get_one(CycleRow, objective.cycle_id).state == CycleState.CLOSED:
        raise Unfitting(f"{key_result.id}: its cycle {objective.cycle_id} is closed, and its grades are final.")
    measured = None
    if check_in.value is not None:
        metric = session.get_one(MetricRow, key_result.metric_id)
        if metric.source != "manual":
            raise Unfitting(f"{key_result.id}: its value comes from {metric.source}; check in without a value.")
        measured = MeasurementRow(metric_id=metric.id, at=check_in.at, value=check_in.value, by=check_in.by)
        session.add(measured)
        session.flush()
    row = CheckInRow(
        key_result_id=key_result.id,
        at=check_in.at,
        by=check_in.by,
        confidence=check_in.confidence,
        note=check_in.note,
        blockers=check_in.blockers,
        measurement_id=measured.id if measured else None,
    )
    session.add(row)
    session.flush()
    return row


def _number(given: Decimal | str) -> Decimal:
    try:
        value = Decimal(given)
    except InvalidOperation:
        raise Invalid(f"{given!r} is not a number; write it like 2.5, without unit or separators.") from None
    if not value.is_finite():
        raise Invalid(f"{str(given)!r} is not a number; write it like 2.5.")
    return value if value else Decimal(0)  # no minus before it


def words(text: str) -> str:
    """What no database takes (NUL, half a character) becomes the sign for an unknown character."""
    if len(text) > MOST_WORDS:
        raise Invalid(f"A note has at most {MOST_WORDS} characters, and so have blockers; this one has {len(text)}.")
    return _NOT_STORABLE.sub("\ufffd", text)
