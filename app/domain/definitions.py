"""Refusals of definitions that cannot be computed; each says what, where, and how to mend it (domain.md §5)."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from app.domain.kpi import Terms, terms
from app.domain.model import Corridor, Cycle, KeyResult, Kpi, Metric, Objective, Text
from app.domain.periods import Span
from app.domain.progress import mode_of
from app.errors import Invalid

T = TypeVar("T")
Node = tuple[str, str]


def check_key_result(key_result: KeyResult, metric: Metric, cycle: Cycle) -> None:
    """Raise Invalid for a missing owner, a weight or cadence that cannot be, a health set by hand without a reason,
    or parameters that the mode refuses for this metric's unit or this cycle."""
    where = _where("key result", key_result.id, key_result.title)
    if not key_result.owner_id:
        raise Invalid(f"{where} has no owner; name the one person who answers for it.")
    if not key_result.weight.is_finite() or key_result.weight < 0:
        raise Invalid(f"{where} has the weight {key_result.weight}; give 0 or more (1 is usual).")
    if key_result.cadence_days < 1:
        raise Invalid(f"{where} has a cadence of {key_result.cadence_days} days; give 1 or more (7 is usual).")
    if key_result.hand_health is not None and not key_result.hand_reason.strip():
        raise Invalid(f"{where} has its health set by hand without a reason; say why, the page shows it.")
    _at(where, lambda: _check_mode(key_result, metric, Span(cycle.starts_on, cycle.ends_on)))


def _check_mode(key_result: KeyResult, metric: Metric, window: Span) -> None:
    mode = mode_of(key_result.mode)
    mode.fit(mode.parse(key_result.params, metric.unit), window)


def check_kpi(kpi: Kpi, metric: Metric) -> None:
    """Raise Invalid for a missing owner, parameters that the mode refuses, or a corridor against the direction."""
    where = _where("KPI", kpi.id, kpi.title)
    if not kpi.team_id and not kpi.person_id:
        raise Invalid(f"{where} has no owner; name a team or a person.")
    aim = _at(where, lambda: terms(kpi, metric.unit))
    if kpi.corridor is not None:
        _check_corridor(where, aim, kpi.corridor)


def _check_corridor(where: str, aim: Terms, corridor: Corridor) -> None:
    rising = aim.mode.rising(aim.params)
    if corridor.healthy == corridor.watch or (corridor.healthy > corridor.watch) == rising:
        return
    direction, order = ("rise", "`healthy` above `watch`") if rising else ("fall", "`healthy` below `watch`")
    raise Invalid(
        f"{where} should {direction}, but its corridor has healthy {corridor.healthy} and watch {corridor.watch}; "
        f"give {order}."
    )


def check_supports(objectives: Iterable[Objective], key_results: Iterable[KeyResult]) -> None:
    """Raise Invalid when an objective supports something that is not there, or, over any number of steps, itself;
    the message shows the path."""
    named: dict[Node, Text] = {}
    above: dict[Node, Node] = {}
    for objective in objectives:
        named["objective", objective.id] = objective.title
        if objective.supports is not None:
            above["objective", objective.id] = objective.supports
    for key_result in key_results:
        named["key_result", key_result.id] = key_result.title
        above["key_result", key_result.id] = ("objective", key_result.objective_id)
    _check_there(named, above)
    _check_loops(above)


def _check_there(named: Mapping[Node, Text], above: Mapping[Node, Node]) -> None:
    for (kind, id_), target in above.items():
        if target not in named:
            verb = "supports" if kind == "objective" else "belongs to"
            where = _where(kind.replace("_", " "), id_, named[kind, id_])
            raise Invalid(
                f"{where} {verb} {target[0].replace('_', ' ')} {target[1]}, which is not there; "
                "name one that exists, or leave it out."
            )


def _check_loops(above: Mapping[Node, Node]) -> None:
    for start in above:
        path: dict[Node, None] = {}
        node: Node | None = start
        while node is not None and node not in path:
            path[node] = None
            node = above.get(node)
        if node is not None and node in path:
            steps = list(path)
            loop = [*steps[steps.index(node) :], node]
            shown = " → ".join(id_ for _, id_ in loop)
            raise Invalid(f"`supports` runs in a loop: {shown}; take one of these `supports` out.")


def _at(where: str, check: Callable[[], T]) -> T:
    """Run a check, and say where it failed."""
    try:
        return check()
    except Invalid as refusal:
        raise Invalid(f"{where}: {refusal.message}") from None


def _where(kind: str, id_: str, title: Text) -> str:
    return f"{kind} {id_} “{title.in_language('en')}”"
