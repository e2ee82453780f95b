"""What changed lately and what changed for good: the few lines that matter, and the history of targets."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.facts import Facts
from app.domain.lines import N_, Line
from app.domain.model import WORST_FIRST, Change, CheckIn, Health
from app.domain.report.objectives import name
from app.domain.views import ChangeView, NewsView

MOST = 5
HEALTH = "health"


def since(today: date) -> date:
    """Monday of last week. The window moves once a week, not once a day, so that a page without news stays as it is
    while every line of the last 7 days is in it."""
    return today - timedelta(days=today.weekday() + 7)


def lines(facts: Facts, key_results: set[str], first: date, today: date) -> tuple[NewsView, ...]:
    """At most five: changed targets, new blockers, what got worse, what got better; the newest first among equals."""
    zone = ZoneInfo(facts.time_zone)

    def day(at: datetime) -> date:
        return at.astimezone(zone).date()

    found: list[tuple[int, NewsView]] = []
    lately = (one for one in facts.changes if one.subject_id in key_results and first <= day(one.at) <= today)
    found += [(_rank(change), NewsView(day(change.at), _line(facts, change))) for change in _latest(lately)]
    for key_result in key_results:
        for check_in in facts.check_ins.get(key_result, ())[-1:]:
            if check_in.blockers and first <= day(check_in.at) <= today:
                found.append((1, NewsView(day(check_in.at), _blocked(facts, check_in))))
    found.sort(key=lambda one: (one[0], -one[1].on.toordinal(), str(one[1].line.values.get("title"))))
    return tuple(view for _, view in found[:MOST])


def _latest(changes: Iterable[Change]) -> list[Change]:
    """Of several changes of one thing the whole way counts: from the first `before` to the last `after`."""
    latest: dict[tuple[str, str], Change] = {}
    for one in changes:
        first = latest.get((one.subject_id, one.field))
        before = first.before if first else one.before
        latest[one.subject_id, one.field] = Change(
            one.id, one.at, one.by, one.subject, one.subject_id, one.field, before, one.after, one.reason
        )
    return [one for one in latest.values() if one.before != one.after]


def _rank(change: Change) -> int:
    if change.field != HEALTH:
        return 0
    worse = WORST_FIRST.index(Health(str(change.after))) < WORST_FIRST.index(Health(str(change.before)))
    return 2 if worse else 3


def _line(facts: Facts, change: Change) -> Line:
    title = facts.key_results[change.subject_id].title
    if change.field == HEALTH:
        values = {"title": title, "before": Health(str(change.before)), "after": Health(str(change.after))}
        return Line(N_("{title}: {before} → {after}"), values)
    values = {"title": title, "before": change.before or "–", "after": change.after or "–", "reason": change.reason}
    if change.field == "baseline":
        return Line(N_("{title}: baseline {before} → {after}, because: {reason}"), values)
    if change.field == "target":
        return Line(N_("{title}: target {before} → {after}, because: {reason}"), values)
    return Line(N_("{title}: definition {before} → {after}, because: {reason}"), values)


def _blocked(facts: Facts, check_in: CheckIn) -> Line:
    title = facts.key_results[check_in.key_result_id].title
    return Line(N_("{title}: blocked – {blockers}"), {"title": title, "blockers": check_in.blockers})


def history(facts: Facts, key_results: set[str]) -> tuple[ChangeView, ...]:
    """Every change of a target or a baseline, newest first, with its reason."""
    zone = ZoneInfo(facts.time_zone)
    return tuple(
        ChangeView(
            on=one.at.astimezone(zone).date(),
            by=name(facts, one.by),
            subject=facts.key_results[one.subject_id].title,
            field=one.field,
            before=one.before,
            after=one.after,
            reason=one.reason,
        )
        for one in reversed(facts.changes)
        if one.field != HEALTH and one.subject_id in key_results
    )
