"""The shape of `okrs.yaml`: one pydantic model for each kind of item. A new key is one field here.

References, ids and meaning are checked afterwards, in resolve.py; here it is only about keys, types and limits. The
descriptions are what editors show (json_schema.py).
"""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from app.domain.model import CycleState, ObjectiveKind, Period, Rollup
from app.domain.page_kinds import PAGE_KINDS, SECTIONS
from app.okrs_file.measured import EvidenceItem, HandHealth, KpiProgress, MetricChoice, MetricItem, Progress
from app.okrs_file.parts import PLACED, Day, Id, Item, Language, Moment, OneOf, Part, Words


class Organisation(Part):
    """Whose OKRs these are."""

    name: Words = Field(description="Its name; the index page is called after it")


class ReadersPart(Part):
    """Who may read what is private; somebody or some group at least."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["people"]}, {"required": ["groups"]}]})

    people: Annotated[list[Id], Field(min_length=1)] = Field(default_factory=list, description="Ids of people")
    groups: Annotated[list[Annotated[str, Field(min_length=1, max_length=255)]], Field(min_length=1)] = Field(
        default_factory=list, description="Names of groups in Confluence"
    )

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if not self.people and not self.groups:
            raise PydanticCustomError("nobody", "it names nobody; give people, groups, or both")
        return self


class TeamItem(Item):
    """A node of the organisation: the company, a department, a team."""

    id: Id
    name: Words = Field(description="The team's name")
    parent: Id | None = Field(None, description="Id of the team above")
    readers: ReadersPart | None = Field(
        None, description="The team is private: its pages are for these alone, and no other page tells of it"
    )


class PersonItem(Item):
    """Somebody who owns key results or KPIs, or checks in."""

    id: Id
    name: Words = Field(description="The person's name")
    email: Annotated[str, Field(max_length=320)] = Field("", description="E-mail address")
    team: Id | None = Field(None, description="Id of the person's team")
    account_id: Annotated[str, Field(max_length=255)] | None = Field(
        None, description="Account id in Confluence (Cloud), or user key (Data Center)"
    )


class CycleItem(Item):
    """A time box for objectives: a quarter, a fiscal year."""

    id: Id
    name: str | None = Field(None, description="What pages call it; its id unless given")
    starts_on: Day = Field(description="First day")
    ends_on: Day = Field(description="Last day; it belongs to the cycle")
    state: CycleState = Field(
        CycleState.OPEN,
        description="draft: nothing is published. open: changed targets need a reason. locked: check-ins go on. "
        "closed: grades are final, its pages move to the archive and are written no more",
    )


METRIC = "Id of a shared metric, or one written in place"


class KeyResultItem(Item):
    """How we know that the objective is reached."""

    id: Id
    title: Words = Field(description="The outcome, in one line")
    owner: Id = Field(description="Id of the one person who answers for it")
    metric: MetricChoice = Field(description=METRIC)
    progress: Progress = Field(description="How the metric's values become progress")
    weight: Annotated[Decimal, Field(gt=0, le=1000)] = Field(Decimal(1), description="Its weight in the objective")
    cadence_days: Annotated[int, Field(ge=1, le=366)] = Field(7, description="How often a sign of life is owed")
    health: HandHealth | None = Field(None, description="Set by hand; the page says so, with the reason")
    evidence: "list[Annotated[EvidenceItem, PLACED]]" = Field(
        default_factory=list, description="The Jira work that belongs to it"
    )


class ObjectiveItem(Item):
    """What is to be reached, in words."""

    id: Id
    title: Words = Field(description="The objective, in one line")
    team: Id = Field(description="Id of the team whose objective it is")
    cycle: Id | None = Field(None, description="Id of its cycle; needed only if the file has several")
    owner: Id | None = Field(None, description="Id of the person who answers for it")
    kind: ObjectiveKind = Field(
        ObjectiveKind.ASPIRATIONAL, description="aspirational: 0.7 is success. committed: 1.0 is success"
    )
    rollup: Rollup = Field(Rollup.WEIGHTED_MEAN, description="How its key results make its score")
    supports: Id | None = Field(None, description="Id of the objective or key result above")
    page: bool = Field(False, description="The usual pages have one for it, in detail")
    key_results: "list[Annotated[KeyResultItem, PLACED]]" = Field(
        default_factory=list, description="Three to five are usual"
    )


class CorridorPart(Part):
    """Two limits in the metric's unit."""

    healthy: Decimal = Field(description="Healthy from here on")
    watch: Decimal = Field(description="To be watched from here on; unhealthy beyond")


