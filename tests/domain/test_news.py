"""Lines of news: the whole way within the window, and nothing from before it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.domain.facts import Facts
from app.domain.history import Change
from app.domain.lines import Line, Quantity
from app.domain.model import KeyResult, Kpi, Metric, Text
from app.domain.progress import MODES
from app.domain.report import news, promises
from app.domain.report.history import history

TODAY = date(2026, 11, 18)  # a Wednesday; the window opened on Monday, the 9th
KEY_RESULT = KeyResult("KR-1", "O-1", Text("하나", "One"), "ada", "M-1", "from_to", {})
KPI = Kpi("KPI-1", Text("둘", "Two"), "M-1", "from_to", {})
METRICS = {"M-1": Metric("M-1", Text("지표", "Metric"), "USD"), "M-2": Metric("M-2", Text("다른", "Other"), "%")}


def facts(*changes: Change, key_result: KeyResult = KEY_RESULT) -> Facts:
    return Facts("UTC", {}, {}, {}, METRICS, {}, {"KR-1": key_result}, {"KPI-1": KPI}, {}, changes=changes)


def lines(*changes: Change) -> list[tuple[str, Line]]:
    found = news.lines(facts(*changes), {"KR-1", "KPI-1"}, news.since(TODAY), TODAY)
    return [(f"{one.on:%m-%d}", one.line) for one in found]


def told(*changes: Change) -> list[tuple[str, object, object]]:
    """Each line as (day, before, after), numbers without their unit."""

    def plain(value: object) -> object:
        return str(value.value) if isinstance(value, Quantity) else value

    return [(day, plain(line.values["before"]), plain(line.values["after"])) for day, line in lines(*changes)]


def change(number: int, month: int, day: int, before: str, after: str, field: str = news.HEALTH) -> Change:
    at = datetime(2026, month, day, tzinfo=UTC)
    return Change(number, at, "ada", "key_result", KEY_RESULT.id, field, before, after, "because")


def test_the_window_opens_on_monday_of_last_week() -> None:
    assert news.since(TODAY) == date(2026, 11, 9)
    assert {news.since(date(2026, 11, day)) for day in range(16, 23)} == {date(2026, 11, 9)}


def test_worse_and_then_better_within_the_window_is_told_as_the_whole_way() -> None:
    worse = change(1, 11, 10, "on_track", "off_track")
    better = change(2, 11, 17, "off_track", "at_risk")
    assert told(worse, better) == [("11-17", "on_track", "at_risk")]


def test_what_came_back_to_where_it_was_is_no_news() -> None:
    assert told(change(1, 11, 10, "on_track", "at_risk"), change(2, 11, 17, "at_risk", "on_track")) == []


def test_a_change_before_the_window_neither_counts_nor_hides_one_within() -> None:
    long_ago = change(1, 10, 12, "on_track", "at_risk")
    assert told(long_ago) == []
    assert told(long_ago, change(2, 11, 17, "at_risk", "on_track")) == [("11-17", "at_risk", "on_track")]


def test_a_target_begins_where_it_stood_when_the_window_opened() -> None:
    before = change(1, 10, 12, "10", "12", field="target")
    within = change(2, 11, 17, "12", "15", field="target")
    assert told(before, within) == [("11-17", "12", "15")]


def test_health_and_target_are_two_lines() -> None:
    lines = told(change(1, 11, 16, "on_track", "at_risk"), change(2, 11, 17, "12", "15", field="target"))
    assert lines == [("11-17", "12", "15"), ("11-16", "on_track", "at_risk")]


def test_what_is_no_promise_is_in_no_list_of_a_page() -> None:
    at = datetime(2026, 11, 10, tzinfo=UTC)
    renamed = Change(1, at, "ada", "key_result", KEY_RESULT.id, "title.en", "One", "1", "because")
    metric_of_that_id = Change(2, at, "ada", "metric", KEY_RESULT.id, "target", "1", "2", "because")
    target = change(3, 11, 10, "4", "5", "target")
    assert told(renamed, metric_of_that_id, target) == [("11-10", "4", "5")]
    found = history(facts(renamed, metric_of_that_id, target), {KEY_RESULT.id})
    assert [one.what for one in found] == [Line("target")]


def test_a_promise_is_told_with_its_name_its_unit_and_its_reason() -> None:
    ((_, line),) = lines(change(1, 11, 17, "500", "450", field="target"))
    assert line.message == "{title}: {field} {before} → {after}, because: {reason}"
    assert line.values == {
        "title": KEY_RESULT.title,
        "field": Line("target"),
        "before": Quantity(Decimal(500), "USD"),
        "after": Quantity(Decimal(450), "USD"),
        "reason": "because",
    }


def test_a_kpi_is_told_in_the_words_of_its_corridor_and_with_its_targets() -> None:
    worse = replace(change(1, 11, 17, "on_track", "off_track"), subject="kpi", subject_id="KPI-1")
    target = replace(change(2, 11, 16, "5", "6", field="corridor.watch"), subject="kpi", subject_id="KPI-1", reason="")
    assert told(worse, target) == [("11-16", "5", "6"), ("11-17", Line("healthy"), Line("unhealthy"))]
    assert lines(target)[0][1].message == "{title}: {field} {before} → {after}"
    (entry,) = history(facts(worse, target), {"KPI-1"})
    assert (entry.subject, entry.what, entry.before) == (KPI.title, Line("watch limit"), Quantity(Decimal(5), "USD"))
    assert history(facts(worse, target), {"KR-1"}) == ()


@pytest.mark.parametrize(
    ("field", "value", "params", "found"),
    [
        ("target", "450", {}, Quantity(Decimal(450), "USD")),
        ("change", "-30", {"as": "percent"}, Quantity(Decimal(-30), "%")),
        ("change", "2.5", {"as": "points"}, Quantity(Decimal("2.5"), "pp")),
        ("n", "10", {}, Quantity(Decimal(10), "")),
        ("progress.period", "month", {}, "month"),
        ("as", "points", {}, "points"),
        ("metric", "M-2", {}, METRICS["M-2"].name),
        ("metric", "M-9", {}, "M-9"),
        ("target", None, {}, None),
    ],
)
def test_what_was_promised_is_said_as_people_read_it(
    field: str, value: str | None, params: dict[str, object], found: object
) -> None:
    given = replace(change(1, 11, 17, "", "", field=field), before=value)
    assert promises.said(facts(), replace(KEY_RESULT, params=params), given, given.before) == found


def test_every_parameter_of_every_mode_has_words() -> None:
    assert {name for mode in MODES.values() for name in mode.parameters} <= promises.WORDS.keys()
