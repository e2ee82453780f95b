"""Check-ins: an owner's regular statement, and the value it may carry."""

from decimal import Decimal, InvalidOperation

from app.db.models import KeyResultRow
from app.domain.model import CheckIn
from app.errors import Invalid, Missing
from app.services import okrs, pages, scores
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
        okrs.record_check_in(session, entry)
        pages.ring(world, session)
    scores.record(world)
    with world.session() as session:
        pages.ring(world, session)


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise Invalid(f"{text!r} is not a number; write it like 2.5, without unit or separators.") from None
    if not value.is_finite():
        raise Invalid(f"{text!r} is not a number; write it like 2.5.")
    return value
