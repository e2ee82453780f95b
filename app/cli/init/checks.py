"""Trying answers before they are written down: against the live sites, and by connecting to the database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import takewhile
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import make_url, text
from sqlalchemy.exc import SQLAlchemyError

from app import settings
from app.cli.init.questions import Answers
from app.cli.terminal import Opened
from app.db.session import open_engine
from app.domain.finding import Finding, Verdict
from app.errors import AppError, Invalid
from app.ports import IssueTracker
from app.services.doctor import check_confluence, check_jira, check_sites
from app.services.doctor.jira import NAMED as TOLD
from app.settings import Settings
from app.world import Sites

NAMED = 20
"""Projects that are named in a line."""
Examine = Callable[[Sites], Iterator[Finding]]


def jira_address(answers: Answers) -> Iterator[Finding]:
    """Whether a Jira Cloud answers, asked before there is a token."""
    stand_in = {"jira_url": answers["jira_url"], "jira_token": "none", "confluence_url": ""}
    for finding in _of_sites(stand_in, check_jira, "Jira address"):
        if finding.point == "Jira account":  # it asks who we are, so it is there
            yield Finding("Jira address", Verdict.FINE, f"{answers['jira_url']} answers.")
            return
        yield finding
        if finding.point == "Jira address":
            return


def jira(answers: Answers) -> Iterator[Finding]:
    """What the doctor says of Jira."""
    yield from _of_sites(answers | {"confluence_url": "", "projects": ""}, check_jira, "Jira")


def confluence_account(answers: Answers) -> Iterator[Finding]:
    """What the doctor says of Confluence before it comes to the space."""
    findings = _of_sites(answers | {"confluence_space": ""}, check_confluence, "Confluence")
    yield from takewhile(lambda finding: finding.point != "Confluence space", findings)


def confluence(answers: Answers) -> Iterator[Finding]:
    """What the doctor says of Confluence; what it would say of Jira was said before."""
    yield from _of_sites(answers, check_confluence, "Confluence")


def projects(answers: Answers) -> Iterator[Finding]:
    """Whether the account sees the projects that may be shown."""
    keys = [key for key in answers.get("projects", "").split(",") if key]
    if keys:
        yield from _of_sites(answers | {"confluence_url": ""}, lambda sites: _projects(sites, keys), "Jira projects")


def database(answers: Answers, folder: Path) -> Iterator[Finding]:
    """Whether a connection can be had; a SQLite file is made at the first start, so that only its folder counts."""
    url = make_url(answers["database_url"])
    if url.get_backend_name() == "sqlite":
        there = (folder / (url.database or "")).parent
        if there == folder or there.is_dir():
            yield Finding("Database", Verdict.FINE, f"SQLite in the file {url.database}.")
        else:
            yield Finding("Database", Verdict.WRONG, f"There is no folder {there}.", "Make it, or name another file.")
        return
    try:
        engine = open_engine(url.update_query_dict({"connect_timeout": "5"}).render_as_string(hide_password=False))
        with engine.connect() as connection:
            version = connection.execute(text("SHOW server_version")).scalar_one()
        engine.dispose()
    except (AppError, SQLAlchemyError) as error:
        said = error.message if isinstance(error, AppError) else _plainly(error)
        yield Finding("Database", Verdict.WRONG, said, "Look at host, port, user, password and the database's name.")
        return
    yield Finding("Database", Verdict.FINE, f"PostgreSQL {version} answers.")


def today(answers: Answers) -> date:
    """The day it is in the chosen zone."""
    with _sites({"time_zone": answers["time_zone"], "jira_url": "", "confluence_url": ""}) as sites:
        return sites.now().astimezone(ZoneInfo(answers["time_zone"])).date()


def visible_projects(answers: Answers) -> str:
    """The keys of the first projects that the account sees, in a sentence; empty where they cannot be had, or where
    all of them have just been told by `jira`."""
    try:
        with _sites(answers | {"confluence_url": "", "projects": ""}) as sites:
            seen = _tracker(sites).projects()
    except AppError:
        return ""
    keys, more = ", ".join(project.key for project in seen.some[:NAMED]), seen.total - NAMED
    return f"Among them: {keys}{f' and {more} more' if more > 0 else ''}." if seen.total > TOLD else ""


def everything(answers: Answers, folder: Path) -> Iterator[Finding]:
    """All of it in one go; a token that one site refuses is not tried on the other."""
    yield from _of_sites(answers, check_sites, "Sites")
    yield from database(answers, folder)


def of_parts(folder: Path) -> Mapping[str, Callable[[Answers], Iterator[Finding]]]:
    """What tries the answers, by the part of the questions after which it does."""
    return {
        "Jira": jira_address,
        "Jira account": jira,
        "Jira projects": projects,
        "Confluence": confluence_account,
        "Confluence space": confluence,
        "Service": partial(database, folder=folder),
    }


def _projects(sites: Sites, keys: Sequence[str]) -> Iterator[Finding]:
    seen = {project.key.upper() for project in _tracker(sites).projects(keys).some}
    missing = ", ".join(key for key in keys if key not in seen)
    if missing:
        cure = "Is it a key, the part of WEB-12 before the hyphen? Then the account needs Browse Projects there."
        yield Finding("Jira projects", Verdict.WRONG, f"The account does not see {missing}.", cure)
    else:
        yield Finding("Jira projects", Verdict.FINE, f"The account sees {', '.join(keys)}.")


def _tracker(sites: Sites) -> IssueTracker:
    if sites.jira is None:
        raise Invalid("No Jira site is given.")
    return sites.jira


def _of_sites(answers: Answers, examine: Examine, name: str) -> Iterator[Finding]:
    try:
        with _sites(answers) as sites:
            yield from examine(sites)
    except AppError as error:  # an address or a token that cannot be one
        yield Finding(name, Verdict.WRONG, error.said, error.cure)


@contextmanager
def _sites(answers: Answers) -> Iterator[Sites]:
    given = {name: text or Settings.model_fields[name].default for name, text in answers.items()}
    with Opened.sites(settings.load(_env_file=None, **given)) as sites:
        yield sites


def _plainly(error: SQLAlchemyError) -> str:
    """The driver's own words in one line; they hold no password."""
    return " ".join(str(getattr(error, "orig", None) or error).split())
