"""Bringing the database to the tables that this version of the code expects, and refusing one that is newer."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from app.db import jobs  # noqa: F401  (its tables belong to the whole)
from app.db.base import Base
from app.db.session import migrating
from app.errors import Invalid

FOLDER = Path(__file__).parent.parent.parent / "migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@cache
def _scripts() -> ScriptDirectory:
    """Read once: Alembic compiles every migration anew each time."""
    return ScriptDirectory.from_config(_config())


def newest() -> str:
    """The revision that this version of the code expects."""
    return str(_scripts().get_current_head())


def present(engine: Engine) -> str | None:
    """The revision that the database is at; None: it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> bool:
    """Migrate to the newest revision, in one transaction; True if there was something to do. Invalid: it is newer."""
    before = present(engine)
    _refuse_newer(before)
    if before == newest():
        return False
    with migrating(engine) as connection:
        command.upgrade(_config(connection), "head")
    return True


def check(engine: Engine) -> None:
    """Raise Invalid unless the database is just what the code expects."""
    revision = present(engine)
    _refuse_newer(revision)
    if revision != newest():
        raise Invalid(
            f"The database is at {revision or 'nothing yet'}, this version needs {newest()}: run `plainsight migrate`."
        )


def _refuse_newer(revision: str | None) -> None:
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise Invalid(
            f"The database is at revision {revision}, which this version of Plainsight does not know: it was made by "
            "a newer one. Start that version again, or restore a backup from before; nothing was changed."
        )


def drift(engine: Engine) -> list[object]:
    """Differences between the tables in the code and the migrated database; empty when the migrations are complete."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


def write_revision(engine: Engine, message: str) -> None:
    """Write the next migration file from the difference; a person reads it before it is committed."""
    with engine.begin() as connection:
        command.revision(_config(connection), message=message, autogenerate=True, rev_id=_next())


def _next() -> str:
    return f"{len(list((FOLDER / 'versions').glob('0*.py'))) + 1:04}"
