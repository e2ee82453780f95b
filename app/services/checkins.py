"""Check-ins: an owner's regular statement, and the value it may carry."""

from decimal import Decimal, InvalidOperation

from sqlalchemy.orm import Session

from app.db.models import CheckInRow, CycleRow, KeyResultRow, MeasurementRow, MetricRow, ObjectiveRow
from app.domain.model import CheckIn, CycleState
from app.errors import Invalid, Missing
from app.services import pages, scores
from app.world import World


def check_in(
    world: World,
    key_result_id: str,
    value: str = "",
    *,
    confidence: int | None = None,
    note: str = "",
    blockers: str = "",
    by: str = "",
) -> None:
    """Record a check-in now; pages follow. Missing: no such key result. Invalid: nothing said, or a bad value."""
    if not (value or note or blockers) and confidence is None:
        raise Invalid("This check-in says nothing; give a value, a confidence, a note or blockers.")
    number = _number(value) if value else None
    with world.session() as session:
        key_result = session.get(KeyResultRow, key_result_id)
        if key_result is None:
            raise Missing(f"There is no key result {key_result_id!r}.")
        who = by or key_result.owner_id
        entry = CheckIn(0, key_result_id, world.now(), who, confidence, note, blockers, number)
        record(session, entry)
        pages.ring(world, session)
    scores.record(world)
    with world.session() as session:  # once more: should a page have been published meanwhile, it lacks the history
        pages.ring(world, session)


def record(session: Session, check_in: CheckIn) -> None:
    """A check-in and, if it carries a value, the measurement of the key result's metric. Invalid: unknown key result,
    or a value for a metric that is not measured by hand."""
    key_result = session.get(KeyResultRow, check_in.key_result_id)
    if key_result is None or key_result.archived_at is not None:
        raise Invalid(f"There is no key result {check_in.key_result_id}.")
    objective = session.get_one(ObjectiveRow, key_result.objective_id)
    if session.get_one(CycleRow, objective.cycle_id).state == CycleState.CLOSED:
        raise Invalid(f"{key_result.id}: its cycle {objective.cycle_id} is closed, and its grades are final.")
    measured = None
    if check_in.value is not None:
        metric = session.get_one(MetricRow, key_result.metric_id)
        if metric.source != "manual":
            raise Invalid(f"{key_result.id}: its value comes from {metric.source}; check in without a value.")
        measured = MeasurementRow(metric_id=metric.id, at=check_in.at, value=check_in.value, by=check_in.by)
        session.add(measured)
        session.flush()
    session.add(
        CheckInRow(
            key_result_id=key_result.id,
            at=check_in.at,
            by=check_in.by,
            confidence=check_in.confidence,
            note=check_in.note,
            blockers=check_in.blockers,
            measurement_id=measured.id if measured else None,
        )
    )


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Invalid(f"{text!r} is not a number; write it like 2.5, without unit or separators.") from None
    if not value.is_finite():
        raise Invalid(f"{text!r} is not a number; write it like 2.5.")
    return value
