"""What one page tells of others, and of a whole cycle: rows of an index, what needs attention, how a cycle ended."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.domain.model import Band, Health, Text
from app.domain.views.frame import CycleView, RefView


@dataclass(frozen=True)
class PageRow:
    """One line of an index: a page of ours and how it stands; `depth` is its level in the organisation. Of a private
    one nothing is told but that it exists."""

    page: str
    title: Text
    depth: int
    health: Health | None
    score: Decimal | None
    objectives: int
    key_results: int
    outdated: int
    private: bool = False


@dataclass(frozen=True)
class AttentionView:
    """A key result that needs somebody: `ref` is itself, `page` there the one that shows it."""

    ref: RefView
    objective: Text
    owner: Text


@dataclass(frozen=True)
class ChainView:
    """What stands above an objective, from the top down, and below it, each with its depth (from 0)."""

    above: tuple[RefView, ...]
    below: tuple[tuple[int, RefView], ...]


@dataclass(frozen=True)
class GradeView:
    """A proposed grade: progress, rounded half-up to one decimal, and the band of that (None: not measured)."""

    progress: Fraction | None
    grade: Decimal | None
    band: Band | None


@dataclass(frozen=True)
class GradedKeyResultView:
    id: str
    title: Text
    owner: Text
    unit: str
    start: Decimal | None
    target: Decimal | None
    now: Decimal | None
    confidence: int | None
    grade: GradeView
    period: str | None = None


@dataclass(frozen=True)
class GradedObjectiveView:
    """`health` is how it stands while its cycle runs; `page` shows it in full."""

    id: str
    title: Text
    team: Text
    owner: Text | None
    kind: str
    health: Health
    grade: GradeView
    measured: int
    page: str | None
    key_results: tuple[GradedKeyResultView, ...]


@dataclass(frozen=True)
class EndView:
    """How a cycle ended, or stands: all its objectives together, and how many of them fell into which band, the best
    first; `unmeasured` have no grade, `private` belong to private teams and are in no other number."""

    cycle: CycleView
    page: str | None
    objectives: int
    key_results: int
    grade: GradeView
    bands: tuple[tuple[Band, int], ...]
    unmeasured: int
    private: int = 0


@dataclass(frozen=True)
class AlignView:
    """An objective to align with, and its key results, any of which may be supported."""

    ref: RefView
    key_results: tuple[RefView, ...]


@dataclass(frozen=True)
class SessionView:
    """What there is to know when objectives are set: what stands above, and what became of the last ones."""

    align: tuple[AlignView, ...]
    last: EndView | None
    results: tuple[GradedObjectiveView, ...]
