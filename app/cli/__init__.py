"""The command line: all commands in one table, and how an error is told. A new command is one entry here."""

import sys
from collections.abc import Callable, Mapping

import typer
from rich.text import Text
from sqlalchemy.exc import DatabaseError, OperationalError

from app.cli import connecting, definitions, init, night, service, status, tokens
from app.cli.terminal import Opened, OpenHouse, OpenSites, err, progress_bar
from app.errors import AppError

__all__ = ["COMMANDS", "GROUPS", "Opened", "app", "progress_bar", "run"]

COMMANDS: Mapping[str, Callable[..., None]] = {
    "doctor": connecting.examine,
    "init": init.init,
    "apply": definitions.apply,
    "export": definitions.export,
    "schema": definitions.schema,
    "migrate": service.migrate,
    "serve": service.serve,
    "sync": service.sync_now,
    "publish": service.publish_now,
    "explain": service.explain_score,
    "checkin": service.check_in,
    "comments": service.comments_now,
    "status": status.show,
    "sweep": night.sweep_now,
    "audit": night.audit_now,
}
GROUPS: Mapping[str, tuple[str, Mapping[str, Callable[..., None]]]] = {
    "webhook": ("Webhooks of Jira.", {"instructions": connecting.webhook_instructions}),
    "token": ("Tokens for the REST API.", {"create": tokens.create, "list": tokens.show, "revoke": tokens.revoke}),
}
"""Commands of two words: the first one, what it is about, and the second ones."""

HELP_NAMES = {"help_option_names": ["-h", "--help"]}


def _assembled() -> typer.Typer:
    top = typer.Typer(
        name="plainsight",
        help="OKRs and KPIs in plain sight: Jira evidence in, transparent Confluence status pages out.",
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        context_settings=HELP_NAMES,
    )
    for name, command in COMMANDS.items():
        top.command(name)(command)
    for name, (about, commands) in GROUPS.items():
        group = typer.Typer(help=about, no_args_is_help=True, context_settings=HELP_NAMES)
        for second, command in commands.items():
            group.command(second)(command)
        top.add_typer(group, name=name)
    return top


app = _assembled()


def run(how: OpenHouse, how_sites: OpenSites) -> int:
    """Run the command line; an error with a meaning is told in one sentence, exit status 1."""
    Opened.how, Opened.how_sites = staticmethod(how), staticmethod(how_sites)
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
