"""Write `okrs.yaml`: the same definitions always give the same bytes, and reading these gives the definitions again."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from app.domain.facts import PageDefinition
from app.domain.kpi import DATES
from app.domain.model import (
    CheckIn,
    Cycle,
    CycleState,
    Evidence,
    EvidenceKind,
    EvidenceMode,
    KeyResult,
    Kpi,
    Measurement,
    Metric,
    Objective,
    ObjectiveKind,
    Period,
    Person,
    Rollup,
    Team,
    Text,
)
from app.domain.page_kinds import PAGE_KINDS
from app.okrs_file.document import is_number
from app.okrs_file.layout import Tall, document
from app.okrs_file.parts import LONGEST_LINE
from app.okrs_file.resolve import evidence_id
from app.okrs_file.usual_pages import top_team, usual_pages, usual_schedule, usual_title
from app.okrs_file.values import Definitions

HEAD = """\
# yaml-language-server: $schema=okrs.schema.json
# OKRs and KPIs as Plainsight knows them, written by `plainsight export`. Change this file and run `plainsight apply`
# on it: it shows what would change, and asks. An item keeps its `id`; everything else may change. What is taken out
# of the file is archived, never deleted. For help in your editor: `plainsight schema > okrs.schema.json` beside it.
"""

Fields = dict[str, object]
Item = TypeVar("Item")


def write_text(definitions: Definitions, time_zone: str) -> str:
    """The file, with times in `time_zone`. What reading would fill in is left out; a metric that is used once, under
    the id it would have there, stands where it is used, and the others in the order of their first use."""
    return document(_Writer.of(definitions, time_zone).sections(), HEAD)


@dataclass(frozen=True)
class _Writer:
    file: Definitions
    zone: ZoneInfo
    key_results: Mapping[str, list[KeyResult]]
    """By objective."""
    evidence: Mapping[str, list[Evidence]]
    """By key result."""
    owners: Mapping[str, str]
    inside: Mapping[str, Metric]
    """By the id of the only key result or KPI that it measures, which is its own id too."""
    shared: list[Metric]

    @classmethod
    def of(cls, file: Definitions, time_zone: str) -> "_Writer":
        key_results = _grouped(file.key_results, lambda one: one.objective_id)
        in_order = [one for objective in file.objectives for one in key_results.get(objective.id, [])]
        used = [(one.metric_id, one.id) for one in in_order] + [(one.metric_id, one.id) for one in file.kpis]
        users = _grouped(used, lambda one: one[0])
        metrics = {metric.id: metric for metric in file.metrics}
        ordered = {key: metrics[key] for key in users} | metrics
        inside = {key: metric for key, metric in ordered.items() if users.get(key) == [(key, key)]}
        return cls(
            file=file,
            zone=ZoneInfo(time_zone),
            key_results=key_results,
            evidence=_grouped(file.evidence, lambda one: one.key_result_id),
            owners={one.id: one.owner_id for one in file.key_results},
            inside=inside,
            shared=[metric for key, metric in ordered.items() if key not in inside],
        )

    def sections(self) -> Fields:
        file = self.file
        return _given(
            organisation=Tall(name=_words(file.organisation)),
            teams=_list(map(_team, file.teams)),
            people=_list(map(_person, file.people)),
            cycles=_list(map(_cycle, file.cycles)),
            metrics=_list({"id": one.id, "name": _words(one.name), **_measured(one)} for one in self.shared),
            objectives=_list(map(self.objective, file.objectives)),
            kpis=_list(map(self.kpi, file.kpis)),
            pages=self.pages(),
            measurements=_list(map(self.measurement, file.measurements)),
            check_ins=_list(map(self.check_in, file.check_ins)),
        )

    def objective(self, one: Objective) -> Tall:
        return Tall(
            _given(
                id=one.id,
                title=_words(one.title),
                team=one.team_id,
                cycle=self.cycle(one.cycle_id),
                owner=one.owner_id,
                kind=_unless(one.kind, ObjectiveKind.ASPIRATIONAL),
                rollup=_unless(one.rollup, Rollup.WEIGHTED_MEAN),
                supports=one.supports[1] if one.supports else None,
                page=one.own_page or None,
                key_results=_list(map(self.key_result, self.key_results.get(one.id, []))),
            )
        )

    def key_result(self, one: KeyResult) -> Tall:
        return Tall(
            _given(
                id=one.id,
                title=_words(one.title),
                owner=one.owner_id,
                metric=self.metric(one),
                progress={"mode": one.mode, **_params(one.params)},
                weight=None if one.weight == 1 else one.weight,
                cadence_days=None if one.cadence_days == 7 else one.cadence_days,
                health={"is": one.hand_health.value, "reason": one.hand_reason} if one.hand_health else None,
                evidence=_list(map(_evidence, self.evidence.get(one.id, []))),
            )
        )

    def kpi(self, one: Kpi) -> Tall:
        limits = one.corridor
        return Tall(
            _given(
                id=one.id,
                title=_words(one.title),
                team=one.team_id,
                person=one.person_id,
                metric=self.metric(one),
                progress={"mode": one.mode, **_params(one.params)},
                period=_unless(one.period, Period.MONTH),
                corridor={"healthy": limits.healthy, "watch": limits.watch} if limits else None,
                action=_words(one.action) if one.action != Text() else None,
                confidential=one.confidential or None,
            )
        )

    def metric(self, user: KeyResult | Kpi) -> object:
        inside = self.inside.get(user.metric_id)
        if inside is None:
            return user.metric_id
        return _given(name=_words(inside.name) if inside.name != user.title else None, **_measured(inside))

    def cycle(self, cycle_id: str | None) -> str | None:
        """Said only where there are several."""
        return None if len(self.file.cycles) == 1 else cycle_id

    def pages(self) -> list[Fields] | None:
        file = self.file
        usual = usual_pages(file.organisation, file.teams, file.cycles, file.objectives, bool(file.kpis))
        if [replace(page, position=0) for page in file.pages] == [replace(page, position=0) for page in usual]:
            return None
        return [self.page(page) for page in file.pages]

    def page(self, one: PageDefinition) -> Fields:
        top = top_team(self.file.teams)
        team = next((team for team in self.file.teams if team.id == one.team_id), None)
        cycle = next((cycle for cycle in self.file.cycles if cycle.id == one.cycle_id), None)
        objective = next((item for item in self.file.objectives if item.id == one.objective_id), None)
        usual = usual_title(one.kind, self.file.organisation, team, cycle, objective)
        about = PAGE_KINDS[one.kind].about
        return _given(
            id=one.id,
            kind=one.kind,
            title=None if one.title == usual else _words(one.title),
            team=one.team_id if "team" in about and not (one.kind == "company" and team is top) else None,
            cycle=self.cycle(one.cycle_id) if "cycle" in about else None,
            objective=one.objective_id,
            parent=one.parent_id,
            schedule=_unless(one.schedule, usual_schedule(one.kind)),
            time_zone=one.time_zone or None,
            languages=list(one.languages) or None,
            sections=list(one.sections) or None,
        )

    def measurement(self, one: Measurement) -> Fields:
        return _given(metric=one.metric_id, at=one.at.astimezone(self.zone), value=one.value, by=one.by or None)

    def check_in(self, one: CheckIn) -> Fields:
        return _given(
            key_result=one.key_result_id,
            at=one.at.astimezone(self.zone),
            by=_unless(one.by, self.owners[one.key_result_id]),
            value=one.value,
            confidence=one.confidence,
            note=one.note or None,
            blockers=one.blockers or None,
        )


def _grouped(items: Iterable[Item], key: Callable[[Item], str]) -> dict[str, list[Item]]:
    """In their order, and the groups in that of their first ones."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found


