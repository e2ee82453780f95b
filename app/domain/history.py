"""What was, as frozen values: changes of definitions, and how things stood at the end of a day."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from app.domain.model import Health


@dataclass(frozen=True)
class Change:
    """An entry of the append-only history. `field` e.g. `target`, `health`, `blockers`, `issues`."""

    id: int
    at: datetime
    by: str
    subject: str
    subject_id: str
    field: str
    before: str | None
    after: str | None
    reason: str = ""


@dataclass(frozen=True)
class Snapshot:
    """A score as it stood at the end of a day. `subject` is `key_result`, `objective`, `kpi` or `page`."""

    on: date
    subject: str
    subject_id: str
    progress: Fraction | None
    health: Health
