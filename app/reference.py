"""Writes the reference pages of docs/ from the code: settings, commands, jobs, modes, sources, pages (`make docs`)."""

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import typer
from pydantic import SecretStr

from app import jobs
from app.domain.model import NOT_WORK
from app.domain.page_kinds import PAGE_KINDS, sections_of
from app.domain.progress import MODES
from app.domain.progress.scoring import Mode
from app.errors import Invalid
from app.main import command_line
from app.render import TEMPLATES
from app.services import audit, comments, okrs, pages, retention, scores, sweep, sync
from app.services.sources import SOURCES, share_done
from app.settings import Settings

SECTIONS = TEMPLATES / "sections"
GENERATED = "<!-- Written by `make docs` from {module}; change it there. -->"

JOBS_DO: Mapping[str, str] = {
    pages.DRAIN: "Asks Jira for the present state of every issue that a webhook named, and takes it in.",
    sync.POLL: "Asks Jira what changed since the last time, in one search, and fills evidence that was never filled.",
    comments.COMMENTS: "Reads comments below our pages, records those that are check-ins, and answers them; nothing at "
    "all unless `PLAINSIGHT_COMMENT_CHECK_INS` is set.",
    pages.DUE: "Makes pages due whose own schedule has come, and sets their next time.",
    pages.PUBLISH: "Publishes the pages that are due.",
    scores.SNAPSHOT: "Keeps how every key result, objective and page stands that day.",
    jobs.RECONCILE: "Enqueues again whatever the database says is unfinished: due pages, webhook deliveries, and what "
    "was missed at night.",
    sweep.SWEEP: "Compares all evidence of open cycles with Jira, id by id, and mends what webhooks and polls missed.",
    audit.AUDIT: "Lists our pages in Confluence and tells which ones people moved, renamed, archived, trashed, deleted "
    "or edited. It only reads.",
    retention.RETENTION: "Deletes webhook deliveries, records of runs and reports of earlier versions that are older "
    "than the settings say.",
}
JOBS_RUN: Mapping[str, str] = {
    pages.DRAIN: "after a webhook",
    pages.PUBLISH: "when pages are due",
}
"""What wakes the jobs that the clock does not strike for."""

SOURCES_DO: Mapping[str, str] = {
    "manual": "The values that people enter: check-ins, and `measurements` in the file of OKRs.",
    share_done.NAME: "How much of the contributing issues is done: 0–100 in the unit `%`, else 0–1. By `count` (the "
    "default) or by story `points`. Issues resolved as one of `exclude_resolutions` are left out altogether; unless "
    f"said otherwise these are {', '.join(NOT_WORK)}. Issues without points are left out of a share by "
    "points. No issue at all: unknown.",
}


def settings() -> str:
    """docs/settings.md."""
    lines = [
        _variable(name, field.description or "", field.get_default()) for name, field in Settings.model_fields.items()
    ]
    return f"""{GENERATED.format(module="app/settings.py")}
# Settings

Every setting is an environment variable, or a line in a file `.env` in the working folder. The environment wins over
files of secrets, and those win over `.env`. An empty variable counts as not given. Lists are separated by commas.

Any setting may also lie in a file of its own, named in lower case (`plainsight_jira_token`), in the folder that
`PLAINSIGHT_SECRETS_DIR` names; `/run/secrets` unless said otherwise. That is where Docker puts secrets. The variable
may stand in `.env` too, and a relative folder is then meant from where that file lies; `plainsight init` writes it so.

A value that cannot be used stops the start, with the variable's name and the reason.

{_table(("Variable", "Default", "What"), lines)}"""


def _variable(name: str, description: str, default: object) -> tuple[str, ...]:
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    text = ",".join(map(str, default)) if isinstance(default, tuple) else str(default)
    return f"`PLAINSIGHT_{name.upper()}`", f"`{text}`" if text else "", description


def commands() -> str:
    """docs/commands.md."""
    group: Any = typer.main.get_command(command_line())
    parts = [_command(name, command) for name, command in _flat(group)]
    return f"""{GENERATED.format(module="app/cli/, app/demo.py and connectors/sandbox/command.py")}
# Commands

`plainsight --help` and `plainsight COMMAND --help` say the same. Commands may run beside the service on the same
database. They end with 0, with 1 and one sentence on standard error when something is wrong, or with 2 when they were
called wrongly.

{chr(10).join(parts)}"""


