"""The items of a file as domain values, with every reference, mode, source and time checked."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from app.domain.model import (
    CheckIn,
    Cycle,
    Evidence,
    EvidenceKind,
    KeyResult,
    Measurement,
    Metric,
    Person,
    Readers,
    Team,
)
from app.okrs_file import schema
from app.okrs_file.document import Block
from app.okrs_file.known import Known
from app.okrs_file.parts import text_of
from app.okrs_file.problems import Problems

Node = TypeVar("Node")


# By the name of a source: what raises Invalid for parameters that it does not take.
Sources = Mapping[str, Callable[[Mapping[str, Any]], object]]


@dataclass(frozen=True)
class Reading:
    """What the functions here share while one file is read. `zone` is meant where a time names none."""

    file: schema.File
    known: Known
    problems: Problems
    sources: Sources
    zone: ZoneInfo


def teams(reading: Reading) -> tuple[Team, ...]:
    """Parents before children."""
    items = present(reading.file.teams)
    for item in items:
        reading.known.refer(item.place, "parent", item.parent, "teams")
    made = [Team(item.id, text_of(item.name), item.parent, _readers(reading, item)) for item in items]
    places = {item.id: item.place for item in items}
    return ordered(made, lambda team: team.id, lambda team: team.parent_id, places, reading.problems)


def _readers(reading: Reading, item: schema.TeamItem) -> Readers | None:
    place = item.place.get("readers")
    if item.readers is None or not isinstance(place, Block):
        return None
    for one in item.readers.people:
        reading.known.refer(place, "people", one, "people")
    return Readers(tuple(item.readers.people), tuple(item.readers.groups))


def people(reading: Reading) -> tuple[Person, ...]:
    items = present(reading.file.people)
    for item in items:
        reading.known.refer(item.place, "team", item.team, "teams")
    return tuple(Person(item.id, text_of(item.name), item.email, item.team, item.account_id) for item in items)


def cycles(reading: Reading) -> tuple[Cycle, ...]:
    made = []
    for item in present(reading.file.cycles):
        if item.ends_on <= item.starts_on:
            reading.problems.add(
                item.place.line_of("ends_on"),
                item.place.path("ends_on"),
                f"the cycle ends on {item.ends_on}, not after its start on {item.starts_on}; mend one of them.",
            )
        made.append(Cycle(item.id, item.name or item.id, item.starts_on, item.ends_on, item.state))
    return tuple(made)


def evidence_id(key_result_id: str, kind: EvidenceKind, value: str) -> str:
    """The id of evidence that is given none: made from what it links to, so the same links have the same id."""
    return f"{key_result_id}-{kind}-{hashlib.sha256(value.encode()).hexdigest()[:8]}"


def evidence(reading: Reading) -> tuple[Evidence, ...]:
    """In the order of the file."""
    made: dict[str, Evidence] = {}
    for _, key_result in pairs(reading.file):
        for item in present(key_result.evidence):
            name = item.id or evidence_id(key_result.id, item.kind, item.value)
            if name in made:
                reading.problems.add(
                    item.place.line,
                    item.place.where,
                    f'the same evidence stands in "{made[name].key_result_id}" twice'
                    " or its id is taken; delete one, or give it another id.",
                )
            made[name] = Evidence(name, key_result.id, item.kind, item.value, item.mode, item.link_type, item.direction)
    return tuple(made.values())


def measurements(reading: Reading) -> tuple[Measurement, ...]:
    made = []
    for item in present(reading.file.measurements):
        reading.known.refer(item.place, "metric", item.metric, "metrics")
        reading.known.refer(item.place, "by", item.by, "people")
        made.append(Measurement(0, item.metric, _utc(reading, item.at), item.value, item.by or ""))
    return tuple(made)


def check_ins(
    reading: Reading, known_key_results: Iterable[KeyResult], known_metrics: Mapping[str, Metric]
) -> tuple[CheckIn, ...]:
    made = []
    by_id = {key_result.id: key_result for key_result in known_key_results}
    for item in present(reading.file.check_ins):
        place = item.place
        reading.known.refer(place, "key_result", item.key_result, "key_results")
        reading.known.refer(place, "by", item.by, "people")
        key_result = by_id.get(item.key_result)
        metric = known_metrics.get(key_result.metric_id) if key_result else None
        if item.value is not None and metric and metric.source != "manual":
            reading.problems.add(
                place.line_of("value"),
                place.path("value"),
                f"its metric is measured by {metric.source}, not by hand; delete the value.",
            )
        by = item.by or (key_result.owner_id if key_result else "")
        at = _utc(reading, item.at)
        made.append(CheckIn(0, item.key_result, at, by, item.confidence, item.note, item.blockers, item.value))
    return tuple(made)


def cycle_of(reading: Reading, place: Block, given: str | None) -> str:
    """The cycle that is given, or the only one there is."""
    if given is not None:
        reading.known.refer(place, "cycle", given, "cycles")
        return given
    names = list(reading.known.ids["cycles"])
    if len(names) == 1:
        return names[0]
    several = f"the file has several cycles ({', '.join(names)}); say which one it is"
    said = several if names else "the file has no cycle; add one to cycles, with starts_on and ends_on"
    reading.problems.add(place.line, place.path("cycle"), f"{said}.")
    return ""


def present(items: Iterable[Node | None]) -> list[Node]:
    """The items that could be read; broken ones are None and were reported."""
    return [item for item in items if item is not None]


def ordered(
    nodes: list[Node],
    name: Callable[[Node], str],
    parent: Callable[[Node], str | None],
    places: Mapping[str, Block],
    problems: Problems,
) -> tuple[Node, ...]:
    """Parents before children, otherwise as given; a loop is reported with its path."""
    by_name = {name(node): node for node in nodes}
    done: dict[str, Node] = {}
    for node in nodes:
        path: list[str] = []
        current: str | None = name(node)
        while current is not None and current in by_name and current not in done:
            if current in path:
                loop = " → ".join([*path[path.index(current) :], current])
                place = places[current]
                problems.add(
                    place.line_of("parent"), place.path("parent"), f"this runs in a circle: {loop}; cut it somewhere."
                )
                break
            path.append(current)
            current = parent(by_name[current])
        done.update({step: by_name[step] for step in reversed(path)})
    return tuple(done.values())


def pairs(file: schema.File) -> list[tuple[schema.ObjectiveItem, schema.KeyResultItem]]:
    return [(objective, item) for objective in present(file.objectives) for item in present(objective.key_results)]


def _utc(reading: Reading, at: datetime) -> datetime:
    return (at if at.tzinfo else at.replace(tzinfo=reading.zone)).astimezone(UTC)
