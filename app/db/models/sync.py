"""Tables of the intake: webhook deliveries, how far each site is read, and a record of every run."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class InboxRow(Base):
    """One webhook delivery: who rang, not what was said (bodies hold people's data). `done_at` None: to be drained."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_done_at", "done_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str] = mapped_column(String(255), unique=True)
    received_at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(255))
    issue_ids: Mapped[list[str]] = mapped_column(JSON)
    deleted: Mapped[bool] = mapped_column(default=False)
    done_at: Mapped[datetime | None]


class RefusedDeliveryRow(Base):
    """Webhook deliveries that were not accepted, by why (`unsigned`, `forged`, …): how many, and when the last came.
    Told to the admin, who would otherwise only see that nothing arrives."""

    __tablename__ = "refused_deliveries"

    reason: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]
    count: Mapped[int]


class SyncRow(Base):
    """How far a site is read. `cursor_ms`: the newest `updated` seen, in epoch milliseconds. `has_news`: what
    pages show has changed, and they were not rung for it yet. `projects`: the allow-list it was read
    with; None: not read yet."""

    __tablename__ = "sync_states"

    site: Mapped[str] = mapped_column(String(255), primary_key=True)
    cursor_ms: Mapped[int | None] = mapped_column(BigInteger)
    ok_at: Mapped[datetime | None]
    out_since: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(LongText(), default="")
    has_news: Mapped[bool] = mapped_column(default=False)
    projects: Mapped[str | None] = mapped_column(LongText())


class RematchRow(Base):
    """An issue whose membership is asked once more at the next tick, because the search index lags."""

    __tablename__ = "rematches"

    site: Mapped[str] = mapped_column(String(255), primary_key=True)
    issue_id: Mapped[str] = mapped_column(String(32), primary_key=True)


class RunRow(Base):
    """A finished or failed run of a job, by hand or by itself, with what it counted."""

    __tablename__ = "runs"
    __table_args__ = (Index("ix_runs_started_at", "started_at"), Index("ix_runs_kind_id", "kind", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    error: Mapped[str] = mapped_column(LongText(), default="")
