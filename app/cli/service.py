"""Commands that run the service and do by hand what it does by itself."""

from typing import Annotated

import typer

from app import logs, settings
from app.cli.terminal import Opened, err, in_words, out, progress_bar, tell
from app.db import migrate as migrations
from app.db.session import open_engine
from app.errors import Invalid
from app.services import checkins, comments, explain, pages, preview, publish, sync
from app.web.serve import serve as serve_web

KeyResultId = Annotated[str, typer.Argument(metavar="ID", help="Id of a key result, an objective or a KPI.")]


def migrate() -> None:
    """Bring the database to the tables of this version."""
    configured = settings.load()
    logs.set_up(configured)
    engine = open_engine(configured.database_url)
    did = migrations.upgrade(engine)
    out.print(f"Migrated to {migrations.newest()}." if did else f"Already at {migrations.newest()}.")


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; PLAINSIGHT_HOST by default.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; PLAINSIGHT_PORT by default.")] = None,
) -> None:
    """Run the service: webhooks, REST API, worker and clock in one process, until Ctrl-C or SIGTERM."""
    with Opened.house() as house:
        serve_web(house, host, port)


def sync_now() -> None:
    """Read from Jira what changed, and make the pages due."""
    with Opened.house() as house, progress_bar() as bar:
        counts = sync.poll(house.world, bar)
    out.print("Synced: " + in_words(counts))


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
    out.print("Published: " + in_words(counts))
    if counts.get("failed") or counts.get("conflict") or counts.get("lost"):
        err.print("Some pages were not written; `plainsight status` says why.")
        raise typer.Exit(1)


def _show_previews(previews: list[preview.Preview]) -> None:
    for one in previews:
        tell(f"{one.page}: {one.verdict}")
        for line in one.diff:
            tell("  " + line, {"+": "green", "-": "red", "@": "cyan"}.get(line[:1], ""))


def comments_now() -> None:
    """Read the comments below our pages: `/okr KR-3 410 c=7 note` by a key result's owner is a check-in."""
    with Opened.house() as house:
        counts = comments.read_now(house.world)
    out.print("Comments: " + in_words(counts))
    if counts["unanswered"]:
        err.print("Some could not be answered; `plainsight status` says why.")
        raise typer.Exit(1)


def explain_score(
    key: KeyResultId,
    language: Annotated[str, typer.Option(help="ko or en.")] = "",
) -> None:
    """Say how a score came about, number by number, as the page does."""
    with Opened.house() as house:
        lines = explain.explain(house.world, key, language or house.world.settings.languages[0])
    tell(lines[0], "bold")
    for line in lines[1:]:
        tell("  " + line)


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
