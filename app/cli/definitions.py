"""Commands about the file of OKRs."""

import os
from pathlib import Path
from typing import Annotated

import typer

from app.cli.terminal import Opened, out, tell
from app.services import okrs


def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The definitions, for example okrs.yaml.")],
    reason: Annotated[str, typer.Option(help="Why a target or baseline of an open cycle changes.")] = "",
) -> None:
    """Make Plainsight know the OKRs and KPIs of a file: new ones are created, missing ones archived, never deleted."""
    with Opened.house() as house:
        world = house.world
        definitions = okrs.read(world, file)
        applied = okrs.apply(world, definitions, by=os.environ.get("USER", "apply"), reason=reason)
    for sign, lines in (("+", applied.created), ("~", applied.changed), ("-", applied.archived)):
        for line in lines:
            tell(f"{sign} {line}")
    if applied:
        out.print(
            f"{len(applied.created)} created, {len(applied.changed)} changed, {len(applied.archived)} archived, "
            f"{applied.moved} moved, {applied.values} values taken over."
        )
    else:
        out.print("Nothing to do: everything is as the file says.")
