"""Spans of days: the week, month or quarter of a day, the periods of a cycle, and the week a cycle is in."""

from dataclasses import dataclass
from datetime import date, timedelta

from app.domain.model import Period


@dataclass(frozen=True)
class Span:
    """Days from `starts_on` to `ends_on`; both belong to it."""

    starts_on: date
    ends_on: date

    def __contains__(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed; on its last day a span is still open."""
        return self.ends_on < today


def span_of(period: Period, day: date) -> Span:
    """The whole week (from Monday), month or quarter that `day` is in."""
    if period is Period.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Span(monday, monday + timedelta(days=6))
    months = 1 if period is Period.MONTH else 3
    first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
    in_next = first.replace(day=28) + timedelta(days=31 * (months - 1) + 4)
    return Span(first, in_next.replace(day=1) - timedelta(days=1))


def spans(period: Period, window: Span) -> tuple[Span, ...]:
    """The periods that touch the window, oldest first, cut to it at both ends."""
    found = []
    day = window.starts_on
    while day <= window.ends_on:
        end = min(span_of(period, day).ends_on, window.ends_on)
        found.append(Span(day, end))
        day = end + timedelta(days=1)
    return tuple(found)


def counted(period: Period, window: Span, least: int = 1) -> tuple[Span, ...]:
    """The periods of a window that are judged: the whole ones, since a cut week cannot bear a whole week's target;
    when there are fewer than `least` of them, the cut ones at both ends as well."""
    touched = spans(period, window)
    whole = tuple(span for span in touched if span == span_of(period, span.starts_on))
    return whole if len(whole) >= least else touched


def last_spans(period: Period, today: date, count: int) -> tuple[Span, ...]:
    """The `count` whole periods that end with the one `today` is in, oldest first."""
    found = [span_of(period, today)]
    while len(found) < count:
        found.append(span_of(period, found[-1].starts_on - timedelta(days=1)))
    return tuple(reversed(found))


def judged_on(window: Span, day: date) -> date:
    """The day whose expectation holds on `day`: Monday, so that a page without news is written about once a week; on
    the last day of the window and after it, that day itself."""
    return day if day >= window.ends_on else day - timedelta(days=day.weekday())


def label(period: Period, day: date) -> str:
    """The period's name: `2026-W41`, `2026-10` or `2026-Q4`."""
    if period is Period.WEEK:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02}"
    return f"{day:%Y-%m}" if period is Period.MONTH else f"{day.year}-Q{(day.month + 2) // 3}"


def cycle_week(window: Span, today: date) -> tuple[int, int]:
    """(week, weeks) of a cycle, as in "week 8 of 14": from Monday, cut ones count; 0 before it, `weeks` after it."""
    weeks = spans(Period.WEEK, window)
    return sum(1 for week in weeks if week.starts_on <= today), len(weeks)
