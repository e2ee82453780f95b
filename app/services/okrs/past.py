"""The measurements and check-ins of the store, as a file gives them: each once, corrections as they stand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import load
from app.db.models import CheckInRow, MeasurementRow
from app.domain.model import CheckIn, Measurement
from app.okrs_file.values import Definitions


@dataclass(frozen=True)
class Past:
    """Oldest first. `left_out` check-ins are by people whom the file does not know; their values are kept."""

    measurements: tuple[Measurement, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    left_out: int = 0


def values(session: Session, definitions: Definitions) -> Past:
    """What was measured and said about these definitions. A value stands in its check-in where reading the file would
    enter it just as it is; else it stands among the measurements."""
    people = {person.id for person in definitions.people}
    about = {key_result.id for key_result in definitions.key_results}
    measured = {one.id: one for found in load.measurements(session).values() for one in found}
    said = [row for row in session.scalars(select(CheckInRow).order_by(CheckInRow.id)) if row.key_result_id in about]
    inside = _inside(session, definitions, measured)
    kept = {(row.key_result_id, row.at): row for row in said if row.by in people}
    taken = {inside[row.id].id for row in kept.values() if row.id in inside}
    check_ins = [_check_in(row, inside.get(row.id)) for row in kept.values()]
    return Past(
        measurements=_measurements(definitions, [one for one in measured.values() if one.id not in taken], people),
        check_ins=tuple(sorted(check_ins, key=lambda one: (one.at, one.key_result_id))),
        left_out=sum(row.by not in people for row in said),
    )


def _inside(
    session: Session, definitions: Definitions, measured: Mapping[int, Measurement]
) -> Mapping[int, Measurement]:
    """By check-in, the measurement that it brings about when it is read again: by hand, of this metric, at its time."""
    by_hand = {metric.id for metric in definitions.metrics if metric.source == "manual"}
    metric_of = {one.id: one.metric_id for one in definitions.key_results if one.metric_id in by_hand}
    question = select(MeasurementRow.replaces, MeasurementRow.id).where(MeasurementRow.replaces.is_not(None))
    later: dict[int | None, int] = {old: new for old, new in session.execute(question) if old is not None}
    found = {}
    for row in session.scalars(select(CheckInRow).where(CheckInRow.measurement_id.is_not(None))):
        last = row.measurement_id
        while last in later:
            last = later[last]
        one = measured.get(last) if last is not None else None
        if one is not None and (one.metric_id, one.at) == (metric_of.get(row.key_result_id), row.at):
            found[row.id] = one
    return found


def _measurements(definitions: Definitions, found: list[Measurement], people: set[str]) -> tuple[Measurement, ...]:
    """The last one counts where several were measured at one time."""
    metrics = {metric.id for metric in definitions.metrics}
    last: dict[tuple[datetime, str], Measurement] = {
        (one.at, one.metric_id): Measurement(0, one.metric_id, one.at, one.value, one.by if one.by in people else "")
        for one in sorted(found, key=lambda one: one.id)
        if one.metric_id in metrics
    }
    return tuple(last[place] for place in sorted(last))


def _check_in(row: CheckInRow, measured: Measurement | None) -> CheckIn:
    value = measured.value if measured else None
    return CheckIn(0, row.key_result_id, row.at, row.by, row.confidence, row.note, row.blockers, value)
