"""How Alembic runs here: on the connection that app/db/migrate.py hands over, in one transaction."""

from alembic import context

from app.db import jobs, models  # noqa: F401  (every table must be known)
from app.db.base import Base, Exact, Progress, UtcTime


def as_plain_type(kind: str, item: object, _context: object) -> str | bool:
    """Our column types are written as what they are in the database, so that a migration needs none of our code."""
    plain = {Exact: "sa.BigInteger()", Progress: "sa.String(32)", UtcTime: "sa.DateTime(timezone=True)"}
    return plain.get(type(item), False) if kind == "type" else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    render_item=as_plain_type,
)
with context.begin_transaction():
    context.run_migrations()
