"""Health: how a key result, an objective or a page stands against what is expected by now (domain.md §2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from app.domain.lines import N_, Line, Quantity
from app.domain.model import Health, ObjectiveKind
from app.domain.numbers import GREEN_AND_AMBER, one_decimal
from app.domain.progress.scoring import Expected, Score


@dataclass(frozen=True)
class Verdict:
    """`was` is the last verdict before it became outdated, else None; `reason` is one sentence with its numbers."""

    health: Health
    was: Health | None
    reason: Line


def of_key_result(
    score: Score,
    *,
    cumulative: bool,
    kind: ObjectiveKind,
    expected: Callable[[date], Expected],
    cadence_days: int,
    last_sign: date | None,
    today: date,
    hand: Health | None = None,
    hand_reason: str = "",
) -> Verdict:
    """The first that applies: set by hand, pending, outdated, done, progress against expectation.

    `last_sign` is the day of the last check-in or measurement. `expected` is asked for today and, for an outdated key
    result, for the last day on which it was not.
    """
    if hand is not None:
        return Verdict(hand, None, Line(N_("Set by hand: {reason}"), {"reason": hand_reason}))
    if score.current is None:
        return Verdict(Health.PENDING, None, Line(N_("No value yet.")))
    done = cumulative and score.raw is not None and score.raw >= 1
    if last_sign is None or (today - last_sign).days <= cadence_days:
        return _judge(score.progress, done, kind, expected(today).value)
    fresh_until = last_sign + timedelta(days=cadence_days)
    was = _judge(score.progress, done, kind, expected(fresh_until).value).health
    message = N_("Last update on {on}; one is due every {rhythm}.")
    rhythm = Quantity(Decimal(cadence_days), "days")
    return Verdict(Health.OUTDATED, was, Line(message, {"on": last_sign, "rhythm": rhythm}))


def of_rolled_up(progress: Fraction | None, expected: Fraction | None, done: bool, kind: ObjectiveKind) -> Verdict:
    """Health of an objective or a page from its rolled-up score; all three values come from `rollup.roll_up`.

    It is never outdated itself: the page counts its outdated key results.
    """
    if progress is None:
        return Verdict(Health.PENDING, None, Line(N_("No key result can be judged yet.")))
    return _judge(progress, done, kind, Fraction(1) if expected is None else expected)


def kind_of_page(kinds: tuple[ObjectiveKind, ...]) -> ObjectiveKind:
    """How strictly a page is judged: as committed only when all its objectives are."""
    committed = bool(kinds) and all(kind is ObjectiveKind.COMMITTED for kind in kinds)
    return ObjectiveKind.COMMITTED if committed else ObjectiveKind.ASPIRATIONAL


def _judge(progress: Fraction | None, done: bool, kind: ObjectiveKind, expected: Fraction) -> Verdict:
    if progress is None:
        return Verdict(Health.PENDING, None, Line(N_("There are values, but nothing that can be judged yet.")))
    if done:
        return Verdict(Health.DONE, None, Line(N_("The target is reached.")))
    if expected <= 0:
        return Verdict(Health.ON_TRACK, None, Line(N_("Nothing is expected yet.")))
    ratio = one_decimal(progress / expected)
    values = {"progress": _number(progress), "expected": _number(expected), "ratio": _number(ratio)}
    return Verdict(_by_ratio(ratio, kind), None, Line(N_("{progress} ÷ {expected} expected by now = {ratio}"), values))


def _by_ratio(ratio: Decimal, kind: ObjectiveKind) -> Health:
    on_track, at_risk = GREEN_AND_AMBER[kind]
    if ratio >= on_track:
        return Health.ON_TRACK
    return Health.AT_RISK if ratio >= at_risk else Health.OFF_TRACK


def _number(value: Fraction | Decimal) -> Quantity:
    return Quantity(value, "progress")
