"""Commands that connect Plainsight to the sites: the doctor, and what to enter in Jira for webhooks."""

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import DBAPIError

from app import settings
from app.cli import findings
from app.cli.terminal import Opened, tell
from app.db.session import address_of
from app.domain.finding import Finding, Verdict
from app.errors import AppError, Invalid, Missing
from app.services import doctor, instructions
from app.settings import Settings

PRODUCTS = ("jira", "confluence")
VARIABLE = "PLAINSIGHT_WEBHOOK_SECRETS"
TRY = """4. Try it: start `plainsight serve`, change any issue of these projects, wait a few seconds, and run
   `plainsight doctor`. It says when the last webhook arrived, or why it was refused."""


def examine(
    as_json: Annotated[bool, typer.Option("--json", help="Print all findings as one JSON array.")] = False,
) -> None:
    """Examine everything against the live sites: what is fine, what is wrong, and what to do about it.

    Nothing is changed on the sites. Ends with 1 if anything is wrong.
    """
    found: list[Finding] = []
    for finding in _findings():
        found.append(finding)
        if not as_json:
            findings.show(finding)
    if as_json:
        tell(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=2))
    else:
        _sum_up(found)
    if any(finding.verdict is Verdict.WRONG for finding in found):
        raise typer.Exit(1)


def _sum_up(found: Sequence[Finding]) -> None:
    wrong, looks = (sum(one.verdict is verdict for one in found) for verdict in (Verdict.WRONG, Verdict.LOOK))
    words = f"{wrong} of {len(found)} points are wrong" if wrong else f"{len(found)} points, nothing is wrong"
    tell(f"\n{words}{f', {looks} worth a look' if looks else ''}.", "red" if wrong else "green")


def _findings() -> Iterator[Finding]:
    """As far as one gets: what cannot be opened is a finding, and the rest is looked at all the same."""
    try:
        configured = settings.load()
    except AppError as error:
        said = " ".join(line.strip() for line in error.said.splitlines())
        yield Finding("settings", Verdict.WRONG, said, error.cure or "docs/settings.md lists all settings.")
        return
    unusable = {product: refusal for product in PRODUCTS if (refusal := _unusable(configured, product))}
    for product, refusal in unusable.items():
        cure = refusal.cure or f"Mend PLAINSIGHT_{product.upper()}_URL."
        yield Finding(product.capitalize(), Verdict.WRONG, refusal.said, cure)
    yield from _examined(configured, {f"{product}_url": "" for product in unusable}, list(unusable))


def _unusable(configured: Settings, product: str) -> AppError | None:
    """Why this product's settings cannot be those of a site; nothing is asked yet."""
    others = {f"{other}_url": "" for other in PRODUCTS if other != product}
    try:
        with Opened.sites(configured.model_copy(update=others)):
            return None
    except AppError as error:
        return error


def _examined(configured: Settings, left_out: dict[str, object], without: Sequence[str]) -> Iterator[Finding]:
    with ExitStack() as leaving:
        try:
            _refuse_missing(configured)
            house = leaving.enter_context(Opened.house(**left_out))
        except (AppError, DBAPIError) as error:
            yield _database(error)
            sites = leaving.enter_context(Opened.sites(configured.model_copy(update=left_out)))
            yield from doctor.check_sites(sites, without)
            return
        try:
            yield from doctor.examine(house.world, without)
        except DBAPIError as error:
            yield _database(error)


def _refuse_missing(configured: Settings) -> None:
    """Looking makes no database. Missing: SQLite's file is not there yet."""
    address = address_of(configured.database_url)
    if address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists():
        raise Missing(f"There is no file {address.database} yet.", "The first command that needs it makes it.")


def _database(error: AppError | DBAPIError) -> Finding:
    said = error.said if isinstance(error, AppError) else f"It failed: {' '.join(str(error.orig).split())}."
    cure = "Is PLAINSIGHT_DATABASE_URL right, does the database run, and may its user create and change tables?"
    if isinstance(error, Missing):
        return Finding("database", Verdict.LOOK, said, error.cure)
    return Finding("database", Verdict.WRONG, said, (isinstance(error, AppError) and error.cure) or cure)


def webhook_instructions(
    show_secret: Annotated[bool, typer.Option("--show-secret", help="Print the secret, to copy it into Jira.")] = False,
) -> None:
    """Say exactly what to enter in Jira so that its webhooks reach this installation."""
    configured = settings.load()
    if not configured.jira_url:
        raise Invalid("No Jira site is set, so there is nothing that could send webhooks.", "Run `plainsight init`.")
    for paragraph in (_address(configured), _secret(configured, show_secret), _in_jira(configured), TRY):
        tell(paragraph + "\n")


def _address(configured: Settings) -> str:
    listening = f"{configured.host}:{configured.port}"
    if not configured.public_url:
        words = "PLAINSIGHT_PUBLIC_URL is not set. Set it to the address at which Atlassian reaches this service"
    elif problem := instructions.unreachable(configured):
        words = f"{problem} It must be one that Atlassian reaches"
    else:
        return f"1. The address: {instructions.address(configured)}\n   Let POST on it arrive at {listening}."
    return (
        f"1. The address\n   {words}: https, a certificate of a public authority, port 443 or 8443,\n"
        f"   such as https://plainsight.example.com. Let its proxy pass POST {instructions.PATH} on to {listening}."
    )


def _secret(configured: Settings, show: bool) -> str:
    """A new one is offered where there is none; the present one is printed only when asked for."""
    if not configured.webhook_secrets:
        return (
            "2. The secret\n   None is set, and without one every webhook is refused. Here is a new one; put it where\n"
            f"   your settings are, and start the service again:\n\n   {VARIABLE}={secrets.token_hex(32)}"
        )
    if show:
        return f"2. The secret, from {VARIABLE}\n   {configured.webhook_secrets[0].get_secret_value()}"
    return f"2. The secret: the first one in {VARIABLE}; --show-secret prints it."


def _in_jira(configured: Settings) -> str:
    projects = instructions.issue_filter(configured)
    entries = {
        "Name": "Plainsight",
        "Status": "Enabled",
        "URL": instructions.address(configured) or f"the address of 1., ending in {instructions.PATH}",
        "Secret": "the secret of 2.",
        "Issue related events": projects or "nothing, which means all issues (PLAINSIGHT_PROJECTS is not set)",
        **{f"  {what}": ", ".join(events) for what, events in instructions.EVENTS.items()},
        "Exclude body": "off: the body names the issue",
    }
    where = instructions.admin_page(configured) or f"your site's address + {instructions.ADMIN_PAGE}"
    lines = "\n".join(f"   {field:<22}{entry}" for field, entry in entries.items())
    return (
        f"3. In Jira, as a Jira administrator: Settings → System → WebHooks, which is\n   {where}\n"
        f"   Click “Create a WebHook”, enter this, tick no other event, and save:\n\n{lines}"
    )
