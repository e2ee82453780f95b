"""Questions about what people define: what is in force, and whose turn it is to change it."""

from collections.abc import Sequence
from typing import TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models.definitions import Definition

Row = TypeVar("Row", bound=Definition)
ONE_APPLY = 0x6F6B7273  # "okrs"


def in_force(session: Session, table: type[Row]) -> Sequence[Row]:
    """Not archived, in the order of the file."""
    return session.scalars(select(table).where(table.archived_at.is_(None)).order_by(table.position, table.id)).all()


def one_at_a_time(session: Session) -> None:
    """Until the commit nobody else applies definitions. SQLite has one writer anyhow."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(ONE_APPLY)))
