"""The questions of `plainsight init`, in one table: a new one is one entry in a part, and one option of the command."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.cli.init import pasted
from app.settings import Settings

Answers = dict[str, str]
"""The text of each answer by the name of its setting; empty or missing: not set."""

TOKENS = "https://id.atlassian.com/manage-profile/security/api-tokens"
EVERYWHERE = ("UTC", "Etc/UTC", "Etc/UCT", "Universal", "Zulu", "GMT", "Etc/GMT")
ZONES = "/zoneinfo/"


def nothing(_answers: Answers) -> str:
    return ""


def always(_answers: Answers) -> bool:
    return True


@dataclass(frozen=True)
class Question:
    """`name` is the setting, `option` what answers it on the command line (for a hidden one: a file that holds it).
    `read` turns what is typed into the answer or raises Invalid. `empty` says what leaving it out means; without it
    the question needs an answer. `proposal` is what Enter takes where nothing is set yet."""

    name: str
    option: str
    asks: str
    read: Callable[[str], str]
    hint: str = ""
    empty: str = ""
    hidden: bool = False
    proposal: Callable[[Answers], str] = nothing
    applies: Callable[[Answers], bool] = always

    @property
    def variable(self) -> str:
        return f"PLAINSIGHT_{self.name.upper()}"


def _at_the_gateway(name: str) -> Callable[[Answers], bool]:
    return lambda answers: pasted.is_gateway(answers.get(name, ""))


def _machine_zone(_answers: Answers) -> str:
    """The zone of this machine, if it has one of its own; servers that run in UTC tell nothing about people."""
    path = Path("/etc/localtime").resolve().as_posix()
    zone = os.environ.get("TZ", "").lstrip(":") or (path.partition(ZONES)[2] if ZONES in path else "")
    return zone if zone and zone not in EVERYWHERE else _default("time_zone")


def _default(name: str) -> str:
    value = Settings.model_fields[name].default
    return ",".join(value) if isinstance(value, tuple) else str(value)


WEB_HINT = "That is the gateway for tokens with scopes, where a browser gets nowhere."

JIRA = (
    Question(
        "jira_url", "--jira-url", "Address of Jira", pasted.site_address,
        hint="Any address of a page of your site will do. With a token that has scopes: "
        f"https://{pasted.GATEWAY}/ex/jira/<cloud id>",
    ),
    Question(
        "jira_web_url", "--jira-web-url", "Address of Jira for people's browsers", pasted.site_address,
        hint=WEB_HINT, applies=_at_the_gateway("jira_url"),
    ),
)  # fmt: skip

JIRA_ACCOUNT = (
    Question(
        "jira_email", "--jira-email", "E-mail of the account", pasted.account,
        hint="Plainsight sees and does what this account may. Without an e-mail the token is sent as a bearer token.",
        empty="none",
    ),
    Question(
        "jira_token", "--jira-token-file", "Its API token, not shown", pasted.token,
        hint=f"Make one at {TOKENS}", hidden=True,
    ),
    Question(
        "jira_token_expires_on", "--jira-token-expires-on", "Day on which the token ends, such as 2027-06-30",
        pasted.day, hint="Atlassian tells this to nobody but you; Plainsight reminds you in time.", empty="not known",
    ),
)  # fmt: skip

CONFLUENCE = (
    Question(
        "confluence_url", "--confluence-url", "Address of Confluence", pasted.confluence_address,
        hint="Cloud or Data Center: any address of a page of it will do.",
        proposal=lambda answers: pasted.beside(answers.get("jira_url", "")),
    ),
    Question(
        "confluence_web_url", "--confluence-web-url", "Address of Confluence for people's browsers",
        pasted.confluence_address, hint=WEB_HINT, applies=_at_the_gateway("confluence_url"),
        proposal=lambda answers: pasted.beside(answers.get("jira_web_url", "")),
    ),
    Question(
        "confluence_email", "--confluence-email", "E-mail of the account", pasted.user,
        hint="Data Center: leave it out for a personal access token; for a password give the user's name.",
        empty="Jira's on Cloud, none on Data Center",
    ),
    Question(
        "confluence_token", "--confluence-token-file", "Its API token, not shown", pasted.token,
        hint="Data Center: made in Confluence, under your picture: Settings, Personal access tokens. Cloud: a token "
        "with scopes is for one product, so that Confluence needs one of its own.",
        empty="Jira's", hidden=True,
    ),
    Question(
        "confluence_token_expires_on", "--confluence-token-expires-on", "Day on which that token ends", pasted.day,
        empty="not known", applies=lambda answers: bool(answers.get("confluence_token")),
    ),
)  # fmt: skip

SPACE = (
    Question(
        "confluence_space", "--space", "Space for the pages: its key, or its address", pasted.space_key,
        hint="The pages grow under the space's homepage.",
    ),
)  # fmt: skip

PROJECTS = (
    Question(
        "projects", "--projects", "Jira projects that may be shown, such as WEB,MKT", pasted.project_keys,
        hint="Whoever reads a page reads the summaries of the issues on it, whatever their rights in Jira.",
        empty="all that the account sees",
    ),
)  # fmt: skip

PAGES = (
    Question(
        "languages", "--languages", "Languages of the pages, the first one leads: ko, en or both", pasted.languages,
        proposal=lambda _: _default("languages"),
    ),
    Question(
        "time_zone", "--time-zone", "Time zone in which days and schedules are meant", pasted.time_zone,
        proposal=_machine_zone,
    ),
)  # fmt: skip

SERVICE = (
    Question(
        "database_url", "--database-url", "Database: SQLite in a file, or a PostgreSQL address", pasted.database,
        hint="PostgreSQL: postgresql://user@host/name; the password is asked for apart.",
        proposal=lambda _: _default("database_url"),
    ),
    Question(
        "public_url", "--public-url", "Address at which Jira and people reach this service", pasted.public_address,
        hint="For webhooks, such as https://plainsight.example.com. It can wait.", empty="none yet",
    ),
)  # fmt: skip

PARTS: Mapping[str, tuple[Question, ...]] = {
    "Jira": JIRA,
    "Jira account": JIRA_ACCOUNT,
    "Jira projects": PROJECTS,
    "Confluence": CONFLUENCE,
    "Confluence space": SPACE,
    "Pages": PAGES,
    "Service": SERVICE,
}
"""What is asked together, tried together (see checks.py), and asked again together."""

MADE = "webhook_secrets"
"""The one answer that is made rather than asked for."""


def questions() -> Iterator[Question]:
    for part in PARTS.values():
        yield from part


def needs_password(database_url: str) -> bool:
    """Whether a PostgreSQL address names a user but no password."""
    try:
        address = make_url(database_url)
    except ArgumentError:
        return False
    return address.get_backend_name() == "postgresql" and bool(address.username) and address.password is None


def with_password(database_url: str, password: str) -> str:
    return make_url(database_url).set(password=password).render_as_string(hide_password=False)


def shown(question: Question, answer: str) -> str:
    """The answer as it may be seen by others."""
    if question.hidden:
        return "keep the present one"
    return make_url(answer).render_as_string() if question.name == "database_url" else answer
