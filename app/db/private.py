"""What belongs to private teams, by id: the API and the sync-health page tell nothing of it but that it is there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import rows
from app.db.definitions import in_force
from app.db.models import KeyResultRow, KpiRow, ObjectiveRow, PageRow, PersonRow, TeamRow
from app.domain.privacy import keeper_of


def teams(session: Session) -> frozenset[str]:
    """Private ones, and those below them."""
    there = {row.id: rows.team(row) for row in in_force(session, TeamRow)}
    return frozenset(team for team in there if keeper_of(there, team) is not None)


def objectives(session: Session) -> frozenset[str]:
    """Archived ones too, and so are the following."""
    return frozenset(session.scalars(select(ObjectiveRow.id).where(ObjectiveRow.team_id.in_(teams(session)))))


def key_results(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(KeyResultRow.id).where(KeyResultRow.objective_id.in_(objectives(session)))))


def kpis(session: Session) -> frozenset[str]:
    """Of the teams, and of people in them."""
    mine = teams(session)
    people = select(PersonRow.id).where(PersonRow.team_id.in_(mine))
    theirs = KpiRow.team_id.in_(mine) | (KpiRow.team_id.is_(None) & KpiRow.person_id.in_(people))
    return frozenset(session.scalars(select(KpiRow.id).where(theirs)))


def pages(session: Session) -> frozenset[str]:
    about = PageRow.team_id.in_(teams(session)) | PageRow.objective_id.in_(objectives(session))
    return frozenset(session.scalars(select(PageRow.id).where(about)))
