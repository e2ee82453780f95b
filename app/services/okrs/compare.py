"""What the store says beside what the file says: the plan of an apply, and the rows to carry it out on."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.columns import COLUMNS
from app.db.models import CycleRow, KeyResultRow, ObjectiveRow, OrganisationRow
from app.db.models.definitions import Definition
from app.domain.model import CycleState, Text
from app.okrs_file.values import Definitions
from app.services.okrs import values
from app.services.okrs.differences import Columns, differences, is_promise, title
from app.services.okrs.plan import Action, Entry, Plan
from app.services.okrs.values import Values
from app.settings import Settings

KINDS = {
    "teams": "team",
    "people": "person",
    "cycles": "cycle",
    "metrics": "metric",
    "objectives": "objective",
    "key_results": "key_result",
    "kpis": "kpi",
    "evidence": "evidence",
    "pages": "page",
}
"""One of each section."""

ORGANISATION = "organisation"
GROUPS = {"key_results": "objective_id", "evidence": "key_result_id"}
"""Sections whose order counts within what their items belong to."""
UNORDERED = "metrics"


@dataclass(frozen=True)
class Side:
    """One table beside its section of the file; `wanted` are columns by id, in the order of the file."""

    section: str
    table: type[Definition]
    rows: Mapping[str, Definition]
    wanted: Mapping[str, Columns]

    def differing(self, key: str) -> dict[str, Any]:
        """The columns that are to change."""
        return {name: value for name, value in self.wanted[key].items() if getattr(self.rows[key], name) != value}

    def to_archive(self) -> list[Definition]:
        return [row for key, row in self.rows.items() if key not in self.wanted and row.archived_at is None]


@dataclass(frozen=True)
class Compared:
    """The plan, and what it takes to carry it out."""

    plan: Plan
    sides: tuple[Side, ...]
    organisation: OrganisationRow | None
    values: Values


def compare(session: Session, definitions: Definitions, settings: Settings, reason: str) -> Compared:
    """Reads, and changes nothing. Raises Invalid for a check-in in a closed cycle."""
    sides = tuple(_side(session, section, definitions, settings) for section in COLUMNS)
    organisation = session.get(OrganisationRow, 1)
    running = set() if reason else _running(session)
    found = [one for side in sides for one in _entries(side, running)]
    entries = [*_of_organisation(organisation, definitions.organisation), *_in_file_order(definitions, found)]
    new = values.new(session, definitions)
    plan = Plan(
        entries=_with_twins(entries),
        moved=sum(_moved(side) for side in sides if side.section != UNORDERED),
        values=len(new),
        in_force=sum(row.archived_at is None for side in sides for row in side.rows.values()),
    )
    return Compared(plan, sides, organisation, new)


def _side(session: Session, section: str, definitions: Definitions, settings: Settings) -> Side:
    table, columns = COLUMNS[section]
    wanted: dict[str, Columns] = {item.id: columns(item) for item in getattr(definitions, section)}
    if section == "pages":
        wanted = {key: _with_defaults(settings, given) for key, given in wanted.items()}
    return Side(section, table, {row.id: row for row in session.scalars(select(table))}, wanted)


def _with_defaults(settings: Settings, columns: Columns) -> Columns:
    return {
        **columns,
        "schedule": columns["schedule"] or settings.page_schedule,
        "time_zone": columns["time_zone"] or settings.time_zone,
        "languages": columns["languages"] or list(settings.languages),
    }


def _running(session: Session) -> set[str]:
    """The key results whose promises bind: their cycle is open as the store has it, whatever the file makes of it."""
    states = CycleState.OPEN, CycleState.LOCKED
    question = (
        select(KeyResultRow.id)
        .join(ObjectiveRow, ObjectiveRow.id == KeyResultRow.objective_id)
        .join(CycleRow, CycleRow.id == ObjectiveRow.cycle_id)
        .where(CycleRow.state.in_(states))
    )
    return set(session.scalars(question))


def _entries(side: Side, running: Collection[str]) -> Iterator[Entry]:
    kind = KINDS[side.section]
    for key, columns in side.wanted.items():
        row = side.rows.get(key)
        if row is None:
            yield Entry(Action.CREATED, kind, key, title(columns))
        elif row.archived_at is not None or side.differing(key):
            yield _changed(side, key, key in running)
    for row in side.to_archive():
        yield Entry(Action.ARCHIVED, kind, row.id, title(_columns(row)))


def _changed(side: Side, key: str, bound: bool) -> Entry:
    row, after = side.rows[key], side.wanted[key]
    before = {name: getattr(row, name) for name in after}
    found = differences(before, after)
    broken = bound and side.section == "key_results" and any(is_promise(one.field, before, after) for one in found)
    action = Action.CHANGED if row.archived_at is None else Action.RETURNED
    return Entry(action, KINDS[side.section], key, title(after), found, needs_reason=broken)


def _columns(row: Definition) -> Columns:
    return {name: getattr(row, name) for name in vars(type(row)) if not name.startswith("_")}


def _of_organisation(row: OrganisationRow | None, name: Text) -> Iterator[Entry]:
    after = {"name_ko": name.ko, "name_en": name.en}
    if row is None:
        yield Entry(Action.CREATED, ORGANISATION, "", title(after))
    elif found := differences({"name_ko": row.name_ko, "name_en": row.name_en}, after):
        yield Entry(Action.CHANGED, ORGANISATION, "", title(after), found)


def _in_file_order(definitions: Definitions, entries: Iterable[Entry]) -> list[Entry]:
    """A metric of the same id as what it measures stands with it; what the file does not have comes last."""
    places = {place: number for number, place in enumerate(_places(definitions))}
    return sorted(entries, key=lambda entry: places.get((entry.kind, entry.id), len(places)))


def _places(definitions: Definitions) -> Iterator[tuple[str, str]]:
    for section in ("teams", "people", "cycles"):
        yield from ((KINDS[section], item.id) for item in getattr(definitions, section))
    users = {one.id for one in definitions.key_results} | {one.id for one in definitions.kpis}
    yield from (("metric", metric.id) for metric in definitions.metrics if metric.id not in users)
    below: dict[str, list[str]] = defaultdict(list)
    for key_result in definitions.key_results:
        below[key_result.objective_id].append(key_result.id)
    for evidence in definitions.evidence:
        below[evidence.key_result_id].append(evidence.id)
    for objective in definitions.objectives:
        yield "objective", objective.id
        for key in below[objective.id]:
            yield "key_result", key
            yield "metric", key
            yield from (("evidence", one) for one in below[key])
    for kpi in definitions.kpis:
        yield "kpi", kpi.id
        yield "metric", kpi.id
    yield from (("page", page.id) for page in definitions.pages)


def _with_twins(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Evidence has no title; a metric written where it is used follows its key result, where this is told."""
    entries = list(entries)
    gone = {
        (one.kind, one.title): one.id for one in entries if one.action is Action.ARCHIVED and one.kind != "evidence"
    }
    found = [gone.get((one.kind, one.title), "") if one.action is Action.CREATED else "" for one in entries]
    told = {(one.id, twin) for one, twin in zip(entries, found, strict=True) if one.kind in ("key_result", "kpi")}
    return tuple(
        replace(one, twin="" if one.kind == "metric" and (one.id, twin) in told else twin)
        for one, twin in zip(entries, found, strict=True)
    )


def _moved(side: Side) -> int:
    """How many must be taken out and put elsewhere to come from one order to the other; new ones do not count."""
    column = GROUPS.get(side.section)
    groups: dict[object, list[tuple[int, str]]] = {}
    for key, columns in side.wanted.items():
        row = side.rows.get(key)
        if row is not None and row.archived_at is None:
            group = columns[column] if column else None
            if column is None or getattr(row, column) == group:
                groups.setdefault(group, []).append((row.position, key))
    return sum(len(group) - _longest_in_order(group) for group in groups.values())


def _longest_in_order(places: Iterable[tuple[int, str]]) -> int:
    ends: list[tuple[int, str]] = []
    for place in places:
        at = bisect_left(ends, place)
        ends[at : at + 1] = [place]
    return len(ends)
