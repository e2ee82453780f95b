"""What changed for good: promises with their reasons, and on an objective's own page everything else about it too."""

from collections.abc import Callable, Collection, Mapping
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from app.domain.facts import Facts
from app.domain.history import Change
from app.domain.lines import N_, Line
from app.domain.model import Health, Objective, Rollup, Text
from app.domain.report.news import Subject, subject_of
from app.domain.report.objectives import name
from app.domain.report.promises import is_promise, said, what
from app.domain.views import ChangeView

OTHERS = {
    "title": N_("title"),
    "title.ko": N_("title"),
    "title.en": N_("title"),
    "owner": N_("owner"),
    "weight": N_("weight"),
    "cadence_days": N_("check-in rhythm in days"),
    "kind": N_("kind"),
    "rollup": N_("roll-up"),
    "supports": N_("supports"),
    "hand_health": N_("status set by hand"),
}
"""By the field of a change: what is no promise, and told on an objective's own page alone."""
ROLLUPS = {
    Rollup.WEIGHTED_MEAN: N_("weighted mean"),
    Rollup.MEAN: N_("plain mean"),
    Rollup.WEAKEST: N_("weakest key result"),
}


def history(facts: Facts, subjects: Collection[str], whole: str | None = None) -> tuple[ChangeView, ...]:
    """Every change of a target or a baseline of these key results and KPIs, newest first, with its reason; `whole` is
    an objective of which everything is told."""
    zone = ZoneInfo(facts.time_zone)
    return tuple(
        ChangeView(
            on=one.at.astimezone(zone).date(),
            by=name(facts, one.by),
            subject=subject.title,
            what=what(one) if is_promise(one) else Line(OTHERS[one.field]),
            before=_said(facts, subject, one, one.before),
            after=_said(facts, subject, one, one.after),
            reason=one.reason,
        )
        for one in reversed(facts.changes)
        if (subject := _subject(facts, one, subjects, whole))
    )


def _subject(facts: Facts, one: Change, subjects: Collection[str], whole: str | None) -> Subject | Objective | None:
    """What is told to have changed; None: it is not told here."""
    if whole is not None and one.subject == "objective" and one.subject_id == whole:
        return facts.objectives.get(whole) if one.field in OTHERS else None
    if one.subject_id in subjects and (is_promise(one) or (whole is not None and one.field in OTHERS)):
        return subject_of(facts, one)
    return None


def _said(facts: Facts, subject: Subject | Objective, change: Change, value: str | None) -> object:
    if value is None:
        return None
    if isinstance(subject, Objective) or not is_promise(change):
        return SAID.get(change.field, _number)(facts, value)
    return said(facts, subject, change, value)


def _number(facts: Facts, value: str) -> object:
    try:
        return Decimal(value)
    except InvalidOperation:
        return value


def _text(facts: Facts, value: str) -> object:
    return value


def _supported(facts: Facts, value: str) -> Text | None:
    """By its title; what may not be told here, or is gone, has none."""
    found = facts.objectives.get(value) or facts.key_results.get(value)
    return found.title if found else None


SAID: Mapping[str, Callable[[Facts, str], object]] = {
    "title": _text,
    "title.ko": _text,
    "title.en": _text,
    "owner": name,
    "kind": lambda facts, value: Line(value),
    "rollup": lambda facts, value: Line(ROLLUPS[Rollup(value)]),
    "supports": _supported,
    "hand_health": lambda facts, value: Health(value),
}
"""How the value before or after is said; what is not here is a number."""
