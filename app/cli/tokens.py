"""Commands about the tokens of the REST API."""

from typing import Annotated

import typer

from app.cli.terminal import Opened, err, tell
from app.services import tokens

Name = Annotated[str, typer.Argument(metavar="NAME", help="What the token is for, such as ci or dashboard.")]


def create(
    name: Name,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="It may read, and neither check in nor publish.")
    ] = False,
) -> None:
    """Make a token for the REST API and print it, this once. From the first one on, every call needs one."""
    with Opened.house() as house:
        text = tokens.create(house.world, name, read_only=read_only)
    tell(text)
    err.print("Keep it now: Plainsight stores its fingerprint alone and cannot show it again.")


def show() -> None:
    """List the tokens: name, first characters, rights, when made and when last used."""
    with Opened.house() as house:
        known = tokens.known(house.world)
    for one in known:
        rights = "read only" if one.read_only else "read and write"
        used = f"last used {one.used_on}" if one.used_on else "never used"
        tell(f"{one.name}: {one.start}…, {rights}, made {one.created_on}, {used}")
    if not known:
        tell("There is no token; the API answers on this machine alone. Make one: plainsight token create NAME")


def revoke(name: Name) -> None:
    """Take a token's rights away at once and for good."""
    with Opened.house() as house:
        tokens.revoke(house.world, name)
    tell(f"{name}: revoked.")
