"""When a schedule comes due next, clock changes included."""

from datetime import UTC, datetime, timedelta

import pytest

from app.errors import Invalid
from app.schedule import check, next_due

NEW_YORK, SEOUL = "America/New_York", "Asia/Seoul"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cron", "zone", "after", "due"),
    [
        ("0 8 * * *", SEOUL, "2026-03-01 22:00", "2026-03-01 23:00"),
        ("0 8 * * *", SEOUL, "2026-03-01 23:00", "2026-03-02 23:00"),
        ("0 8 * * *", SEOUL, "2026-03-01 22:59:59.999", "2026-03-01 23:00"),
        ("0 9 * * 1", SEOUL, "2026-03-02 12:00", "2026-03-09 00:00"),  # a Monday
        ("0 9 * * MON", SEOUL, "2026-03-02 12:00", "2026-03-09 00:00"),
        ("0 9 * * 0", "UTC", "2026-03-02 12:00", "2026-03-08 09:00"),
        ("0 9 * * 7", "UTC", "2026-03-02 12:00", "2026-03-08 09:00"),
        ("0 18 L * *", "UTC", "2028-02-10 00:00", "2028-02-29 18:00"),
        ("*/5 * * * *", SEOUL, "2026-03-02 12:01", "2026-03-02 12:05"),
        # New York springs forward on 2026-03-08 at 2:00, 7:00 UTC …
        ("0 8 * * *", NEW_YORK, "2026-03-07 13:00", "2026-03-08 12:00"),
        ("30 2 * * *", NEW_YORK, "2026-03-08 06:00", "2026-03-08 07:00"),  # skipped: right after the gap
        ("30 2 * * *", NEW_YORK, "2026-03-08 07:00", "2026-03-09 06:30"),
        # … and falls back on 2026-11-01 at 2:00, 6:00 UTC.
        ("0 8 * * *", NEW_YORK, "2026-10-31 12:00", "2026-11-01 13:00"),
        ("30 1 * * *", NEW_YORK, "2026-11-01 05:00", "2026-11-01 05:30"),
        ("30 1 * * *", NEW_YORK, "2026-11-01 05:30", "2026-11-02 06:30"),  # the second 1:30 is passed over
        ("30 1 * * *", NEW_YORK, "2026-11-01 06:10", "2026-11-02 06:30"),  # asked between the two
        ("*/30 * * * *", NEW_YORK, "2026-11-01 05:30", "2026-11-01 06:00"),
    ],
)
def test_a_schedule_comes_due(cron, zone, after, due):
    assert next_due(cron, zone, utc(after)) == utc(due)


def test_the_answer_is_in_utc_whatever_zone_the_question_is_in():
    eight = next_due("0 8 * * *", SEOUL, utc("2026-03-01 22:00").astimezone())
    assert eight.tzinfo is UTC


@pytest.mark.parametrize("cron", ["30 1 * * *", "*/20 * * * *", "0 0 * * 0", "15 */2 * * *"])
@pytest.mark.parametrize("zone", [NEW_YORK, SEOUL, "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca"])
def test_a_year_of_due_times_only_goes_forward(cron, zone):
    at = utc("2026-01-01 00:00")
    while at < utc("2027-01-01 00:00"):
        due = next_due(cron, zone, at)
        assert at < due <= at + timedelta(days=8)
        at = due if due - at > timedelta(hours=6) else due + timedelta(hours=5, minutes=7)


@pytest.mark.parametrize(
    ("cron", "zone", "said"),
    [
        ("0 8 * *", SEOUL, "'0 8 \\* \\*' does not have five fields"),
        ("@daily", SEOUL, "does not have five fields"),
        ("0 0 8 * * *", SEOUL, "does not have five fields"),
        ("", SEOUL, "does not have five fields"),
        ("0 25 * * *", SEOUL, "cannot be read: bad hour"),
        ("0 8 * * FUN", SEOUL, "cannot be read: bad day-of-week"),
        ("0 8 30 2 *", SEOUL, "cannot be read: bad day-of-month"),
        ("0 8 * * *", "Seoul", "'Seoul' is not a time zone; give one such as Asia/Seoul"),
        ("0 8 * * *", "America", "'America' is not a time zone"),
        ("0 8 * * *", "../etc/passwd", "is not a time zone"),
        ("0 8 * * *", "", "is not a time zone"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_way_to_write_it(cron, zone, said):
    with pytest.raises(Invalid, match=said) as refused:
        check(cron, zone)
    assert "such as" in refused.value.message


def test_a_naive_time_is_a_bug():
    with pytest.raises(ValueError, match="naive"):
        next_due("0 8 * * *", SEOUL, datetime(2026, 3, 1))
