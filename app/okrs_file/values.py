"""Everything that a file of OKRs says, as values of the domain."""

from dataclasses import dataclass

from app.domain.facts import PageDefinition
from app.domain.model import (
    CheckIn,
    Cycle,
    Evidence,
    KeyResult,
    Kpi,
    Measurement,
    Metric,
    Objective,
    Person,
    Team,
    Text,
)


@dataclass(frozen=True)
class Definitions:
    """A whole file, in its order, checked: every reference leads somewhere and nothing is defined twice.

    Parents stand before children in `teams` and `pages`. `params` of modes and sources are JSON values, numbers as the
    digits they are written with. A page's empty `schedule`, `time_zone` and `languages` mean what the installation's
    settings say. `measurements` and `check_ins` are starting values for an empty store; their ids are 0. A check-in's
    `value` is not repeated in `measurements`.
    """

    organisation: Text
    teams: tuple[Team, ...] = ()
    people: tuple[Person, ...] = ()
    cycles: tuple[Cycle, ...] = ()
    metrics: tuple[Metric, ...] = ()
    objectives: tuple[Objective, ...] = ()
    key_results: tuple[KeyResult, ...] = ()
    kpis: tuple[Kpi, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    pages: tuple[PageDefinition, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