class KpiItem(Item):
    """A running measure against a target; not bound to a cycle."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["team"]}, {"required": ["person"]}]})

    id: Id
    title: Words = Field(description="What it is, in one line")
    metric: MetricChoice = Field(description=METRIC)
    progress: KpiProgress = Field(description="How the metric's values become progress")
    team: Id | None = Field(None, description="Id of the team it belongs to; or give a person")
    person: Id | None = Field(None, description="Id of the person it belongs to; or give a team")
    period: Period = Field(Period.MONTH, description="How often it is judged")
    corridor: CorridorPart | None = Field(None, description="Without one, progress decides where it stands")
    action: Words | None = Field(None, description="What is done about it while it is not healthy")
    confidential: bool = Field(False, description="Its values are told nowhere")

    @model_validator(mode="after")
    def _somebody(self) -> Self:
        if (self.team is None) == (self.person is None):
            raise PydanticCustomError("somebody", "give a team or a person, and only one of them")
        return self


class PageItem(Item):
    """A status page in Confluence."""

    id: Id
    kind: Annotated[str, OneOf(tuple(PAGE_KINDS))] = Field(description="What stands on it")
    title: Words | None = Field(None, description="Made from what it is about unless given")
    team: Id | None = Field(None, description="Id of the team it is about; a company page takes the top one")
    cycle: Id | None = Field(None, description="Id of the cycle it is about; needed only if the file has several")
    objective: Id | None = Field(None, description="Id of the objective it is about")
    parent: Id | None = Field(None, description="Id of the page above")
    schedule: Annotated[str, Field(max_length=255)] = Field(
        "", description="Cron text, e.g. 0 9 * * mon; empty: as the installation's settings say"
    )
    time_zone: Annotated[str, Field(max_length=64)] = Field(
        "", description="e.g. Asia/Seoul; empty: as the installation's settings say"
    )
    languages: Annotated[list[Language], Field(min_length=1, max_length=2)] | None = Field(
        None, description="In this order; left out: as the installation's settings say"
    )
    sections: (
        Annotated[list[Annotated[str, Field(json_schema_extra={"enum": list(SECTIONS)})]], Field(min_length=1)] | None
    ) = Field(None, description="What stands on it, in this order; left out: what is usual for its kind")


class MeasurementItem(Item):
    """A starting value of a metric; entered once."""

    metric: Id = Field(description="Id of the metric")
    at: Moment
    value: Decimal = Field(description="In the metric's unit")
    by: Id | None = Field(None, description="Id of the person who measured it")


class CheckInItem(Item):
    """An earlier check-in; entered once."""

    key_result: Id = Field(description="Id of the key result")
    at: Moment
    by: Id | None = Field(None, description="Id of the person; the key result's owner unless given")
    confidence: Annotated[int, Field(ge=0, le=10)] | None = Field(None, description="0 to 10")
    note: str = Field("", description="What happened")
    blockers: str = Field("", description="What is in the way")
    value: Decimal | None = Field(None, description="The metric's value, if it is measured by hand")


class File(Part):
    """What an organisation wants to reach, and the pages that say how it stands (docs/okrs-file.md)."""

    organisation: Organisation
    teams: list[Annotated[TeamItem, PLACED]] = Field(default_factory=list, description="Company, departments, teams")
    people: list[Annotated[PersonItem, PLACED]] = Field(default_factory=list, description="Who owns and checks in")
    cycles: list[Annotated[CycleItem, PLACED]] = Field(default_factory=list, description="Quarters, fiscal years")
    metrics: list[Annotated[MetricItem, PLACED]] = Field(
        default_factory=list, description="Shared ones; a metric that is used once may stand where it is used"
    )
    objectives: list[Annotated[ObjectiveItem, PLACED]] = Field(
        default_factory=list, description="With their key results; one to three for a team and a cycle are usual"
    )
    kpis: list[Annotated[KpiItem, PLACED]] = Field(default_factory=list, description="Running measures")
    pages: list[Annotated[PageItem, PLACED]] | None = Field(None, description="Left out: the usual pages")
    measurements: list[Annotated[MeasurementItem, PLACED]] = Field(
        default_factory=list, description="Starting values, entered once"
    )
    check_ins: list[Annotated[CheckInItem, PLACED]] = Field(
        default_factory=list, description="Earlier check-ins, entered once"
    )
