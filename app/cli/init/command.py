"""The command itself: its options, and its course from the questions to what is to be done next."""

import secrets
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from app.cli.init import checks, files
from app.cli.init.asking import Check, all_well, ask_part, sure
from app.cli.init.given import completed, of_options, overruling, present
from app.cli.init.questions import MADE, PARTS, Answers
from app.cli.terminal import tell
from app.domain.finding import Finding
from app.errors import Invalid

HIDDEN = "File that holds it; PLAINSIGHT_{} in the environment will do, too."


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Option(help="Where .env, secrets/ and okrs.yaml are written.")] = Path(),
    jira_url: Annotated[str | None, typer.Option(help="Address of Jira, or of any page of it.")] = None,
    jira_web_url: Annotated[str | None, typer.Option(help="The same for browsers, where it differs.")] = None,
    jira_email: Annotated[str | None, typer.Option(help="E-mail of the account; none: a bearer token.")] = None,
    jira_token: Annotated[Path | None, typer.Option("--jira-token-file", help=HIDDEN.format("JIRA_TOKEN"))] = None,
    jira_token_expires_on: Annotated[str | None, typer.Option(help="Day on which it ends, YYYY-MM-DD.")] = None,
    confluence_url: Annotated[
        str | None, typer.Option(help="Address of Confluence, Cloud or Data Center; beside Jira.")
    ] = None,
    confluence_web_url: Annotated[str | None, typer.Option(help="The same for browsers, where it differs.")] = None,
    confluence_email: Annotated[
        str | None, typer.Option(help="E-mail of the account; on Cloud Jira's by default.")
    ] = None,
    confluence_token: Annotated[
        Path | None, typer.Option("--confluence-token-file", help=HIDDEN.format("CONFLUENCE_TOKEN"))
    ] = None,
    confluence_token_expires_on: Annotated[str | None, typer.Option(help="Day on which it ends, YYYY-MM-DD.")] = None,
    confluence_space: Annotated[
        str | None, typer.Option("--space", help="Space for the pages: its key, or its address.")
    ] = None,
    projects: Annotated[str | None, typer.Option(help="Jira projects that may be shown; all by default.")] = None,
    languages: Annotated[str | None, typer.Option(help="ko, en or both, the leading one first.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Zone in which days and schedules are meant.")] = None,
    database_url: Annotated[
        str | None,
        typer.Option(help="SQLite or PostgreSQL; a password belongs into PLAINSIGHT_DATABASE_URL in the environment."),
    ] = None,
    public_url: Annotated[str | None, typer.Option(help="Address at which Jira and people reach this service.")] = None,
    no_input: Annotated[
        bool, typer.Option("--no-input", help="Ask nothing; fail with a list of what is missing.")
    ] = False,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Do not try the answers; nothing is connected to.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Change files that are there without asking.")] = False,
) -> None:
    """Set up an installation: a few questions, each answer tried at once, then the files .env, secrets/ and okrs.yaml.

    An answer comes from an option, the environment, or the files that are there already, and is asked for otherwise.
    """
    given = of_options(context.params)
    answers = present(folder) | given
    try:
        if no_input:
            _take(completed(answers), no_check, folder)
        else:
            _ask(answers, given, {} if no_check else checks.of_parts(folder), folder)
        answers[MADE] = answers.get(MADE) or secrets.token_hex(32)
        _write(folder, answers, overwrite, no_input)
    except (KeyboardInterrupt, typer.Abort):
        tell("\nStopped. Nothing was written.")
        raise
    _say_what_next(folder, answers)


def _take(answers: Answers, no_check: bool, folder: Path) -> None:
    if not no_check and not all_well(checks.everything(answers, folder), set()):
        raise Invalid("Nothing was written: mend what is wrong, or take the answers as they are with --no-check.")


def _ask(answers: Answers, given: Answers, tries: Mapping[str, Check], folder: Path) -> None:
    if not sys.stdin.isatty():
        raise Invalid("This asks questions and needs a terminal. Give the answers as options, with --no-input.")
    with suppress(ImportError):
        import readline  # noqa: F401  (arrow keys, and Korean is rubbed out as it should be)
    tell(f"Plainsight in {folder.resolve()}", "bold")
    tell("Enter takes what stands in [brackets], - leaves it out. Nothing is written before the end.")
    told: set[Finding] = set()
    for part, questions in PARTS.items():
        tell(f"\n{part}", "bold")
        if part == "Jira projects" and tries and (seen := checks.visible_projects(answers)):
            tell(seen, "dim")
        ask_part(questions, answers, given, tries.get(part), told)


def _write(folder: Path, answers: Answers, overwrite: bool, no_input: bool) -> None:
    planned = files.planned(folder, answers, checks.today(answers))
    tell("\nFiles", "bold")
    for file in planned:
        sign = "+" if file.is_new else "-" if file.text is None else "~"
        inside = file.path.is_relative_to(folder)
        tell(
            f"{sign} {file.path.relative_to(folder) if inside else file.path}",
            {"+": "green", "-": "red", "~": "yellow"}[sign],
        )
    if not planned:
        tell("Everything is as you said already; nothing was written.")
    elif overwrite or all(file.is_new for file in planned):
        files.write(planned)
    elif no_input:
        raise Invalid("Nothing was written: there are such files already. Change them with --overwrite.")
    elif sure("Some of them are there already. Change them?"):
        files.write(planned)
    else:
        tell("Nothing was written.")
        raise typer.Exit(1)


def _say_what_next(folder: Path, answers: Answers) -> None:
    for note in (*overruling(answers), *files.unignored(folder)):
        tell(note, "yellow")
    tell("\nWhat next", "bold")
    if folder.resolve() != Path.cwd():
        tell(f"  cd {folder}")
    if answers["database_url"].startswith("postgres"):
        tell("  plainsight migrate                makes the tables")
    for command, what in NEXT:
        tell(f"  {command:<34}{what}")


NEXT = (
    ("plainsight doctor", "looks at everything once more"),
    ("edit okrs.yaml", "an example of one objective and one KPI stands in it"),
    ("plainsight apply okrs.yaml", "takes it over; again after every change"),
    ("plainsight sync", "reads the issues from Jira"),
    ("plainsight publish", "writes the first pages; `plainsight status` has their addresses"),
    ("plainsight serve", "runs the service, which keeps the pages up to date"),
    ("plainsight webhook instructions", "what to click in Jira, so that pages follow within seconds"),
)
