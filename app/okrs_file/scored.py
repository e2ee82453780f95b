"""Metrics, objectives, key results and KPIs of a file as domain values, with every mode and source checked."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from app.domain.definitions import check_kpi, check_supports
from app.domain.kpi import terms
from app.domain.model import Corridor, Cycle, KeyResult, Kpi, Metric, Objective, Text
from app.domain.periods import Span
from app.domain.progress import MODES, Mode
from app.errors import Invalid
from app.okrs_file import schema
from app.okrs_file.document import Block
from app.okrs_file.measured import InlineMetric, Source
from app.okrs_file.parts import Item, text_of
from app.okrs_file.problems import nearest
from app.okrs_file.resolve import Reading, cycle_of, pairs, present


def metrics(reading: Reading) -> dict[str, Metric]:
    """All metrics by id: those of `metrics:` first, then those written inside key results and KPIs."""
    made: dict[str, Metric] = {}
    for item in present(reading.file.metrics):
        source, params = _source(reading, item.place, item.source)
        made.setdefault(item.id, Metric(item.id, text_of(item.name), item.unit, source, params))
    for user in _metric_users(reading.file):
        inline = user.metric
        if isinstance(inline, InlineMetric):
            place = user.place["metric"]
            source, params = _source(reading, place if isinstance(place, Block) else user.place, inline.source)
            name = text_of(inline.name if inline.name is not None else user.title)
            metric_id = inline.id or user.id
            made.setdefault(metric_id, Metric(metric_id, name, inline.unit, source, params))
    return made


def objectives(reading: Reading) -> tuple[Objective, ...]:
    made = []
    for position, item in enumerate(present(reading.file.objectives)):
        place, known = item.place, reading.known
        known.refer(place, "team", item.team, "teams")
        known.refer(place, "owner", item.owner, "people")
        supported = known.refer(place, "supports", item.supports, "objectives", "key_results")
        made.append(
            Objective(
                id=item.id,
                cycle_id=cycle_of(reading, place, item.cycle),
                team_id=item.team,
                title=text_of(item.title),
                owner_id=item.owner,
                kind=item.kind,
                rollup=item.rollup,
                supports=(supported.removesuffix("s"), item.supports) if supported and item.supports else None,
                position=position,
                own_page=item.page,
            )
        )
    _refuse_loops(reading, made)
    return tuple(made)


def _refuse_loops(reading: Reading, made: list[Objective]) -> None:
    inside = [
        KeyResult(item.id, objective.id, Text(), item.owner, "", "", {}) for objective, item in pairs(reading.file)
    ]
    there = {("objective", one.id) for one in made} | {("key_result", one.id) for one in inside}
    known = [one if one.supports in there else replace(one, supports=None) for one in made]
    try:
        check_supports(known, inside)
    except Invalid as error:
        path = error.message.partition(": ")[2].partition(";")[0].split(" → ")
        place = next(item.place for item in present(reading.file.objectives) if item.supports and item.id in path)
        reading.problems.add(place.line_of("supports"), place.path("supports"), error.message)


def key_results(
    reading: Reading, known_metrics: Mapping[str, Metric], known_cycles: Iterable[Cycle], above: Iterable[Objective]
) -> tuple[KeyResult, ...]:
    made = []
    windows = {cycle.id: Span(cycle.starts_on, cycle.ends_on) for cycle in known_cycles}
    window_of = {objective.id: windows.get(objective.cycle_id) for objective in above}
    positions: Counter[str] = Counter()
    for objective, item in pairs(reading.file):
        reading.known.refer(item.place, "owner", item.owner, "people")
        metric_id = _metric_of(reading, item)
        params = _json(item.progress.model_extra or {})
        if mode := _mode(reading, item, known_metrics.get(metric_id)):
            _try(
                reading,
                item,
                "progress",
                partial(_fit, mode, params, known_metrics[metric_id], window_of[objective.id]),
            )
        made.append(
            KeyResult(
                id=item.id,
                objective_id=objective.id,
                title=text_of(item.title),
                owner_id=item.owner,
                metric_id=metric_id,
                mode=item.progress.mode,
                params=params,
                weight=item.weight,
                cadence_days=item.cadence_days,
                position=positions[objective.id],
                hand_health=item.health.is_ if item.health else None,
                hand_reason=item.health.reason if item.health else "",
            )
        )
        positions[objective.id] += 1
    return tuple(made)


def kpis(reading: Reading, known_metrics: Mapping[str, Metric]) -> tuple[Kpi, ...]:
    made = []
    for position, item in enumerate(present(reading.file.kpis)):
        reading.known.refer(item.place, "team", item.team, "teams")
        reading.known.refer(item.place, "person", item.person, "people")
        metric_id = _metric_of(reading, item)
        kpi = Kpi(
            id=item.id,
            title=text_of(item.title),
            metric_id=metric_id,
            mode=item.progress.mode,
            params=_json(item.progress.model_extra or {}),
            team_id=item.team,
            person_id=item.person,
            period=item.period,
            corridor=Corridor(item.corridor.healthy, item.corridor.watch) if item.corridor else None,
            action=text_of(item.action) if item.action is not None else Text(),
            confidential=item.confidential,
            position=position,
        )
        metric = known_metrics.get(metric_id)
        if (
            metric
            and _mode(reading, item, metric)
            and _try(reading, item, "progress", partial(terms, kpi, metric.unit))
        ):
            _try(reading, item, "corridor", partial(check_kpi, kpi, metric))
        made.append(kpi)
    return tuple(made)


def _metric_users(file: schema.File) -> list[schema.KeyResultItem | schema.KpiItem]:
    return [*(item for _, item in pairs(file)), *present(file.kpis)]


def _metric_of(reading: Reading, item: schema.KeyResultItem | schema.KpiItem) -> str:
    if isinstance(item.metric, InlineMetric):
        return item.metric.id or item.id
    reading.known.refer(item.place, "metric", item.metric, "metrics")
    return item.metric


def _source(reading: Reading, place: Block, source: str | Source) -> tuple[str, Mapping[str, object]]:
    name = source if isinstance(source, str) else source.type
    params = {} if isinstance(source, str) else _json(source.model_extra or {})
    line, where = place.line_of("source"), place.path("source")
    if name not in reading.sources:
        reading.problems.add(line, where, f'there is no source "{name}".{nearest(name, reading.sources)}')
        return name, params
    try:
        reading.sources[name](params)
    except Invalid as error:
        reading.problems.add(line, where, error.message)
    return name, params


def _mode(reading: Reading, item: schema.KeyResultItem | schema.KpiItem, metric: Metric | None) -> Mode[Any] | None:
    """The mode, if there is one of that name and the metric is known."""
    name, block = item.progress.mode, item.place["progress"]
    if name not in MODES and isinstance(block, Block):
        reading.problems.add(
            block.line_of("mode"), block.path("mode"), f'there is no mode "{name}".{nearest(name, MODES)}'
        )
    return MODES.get(name) if metric else None


def _fit(mode: Mode[Any], params: Mapping[str, object], metric: Metric, window: Span | None) -> None:
    parsed = mode.parse(params, metric.unit)
    if window is not None and window.days > 0:
        mode.fit(parsed, window)


def _try(reading: Reading, item: Item, key: str, check: Callable[[], object]) -> bool:
    """Whether the check passed; what it refuses is reported at `key`."""
    try:
        check()
    except Invalid as error:
        reading.problems.add(item.place.line_of(key), item.place.path(key), error.message)
        return False
    return True


def _json(raw: Mapping[str, object]) -> dict[str, object]:
    """Numbers as their shortest digits, so that they are stored exactly and 300 and 300.0 are the same."""
    return {key: _json_value(value) for key, value in raw.items()}


def _json_value(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, Mapping):
        return _json(value)
    return [_json_value(item) for item in value] if isinstance(value, list) else value
