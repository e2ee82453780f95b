"""What the service wrote down of its own work: the last runs, the last webhook, what Jira refuses, what pages said."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models import EvidenceRow, InboxRow, PublicationRow, RunRow


def last_runs(session: Session) -> Iterator[RunRow]:
    """The last run of each kind: two looks into an index for each, however many runs there are."""
    kind = session.scalar(select(func.min(RunRow.kind)))
    while kind is not None:
        yield session.scalars(select(RunRow).where(RunRow.kind == kind).order_by(RunRow.id.desc()).limit(1)).one()
        kind = session.scalar(select(func.min(RunRow.kind)).where(RunRow.kind > kind))


def last_delivery_at(session: Session) -> datetime | None:
    """When the last webhook was accepted; None: there was none yet."""
    return session.scalar(select(InboxRow.received_at).order_by(InboxRow.id.desc()).limit(1))


def refused_evidence(session: Session) -> Sequence[EvidenceRow]:
    """Evidence in force whose query or issue Jira refuses."""
    refused = select(EvidenceRow).where(EvidenceRow.error != "", EvidenceRow.archived_at.is_(None))
    return session.scalars(refused.order_by(EvidenceRow.id)).all()


def last_report(session: Session, page_id: str) -> dict[str, Any] | None:
    """The report that the page was last written from; None: it was not written yet."""
    question = select(PublicationRow.report).where(PublicationRow.page_id == page_id)
    return session.scalar(question.order_by(PublicationRow.id.desc()).limit(1))
