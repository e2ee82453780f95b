"""The tables: definitions (what people decide), facts (what is observed), publishing and intake (what is due)."""

from app.db.base import Base
from app.db.models.definitions import (
    CycleRow,
    EvidenceRow,
    KeyResultRow,
    KpiRow,
    MetricRow,
    ObjectiveRow,
    PersonRow,
    TeamRow,
)
from app.db.models.facts import ChangeRow, CheckInRow, IssueRow, MeasurementRow, MembershipRow, SnapshotRow
from app.db.models.publishing import PageRow, PublicationRow
from app.db.models.sync import InboxRow, RematchRow, RunRow, SyncRow

__all__ = [
    "Base",
    "ChangeRow",
    "CheckInRow",
    "CycleRow",
    "EvidenceRow",
    "InboxRow",
    "IssueRow",
    "KeyResultRow",
    "KpiRow",
    "MeasurementRow",
    "MembershipRow",
    "MetricRow",
    "ObjectiveRow",
    "PageRow",
    "PersonRow",
    "PublicationRow",
    "RematchRow",
    "RunRow",
    "SnapshotRow",
    "SyncRow",
    "TeamRow",
]
