"""Tables of what is observed: measurements, check-ins, Jira issues and what they are evidence for, history."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import JSON, ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class MeasurementRow(Base):
    """Append-only; a correction is a new row that names the one it replaces."""

    __tablename__ = "measurements"
    __table_args__ = (Index("ix_measurements_metric_id_at", "metric_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    metric_id: Mapped[str] = mapped_column(ForeignKey("metrics.id"))
    at: Mapped[datetime]
    value: Mapped[Decimal]
    by: Mapped[str] = mapped_column(String(255), default="")
    replaces: Mapped[int | None] = mapped_column(ForeignKey("measurements.id"))


class CheckInRow(Base):
    __tablename__ = "check_ins"
    __table_args__ = (Index("ix_check_ins_key_result_id_at", "key_result_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key_result_id: Mapped[str] = mapped_column(ForeignKey("key_results.id"))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(255))
    confidence: Mapped[int | None]
    note: Mapped[str] = mapped_column(LongText(), default="")
    blockers: Mapped[str] = mapped_column(LongText(), default="")
    measurement_id: Mapped[int | None] = mapped_column(ForeignKey("measurements.id"))


class IssueRow(Base):
    """The newest state of a Jira issue that we know. `deleted_at`: Jira told us and no longer shows it; `unseen_at`:
    asked for and not returned, which is not the same (moved out of our sight, perhaps). `changed_at`: when something
    that pages show changed last; a comment moves `updated_at` alone."""

    __tablename__ = "issues"
    __table_args__ = (
        Index("ix_issues_site_key", "site", "key"),
        Index("ix_issues_site_parent_id", "site", "parent_id"),
    )

    site: Mapped[str] = mapped_column(String(255), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(255))
    project: Mapped[str] = mapped_column(String(255))
    summary: Mapped[str] = mapped_column(LongText())
    status: Mapped[str] = mapped_column(String(255))
    category: Mapped[str] = mapped_column(String(16))
    updated_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    type_name: Mapped[str] = mapped_column(String(255))
    type_level: Mapped[int]
    created_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None] = mapped_column(String(255))
    assignee: Mapped[str | None] = mapped_column(String(255))
    labels: Mapped[list[str]] = mapped_column(JSON)
    parent_id: Mapped[str | None] = mapped_column(String(32))
    subtask_ids: Mapped[list[str]] = mapped_column(JSON)
    links: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    points: Mapped[Decimal | None]
    hidden: Mapped[bool]
    deleted_at: Mapped[datetime | None]
    unseen_at: Mapped[datetime | None]


class MembershipRow(Base):
    """An issue is, or was, evidence. `founding` ones were there when the evidence was first filled, so that issues
    which joined and left since can be told apart (scope drift)."""

    __tablename__ = "memberships"
    __table_args__ = (
        ForeignKeyConstraint(["site", "issue_id"], ["issues.site", "issues.id"]),
        Index("ix_memberships_site_issue_id", "site", "issue_id"),
    )

    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    site: Mapped[str] = mapped_column(String(255), primary_key=True)
    issue_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    founding: Mapped[bool]


class ChangeRow(Base):
    """The append-only history."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_at", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(255))
    subject: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(64))
    field: Mapped[str] = mapped_column(String(64))
    before: Mapped[str | None] = mapped_column(LongText())
    after: Mapped[str | None] = mapped_column(LongText())
    reason: Mapped[str] = mapped_column(LongText(), default="")


class SnapshotRow(Base):
    """A score as it stood on a day; the last of the day counts."""

    __tablename__ = "snapshots"

    on: Mapped[date] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(32), primary_key=True)
    subject_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    progress: Mapped[Fraction | None]
    health: Mapped[str] = mapped_column(String(16))