def _given(**fields: object) -> Fields:
    """Without what there is nothing to say about."""
    return {name: value for name, value in fields.items() if value is not None}


def _list(items: Iterable[Fields]) -> list[Fields] | None:
    return list(items) or None


def _unless(value: str, usual: str) -> str | None:
    return None if value == usual else str(value)


def _words(text: Text) -> object:
    """A plain line where both languages say the same, as reading takes it."""
    if text.ko == text.en and 0 < len(text.ko) <= LONGEST_LINE:
        return text.ko
    return _given(ko=text.ko or None, en=text.en or None)


def _team(one: Team) -> Fields:
    readers = one.readers and _given(people=list(one.readers.people) or None, groups=list(one.readers.groups) or None)
    return _given(id=one.id, name=_words(one.name), parent=one.parent_id, readers=readers)


def _person(one: Person) -> Fields:
    return _given(
        id=one.id, name=_words(one.name), email=one.email or None, team=one.team_id, account_id=one.account_id
    )


def _cycle(one: Cycle) -> Fields:
    return _given(
        id=one.id,
        name=_unless(one.name, one.id),
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        state=_unless(one.state, CycleState.OPEN),
    )


def _measured(one: Metric) -> Fields:
    """Unit and source of a metric."""
    source = {"type": one.source, **_params(one.params)} if one.params else _unless(one.source, "manual")
    return _given(unit=one.unit, source=source)


def _evidence(one: Evidence) -> Fields:
    return _given(
        id=_unless(one.id, evidence_id(one.key_result_id, one.kind, one.value)),
        **{one.kind.value: one.value.split() if one.kind is EvidenceKind.KEYS else one.value},
        mode=_unless(one.mode, EvidenceMode.EVIDENCE),
        link_type=one.link_type,
        direction=_unless(one.direction, "both"),
    )


def _params(params: Mapping[str, object]) -> Fields:
    """Of a mode or a source, which are stored as JSON: digits become numbers again, days become days."""
    return {key: _param(key, value) for key, value in params.items()}


def _param(key: str, value: object) -> object:
    if isinstance(value, str) and is_number(value):
        return Decimal(value)
    if isinstance(value, str) and key in DATES and _is_day(value):
        return date.fromisoformat(value)
    return value


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
