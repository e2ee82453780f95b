"""The shape of `okrs.yaml`: one pydantic model for each kind of item. A new key is one field here.

References, ids and meaning are checked afterwards, in resolve.py; here it is only about keys, types and limits.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from app.domain.model import CycleState, EvidenceKind, EvidenceMode, Health, ObjectiveKind, Period, Rollup
from app.okrs_file.parts import PLACED, Day, Id, Item, Language, Moment, Part, Words


class Organisation(Part):
    name: Words


class TeamItem(Item):
    id: Id
    name: Words
    parent: Id | None = Field(None, description="Id of the team above")


class PersonItem(Item):
    id: Id
    name: Words
    email: str = ""
    team: Id | None = None
    account_id: str | None = Field(None, description="Atlassian account id (Cloud)")


class CycleItem(Item):
    id: Id
    name: str | None = Field(None, description="Defaults to the id")
    starts_on: Day
    ends_on: Day = Field(description="Last day; it belongs to the cycle")
    state: CycleState = CycleState.OPEN


class Source(BaseModel):
    """Where a metric's values come from; further keys are the source's own."""

    model_config = ConfigDict(extra="allow", frozen=True)
    type: str


SourceName = Annotated[
    Annotated[str, Tag("<name>")] | Annotated[Source, Tag("<source>")],
    Discriminator(lambda value: "<source>" if isinstance(value, dict | Source) else "<name>"),
]


class InlineMetric(Part):
    """A metric written where it is used; its id defaults to that of the key result or KPI, its name to the title."""

    id: Id | None = None
    name: Words | None = None
    unit: str = Field(description="%, USD, KRW, days, hours, count, rank, or any word")
    source: SourceName = "manual"


class MetricItem(Item):
    id: Id
    name: Words
    unit: str = Field(description="%, USD, KRW, days, hours, count, rank, or any word")
    source: SourceName = "manual"


MetricChoice = Annotated[
    Annotated[Id, Tag("<id>")] | Annotated[InlineMetric, Tag("<metric>")],
    Discriminator(lambda value: "<metric>" if isinstance(value, dict | InlineMetric) else "<id>"),
]


class Progress(BaseModel):
    """How values become progress; further keys are the mode's own: `baseline`, `target`, `change` ….."""

    model_config = ConfigDict(extra="allow", frozen=True)
    mode: str


class HandHealth(Part):
    is_: Health = Field(alias="is")
    reason: Annotated[str, Field(min_length=1)]


class EvidenceItem(Item):
    """Exactly one of link, keys, jql, epic, project and label."""

    id: Id | None = Field(None, description="Defaults to a name made from what it links to")
    link: str | None = Field(None, description="Issue that stands for the key result: all issues linked to it")
    keys: list[str] | None = None
    jql: str | None = None
    epic: str | None = Field(None, description="Issue key: everything below it")
    project: str | None = None
    label: str | None = None
    mode: EvidenceMode = EvidenceMode.EVIDENCE
    link_type: str | None = Field(None, description="Only links of this Jira link type id")
    direction: Literal["inward", "outward", "both"] = "both"

    @property
    def kind(self) -> EvidenceKind:
        return next(kind for kind in EvidenceKind if getattr(self, kind.value) is not None)

    @property
    def value(self) -> str:
        return " ".join(self.keys) if self.keys is not None else str(getattr(self, self.kind.value)).strip()

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = [kind.value for kind in EvidenceKind if getattr(self, kind.value) is not None]
        if len(given) != 1:
            raise PydanticCustomError(
                "one_kind",
                "give exactly one of {kinds}; {given}",
                {
                    "kinds": ", ".join(EvidenceKind),
                    "given": f"here are {' and '.join(given)}" if given else "none is here",
                },
            )
        if not self.value:
            raise PydanticCustomError("empty_evidence", "{kind} is empty; say what it links to", {"kind": given[0]})
        if (self.link_type is not None or self.direction != "both") and self.link is None:
            raise PydanticCustomError("link_only", "link_type and direction belong to `link` only; delete them")
        return self


class KeyResultItem(Item):
    id: Id
    title: Words
    owner: Id
    metric: MetricChoice
    progress: Progress
    weight: Annotated[Decimal, Field(gt=0, le=1000)] = Decimal(1)
    cadence_days: Annotated[int, Field(ge=1, le=366)] = 7
    health: HandHealth | None = Field(None, description="Set by hand; the page says so, with the reason")
    evidence: "list[Annotated[EvidenceItem, PLACED]]" = Field(default_factory=list)


class ObjectiveItem(Item):
    id: Id
    title: Words
    team: Id
    cycle: Id | None = Field(None, description="Needed only if the file has several cycles")
    owner: Id | None = None
    kind: ObjectiveKind = ObjectiveKind.ASPIRATIONAL
    rollup: Rollup = Rollup.WEIGHTED_MEAN
    supports: Id | None = Field(None, description="Id of the objective or key result above")
    key_results: "list[Annotated[KeyResultItem, PLACED]]" = Field(default_factory=list)


class CorridorPart(Part):
    healthy: Decimal
    watch: Decimal


class KpiItem(Item):
    id: Id
    title: Words
    metric: MetricChoice
    progress: Progress
    team: Id | None = None
    person: Id | None = None
    period: Period = Period.MONTH
    corridor: CorridorPart | None = None
    action: Words | None = None
    confidential: bool = False

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if (self.team is None) == (self.person is None):
            raise PydanticCustomError("somebody", "give a team or a person, and only one of them")
        return self


class PageItem(Item):
    id: Id
    kind: Literal["index", "company", "team", "kpi_board"]
    title: Words | None = None
    team: Id | None = None
    cycle: Id | None = None
    parent: Id | None = Field(None, description="Id of the page above")
    schedule: str = Field("", description="Cron text, e.g. 0 9 * * mon; empty: as the installation's settings say")
    time_zone: str = Field("", description="e.g. Asia/Seoul; empty: as the installation's settings say")
    languages: Annotated[list[Language], Field(min_length=1, max_length=2)] | None = None


class MeasurementItem(Item):
    metric: Id
    at: Moment
    value: Decimal
    by: Id | None = None


class CheckInItem(Item):
    key_result: Id
    at: Moment
    by: Id | None = Field(None, description="Defaults to the key result's owner")
    confidence: Annotated[int, Field(ge=0, le=10)] | None = None
    note: str = ""
    blockers: str = ""
    value: Decimal | None = None


class File(Part):
    """The whole file."""

    organisation: Organisation
    teams: list[Annotated[TeamItem, PLACED]] = Field(default_factory=list)
    people: list[Annotated[PersonItem, PLACED]] = Field(default_factory=list)
    cycles: list[Annotated[CycleItem, PLACED]] = Field(default_factory=list)
    metrics: list[Annotated[MetricItem, PLACED]] = Field(default_factory=list)
    objectives: list[Annotated[ObjectiveItem, PLACED]] = Field(default_factory=list)
    kpis: list[Annotated[KpiItem, PLACED]] = Field(default_factory=list)
    pages: list[Annotated[PageItem, PLACED]] | None = Field(None, description="Left out: the usual pages")
    measurements: list[Annotated[MeasurementItem, PLACED]] = Field(default_factory=list)
    check_ins: list[Annotated[CheckInItem, PLACED]] = Field(default_factory=list)


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the file, for editors."""
    schema = File.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "okrs.yaml", **schema}
