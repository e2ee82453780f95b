"""Why a new version was written: what a reader of the page's history wants to know, in a few words."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.domain.lines import N_, Line
from app.domain.model import Text

MOST = 6
SMALL_CHANGES = Line(N_("small changes"))
Plain = Mapping[str, Any]


def differences(before: Plain | None, after: Plain) -> tuple[Line, ...]:
    """The end of its cycle, changed scores, health and issues, from one stored report (see `plain`) to the next; never
    empty."""
    if before is None:
        return (Line(N_("first version")),)
    if after.get("sync_health"):
        return (_health(before, after),)
    found = [*_end(before, after), *_key_results(before, after), *_issues(before, after), *_kpis(before, after)]
    found += _pages(before, after)
    if not found and _week(before) != _week(after):
        found = [Line(N_("week {week}"), {"week": _week(after)})]
    if before == after:
        found = [Line(N_("same facts, other links or layout"))]
    return tuple(found[:MOST]) or (SMALL_CHANGES,)


def _health(before: Plain, after: Plain) -> Line:
    was, now = (
        [one["code"] for one in report["sync_health"]["findings"] if one["is_problem"]] for report in (before, after)
    )
    if was == now:
        return Line(N_("sign of life of the hour"))
    return Line(N_("Needs attention: {count}"), {"count": len(now)}) if now else Line(N_("All is well"))


def _end(before: Plain, after: Plain) -> Iterable[Line]:
    was, now = ((report.get("cycle") or {}).get("state") == "closed" for report in (before, after))
    if now and not was:
        yield Line(N_("cycle closed: final version"))
    elif was and not now:
        yield Line(N_("cycle opened again"))


def _pages(before: Plain, after: Plain) -> Iterable[Line]:
    """Of the pages that an index lists."""
    old = {one["page"]: one for one in before["pages"]}
    for one in after["pages"]:
        was = old.get(one["page"])
        if was is None:
            yield Line(N_("{title}: new page"), {"title": Text(**one["title"])})
        elif (was["health"], was["score"]) != (one["health"], one["score"]):
            yield Line(N_("{title}: status"), {"title": Text(**one["title"])})


def _week(report: Plain) -> object:
    return (report.get("cycle") or {}).get("week")


def _by_id(report: Plain) -> dict[str, Plain]:
    """Of a close-out with the grade in place of the score."""
    graded = [
        {**one, "score": one["grade"]["grade"], "health": None}
        for objective in report.get("grades", ())
        for one in objective["key_results"]
    ]
    shown = [one for objective in report["objectives"] for one in objective["key_results"]]
    return {one["id"]: one for one in (*graded, *shown)}


def _key_results(before: Plain, after: Plain) -> Iterable[Line]:
    old = _by_id(before)
    for key, one in _by_id(after).items():
        was = old.get(key)
        if was is None:
            yield Line(N_("{id} new"), {"id": key})
        elif was["score"] != one["score"]:
            yield Line(
                "{id} {before} → {after}", {"id": key, "before": _shown(was["score"]), "after": _shown(one["score"])}
            )
        elif was["health"] != one["health"]:
            yield Line(N_("{id}: status"), {"id": key})
        elif was["now"] != one["now"] or was["target"] != one["target"]:
            yield Line(N_("{id}: new value"), {"id": key})


def _issues(before: Plain, after: Plain) -> Iterable[Line]:
    old = _statuses(before)
    for key, status in _statuses(after).items():
        if key in old and old[key] != status:
            yield Line("{key} {status}", {"key": key, "status": status})


def _statuses(report: Plain) -> dict[str, str]:
    return {row["key"]: row["status"] for one in _by_id(report).values() for row in one.get("evidence", ())}


def _kpis(before: Plain, after: Plain) -> Iterable[Line]:
    old = {one["id"]: one for one in before["kpis"]}
    for one in after["kpis"]:
        was = old.get(one["id"])
        if was is not None and was["now"] != one["now"]:
            yield Line(N_("{id}: new value"), {"id": one["id"]})


def _shown(score: str | None) -> str:
    return "–" if score is None else score
