"""How everything stands, for a person at a terminal: in groups, with detail only where something is wrong."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from app.cli.night import repairs
from app.cli.terminal import Opened, in_words, out, tell
from app.services import status
from app.services.sweep import SWEEP

FEW_PAGES = 20

Report = dict[str, Any]


def show(
    everything: Annotated[bool, typer.Option("--all", help="List every page, however many there are.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, for scripts; it always has everything.")] = False,
) -> None:
    """Say how the service stands: sites, pages and their problems, webhooks, the last run of each kind."""
    with Opened.house() as house:
        report, zone = status.read(house.world), house.world.settings.zone
    if as_json:
        out.print_json(json.dumps(report), indent=2, highlight=False)
        return
    _group("Needs attention", (one["says"] for one in report["findings"] if one["is_problem"]))
    _group("For information", (one["says"] for one in report["findings"] if not one["is_problem"]))
    _group("Sites", _sites(report, zone))
    _group(f"Pages: {_by_state(report['pages'])}", _pages(report["pages"], everything))
    _group("Comments without an answer", (f"{one['page']}: {one['problem']}" for one in report["unanswered_comments"]))
    _group("Evidence that Jira refuses", _evidence(report))
    _group("Webhooks", _webhooks(report, zone))
    _group("Jobs that are parked", (f"{one['kind']}: {one['reason']}" for one in report["parked_jobs"]))
    _group(f"Last runs ({zone})", _runs(report, zone))


def _group(heading: str, lines: Iterator[str]) -> None:
    """Nothing to say: no heading."""
    for number, line in enumerate(lines):
        if number == 0:
            tell(heading, "bold")
        tell("  " + line)


def _sites(report: Report, zone: ZoneInfo) -> Iterator[str]:
    for one in report["sites"]:
        read = f"last read {_time(one['ok_at'], zone)}"
        if one["in_sync"]:
            yield f"{one['site']}: in sync, {read}"
        else:
            yield f"{one['site']}: OUT OF SYNC since {_time(one['out_since'], zone)}, {read}"
            yield f"  {one['error']}"


def _by_state(pages: list[Report]) -> str:
    """The final ones of closed cycles apart, if all is well with them."""
    states = Counter("final" if one["is_final"] and one["state"] == "ok" else one["state"] for one in pages)
    return in_words(dict(states)) if pages else "none yet"


def _pages(pages: list[Report], everything: bool) -> Iterator[str]:
    is_long = len(pages) > FEW_PAGES and not everything
    for one in pages:
        troubles = list(_troubles(one))
        if is_long and not troubles:
            continue
        yield f"{one['page']}: {one['state']} {one['address'] or ''}".rstrip()
        yield from ("  " + line for line in troubles)
    if is_long:
        yield "(--all lists those that are well, too)"


def _troubles(page: Report) -> Iterator[str]:
    if page["problem"] and page["problem"] not in [one["kind"] for one in page["strayed"]]:
        yield page["problem"]
    for one in page["strayed"]:
        yield f"{one['kind']}{': ' if one['detail'] else ''}{one['detail']}. {one['advice']}"
    if page["pictures_problem"]:
        yield f"without pictures: {page['pictures_problem']}"
    if page["address"] and not page["is_marked"]:
        yield "without our labels and mark: they are tried again with its next version"
    for text in page["lost_comments"]:
        yield f"an inline comment lost its place: “{text}”"


def _evidence(report: Report) -> Iterator[str]:
    for one in report["refused_evidence"]:
        yield f"{one['evidence']} of {one['key_result']}: {one['reason']}"


def _webhooks(report: Report, zone: ZoneInfo) -> Iterator[str]:
    yield f"{report['waiting_deliveries']} webhook deliveries wait"
    for one in report["refused_deliveries"]:
        yield f"{one['count']} refused ({one['reason']}), the last one {_time(one['at'], zone)}"


def _runs(report: Report, zone: ZoneInfo) -> Iterator[str]:
    for one in report["runs"]:
        did = repairs(one["counts"]) if one["kind"] == SWEEP else in_words(one["counts"])
        took = f"{one['seconds']:.1f} s" if one["seconds"] is not None else "unfinished"
        yield f"{_time(one['started_at'], zone)} {one['kind']}: {did} ({took})"
        if one["error"]:
            yield f"  {one['error']}"


def _time(iso: str | None, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(iso).astimezone(zone):%Y-%m-%d %H:%M:%S}" if iso else "never"
