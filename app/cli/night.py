"""Commands that do by hand what is done every night."""

from typing import Annotated, Any

import typer

from app.cli.terminal import Opened, in_words, out, progress_bar
from app.services.audit import audit
from app.services.sweep import REPAIRS, sweep


def sweep_now(
    accept: Annotated[
        bool, typer.Option("--accept", help="Take it over even if much is gone from Jira at once: that is right so.")
    ] = False,
) -> None:
    """Compare all evidence with Jira, id by id, and mend what webhooks and polls missed; the pages follow."""
    with Opened.house() as house, progress_bar() as bar:
        counts = sweep(house.world, bar, accept=accept)
    out.print(f"Swept {counts['asked']} issues: {repairs(counts)}.")


def repairs(counts: dict[str, Any]) -> str:
    """What a sweep mended."""
    mended = in_words({name: counts.get(name) for name in REPAIRS})
    return f"repaired {counts['repaired']} ({mended})" if counts.get("repaired") else "nothing to repair"


def audit_now() -> None:
    """List our pages in Confluence, and tell what people did to them. Nothing is written there."""
    with Opened.house() as house, progress_bar() as bar:
        counts = audit(house.world, bar)
    found = {name: count for name, count in counts.items() if name != "pages"}
    out.print(f"Looked at {counts['pages']} pages: {in_words(found)}.")
    if any(found.values()):
        out.print("`plainsight status` says which ones, and what to do.")
