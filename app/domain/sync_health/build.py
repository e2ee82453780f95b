"""The sync-health page's own part of a report: what is wrong with the service, and its signs of life."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from app.domain.facts import SiteState
from app.domain.sync_health.facts import Deliveries, Refusal, Run, SyncFacts
from app.domain.sync_health.findings import NEAR, READS_JIRA, findings
from app.domain.sync_health.keys import masked
from app.domain.sync_health.troubles import INCOMPLETE, troubles
from app.domain.sync_health.views import (
    ExpiryView,
    LostComments,
    ParkedView,
    RefusalView,
    RefusedEvidenceView,
    RunView,
    SiteView,
    SyncHealthView,
    UnansweredView,
    WebhooksView,
)

LOOK_AHEAD = timedelta(days=30)
STUCK = timedelta(minutes=10)
"""A delivery is drained within seconds; one that waits longer waits for somebody."""
LATELY = timedelta(days=7)
DAY = timedelta(days=1)
OUTLIVED = "publish"
"""Whoever reads the page sees that its last publishing succeeded, so an error of the one before is over."""


def sync_health(facts: SyncFacts, now: datetime, time_zone: str) -> SyncHealthView:
    """How the service fares at `now` (aware). Times that move with every run are cut to the hour in the zone."""
    zone = ZoneInfo(time_zone)
    hour, sites, webhooks = _hour(now, zone), _sites(facts, zone), _webhooks(facts.deliveries, now, zone)
    found = tuple(trouble for page in facts.pages for trouble in troubles(page))
    lost = tuple(LostComments(one.id, one.title, one.lost_comments) for one in facts.pages if one.lost_comments)
    evidence = tuple(
        RefusedEvidenceView(one.key_result, masked(one.query, facts.visible), masked(one.error, facts.visible))
        for one in facts.evidence
    )
    parked = _parked(facts, is_out=any(site.out_since for site in sites))
    runs, expiries = _runs(facts, now, zone), _expiries(facts, now, zone)
    bad = {one.page for one in found if one.state != INCOMPLETE}
    fine = [one for one in facts.pages if one.state == "ok" and one.id not in bad]
    return SyncHealthView(
        hour=hour,
        findings=findings(facts, sites, webhooks, found, parked, runs, expiries),
        sites=sites,
        webhooks=webhooks,
        pages=found,
        fine=sum(not one.frozen for one in fine),
        frozen=sum(one.frozen for one in fine),
        unwritten=sum(one.state == "new" and one.id not in bad for one in facts.pages),
        lost_comments=lost,
        unanswered=tuple(UnansweredView(one.page, one.title, one.problem) for one in facts.unanswered),
        evidence=evidence,
        parked=parked,
        runs=runs,
        expiries=expiries,
    )


def news(view: SyncHealthView) -> object:
    """What must be shown at once when it changes; all the rest of the page can wait for the next full hour."""
    return (
        view.findings,
        [(site.site, site.state, site.out_since) for site in view.sites],
        [(one.page, one.state, one.reason) for one in view.pages],
        (view.fine, view.frozen, view.unwritten, view.lost_comments, view.unanswered, view.expiries),
        [(one.key_result, one.query) for one in view.evidence],
        [one.kind for one in view.parked],
    )


def _hour(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _hour_of(at: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if at is None else _hour(at, zone)


def _sites(facts: SyncFacts, zone: ZoneInfo) -> tuple[SiteView, ...]:
    if facts.site is None:
        return ()
    state = facts.state or SiteState(facts.site, None, None, "")
    view = SiteView(
        site=facts.site,
        state="out_of_sync" if state.out_since else "in_sync" if state.ok_at else "unread",
        out_since=state.out_since,
        error=masked(state.error, facts.visible),
        read=_hour_of(state.ok_at, zone),
        issues=facts.issues.count,
        hidden=facts.issues.hidden,
        newest=_hour_of(facts.issues.newest, zone),
    )
    return (view,)


def _webhooks(given: Deliveries, now: datetime, zone: ZoneInfo) -> WebhooksView:
    refused = tuple(
        RefusalView(one.reason, one.count, _hour(one.at, zone), _is_news(one, given.last_at, now))
        for one in given.refused
    )
    return WebhooksView(_state(given, refused, now), _hour_of(given.last_at, zone), given.waiting, refused)


def _is_news(refusal: Refusal, accepted_at: datetime | None, now: datetime) -> bool:
    return now - refusal.at <= LATELY and (accepted_at is None or accepted_at < refusal.at)


def _state(given: Deliveries, refused: Iterable[RefusalView], now: datetime) -> str:
    if given.oldest is not None and now - given.oldest >= STUCK:
        return "stuck"
    if any(one.is_news for one in refused):
        return "refused"
    if given.last_at is not None:
        return "arriving"
    return "none_yet" if given.expected else "no_secret"


def _parked(facts: SyncFacts, *, is_out: bool) -> tuple[ParkedView, ...]:
    """While Jira is away, the site says it: its jobs are parked and woken by the clock in turns."""
    mine = ((kind, error) for kind, error in facts.parked if not (is_out and kind in READS_JIRA))
    return tuple(ParkedView(kind, masked(error, facts.visible)) for kind, error in mine)


def _runs(facts: SyncFacts, now: datetime, zone: ZoneInfo) -> tuple[RunView, ...]:
    """One line for each kind, in the order of their names."""
    by_kind: dict[str, list[Run]] = {}
    for run in facts.runs:
        by_kind.setdefault(run.kind, []).append(run)
    return tuple(_run(runs, facts, now, zone) for _, runs in sorted(by_kind.items()))


def _run(runs: list[Run], facts: SyncFacts, now: datetime, zone: ZoneInfo) -> RunView:
    last, lately = runs[-1], [run for run in runs if now - run.at < DAY]
    counts: dict[str, int] = {}
    for run in lately:
        for name, count in run.counts.items():
            if isinstance(count, int):
                counts[name] = counts.get(name, 0) + count
    return RunView(
        kind=last.kind,
        at=_hour(last.at, zone),
        error="" if last.kind == OUTLIVED else masked(last.error, facts.visible),
        runs=len(lately),
        failed=sum(run.error != "" for run in lately),
        counts=tuple(sorted((name, count) for name, count in counts.items() if count)),
    )


def _expiries(facts: SyncFacts, now: datetime, zone: ZoneInfo) -> tuple[ExpiryView, ...]:
    today = now.astimezone(zone).date()
    near = (one for one in facts.expiries if one.on - today <= LOOK_AHEAD)
    return tuple(ExpiryView(one.product, one.on, one.on - today <= NEAR) for one in near)
