"""Changes of what people promised (a target, a baseline, how progress is counted), in words and with units."""

from decimal import Decimal, InvalidOperation

from app.domain.facts import Facts
from app.domain.history import Change
from app.domain.lines import N_, Line, Quantity
from app.domain.model import KeyResult, Kpi
from app.domain.progress import MODES

WORDS = {
    "target": N_("target"),
    "baseline": N_("baseline"),
    "change": N_("change aimed at"),
    "as": N_("change counted as"),
    "direction": N_("direction"),
    "n": N_("periods to hit"),
    "of": N_("periods in all"),
    "threshold": N_("threshold"),
    "period": N_("period"),
    "missing": N_("missing periods"),
    "carry_over": N_("carry-over"),
    "several": N_("several values in a period"),
    "due": N_("due date"),
    "starts_on": N_("start date"),
    "corridor.healthy": N_("healthy limit"),
    "corridor.watch": N_("watch limit"),
    "mode": N_("mode"),
    "metric": N_("metric"),
}
"""By the field of a change; a field that is not here is no promise. A parameter of a new mode needs an entry."""
IN_UNIT = {name.name for mode in MODES.values() for name in mode.takes if name.kind == "number"} - {"change"}
IN_UNIT |= {"corridor.healthy", "corridor.watch"}


def is_promise(change: Change) -> bool:
    return _field(change) in WORDS


def _field(change: Change) -> str:
    """A KPI has a period of its own beside that of its mode."""
    return change.field.removeprefix("progress.")


def what(change: Change) -> Line:
    return Line(WORDS[_field(change)])


def said(facts: Facts, subject: KeyResult | Kpi, change: Change, value: str | None) -> object:
    """The value before or after, as a sentence can say it: with the metric's unit, or by the metric's name."""
    field = _field(change)
    if value is None:
        return None
    if field == "metric" and value in facts.metrics:
        return facts.metrics[value].name
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    if field == "change":
        return Quantity(number, "pp" if subject.params.get("as") == "points" else "%")
    return Quantity(number, facts.metrics[subject.metric_id].unit if field in IN_UNIT else "")
