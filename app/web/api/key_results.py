"""Key results as the pages show them."""

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field

from app.domain.views import KeyResultView
from app.services import explain, lookup
from app.services.lookup import KeyResultFound
from app.web.api.wire import (
    Exact,
    Explanation,
    Health,
    Language,
    Ratio,
    TheWorld,
    Wire,
    Words,
    health,
    id_in_path,
)
from app.web.problems import problems
from app.world import World

router = APIRouter(tags=["OKRs"])
Id = Annotated[str, id_in_path("a key result", "KR-1")]


class EvidenceIssue(Wire):
    """A Jira issue that may be shown."""

    key: str = Field(examples=["WEB-7"])
    url: str = Field(examples=["https://example.atlassian.net/browse/WEB-7"])
    summary: str
    status: str = Field(examples=["In Progress"])
    category: Literal["new", "indeterminate", "done", "undefined"]
    assignee: str | None = Field(description="The name that Jira gives.")
    resolved_on: date | None
    mode: Literal["evidence", "contributing"]


class Evidence(Wire):
    """The issues behind a key result: how many there are, and the first of those that may be shown."""

    done: int = Field(examples=[2])
    total: int = Field(description="Without those that were closed as no work done.", examples=[4])
    joined: int = Field(description="How many came since the start.", examples=[1])
    left: int = Field(description="How many left since the start.", examples=[0])
    hidden: int = Field(description="How many count and are not to be shown.", examples=[0])
    more: int = Field(description="How many may be shown and are not in `issues`.", examples=[0])
    url: str | None = Field(description="A search for them in Jira.")
    issues: list[EvidenceIssue]


class KeyResultStanding(Wire):
    """How a key result stands today. Values are in its unit; what is unknown is null, never zero."""

    start: Exact | None
    target: Exact | None
    now: Exact | None
    progress: Ratio | None = Field(description="0 to 1, to 12 places.", examples=[0.3])
    raw: Ratio | None = Field(description="The same before it is held to 0 and 1.", examples=[0.3])
    score: Ratio | None = Field(description="The progress as the page shows it, to one place.")
    expected: Ratio | None = Field(description="The progress that is expected by now, to one place.", examples=[0.5])
    health: Health
    confidence: int | None = Field(description="0 to 10, from the last check-in that gave one.", examples=[6])
    last_check_in: date | None
    trend: list[Ratio | None] = Field(description="Progress at the end of each week, and today; the oldest first.")
    evidence: Evidence


class KeyResult(Wire):
    """A key result, and how it stands; null while its cycle is a draft, and once that is closed."""

    id: str = Field(examples=["KR-1"])
    objective_id: str = Field(examples=["O-1"])
    title: Words
    owner_id: str = Field(examples=["ada"])
    metric_id: str = Field(examples=["KR-1"])
    unit: str = Field(examples=["%"])
    mode: str = Field(examples=["from_to"])
    weight: Exact = Field(examples=["1"])
    cadence_days: int = Field(description="How often a sign of life is owed.", examples=[7])
    standing: KeyResultStanding | None


@router.get("/key-results/{id}", summary="Read a key result", responses=problems(404))
def read_key_result(world: TheWorld, key: Id, language: Language = "en") -> KeyResult:
    """With its evidence, and the reason for its health in the language."""
    return key_result(world, lookup.key_result(world, key), language)


@router.get("/key-results/{id}/explanation", summary="Explain a key result's score", responses=problems(404))
def explain_key_result(world: TheWorld, key: Id, language: Language = "en") -> Explanation:
    """The formula with its numbers, line by line, equal to what the page says."""
    return Explanation(id=key, lines=explain.explain(world, key, language, kind="key result", to_everybody=True))


def key_result(world: World, found: KeyResultFound, language: str) -> KeyResult:
    """As the API tells it."""
    one, view = found.definition, found.view
    return KeyResult(
        id=one.id,
        objective_id=one.objective_id,
        title=one.title,
        owner_id=one.owner_id,
        metric_id=one.metric_id,
        unit=found.unit,
        mode=one.mode,
        weight=one.weight,
        cadence_days=one.cadence_days,
        standing=_standing(world, view, language) if view else None,
    )


def _standing(world: World, view: KeyResultView, language: str) -> KeyResultStanding:
    """The reason of the verdict is the last line of why."""
    return KeyResultStanding(
        start=view.start,
        target=view.target,
        now=view.now,
        progress=view.progress,
        raw=view.raw,
        score=view.score,
        expected=view.expected,
        health=health(view.health, view.health_was, view.why[-1], language, world),
        confidence=view.confidence,
        last_check_in=view.last_check_in,
        trend=view.trend,
        evidence=_evidence(view),
    )


def _evidence(view: KeyResultView) -> Evidence:
    return Evidence(
        done=view.issues_done,
        total=view.issues_total,
        joined=view.issues_joined,
        left=view.issues_left,
        hidden=view.evidence_hidden,
        more=view.evidence_more,
        url=view.evidence_url,
        issues=view.evidence,
    )
