"""Commands about the file of OKRs: apply, export, schema."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.cli import plan as plans
from app.cli.terminal import Opened, err, out
from app.errors import Invalid
from app.services import okrs


def apply(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The definitions, for example okrs.yaml.")],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Apply without asking.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show the plan; change nothing.")] = False,
    reason: Annotated[str, typer.Option(help="Why a target or baseline of an open cycle changes.")] = "",
    by: Annotated[str, typer.Option(help="Who changes it, for the history; you by default.")] = "",
    archive_many: Annotated[
        bool, typer.Option("--archive-many", help="With --yes: even if more than half of all would be archived.")
    ] = False,
) -> None:
    """Make Plainsight know the OKRs and KPIs of a file. Shows first what that creates, changes, archives and brings
    back, and asks. Nothing is ever deleted."""
    with Opened.house() as house:
        definitions = okrs.read(house.world, file)
        plan = okrs.plan(house.world, definitions, reason=reason)
        plans.show(plan)
        if dry_run or not plan:
            return
        okrs.refuse_unexplained(plan)
        if not _agreed(plan, yes, archive_many):
            out.print("Nothing was changed.")
            raise typer.Exit(1)
        okrs.apply(house.world, definitions, by=by or _user(), reason=reason, expected=plan)
    out.print(f"Applied: {plans.summary(plan)}.")


def _agreed(plan: okrs.Plan, yes: bool, archive_many: bool) -> bool:
    """Whether it shall be done; Invalid where nobody can be asked, or where a mere yes is not enough."""
    count = len(plan.archived)
    warning = f"This archives {count} of {plan.in_force} definitions. Is it the right file?"
    if yes:
        if plan.archives_many and not archive_many:
            raise Invalid(f"{warning} If so, add --archive-many. Nothing was changed.")
        return True
    if not sys.stdin.isatty():
        raise Invalid(
            "There is no terminal to ask on, so nothing was changed. Add --yes to apply the plan above, or --dry-run "
            "to see it only."
        )
    if not plan.archives_many:
        return typer.confirm("Apply this plan?", err=True)
    typed = typer.prompt(f"{warning} Type {count} to go on", default="", show_default=False, err=True)
    return str(typed).strip() == str(count)


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        return "apply"


def export(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Where to; standard output by default.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file if it is there.")] = False,
    values: Annotated[bool, typer.Option("--values", help="With all measurements and check-ins.")] = False,
) -> None:
    """Write the OKRs and KPIs as Plainsight knows them, in the format that `plainsight apply` reads. Archived ones are
    not in it."""
    if file is not None and file.exists() and not force:
        raise Invalid(f"{file} is there already. Add --force to overwrite it, or give another name.")
    with Opened.house() as house:
        exported = okrs.export(house.world, with_values=values)
    if file is None:
        typer.echo(exported.text, nl=False)
    else:
        _write(file, exported.text)
        out.print(f"Written to {file}.")
    if exported.left_out:
        err.print(f"Check-ins left out, because they are by people who are archived: {exported.left_out}.")


def _write(file: Path, text: str) -> None:
    """The whole file or none of it."""
    new = file.with_name(f".{file.name}.new")
    try:
        new.write_text(text, encoding="utf-8", newline="\n")
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise Invalid(f"{file} cannot be written: {error.strerror}.") from None


def schema() -> None:
    """Write the JSON Schema of the file of OKRs, for editors."""
    typer.echo(okrs.schema_text(), nl=False)
