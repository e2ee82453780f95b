"""A company in a file, as facts: for reports of whole pages without a database."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from app.domain.facts import Facts
from app.domain.report import Moment, build
from app.domain.report.build import last_sunday
from app.domain.standing import evaluate
from app.domain.views import Report
from app.okrs_file import read_text


def facts_of(text: str, **more: Any) -> Facts:
    """What the file says, its measurements and check-ins too; `more` replaces parts of it."""
    read = read_text(text)
    measured = [replace(one, id=number) for number, one in enumerate(read.measurements, 1)]
    facts = Facts(
        time_zone="Asia/Seoul",
        cycles=_by_id(read.cycles),
        teams=_by_id(read.teams),
        people=_by_id(read.people),
        metrics=_by_id(read.metrics),
        objectives=_by_id(read.objectives),
        key_results=_by_id(read.key_results),
        kpis=_by_id(read.kpis),
        pages=_by_id(read.pages),
        evidence=_grouped(read.evidence, lambda one: one.key_result_id),
        measurements=_grouped(sorted(measured, key=lambda one: one.at), lambda one: one.metric_id),
        check_ins=_grouped(sorted(read.check_ins, key=lambda one: one.at), lambda one: one.key_result_id),
    )
    return replace(facts, **more)


def moment(facts: Facts, today: date) -> Moment:
    """Noon of that day in UTC."""
    now = datetime.combine(today, time(12), UTC)
    return Moment(now, evaluate(facts, today), evaluate(facts, last_sunday(today)))


def report(facts: Facts, page: str, today: date) -> Report:
    return build(facts, facts.pages[page], moment(facts, today))


def _by_id(items: Iterable[Any]) -> dict[str, Any]:
    return {item.id: item for item in items}


def _grouped(items: Iterable[Any], key: Callable[[Any], str]) -> dict[str, tuple[Any, ...]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for item in items:
        found[key(item)].append(item)
    return {name: tuple(group) for name, group in found.items()}
