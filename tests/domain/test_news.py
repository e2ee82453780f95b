"""Lines of news: the whole way within the window, and nothing from before it."""

from datetime import UTC, date, datetime

from app.domain.facts import Facts
from app.domain.model import Change, KeyResult, Text
from app.domain.report import news

TODAY = date(2026, 11, 18)  # a Wednesday; the window opened on Monday, the 9th
KEY_RESULT = KeyResult("KR-1", "O-1", Text("하나", "One"), "ada", "M-1", "from_to", {})


def told(*changes: Change) -> list[tuple[str, object, object]]:
    """Each line as (day, before, after)."""
    facts = Facts("UTC", {}, {}, {}, {}, {}, {KEY_RESULT.id: KEY_RESULT}, {}, {}, changes=changes)
    lines = news.lines(facts, {KEY_RESULT.id}, news.since(TODAY), TODAY)
    return [(f"{one.on:%m-%d}", one.line.values["before"], one.line.values["after"]) for one in lines]


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
