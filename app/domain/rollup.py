"""Roll-up: one progress out of many, with unknown parts left out and counted, and shared metrics counted once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.lines import N_, Line, Quantity
from app.domain.model import Rollup, Text
from app.domain.numbers import as_stored
from app.domain.progress.scoring import rule


@dataclass(frozen=True)
class Part:
    """A key result (or an objective, on a page). `level` is its distance from what is rolled up: 0 directly beneath;
    parts with the same `metric_id` count once, None is never shared. `expected` is 0–1."""

    id: str
    title: Text
    progress: Fraction | None
    expected: Fraction
    done: bool = False
    weight: Decimal = Decimal(1)
    metric_id: str | None = None
    level: int = 0


@dataclass(frozen=True)
class RolledUp:
    """`progress` to 12 places as stored, None when nothing is measured; `expected` rolled up in the same way over the
    same parts; `done` when every part is; `measured` of `total` parts have a progress, shared ones left out of both."""

    progress: Fraction | None
    expected: Fraction | None
    done: bool
    measured: int
    total: int
    lines: tuple[Line, ...]


def roll_up(parts: Iterable[Part], how: Rollup = Rollup.WEIGHTED_MEAN) -> RolledUp:
    """The weighted mean, the plain mean or the weakest of the parts that are measured; weights do not touch the
    weakest. Parts of weight 0 are measured but do not enter a weighted mean."""
    given = tuple(parts)
    once = _count_once(given)
    known = [(part, part.progress) for part in once if part.progress is not None]
    coverage = Line(N_("{measured} of {total} measured"), {"measured": len(known), "total": len(once)})
    shared = tuple(_shared_line(part) for part in given if part not in once) if len(once) < len(given) else ()
    ratio, expected, steps = _combine(known, how)
    return RolledUp(
        progress=None if ratio is None else as_stored(ratio),
        expected=expected,
        done=bool(once) and all(part.done for part in once),
        measured=len(known),
        total=len(once),
        lines=(coverage, *shared, *steps, rule(f"{how} v1")),
    )


def _count_once(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Of the parts that share a metric, the one nearest the objective; of equally near ones the first."""
    nearest: dict[str, Part] = {}
    for part in parts:
        if part.metric_id is not None and part.level < nearest.setdefault(part.metric_id, part).level:
            nearest[part.metric_id] = part
    return tuple(part for part in parts if part.metric_id is None or nearest[part.metric_id] is part)


def _shared_line(part: Part) -> Line:
    message = N_("{title}: measured by a metric that is already counted here, so it is not counted again")
    return Line(message, {"title": part.title})


def _combine(
    known: list[tuple[Part, Fraction]], how: Rollup
) -> tuple[Fraction | None, Fraction | None, tuple[Line, ...]]:
    if how is Rollup.WEAKEST and known:
        return _weakest(known)
    weights = [Fraction(part.weight) if how is Rollup.WEIGHTED_MEAN else Fraction(1) for part, _ in known]
    total = sum(weights, Fraction(0))
    if total == 0:
        return None, None, (Line(N_("Nothing measured carries weight, so progress is unknown.")),)
    pairs = list(zip(known, weights, strict=True))
    reached = sum((value * weight for (_, value), weight in pairs), Fraction(0))
    expected = sum((part.expected * weight for (part, _), weight in pairs), Fraction(0)) / total
    steps = [_step(part, value, weight, how) for (part, value), weight in pairs]
    values = {"sum": _progress(reached), "total": Quantity(total, ""), "mean": _progress(reached / total)}
    return reached / total, expected, (*steps, Line(N_("{sum} ÷ {total} = {mean}"), values))


def _weakest(known: list[tuple[Part, Fraction]]) -> tuple[Fraction, Fraction, tuple[Line, ...]]:
    part, value = min(known, key=lambda one: one[1])
    steps = [_step(one, its, Fraction(1), Rollup.WEAKEST) for one, its in known]
    result = Line(N_("The weakest counts: {title}, {progress}"), {"title": part.title, "progress": _progress(value)})
    return value, part.expected, (*steps, result)


def _step(part: Part, value: Fraction, weight: Fraction, how: Rollup) -> Line:
    values = {
        "title": part.title,
        "progress": _progress(value),
        "weight": Quantity(weight, ""),
        "product": _progress(value * weight),
    }
    if how is Rollup.WEIGHTED_MEAN:
        return Line(N_("{title}: {progress} × {weight} = {product}"), values)
    return Line(N_("{title}: {progress}"), values)


def _progress(value: Fraction) -> Quantity:
    return Quantity(value, "progress")
