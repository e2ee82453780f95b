"""What sections pick out of a report: ordered worst first, counted, cut where there is too much of it."""

from collections import Counter
from collections.abc import Sequence

from app.domain.model import WORST_FIRST, Health
from app.domain.views import EvidenceView, KpiView, ObjectiveView, RefView

CORRIDORS_WORST_FIRST = ("unhealthy", "watch", "unknown", "healthy")


def roles(evidence: Sequence[EvidenceView]) -> list[str]:
    """The roles that the issues have, each once."""
    return list(dict.fromkeys([issue.mode for issue in evidence]))


def by_team(kpis: Sequence[KpiView]) -> list[tuple[object, list[KpiView]]]:
    """The KPIs of each team (in the order of their first one), outside the corridor first."""
    teams: dict[object, list[KpiView]] = {}
    for kpi in kpis:
        teams.setdefault(kpi.team, []).append(kpi)
    return [(team, sorted(mine, key=_corridor_rank)) for team, mine in teams.items()]


def by_corridor(kpis: Sequence[KpiView]) -> list[tuple[str, int]]:
    """How many KPIs stand how, those outside the corridor first; confidential ones are counted apart."""
    stands = Counter("confidential" if kpi.confidential else kpi.corridor for kpi in kpis)
    return [(code, stands[code]) for code in (*CORRIDORS_WORST_FIRST, "confidential") if stands[code]]


def _corridor_rank(kpi: KpiView) -> int:
    """Confidential ones rank as unknown: their place must not give them away."""
    return CORRIDORS_WORST_FIRST.index("unknown" if kpi.confidential else kpi.corridor)


def orphans(objectives: Sequence[ObjectiveView]) -> list[ObjectiveView]:
    """Objectives with nothing above and nothing below them."""
    return [
        one for one in objectives if not (one.supports or one.supported_by or one.private_above or one.private_below)
    ]


def by_health(refs: Sequence[RefView]) -> list[tuple[Health, int]]:
    """How many stand how, worst first; those of which nobody knows are not counted."""
    stands = Counter(ref.health for ref in refs)
    return [(health, stands[health]) for health in WORST_FIRST if stands[health]]


def worst(refs: Sequence[RefView], most: int) -> list[RefView]:
    """The worst of them, at most so many; equal ones in the order in which they were given."""
    return sorted(refs, key=lambda ref: (WORST_FIRST.index(ref.health) if ref.health else len(WORST_FIRST), _low(ref)))[
        :most
    ]


def _low(ref: RefView) -> float:
    return 2 if ref.score is None else float(ref.score)
