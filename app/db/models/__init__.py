"""The tables: definitions (what people decide), facts (what is observed), publishing and intake (due), access."""

from app.db.base import Base
from app.db.models.access import TokenRow
from app.db.models.definitions import (
    CycleRow,
    EvidenceRow,
    KeyResultRow,
    KpiRow,
    MetricRow,
    ObjectiveRow,
    OrganisationRow,
    PersonRow,
    TeamRow,
)
from app.db.models.facts import ChangeRow, CheckInRow, IssueRow, MeasurementRow, MembershipRow, SnapshotRow
from app.db.models.publishing import CommentChannelRow, CommentRow, PageRow, PictureRow, PublicationRow
from app.db.models.sync import InboxRow, RefusedDeliveryRow, RematchRow, RunRow, SyncRow

__all__ = [
    "Base",
    "ChangeRow",
    "CheckInRow",
    "CommentChannelRow",
    "CommentRow",
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
    "OrganisationRow",
    "PageRow",
    "PersonRow",
    "PictureRow",
    "PublicationRow",
    "RefusedDeliveryRow",
    "RematchRow",
    "RunRow",
    "SnapshotRow",
    "SyncRow",
    "TeamRow",
    "TokenRow",
]
