"""The command line."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text
from sqlalchemy.exc import DatabaseError, OperationalError

from app import logs, settings
from app.db import migrate as migrations
from app.db.session import open_engine
from app.errors import AppError, Invalid
from app.house import House
from app.services import checkins, explain, okrs, pages, preview, publish, status, sync
from app.settings import Settings
from app.web.serve import serve as serve_web

OpenHouse = Callable[[Settings], AbstractContextManager[House]]
out = Console()
err = Console(stderr=True)
app = typer.Typer(
    name="plainsight",
    help="OKRs and KPIs in plain sight: Jira evidence in, transparent Confluence status pages out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

KeyResultId = Annotated[str, typer.Argument(metavar="ID", help="Id of a key result, an objective or a KPI.")]


class Opened:
    """The house, opened for a command; main says how it is put together."""

    how: OpenHouse

    @classmethod
    @contextmanager
    def house(cls, **given: object) -> Iterator[House]:
        configured = settings.load(**given)
        logs.set_up(configured)
        with cls.how(configured) as house:
            yield house


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar on a terminal, silence elsewhere."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda what, done, total: bar.update(task, description=what[:60], completed=done, total=total or None)


@app.command()
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
            _tell(f"{sign} {line}")
    if applied:
        out.print(
            f"{len(applied.created)} created, {len(applied.changed)} changed, {len(applied.archived)} archived, "
            f"{applied.moved} moved, {applied.values} values taken over."
        )
    else:
        out.print("Nothing to do: everything is as the file says.")


@app.command()
def migrate() -> None:
    """Bring the database to the tables of this version."""
    configured = settings.load()
    logs.set_up(configured)
    engine = open_engine(configured.database_url)
    did = migrations.upgrade(engine)
    out.print(f"Migrated to {migrations.newest()}." if did else f"Already at {migrations.newest()}.")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; PLAINSIGHT_HOST by default.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; PLAINSIGHT_PORT by default.")] = None,
) -> None:
    """Run the service: webhooks, REST API, worker and clock in one process, until Ctrl-C or SIGTERM."""
    with Opened.house() as house:
        serve_web(house, host, port)


@app.command("sync")
def sync_now() -> None:
    """Read from Jira what changed, and make the pages due."""
    with Opened.house() as house, progress_bar() as bar:
        counts = sync.poll(house.world, bar)
    out.print("Synced: " + _counts(counts))


@app.command("publish")
def publish_now(
    page: Annotated[list[str] | None, typer.Argument(metavar="PAGE", help="Ids of pages; none: all.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; write nothing.")] = False,
    take_over: Annotated[
        bool, typer.Option("--take-over", help="Overwrite what people changed outside the notes; needs page ids.")
    ] = False,
) -> None:
    """Publish status pages to Confluence. Pages that did not change cost no request."""
    with Opened.house() as house:
        world = house.world
        ids = pages.known(world, page or None)
        if dry_run:
            _show_previews(preview.preview(world, ids))
            return
        if take_over:
            if not page:
                raise Invalid("Name the pages that shall be taken over: what people wrote there is overwritten.")
            pages.take_over(world, ids)
        with progress_bar() as bar:
            counts = publish.publish(world, pages.claim(world, ids), bar)
    out.print("Published: " + _counts(counts))
    if counts.get("failed") or counts.get("conflict") or counts.get("lost"):
        err.print("Some pages were not written; `plainsight status` says why.")
        raise typer.Exit(1)


def _show_previews(previews: list[preview.Preview]) -> None:
    for one in previews:
        _tell(f"{one.page}: {one.verdict}")
        for line in one.diff:
            style = {"+": "green", "-": "red", "@": "cyan"}.get(line[:1])
            out.print("  " + line, style=style, highlight=False, markup=False, soft_wrap=True)


@app.command("explain")
def explain_score(
    key: KeyResultId,
    language: Annotated[str, typer.Option(help="ko or en.")] = "",
) -> None:
    """Say how a score came about, number by number, as the page does."""
    with Opened.house() as house:
        lines = explain.explain(house.world, key, language or house.world.settings.languages[0])
    out.print(lines[0], style="bold", highlight=False, markup=False)
    for line in lines[1:]:
        _tell("  " + line)


@app.command("checkin")
def check_in(
    key: Annotated[str, typer.Argument(metavar="KEY_RESULT", help="Id of the key result.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="Its value now, if it is measured by hand.")] = "",
    confidence: Annotated[int | None, typer.Option(min=0, max=10, help="0 to 10.")] = None,
    note: Annotated[str, typer.Option(help="What happened.")] = "",
    blockers: Annotated[str, typer.Option(help="What is in the way.")] = "",
    by: Annotated[str, typer.Option(help="Id of the person; the key result's owner by default.")] = "",
) -> None:
    """Check in: a value, a confidence, a note. The pages follow."""
    with Opened.house() as house:
        checkins.check_in(house.world, key, value, confidence=confidence, note=note, blockers=blockers, by=by)
    out.print(f"{key}: noted down.")


@app.command("status")
def show_status() -> None:
    """Say how the service stands: sites, pages and their problems, what waits, the last runs."""
    with Opened.house() as house:
        report = status.read(house.world)
    for site in report["sites"]:
        state = "in sync" if site["in_sync"] else f"OUT OF SYNC since {site['out_since']}: {site['error']}"
        _tell(f"{site['site']}: {state}, last read {site['ok_at'] or 'never'}")
    for one in report["pages"]:
        _tell(f"page {one['page']}: {one['state']} {one['problem']} {one['address'] or ''}".rstrip())
        for lost in one["lost_comments"]:
            _tell(f"  an inline comment lost its place: “{lost}”")
    for refused in report["refused_evidence"]:
        _tell(f"evidence {refused['evidence']} of {refused['key_result']}: {refused['reason']}")
    for job in report["parked_jobs"]:
        _tell(f"job {job['kind']} is parked: {job['reason']}")
    _tell(f"{report['waiting_deliveries']} webhook deliveries wait")
    for run in report["runs"]:
        _tell(f"{run['started_at'][:19]} {run['kind']}: {_counts(run['counts'])} {run['error']}".rstrip())


def _tell(line: str) -> None:
    out.print(line, highlight=False, markup=False, soft_wrap=True)


def _counts(counts: dict[str, Any]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items() if count) or "nothing changed"


def run(how: OpenHouse) -> int:
    """Run the command line; an error with a meaning is told in one sentence, exit status 1."""
    Opened.how = staticmethod(how)
    try:
        return app(standalone_mode=False) or 0
    except AppError as error:
        return _refused(error.message)
    except (OperationalError, DatabaseError) as error:
        return _refused(f"The database failed: {' '.join(str(error.orig).split())}. Is PLAINSIGHT_DATABASE_URL right?")
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except typer._click.exceptions.ClickException as error:
        error.show(sys.stderr)
        return error.exit_code


def _refused(message: str) -> int:
    err.print(Text.assemble(("Error:", "red"), " ", message), soft_wrap=True)
    return 1
