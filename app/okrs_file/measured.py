"""The shape of what key results and KPIs are measured by: metrics and their sources, progress, evidence."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from app.domain.model import EvidenceKind, EvidenceMode, Health
from app.okrs_file.parts import Id, Item, Part, Words


class Source(BaseModel):
    """Where a metric's values come from; further keys are the source's own."""

    model_config = ConfigDict(extra="allow", frozen=True)
    type: Annotated[str, Field(max_length=64)]


SourceName = Annotated[
    Annotated[str, Tag("<name>")] | Annotated[Source, Tag("<source>")],
    Discriminator(lambda value: "<source>" if isinstance(value, dict | Source) else "<name>"),
]


Unit = Annotated[
    str,
    Field(max_length=64, description="%, USD, KRW, days, hours, count, rank (smaller is better), or any word"),
]
SOURCE = "Where its values come from: a source's name, or a mapping with its type and its own keys"


class InlineMetric(Part):
    """A metric written where it is used."""

    id: Id | None = Field(None, description="That of the key result or KPI unless given")
    name: Words | None = Field(None, description="The title of the key result or KPI unless given")
    unit: Unit
    source: SourceName = Field("manual", description=SOURCE)


class MetricItem(Item):
    """A quantity measured once and shown in many places."""

    id: Id
    name: Words = Field(description="What is measured")
    unit: Unit
    source: SourceName = Field("manual", description=SOURCE)


MetricChoice = Annotated[
    Annotated[Id, Tag("<id>")] | Annotated[InlineMetric, Tag("<metric>")],
    Discriminator(lambda value: "<metric>" if isinstance(value, dict | InlineMetric) else "<id>"),
]


class Progress(BaseModel):
    """How values become progress; further keys are the mode's own: `baseline`, `target`, `change` …."""

    model_config = ConfigDict(extra="allow", frozen=True)
    mode: str


class KpiProgress(Progress):
    """As for a key result; a KPI may also have `due` and `starts_on`."""


class HandHealth(Part):
    """A verdict in place of the computed one."""

    is_: Health = Field(alias="is", description="What the page shows")
    reason: Annotated[str, Field(min_length=1)] = Field(description="Why; the page says so")


class EvidenceItem(Item):
    """A link to Jira work: exactly one of link, keys, jql, epic, project and label."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": [kind.value]} for kind in EvidenceKind]})

    id: Id | None = Field(None, description="A name made from what it links to unless given")
    link: str | None = Field(None, description="Key of the issue that stands for the key result: all linked to it")
    keys: list[str] | None = Field(None, description="Keys of issues")
    jql: str | None = Field(None, description="Whatever this query finds")
    epic: str | None = Field(None, description="Issue key: everything below it")
    project: str | None = Field(None, description="Project key: the whole project")
    label: str | None = Field(None, description="Everything with this label")
    mode: EvidenceMode = Field(
        EvidenceMode.EVIDENCE,
        description="evidence: shown, does not move the score. contributing: its state is the metric",
    )
    link_type: Annotated[str, Field(max_length=64)] | None = Field(
        None, description="With link: only links of this Jira link type id"
    )
    direction: Literal["inward", "outward", "both"] = Field(
        "both", description="With link: as seen from the issue that stands for the key result"
    )

    @property
    def kind(self) -> EvidenceKind:
        return next(kind for kind in EvidenceKind if getattr(self, kind.value) is not None)

    @property
    def value(self) -> str:
        given = " ".join(" ".join(self.keys).split()) if self.keys is not None else getattr(self, self.kind.value)
        return str(given).strip()

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
