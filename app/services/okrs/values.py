"""Starting values: the measurements and check-ins of a file, each entered once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.db.models import CheckInRow, KeyResultRow, MeasurementRow
from app.domain.batches import batched
from app.domain.model import CheckIn, CycleState, Measurement
from app.errors import Invalid
from app.okrs_file.values import Definitions
from app.services import checkins

Value = TypeVar("Value", Measurement, CheckIn)
Place = tuple[str, datetime]
BATCH = 500


@dataclass(frozen=True)
class Values:
    """What is to be entered, in the order of the file."""

    measurements: tuple[Measurement, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()

    def __len__(self) -> int:
        return len(self.measurements) + len(self.check_ins)


def new(session: Session, definitions: Definitions) -> Values:
    """What is not there yet; what is there at that time already is left alone. Raises Invalid for a check-in on a key
    result of before in a cycle that is closed: its grades are final."""
    measured = _places(session, MeasurementRow.metric_id, MeasurementRow.at, definitions.measurements, _of_metric)
    said = _places(session, CheckInRow.key_result_id, CheckInRow.at, definitions.check_ins, _of_key_result)
    found = Values(
        tuple(_unknown(definitions.measurements, _of_metric, measured)),
        tuple(_unknown(definitions.check_ins, _of_key_result, said)),
    )
    _refuse_closed(session, definitions, found.check_ins)
    return found


def enter(session: Session, values: Values) -> None:
    """Into the tables, whose definitions are there by now."""
    session.add_all(
        MeasurementRow(metric_id=one.metric_id, at=one.at, value=one.value, by=one.by) for one in values.measurements
    )
    for check_in in values.check_ins:
        checkins.record(session, check_in, past=True)


def _of_metric(one: Measurement) -> Place:
    return one.metric_id, one.at


def _of_key_result(one: CheckIn) -> Place:
    return one.key_result_id, one.at


def _places(
    session: Session,
    name: InstrumentedAttribute[str],
    at: InstrumentedAttribute[datetime],
    values: Iterable[Value],
    place: Callable[[Value], Place],
) -> set[Place]:
    """Where values stand already, of the metrics or key results that the file has values for."""
    names = sorted({place(value)[0] for value in values})
    return {
        (key, time)
        for some in batched(names, BATCH)
        for key, time in session.execute(select(name, at).where(name.in_(some)))
    }


def _unknown(values: Iterable[Value], place: Callable[[Value], Place], known: set[Place]) -> Iterable[Value]:
    for value in values:
        if place(value) not in known:
            known.add(place(value))
            yield value


def _refuse_closed(session: Session, definitions: Definitions, check_ins: Iterable[CheckIn]) -> None:
    closed = {cycle.id for cycle in definitions.cycles if cycle.state is CycleState.CLOSED}
    cycle_of = {objective.id: objective.cycle_id for objective in definitions.objectives}
    cycles = {one.id: cycle_of[one.objective_id] for one in definitions.key_results}
    for key in dict.fromkeys(one.key_result_id for one in check_ins if cycles[one.key_result_id] in closed):
        if session.get(KeyResultRow, key) is not None:
            raise Invalid(f"check_ins: {key}: its cycle {cycles[key]} is closed, and its grades are final.")
