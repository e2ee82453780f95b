"""Source jira.share_done: how much of the contributing work is done, by count or by story points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.models import CycleRow, EvidenceRow, IssueRow, KeyResultRow, MembershipRow, ObjectiveRow
from app.domain.model import NOT_WORK, CycleState, EvidenceMode, StatusCategory
from app.domain.numbers import half_up
from app.domain.progress.parameters import Parameter
from app.errors import Invalid

NAME = "jira.share_done"
PLACES = 6
TAKES = (
    Parameter(
        "by", "What is added up: issues, or their story points.", "choice", options=("count", "points"), default="count"
    ),
    Parameter(
        "exclude_resolutions",
        f"Resolutions that are no work done; {', '.join(NOT_WORK)} unless said otherwise.",
        "words",
    ),
)


@dataclass(frozen=True)
class ShareDone:
    """`by` is `count` or `points`; issues resolved as one of `exclude_resolutions` are neither done nor to be done."""

    by: str = "count"
    exclude_resolutions: tuple[str, ...] = NOT_WORK


def refuse_unknown(source: str, params: Mapping[str, Any], takes: Sequence[Parameter]) -> None:
    """Raise Invalid for a parameter that this source does not know."""
    known = [one.name for one in takes]
    for key in params:
        if key not in known:
            names = ", ".join(known) or "none"
            raise Invalid(f"source {source}: `{key}` is not a parameter of this source; it has {names}.")


def parse(params: Mapping[str, Any]) -> ShareDone:
    """The parameters of a metric in `okrs.yaml`, with defaults for what is not given; Invalid says what is wrong."""
    refuse_unknown(NAME, params, TAKES)
    by = params.get("by", "count")
    if by not in ("count", "points"):
        raise Invalid(f"source {NAME}: `by` is {str(by)[:40]!r}; give count or points.")
    excluded = params.get("exclude_resolutions", NOT_WORK)
    if isinstance(excluded, str) or not all(isinstance(one, str) for one in excluded):
        raise Invalid(f"source {NAME}: `exclude_resolutions` must be a list of names, for example [Duplicate].")
    return ShareDone(by, tuple(excluded))


def measure(session: Session, metric_id: str, unit: str, params: Mapping[str, Any]) -> Decimal | None:
    """The share as a number 0–1, in the unit `%` as 0–100, rounded half-up to 6 places.

    Each issue counts once, however many key results with this metric it contributes to. Issues without points are
    left out of a share by points: unknown is not zero. No issue at all: unknown, neither 0 nor 1.
    """
    rule = parse(params)
    contributing = (
        select(MembershipRow.site, MembershipRow.issue_id)
        .join(EvidenceRow, EvidenceRow.id == MembershipRow.evidence_id)
        .join(KeyResultRow, KeyResultRow.id == EvidenceRow.key_result_id)
        .join(ObjectiveRow, ObjectiveRow.id == KeyResultRow.objective_id)
        .join(CycleRow, CycleRow.id == ObjectiveRow.cycle_id)
        .where(
            CycleRow.state != CycleState.CLOSED,
            KeyResultRow.metric_id == metric_id,
            KeyResultRow.archived_at.is_(None),
            EvidenceRow.archived_at.is_(None),
            EvidenceRow.mode == EvidenceMode.CONTRIBUTING,
            MembershipRow.left_at.is_(None),
        )
        .distinct()
        .subquery()
    )
    size = func.count() if rule.by == "count" else func.sum(IssueRow.points)
    question = (
        select(IssueRow.category, IssueRow.resolution, size)
        .join(contributing, (contributing.c.site == IssueRow.site) & (contributing.c.issue_id == IssueRow.id))
        .group_by(IssueRow.category, IssueRow.resolution)
    )
    excluded = {one.casefold() for one in rule.exclude_resolutions}  # not in SQL: SQLite folds ASCII alone
    done = whole = Fraction(0)
    for category, resolution, amount in session.execute(question):
        if amount is not None and (resolution or "").casefold() not in excluded:
            whole += Fraction(amount)
            done += Fraction(amount) if category == StatusCategory.DONE else 0
    if whole == 0:
        return None
    return half_up(done / whole * (100 if unit == "%" else 1), PLACES)
