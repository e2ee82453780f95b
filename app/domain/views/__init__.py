"""What a status page shows, as values: the one shape that templates, diffs and stored reports agree on."""

from app.domain.views.frame import (
    ChangeView,
    CountsView,
    CycleView,
    LostCommentView,
    NewsView,
    PrivateView,
    RefView,
    SyncView,
    TrustView,
)
from app.domain.views.report import Report
from app.domain.views.scored import (
    CheckInView,
    EvidenceView,
    InputView,
    KeyResultView,
    KpiView,
    ObjectiveView,
    TrendView,
)
from app.domain.views.tree import (
    AlignView,
    AttentionView,
    ChainView,
    EndView,
    GradedKeyResultView,
    GradedObjectiveView,
    GradeView,
    PageRow,
    SessionView,
)

__all__ = [
    "AlignView",
    "AttentionView",
    "ChainView",
    "ChangeView",
    "CheckInView",
    "CountsView",
    "CycleView",
    "EndView",
    "EvidenceView",
    "GradeView",
    "GradedKeyResultView",
    "GradedObjectiveView",
    "InputView",
    "KeyResultView",
    "KpiView",
    "LostCommentView",
    "NewsView",
    "ObjectiveView",
    "PageRow",
    "PrivateView",
    "RefView",
    "Report",
    "SessionView",
    "SyncView",
    "TrendView",
    "TrustView",
]
