"""When watchers are told: a lozenge changed, or it is the first version of the week."""

from datetime import date
from typing import Any

import pytest

from app.domain.quiet import is_worth_telling

MONDAY, TUESDAY, SUNDAY = date(2026, 11, 16), date(2026, 11, 17), date(2026, 11, 15)


def report(overall: str = "on_track", **lozenges: str) -> dict[str, Any]:
    return {
        "counts": {"overall": overall},
        "objectives": [{"key_results": [{"id": key, "health": health} for key, health in lozenges.items()]}],
        "kpis": [{"id": "K", "corridor": lozenges.get("K", "healthy")}],
        "pages": [],
        "sync_health": None,
    }


@pytest.mark.parametrize(
    ("before", "after", "told_on", "expected"),
    [
        (None, report(), TUESDAY, True),
        (report(), report(), None, True),
        (report(), report(), SUNDAY, True),
        (report(), report(), MONDAY, False),
        (report(KR="on_track"), report(KR="at_risk"), MONDAY, True),
        (report(KR="on_track"), report(KR="on_track", NEW="off_track"), MONDAY, False),
        (report(KR="on_track", OLD="off_track"), report(KR="on_track"), MONDAY, False),
        (report("on_track"), report("at_risk"), MONDAY, True),
        (report(K="healthy"), report(K="watch"), MONDAY, True),
        ({"objectives": None}, report(), MONDAY, True),
    ],
    ids=[
        "a first version",
        "nobody was told yet",
        "the first of the week",
        "another of the week",
        "a key result's lozenge",
        "a new key result",
        "one that is gone",
        "the page's lozenge",
        "a KPI's lozenge",
        "a report of another shape",
    ],
)
def test_watchers_are_told_of(before: Any, after: Any, told_on: date | None, expected: bool) -> None:
    assert is_worth_telling(before, after, told_on, TUESDAY) is expected


def test_what_is_wrong_with_the_service_is_told_and_its_heartbeat_is_not() -> None:
    def health(*codes: str) -> dict[str, Any]:
        findings = [{"code": code, "is_problem": code != "comments_lost"} for code in codes]
        return report() | {"counts": None, "sync_health": {"findings": findings}}

    assert is_worth_telling(health(), health("out_of_sync"), MONDAY, TUESDAY)
    assert not is_worth_telling(health("out_of_sync"), health("out_of_sync", "comments_lost"), MONDAY, TUESDAY)
    assert not is_worth_telling(health(), health(), MONDAY, TUESDAY)


def test_a_page_of_an_index_that_changes_its_lozenge_is_told() -> None:
    before, after = ({**report(), "pages": [{"page": "red", "health": one}]} for one in ("on_track", "off_track"))
    assert is_worth_telling(before, after, MONDAY, TUESDAY)
