"""Exporting: what the store says, written as a file of OKRs that would change nothing."""

import json
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import rows
from app.db.definitions import in_force
from app.db.models import (
    CycleRow,
    EvidenceRow,
    KeyResultRow,
    KpiRow,
    MetricRow,
    ObjectiveRow,
    OrganisationRow,
    PageRow,
    PersonRow,
    TeamRow,
)
from app.domain.facts import PageDefinition
from app.domain.model import Text
from app.errors import Invalid
from app.okrs_file import json_schema, write_text
from app.okrs_file.usual_pages import usual_schedule
from app.okrs_file.values import Definitions
from app.services.okrs import past
from app.services.sources import SOURCES
from app.settings import Settings
from app.world import World


@dataclass(frozen=True)
class Exported:
    """A file's text, what stands in it, and how many check-ins are left out because nobody in the file said them."""

    text: str
    definitions: Definitions
    left_out: int = 0


def schema() -> dict[str, Any]:
    """JSON Schema of the file, with the sources that there are."""
    return json_schema({name: source.takes for name, source in SOURCES.items()})


def schema_text() -> str:
    """The same as it is published."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def export(world: World, *, with_values: bool = False) -> Exported:
    """All definitions that are in force; `with_values` their measurements and check-ins too, corrected ones as they
    stand. Archived items and people's own comments in their file are not in it.

    Raises Invalid as long as nothing was applied by a version that keeps the organisation's name."""
    settings = world.settings
    with world.reading() as session:
        definitions = _definitions(session, settings)
        values = past.values(session, definitions) if with_values else past.Past()
    whole = replace(definitions, measurements=values.measurements, check_ins=values.check_ins)
    return Exported(write_text(whole, settings.time_zone), whole, values.left_out)


def _definitions(session: Session, settings: Settings) -> Definitions:
    return Definitions(
        organisation=_organisation(session),
        teams=tuple(map(rows.team, in_force(session, TeamRow))),
        people=tuple(map(rows.person, in_force(session, PersonRow))),
        cycles=tuple(map(rows.cycle, in_force(session, CycleRow))),
        metrics=tuple(map(rows.metric, in_force(session, MetricRow))),
        objectives=tuple(map(rows.objective, in_force(session, ObjectiveRow))),
        key_results=tuple(map(rows.key_result, in_force(session, KeyResultRow))),
        kpis=tuple(map(rows.kpi, in_force(session, KpiRow))),
        evidence=tuple(map(rows.evidence, in_force(session, EvidenceRow))),
        pages=tuple(_without_defaults(settings, rows.page(row)) for row in in_force(session, PageRow)),
    )


def _organisation(session: Session) -> Text:
    row = session.get(OrganisationRow, 1)
    if row is not None:
        return Text(row.name_ko, row.name_en)
    if session.scalar(select(TeamRow.id).limit(1)) is None:
        raise Invalid("There is nothing to export yet: apply a file first, with `plainsight apply okrs.yaml`.")
    raise Invalid(
        "The organisation's name is not known yet, because the definitions were applied by an earlier version. "
        "Run `plainsight apply` on your file once more."
    )


def _without_defaults(settings: Settings, page: PageDefinition) -> PageDefinition:
    """As the file says it: empty where it follows the settings."""
    follows = page.schedule == settings.page_schedule and not usual_schedule(page.kind)
    return replace(
        page,
        schedule="" if follows else page.schedule,
        time_zone="" if page.time_zone == settings.time_zone else page.time_zone,
        languages=() if page.languages == settings.languages else page.languages,
    )
