"""Everything on one page."""

from dataclasses import dataclass, field
from datetime import date

from app.domain.model import Text
from app.domain.sync_health.views import SyncHealthView
from app.domain.views.frame import ChangeView, CountsView, CycleView, LostCommentView, NewsView, PrivateView, TrustView
from app.domain.views.scored import KpiView, ObjectiveView, TrendView
from app.domain.views.tree import AttentionView, ChainView, EndView, GradedObjectiveView, PageRow, SessionView


@dataclass(frozen=True)
class Report:
    """Everything on one page. `kind` is one of `PAGE_KINDS` in app/domain/page_kinds.py; `team` the page's own team;
    `sync_health` is what the page of that kind shows; `sections` are those that people chose (empty: the usual).
    `attention` are the worst key results, of `attention_of` that need somebody; `grades` and `end` are of a close-out,
    `closed_cycles` of the archive, the newest first. `pictured`: it may carry pictures; `trends` are for them alone."""

    page: str
    kind: str
    title: Text
    team: Text | None
    cycle: CycleView | None
    trust: TrustView
    counts: CountsView | None
    news: tuple[NewsView, ...]
    news_since: date | None
    objectives: tuple[ObjectiveView, ...]
    kpis: tuple[KpiView, ...]
    history: tuple[ChangeView, ...]
    pages: tuple[PageRow, ...]
    lost_comments: tuple[LostCommentView, ...] = ()
    sync_health: SyncHealthView | None = None
    sections: tuple[str, ...] = ()
    attention: tuple[AttentionView, ...] = ()
    attention_of: int = 0
    chain: ChainView | None = None
    grades: tuple[GradedObjectiveView, ...] = ()
    end: EndView | None = None
    closed_cycles: tuple[EndView, ...] = ()
    session: SessionView | None = None
    private: PrivateView = field(default_factory=PrivateView)
    trends: tuple[TrendView, ...] = ()
    pictured: bool = False
