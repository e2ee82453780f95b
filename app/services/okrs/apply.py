"""Applying definitions: what is new is created, what differs is changed, what is missing is archived, in one go."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app import schedule
from app.db.definitions import one_at_a_time
from app.db.models import ChangeRow, EvidenceRow, OrganisationRow, PageRow
from app.db.models.definitions import Definition
from app.domain.model import Text
from app.errors import Invalid
from app.okrs_file.read import read as read_file
from app.okrs_file.values import Definitions
from app.services import pages, sync
from app.services.okrs import values
from app.services.okrs.compare import ORGANISATION, Side, compare
from app.services.okrs.plan import Action, Difference, Entry, Plan
from app.services.sources import SOURCES
from app.world import World

ARCHIVED = "archived"


def read(world: World, path: Path) -> Definitions:
    """The definitions in a file, sources' parameters checked too. Invalid: every problem with its line and cure."""
    return read_file(path, world.settings.time_zone, {name: source.parse for name, source in SOURCES.items()})


def plan(world: World, definitions: Definitions, *, reason: str = "") -> Plan:
    """What an apply would do now; nothing is changed. Invalid: a new check-in in a cycle that is closed."""
    with world.reading() as session:
        return compare(session, definitions, world.settings, reason).plan


def apply(
    world: World, definitions: Definitions, *, by: str = "apply", reason: str = "", expected: Plan | None = None
) -> Plan:
    """Make the store say what the file says, and return what that took. Identity is `id`, so renaming is a change;
    nothing is deleted. Every changed field goes into the history, with `by` and `reason`.

    Raises Invalid, and changes nothing, when a target or baseline of an open cycle changes without a reason, or when
    the plan is not the `expected` one (any, if None) any more.
    """
    with world.session() as session:
        one_at_a_time(session)
        compared = compare(session, definitions, world.settings, reason)
        found = compared.plan
        if expected is not None and found != expected:
            raise Invalid(_changed_meanwhile(found, expected))
        refuse_unexplained(found)
        if found:
            for side in compared.sides:
                _Table(session, side, world.now()).match()
            _name(session, compared.organisation, definitions.organisation)
            session.add_all(_history(found, world.now(), by, reason))
            values.enter(session, compared.values)
            world.queue.enqueue(session, sync.POLL)
            pages.ring(world, session)
    return found


def refuse_unexplained(found: Plan) -> None:
    """Targets and baselines are promises: Invalid, if any changes in an open cycle without a reason."""
    if found.unexplained:
        told = "; ".join(f"{one.name}: {one.what_differs}" for one in found.unexplained)
        raise Invalid(
            f"Targets or baselines change in an open cycle ({told}). Say why, with --reason; the pages show it. "
            "Nothing was changed."
        )


def _changed_meanwhile(found: Plan, expected: Plan) -> str:
    new = ", ".join(f"{one.name} {one.action}" for one in found.news(expected)) or "nothing"
    gone = ", ".join(f"{one.name} {one.action}" for one in expected.news(found)) or "nothing"
    return (
        "Somebody else changed the definitions meanwhile, so the plan is another one now. "
        f"In it now: {new}. No longer in it: {gone}. Nothing was changed; run the command again."
    )


@dataclass
class _Table:
    """One table being brought to what the file says."""

    session: Session
    side: Side
    now: datetime

    def match(self) -> None:
        side = self.side
        there = {key for key in side.wanted if key in side.rows}
        for position, (key, columns) in enumerate(side.wanted.items()):
            if key not in there:
                self.session.add(side.table(**{**columns, "id": key, "position": position}))
        self.session.flush()  # what is there already may refer to what is new: a team put above it, say
        for position, key in enumerate(side.wanted):
            if key in there:
                self._update(side.rows[key], {**side.differing(key), "position": position})
        for row in side.to_archive():
            row.archived_at = self.now
        self.session.flush()

    def _update(self, row: Definition, changes: dict[str, Any]) -> None:
        if isinstance(row, EvidenceRow) and (row.archived_at or changes.keys() - {"position", "mode"}):
            changes |= {"filled_at": None, "anchor_id": None, "error": ""}
        if isinstance(row, PageRow) and changes.keys() & {"schedule", "time_zone"}:
            schedule_, zone = (changes.get(name, getattr(row, name)) for name in ("schedule", "time_zone"))
            changes["next_due_at"] = schedule.next_due(schedule_, zone, self.now)
        for name, value in changes.items():
            setattr(row, name, value)
        row.archived_at = None


def _name(session: Session, row: OrganisationRow | None, name: Text) -> None:
    if row is None:
        session.add(OrganisationRow(id=1, name_ko=name.ko, name_en=name.en))
    else:
        row.name_ko, row.name_en = name.ko, name.en


def _history(found: Plan, now: datetime, by: str, reason: str) -> list[ChangeRow]:
    return [
        ChangeRow(
            at=now,
            by=by,
            subject=entry.kind,
            subject_id=entry.id or ORGANISATION,
            field=one.field,
            before=one.before,
            after=one.after,
            reason=reason,
        )
        for entry in found.entries
        for one in _changes(entry)
    ]


def _changes(entry: Entry) -> tuple[Difference, ...]:
    if entry.action is Action.ARCHIVED:
        return (Difference(ARCHIVED, None, ARCHIVED),)
    if entry.action is Action.RETURNED:
        return (Difference(ARCHIVED, ARCHIVED, None), *entry.differences)
    return entry.differences
