"""What somebody must mend, and what somebody should know: the one list that the sync-health page, `plainsight status`,
the API and `/metrics` tell. To add a finding: a sentence in `PROBLEMS` or `NOTICES`, and its count in `findings`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta

from app.domain.lines import N_
from app.domain.sync_health.facts import SyncFacts
from app.domain.sync_health.troubles import finding_of
from app.domain.sync_health.views import (
    ExpiryView,
    Finding,
    PageTrouble,
    ParkedView,
    RunView,
    SiteView,
    WebhooksView,
)

NEAR = timedelta(days=7)
"""A token that ends so soon is a problem, not a notice."""
READS_JIRA = ("poll", "drain", "sweep")
"""Jobs that cannot but fail while Jira is away."""

PROBLEMS: Mapping[str, str] = {
    "out_of_sync": N_("Jira cannot be read; what comes from it stands still."),
    "pages_opened": N_("Private pages that others were let in to; nothing is written on them: {count}"),
    "pages_failed": N_("Pages that could not be written: {count}"),
    "pages_conflict": N_("Pages that were edited by hand and are left alone until somebody decides: {count}"),
    "pages_lost": N_("Pages that are not where they can be written: {count}"),
    "titles_taken": N_("Pages whose title another page has: {count}"),
    "pages_strayed": N_("Pages that people put away or edited, found by the nightly audit: {count}"),
    "evidence_refused": N_("Evidence that Jira does not accept: {count}"),
    "webhooks_refused": N_("Webhooks arrive and are refused."),
    "webhooks_stuck": N_("Webhooks were accepted and are not worked off."),
    "answers_unsent": N_("Check-ins in comments whose answer could not be written: {count}"),
    "jobs_parked": N_("Jobs that stand still: {count}"),
    "runs_failed": N_("Jobs whose last run failed: {count}"),
    "tokens_near": N_("API tokens that end within a week, or have ended: {count}"),
    "unread": N_("Jira has not been read yet."),
}
NOTICES: Mapping[str, str] = {
    "tokens_ahead": N_("API tokens that end within 30 days: {count}"),
    "comments_lost": N_("Inline comments that lost their place: {count}"),
    "pages_displaced": N_("Pages that people moved or renamed, which does no harm: {count}"),
    "pages_still_private": N_("Pages that are restricted although their team is private no longer: {count}"),
    "pages_without_pictures": N_("Pages that stand without their pictures: {count}"),
    "pages_unmarked": N_("Pages without our labels and our mark: {count}"),
    "finals_pending": N_("Pages of closed cycles that are still to be written for the last time: {count}"),
}
SAYS: Mapping[str, str] = {**PROBLEMS, **NOTICES}


def findings(
    facts: SyncFacts,
    sites: Sequence[SiteView],
    webhooks: WebhooksView,
    pages: Sequence[PageTrouble],
    parked: Sequence[ParkedView],
    runs: Sequence[RunView],
    expiries: Sequence[ExpiryView],
) -> tuple[Finding, ...]:
    """The problems first. What follows from another one (a failed run while Jira is away) is not said twice."""
    is_out = any(site.state == "out_of_sync" for site in sites)
    counts = Counter(finding_of(trouble) for trouble in pages)
    counts |= Counter(
        {
            "out_of_sync": int(is_out),
            "unread": sum(site.state == "unread" for site in sites),
            "evidence_refused": len(facts.evidence),
            "webhooks_refused": int(any(one.is_news for one in webhooks.refused)),
            "webhooks_stuck": int(webhooks.state == "stuck"),
            "answers_unsent": len(facts.unanswered),
            "jobs_parked": len(parked),
            "runs_failed": sum(run.error != "" and not (is_out and run.kind in READS_JIRA) for run in runs),
            "tokens_near": sum(one.is_near for one in expiries),
            "tokens_ahead": sum(not one.is_near for one in expiries),
            "comments_lost": sum(page.lost_comments for page in facts.pages),
            "finals_pending": sum(page.awaits_final for page in facts.pages),
        }
    )
    return tuple(Finding(code, counts[code], code in PROBLEMS) for code in SAYS if counts[code])
