"""Tables of what people define in okrs.yaml; identity is the id they chose, and nothing is ever deleted."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, false
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base

Id = String(64)
Words = LongText()


class Definition:
    """What every definition has: an id, a place in the file, and the time it was taken out of the file."""

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    archived_at: Mapped[datetime | None]


class OrganisationRow(Base):
    """The one organisation that the file of OKRs is about."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name_ko: Mapped[str] = mapped_column(Words)
    name_en: Mapped[str] = mapped_column(Words)


class TeamRow(Definition, Base):
    __tablename__ = "teams"

    name_ko: Mapped[str] = mapped_column(Words)
    name_en: Mapped[str] = mapped_column(Words)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    readers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class PersonRow(Definition, Base):
    __tablename__ = "people"

    name_ko: Mapped[str] = mapped_column(Words)
    name_en: Mapped[str] = mapped_column(Words)
    email: Mapped[str] = mapped_column(String(320), default="")
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    account_id: Mapped[str | None] = mapped_column(String(255))


class CycleRow(Definition, Base):
    __tablename__ = "cycles"

    name: Mapped[str] = mapped_column(Words)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(16))


class MetricRow(Definition, Base):
    __tablename__ = "metrics"

    name_ko: Mapped[str] = mapped_column(Words)
    name_en: Mapped[str] = mapped_column(Words)
    unit: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(64))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)


class ObjectiveRow(Definition, Base):
    __tablename__ = "objectives"

    cycle_id: Mapped[str] = mapped_column(ForeignKey("cycles.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    title_ko: Mapped[str] = mapped_column(Words)
    title_en: Mapped[str] = mapped_column(Words)
    kind: Mapped[str] = mapped_column(String(16))
    rollup: Mapped[str] = mapped_column(String(16))
    supports_kind: Mapped[str | None] = mapped_column(String(16))
    supports_id: Mapped[str | None] = mapped_column(Id)
    own_page: Mapped[bool] = mapped_column(default=False, server_default=false())


class KeyResultRow(Definition, Base):
    __tablename__ = "key_results"

    objective_id: Mapped[str] = mapped_column(ForeignKey("objectives.id"), index=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    metric_id: Mapped[str] = mapped_column(ForeignKey("metrics.id"), index=True)
    title_ko: Mapped[str] = mapped_column(Words)
    title_en: Mapped[str] = mapped_column(Words)
    mode: Mapped[str] = mapped_column(String(32))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    weight: Mapped[Decimal]
    cadence_days: Mapped[int]
    hand_health: Mapped[str | None] = mapped_column(String(16))
    hand_reason: Mapped[str] = mapped_column(Words, default="")


class KpiRow(Definition, Base):
    __tablename__ = "kpis"

    metric_id: Mapped[str] = mapped_column(ForeignKey("metrics.id"), index=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    title_ko: Mapped[str] = mapped_column(Words)
    title_en: Mapped[str] = mapped_column(Words)
    mode: Mapped[str] = mapped_column(String(32))
    params: Mapped[dict[str, Any]] = mapped_column(JSON)
    period: Mapped[str] = mapped_column(String(16))
    corridor_healthy: Mapped[Decimal | None]
    corridor_watch: Mapped[Decimal | None]
    action_ko: Mapped[str] = mapped_column(Words, default="")
    action_en: Mapped[str] = mapped_column(Words, default="")
    confidential: Mapped[bool] = mapped_column(default=False)


class EvidenceRow(Definition, Base):
    """`filled_at` is when its issues were first asked for in full; None: that is still to be done. `error` is
    Jira's reason for refusing its query. `anchor_id` is the Jira id of the issue that a link or an epic is about."""

    __tablename__ = "evidence"

    key_result_id: Mapped[str] = mapped_column(ForeignKey("key_results.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[str] = mapped_column(Words)
    mode: Mapped[str] = mapped_column(String(16))
    link_type: Mapped[str | None] = mapped_column(String(64))
    direction: Mapped[str] = mapped_column(String(16), default="both")
    anchor_id: Mapped[str | None] = mapped_column(String(32))
    filled_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(Words, default="")
