"""How the plan of an apply is shown: one line for each definition, a sign and a colour for what becomes of it."""

from collections.abc import Sequence

from app.cli.terminal import out, tell
from app.services.okrs import Action, Entry, Plan, legible

SIGNS = {
    Action.CREATED: ("+", "green"),
    Action.CHANGED: ("~", "yellow"),
    Action.RETURNED: ("^", "cyan"),
    Action.ARCHIVED: ("-", "red"),
}
TITLE = 100
TO_DO = ("to create", "to change", "to bring back", "to archive", "to move", "to take over")
DONE = ("created", "changed", "brought back", "archived", "moved", "taken over")


def show(plan: Plan) -> None:
    """The plan and what it comes to, on standard output."""
    if not plan:
        out.print("Nothing to do: everything is as the file says.")
        return
    for entry in plan.entries:
        sign, style = SIGNS[entry.action]
        tell(f"{sign} {_told(entry)}", style)
        if entry.needs_reason:
            tell("    needs --reason: its target or baseline changes in an open cycle", "red")
        if entry.twin:
            tell(
                f"    has the title of {entry.kind} {entry.twin}, which is archived: was its id changed? "
                "Identity is `id`, so this is a new one.",
                "yellow",
            )
    tell(f"Plan: {summary(plan, TO_DO)}.", "bold")


def summary(plan: Plan, words: Sequence[str] = DONE) -> str:
    """What there is of each: `2 created, 1 archived`."""
    kinds = plan.created, plan.changed, plan.returned, plan.archived
    values = f"{plan.values} value{'s' if plan.values > 1 else ''}" if plan.values else ""
    counts = (*(str(len(one) or "") for one in kinds), str(plan.moved or ""), values)
    return ", ".join(f"{count} {what}" for count, what in zip(counts, words, strict=True) if count)


def _told(entry: Entry) -> str:
    if entry.action is Action.CHANGED:
        return f"{entry.name}: {entry.what_differs}"
    title = legible(entry.title)
    named = f"{entry.name} “{title[:TITLE]}{'…' if len(title) > TITLE else ''}”"
    if entry.action is Action.RETURNED:
        return f"{named}: {', '.join(filter(None, ('brought back', entry.what_differs)))}"
    return named
