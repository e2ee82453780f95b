"""`plainsight sandbox`: a site on this machine, and beside its state what Plainsight needs to connect to it."""

import secrets
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from app.errors import Invalid
from connectors.sandbox import demo
from connectors.sandbox.confluence import add_space, space_by_key
from connectors.sandbox.jira import hooks
from connectors.sandbox.jira.seed import add_project
from connectors.sandbox.jira.tracker import tracker_of
from connectors.sandbox.run import serve
from connectors.sandbox.site import ADMIN, Site
from connectors.sandbox.store import Document, Store

HOST = "127.0.0.1"
WEBHOOK = "Plainsight"
ENV = "plainsight.env"


def sandbox(
    folder: Annotated[Path, typer.Option(help="Where its state and plainsight.env lie.")] = Path(".sandbox"),
    port: Annotated[int, typer.Option(help="Port to listen on, on this machine only.")] = 8090,
    company: Annotated[bool, typer.Option("--company", help="Fill it with the demo's company.")] = False,
    webhook: Annotated[
        str, typer.Option(help="Address that its webhooks go to.")
    ] = "http://127.0.0.1:8080/webhooks/jira",
) -> None:
    """Run the sandbox: a small Atlassian site on this machine, for trying things out, until Ctrl-C.

    What Plainsight needs to connect to it is written to plainsight.env in the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    site = Site(Store(folder / "site.db"))
    if company:
        demo.seed(site, date.today())
        demo.write_okrs(folder, date.today())
        user = site.store.table("users").get(demo.SERVICE_ACCOUNT)
    else:
        if not space_by_key(site, demo.SPACE_KEY):
            add_space(site, demo.SPACE_KEY, "OKR")
        add_project(site, "OKR", "OKR")
        user = site.store.table("users").get(ADMIN)
    assert user is not None
    address = f"http://{HOST}:{port}"
    _write_settings(folder / ENV, address, user, _webhook_secret(site, webhook))
    typer.echo(f"Sandbox at {address}; settings for Plainsight in {folder / ENV}")
    try:
        serve(site, HOST, port)
    except OSError as error:
        raise Invalid(f"Port {port} cannot be used ({error.strerror}). Name another one with --port.") from None


def _webhook_secret(site: Site, address: str) -> str:
    """The webhook is registered at every start, since the address may differ; its secret stays."""
    tracker = tracker_of(site)
    known = next((hook for hook in tracker.webhooks if hook["name"] == WEBHOOK), None)
    secret = str(known["secret"]) if known else secrets.token_hex(24)
    hooks.register(tracker, {"name": WEBHOOK, "url": address, "secret": secret}, known["id"] if known else None)
    return secret


def _write_settings(path: Path, address: str, user: Document, webhook_secret: str) -> None:
    lines = {
        "JIRA_URL": address,
        "JIRA_EMAIL": user["email"],
        "JIRA_TOKEN": user["token"],
        "CONFLUENCE_URL": address,
        "CONFLUENCE_SPACE": demo.SPACE_KEY,
        "WEBHOOK_SECRETS": webhook_secret,
    }
    path.write_text("".join(f"PLAINSIGHT_{name}={value}\n" for name, value in lines.items()), encoding="utf-8")
    path.chmod(0o600)
