"""What changed lately: the few lines that matter."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.facts import Facts
from app.domain.history import Change
from app.domain.kpi import BY_HEALTH, Standing
from app.domain.lines import N_, Line
from app.domain.model import WORST_FIRST, CheckIn, Health, KeyResult, Kpi
from app.domain.report.promises import is_promise, said, what
from app.domain.views import NewsView

MOST = 5
HEALTH = "health"
CORRIDOR = {
    Standing.HEALTHY: Line(N_("healthy")),
    Standing.WATCH: Line(N_("watch")),
    Standing.UNHEALTHY: Line(N_("unhealthy")),
    Standing.UNKNOWN: Line(N_("no value")),
}
Subject = KeyResult | Kpi


def since(today: date) -> date:
    """Monday of last week. The window moves once a week, not once a day, so that a page without news stays as it is
    while every line of the last 7 days is in it."""
    return today - timedelta(days=today.weekday() + 7)


def lines(facts: Facts, subjects: Collection[str], first: date, today: date) -> tuple[NewsView, ...]:
    """At most five, about these key results and KPIs: changed targets, new blockers, what got worse, what got better;
    the newest first among equals."""
    zone = ZoneInfo(facts.time_zone)

    def day(at: datetime) -> date:
        return at.astimezone(zone).date()

    found: list[tuple[int, NewsView]] = []
    lately = (one for one in _of(facts, subjects) if first <= day(one.at) <= today)
    found += [(_rank(change), NewsView(day(change.at), _line(facts, change))) for change in _latest(lately)]
    for key in subjects:
        for check_in in facts.check_ins.get(key, ())[-1:]:
            if check_in.blockers and first <= day(check_in.at) <= today:
                found.append((1, NewsView(day(check_in.at), _blocked(facts, check_in))))
    found.sort(key=lambda one: (one[0], -one[1].on.toordinal(), str(one[1].line.values.get("title"))))
    return tuple(view for _, view in found[:MOST])


def _of(facts: Facts, subjects: Collection[str]) -> Iterator[Change]:
    """Changes of health and of promises; a title or an owner is in the history too, and no news of a page."""
    for one in facts.changes:
        if one.subject_id in subjects and subject_of(facts, one) and (one.field == HEALTH or is_promise(one)):
            yield one


def subject_of(facts: Facts, change: Change) -> Subject | None:
    """None: the change is of something else, which may have the same id."""
    if change.subject == "key_result":
        return facts.key_results.get(change.subject_id)
    return facts.kpis.get(change.subject_id) if change.subject == "kpi" else None


def _latest(changes: Iterable[Change]) -> list[Change]:
    """Of several changes of one thing the whole way counts: from the first `before` to the last `after`."""
    latest: dict[tuple[str, str], Change] = {}
    for one in changes:
        first = latest.get((one.subject_id, one.field))
        latest[one.subject_id, one.field] = replace(one, before=first.before if first else one.before)
    return [one for one in latest.values() if one.before != one.after]


def _rank(change: Change) -> int:
    if change.field != HEALTH:
        return 0
    worse = WORST_FIRST.index(Health(str(change.after))) < WORST_FIRST.index(Health(str(change.before)))
    return 2 if worse else 3


def _line(facts: Facts, change: Change) -> Line:
    subject = subject_of(facts, change)
    assert subject is not None
    before, after = (_value(facts, subject, change, one) for one in (change.before, change.after))
    values: dict[str, object] = {"title": subject.title, "before": before, "after": after}
    if change.field == HEALTH:
        return Line(N_("{title}: {before} → {after}"), values)
    values["field"] = what(change)
    if not change.reason:
        return Line(N_("{title}: {field} {before} → {after}"), values)
    return Line(N_("{title}: {field} {before} → {after}, because: {reason}"), {**values, "reason": change.reason})


def _value(facts: Facts, subject: Subject, change: Change, value: str | None) -> object:
    """In words: a health, where a KPI stands in its corridor, or what was promised."""
    if change.field != HEALTH:
        return said(facts, subject, change, value)
    health = Health(str(value))
    return CORRIDOR[BY_HEALTH[health]] if isinstance(subject, Kpi) else health


def _blocked(facts: Facts, check_in: CheckIn) -> Line:
    title = facts.key_results[check_in.key_result_id].title
    return Line(N_("{title}: blocked – {blockers}"), {"title": title, "blockers": check_in.blockers})
