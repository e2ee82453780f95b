"""What on a sync-health page somebody must mend, and what somebody should know; to add a finding: one line in it."""

from collections.abc import Sequence
from datetime import timedelta

from app.domain.straying import WHERE_IT_IS
from app.domain.sync_health.views import (
    ExpiryView,
    Finding,
    LostComments,
    PageTrouble,
    ParkedView,
    RefusedEvidenceView,
    RunView,
    SiteView,
    WebhooksView,
)

NEAR = timedelta(days=7)
"""A token that ends so soon is a problem, not a notice."""
READS_JIRA = ("poll", "drain", "sweep")
"""Jobs that cannot but fail while Jira is away."""


def findings(
    sites: Sequence[SiteView],
    webhooks: WebhooksView,
    pages: Sequence[PageTrouble],
    lost_comments: Sequence[LostComments],
    evidence: Sequence[RefusedEvidenceView],
    parked: Sequence[ParkedView],
    runs: Sequence[RunView],
    expiries: Sequence[ExpiryView],
) -> tuple[Finding, ...]:
    """The problems first. What follows from another one (a failed run while Jira is away) is not said twice."""
    is_out = any(site.state == "out_of_sync" for site in sites)
    failed = [run for run in runs if run.error and not (is_out and run.kind in READS_JIRA)]
    strayed = [page for page in pages if page.state == "strayed"]
    harmless = sum(page.reason in WHERE_IT_IS for page in strayed)
    found = [
        Finding("out_of_sync", is_out, True),
        *(
            Finding(f"pages_{state}", sum(page.state == state for page in pages), True)
            for state in ("failed", "conflict", "lost")
        ),
        Finding("pages_strayed", len(strayed) - harmless, True),
        Finding("evidence_refused", len(evidence), True),
        Finding("webhooks_refused", any(one.is_news for one in webhooks.refused), True),
        Finding("webhooks_stuck", webhooks.state == "stuck", True),
        Finding("jobs_parked", len(parked), True),
        Finding("runs_failed", len(failed), True),
        Finding("tokens_near", sum(one.is_near for one in expiries), True),
        Finding("unread", sum(site.state == "unread" for site in sites), True),
        Finding("tokens_ahead", sum(not one.is_near for one in expiries), False),
        Finding("comments_lost", sum(one.count for one in lost_comments), False),
        Finding("pages_displaced", harmless, False),
    ]
    return tuple(Finding(one.code, int(one.count), one.is_problem) for one in found if one.count)