def _flat(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its words, those of two words too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _flat(command, f"{before}{name} ")
        else:
            yield before + name, command


def _command(name: str, command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    names = [_name(one) for one in arguments]
    rows = [(f"`{shown}`", one.help) for shown, one in zip(names, arguments, strict=True)]
    rows += [(f"`{one.opts[0]}`", _option(one)) for one in command.params if one.param_type_name == "option"]
    table = "\n" + _table(("Argument", "What"), rows) if rows else ""
    return f"## `{' '.join(['plainsight', name, *names])}`\n{' '.join(command.help.split())}\n{table}"


def _name(argument: Any) -> str:
    """As the usage line writes it: `[PAGE]...` may be left out, or be several."""
    name = argument.metavar or argument.name.upper()
    return (name if argument.required else f"[{name}]") + ("..." if argument.nargs == -1 else "")


def _option(option: Any) -> str:
    default = (
        "" if option.default is None or option.default == "" or option.is_flag else f" Default: `{option.default}`."
    )
    return f"{option.help}{default}"


def the_jobs() -> str:
    """docs/jobs.md."""
    struck = dict(jobs.strikes(Settings.model_construct()))
    rows = [(f"`{kind}`", _when(kind, struck), JOBS_DO[kind]) for kind in jobs.JOBS]
    return f"""{GENERATED.format(module="app/jobs.py")}
# Jobs

Running one twice, late or not at all does no harm: what there is to do stands in rows of the database, and a job only
says that it is time to look. Cron texts are meant in `PLAINSIGHT_TIME_ZONE`. A job that failed for a reason that may
pass is run again after 2, 4, 8 … seconds, ten minutes at most. One that failed for good is parked until the clock, a
webhook or a person wakes it again; meanwhile `plainsight status` says why.

{_table(("Job", "When", "What it does"), rows)}"""


def _when(kind: str, struck: Mapping[str, str | timedelta]) -> str:
    when = struck.get(kind)
    if kind == sync.POLL:
        return f"by `PLAINSIGHT_POLL_SCHEDULE`, `{when}` by default; at start; after `plainsight apply`"
    if kind == comments.COMMENTS:
        return f"by `PLAINSIGHT_POLL_SCHEDULE`, `{when}` by default; at start"
    if kind in (sweep.SWEEP, audit.AUDIT, retention.RETENTION):
        return f"by `PLAINSIGHT_NIGHT_SCHEDULE`, `{when}` by default; an hour later, if it was missed"
    if isinstance(when, timedelta):
        return f"every {when.total_seconds():.0f} seconds"
    return f"`{when}`" if when else JOBS_RUN[kind]


def modes_and_sources() -> str:
    """docs/modes-and-sources.md."""
    modes = [(f"`{name}`", _names(mode.parameters), _mode(mode)) for name, mode in MODES.items()]
    sources = [
        (f"`{name}`", _names(one.name for one in source.takes), SOURCES_DO[name]) for name, source in SOURCES.items()
    ]
    return f"""{GENERATED.format(module="app/domain/progress/ and app/services/sources/")}
# Modes and sources

A source yields a value for a metric. A mode turns values into progress from 0 to 1. How both are written in the file of
OKRs stands in [okrs-file.md](okrs-file.md).

## Modes (`progress: {{mode: …}}`)
{_table(("Mode", "Parameters", "What"), modes)}
## Sources (`source: {{type: …}}`)
{_table(("Source", "Parameters", "What"), sources)}"""


def _mode(mode: Mode[Any]) -> str:
    module = sys.modules[mode.parse.__module__]
    about = (module.__doc__ or "").partition(": ")[2]
    return " ".join(f"{about[:1].upper()}{about[1:]} {mode.parse.__doc__ or ''}".split())


def _names(names: Iterable[str], nothing: str = "none") -> str:
    return ", ".join(f"`{name}`" for name in names) or nothing


def page_sections() -> str:
    """docs/page-sections.md."""
    kinds = [
        (f"`{name}`", kind.says, _names(sections_of(name), nothing=""), _names(kind.more, nothing=""))
        for name, kind in PAGE_KINDS.items()
    ]
    sections = [(f"`{path.name.partition('.')[0]}`", *_template(path)) for path in sorted(SECTIONS.glob("*.j2"))]
    return f"""{GENERATED.format(module="templates/confluence/")}
# Kinds of pages and their sections

A section is a file in `templates/confluence/sections/`; `app/domain/page_kinds.py` says which ones a kind of page has,
from top to bottom. A page in `okrs.yaml` may choose among these, in another order, with `sections:`; the first and the
last ones and the one for people's notes stand on it anyhow. What stands on the pages is told in [pages.md](pages.md).

## Kinds (`pages: [{{kind: …}}]`)
{_table(("Kind", "What", "Its sections", "May also have"), kinds)}
## Sections
{_table(("Section", "What it shows", "Made of"), sections)}"""


def _template(path: Path) -> tuple[str, str]:
    """The sentence at the top of a template, and the names of the sections that it includes."""
    text = path.read_text(encoding="utf-8")
    about = re.match(r"\{# (.+?) #\}\n", text)
    if about is None:
        raise Invalid(f"{path.name}: open it with a sentence that says what it shows, as `{{# … #}}`.")
    return about[1], _names(re.findall(r'include "sections/(\w+)', text), nothing="")


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings,
    "commands.md": commands,
    "jobs.md": the_jobs,
    "modes-and-sources.md": modes_and_sources,
    "okrs.schema.json": okrs.schema_text,
    "page-sections.md": page_sections,
}


def write(folder: Path) -> None:
    """Write every generated page into a folder that is there."""
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
