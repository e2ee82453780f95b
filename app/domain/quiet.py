"""When watchers of a page are told of a new version: a lozenge changed, or it is the first one of the week. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

Plain = Mapping[str, Any]


def is_worth_telling(before: Plain | None, after: Plain, told_on: date | None, today: date) -> bool:
    """`before` and `after` are reports in JSON's types (see `report.plain`), `told_on` the day of the last version
    that watchers were told of. A report of another shape than today's is worth telling."""
    if before is None or told_on is None or told_on.isocalendar()[:2] != today.isocalendar()[:2]:
        return True
    try:
        return _has_changed(_lozenges(before), _lozenges(after))
    except (KeyError, TypeError):
        return True


def _has_changed(before: Mapping[str, object], after: Mapping[str, object]) -> bool:
    """What is new, or gone, has not changed its lozenge."""
    return any(before[key] != after[key] for key in before.keys() & after.keys())


def _lozenges(report: Plain) -> dict[str, object]:
    """Of the page, of every key result and KPI on it, and of the pages that it lists; of a sync-health page what is
    wrong."""
    found: dict[str, object] = {}
    if report.get("counts"):
        found["page"] = report["counts"]["overall"]
    if report.get("sync_health"):
        found["service"] = [one["code"] for one in report["sync_health"]["findings"] if one["is_problem"]]
    for objective in report["objectives"]:
        found |= {f"key result {one['id']}": one["health"] for one in objective["key_results"]}
    found |= {f"KPI {one['id']}": one["corridor"] for one in report["kpis"]}
    found |= {f"page {one['page']}": one["health"] for one in report["pages"]}
    return found
