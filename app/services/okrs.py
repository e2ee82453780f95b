"""Applying definitions: what is new is created, what differs is changed, what is missing is archived, in one go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import schedule
from app.db.columns import COLUMNS
from app.db.models import (
    ChangeRow,
    CheckInRow,
    CycleRow,
    EvidenceRow,
    KeyResultRow,
    MeasurementRow,
    ObjectiveRow,
    PageRow,
)
from app.db.models.definitions import Definition
from app.domain.model import CycleState, Measurement
from app.errors import Invalid
from app.okrs_file.read import read as read_file
from app.okrs_file.values import Definitions
from app.services import checkins, pages, sync
from app.services.sources import SOURCES
from app.world import World


@dataclass
class Applied:
    """What an apply did, as `kind id` in the order of the file; `moved` stand in another order now. Nothing in it: the
    store already said the same."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    archived: list[str] = field(default_factory=list)
    moved: int = 0
    values: int = 0

    def __bool__(self) -> bool:
        return bool(self.created or self.changed or self.archived or self.moved or self.values)


def read(world: World, path: Path) -> Definitions:
    """The definitions in a file, sources' parameters checked too. Invalid: every problem with its line and cure."""
    return read_file(path, world.settings.time_zone, {name: source.parse for name, source in SOURCES.items()})


def apply(world: World, definitions: Definitions, *, by: str = "apply", reason: str = "") -> Applied:
    """Make the store say what the file says. Identity is `id`, so renaming is a change; nothing is deleted.

    Raises Invalid, and changes nothing, when a target or baseline of an open cycle changes without a reason.
    """
    applied = Applied()
    with world.session() as session:
        for kind, (table, columns) in COLUMNS.items():
            wanted = {item.id: columns(item) for item in getattr(definitions, kind)}
            if table is PageRow:
                wanted = {key: _with_defaults(world, values) for key, values in wanted.items()}
            _Table(session, kind, table, world.now(), applied, by, reason).match(wanted)
            session.flush()
        applied.values = _starting_values(session, definitions)
        if applied:
            world.queue.enqueue(session, sync.POLL)
            pages.ring(world, session)
    return applied


def _with_defaults(world: World, columns: Mapping[str, Any]) -> dict[str, Any]:
    settings = world.settings
    return {
        **columns,
        "schedule": columns["schedule"] or settings.page_schedule,
        "time_zone": columns["time_zone"] or settings.time_zone,
        "languages": columns["languages"] or list(settings.languages),
    }


@dataclass
class _Table:
    """One table being brought to what the file says."""

    session: Session
    kind: str
    table: type[Definition]
    now: datetime
    applied: Applied
    by: str
    reason: str

    def match(self, wanted: Mapping[str, Mapping[str, Any]]) -> None:
        present = {row.id: row for row in self.session.scalars(select(self.table))}
        placed = {key: {**columns, "position": position} for position, (key, columns) in enumerate(wanted.items())}
        for key, columns in placed.items():
            if key not in present:
                self.session.add(self.table(**{**columns, "id": key}))
                self.applied.created.append(f"{self.kind} {key}")
        self.session.flush()  # what is there already may refer to what is new: a team put above it, say
        for key, columns in placed.items():
            if key in present:
                self._update(present[key], columns)
        for key, row in present.items():
            if key not in wanted and row.archived_at is None:
                row.archived_at = self.now
                self.applied.archived.append(f"{self.kind} {key}")

    def _update(self, row: Definition, columns: Mapping[str, Any]) -> None:
        differing = {name: value for name, value in columns.items() if getattr(row, name) != value}
        if not differing and row.archived_at is None:
            return
        if isinstance(row, KeyResultRow):
            self._note_target(row, differing)
        if isinstance(row, EvidenceRow) and (row.archived_at or differing.keys() - {"position", "mode"}):
            differing |= {"filled_at": None, "anchor_id": None, "error": ""}
        if isinstance(row, PageRow) and differing.keys() & {"schedule", "time_zone"}:
            differing["next_due_at"] = schedule.next_due(columns["schedule"], columns["time_zone"], self.now)
        if differing.keys() - {"position"} or row.archived_at:
            self.applied.changed.append(f"{self.kind} {row.id}")
        else:
            self.applied.moved += 1
        for name, value in differing.items():
            setattr(row, name, value)
        row.archived_at = None

    def _note_target(self, row: KeyResultRow, differing: Mapping[str, Any]) -> None:
        """Targets and baselines are promises: a change in an open cycle needs a reason, and pages show it."""
        if not differing.keys() & {"params", "mode", "metric_id"}:
            return
        before = {"metric": row.metric_id, "mode": row.mode, **row.params}
        after = {"metric": differing.get("metric_id", row.metric_id), "mode": differing.get("mode", row.mode)}
        after |= differing.get("params", row.params)
        if not self.reason and self._is_running(row):
            raise Invalid(
                f"key_results {row.id}: its target or baseline changes in an open cycle ({_words(before)} → "
                f"{_words(after)}). Say why, with --reason; the pages show it. Nothing was changed."
            )
        for name in sorted(before.keys() | after.keys()):
            if before.get(name) != after.get(name):
                self._note(row, name, before.get(name), after.get(name))

    def _note(self, row: Definition, name: str, before: object, after: object) -> None:
        self.session.add(
            ChangeRow(
                at=self.now,
                by=self.by,
                subject="key_result",
                subject_id=row.id,
                field=name,
                before=None if before is None else str(before),
                after=None if after is None else str(after),
                reason=self.reason,
            )
        )

    def _is_running(self, row: KeyResultRow) -> bool:
        objective = self.session.get_one(ObjectiveRow, row.objective_id)
        return self.session.get_one(CycleRow, objective.cycle_id).state in (CycleState.OPEN, CycleState.LOCKED)


def _words(params: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in params.items())


def _starting_values(session: Session, definitions: Definitions) -> int:
    """Values that the file gives for an empty store; one that is there at that time already is left alone."""
    new = 0
    for measurement in definitions.measurements:
        if not _measured_at(session, measurement):
            session.add(_measurement_row(measurement))
            new += 1
    for check_in in definitions.check_ins:
        known = select(CheckInRow.id).where(
            CheckInRow.key_result_id == check_in.key_result_id, CheckInRow.at == check_in.at
        )
        if session.scalar(known) is None:
            checkins.record(session, check_in)
            new += 1
    return new


def _measured_at(session: Session, measurement: Measurement) -> bool:
    known = select(MeasurementRow.id).where(
        MeasurementRow.metric_id == measurement.metric_id, MeasurementRow.at == measurement.at
    )
    return session.scalar(known) is not None


def _measurement_row(measurement: Measurement) -> MeasurementRow:
    return MeasurementRow(
        metric_id=measurement.metric_id, at=measurement.at, value=measurement.value, by=measurement.by
    )
