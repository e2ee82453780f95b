"""Sync-health reports made by hand: a service where everything that can go wrong did, and one where all is well."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.domain.facts import SiteState
from app.domain.model import Text
from app.domain.sync_health import sync_health
from app.domain.sync_health.facts import (
    Deliveries,
    Expiry,
    KnownIssues,
    PublishedPage,
    Refusal,
    RefusedEvidence,
    Run,
    SyncFacts,
    Unanswered,
)
from app.domain.views import Report
from tests.render import sample

NOW = datetime(2026, 11, 20, 6, 42, tzinfo=UTC)
HOURS = timedelta(hours=1)
MINUTES = timedelta(minutes=1)
SALES = PublishedPage("sales", Text("2026-Q4 · 영업", "2026-Q4 · Sales"), "ok")
WELL = SyncFacts(
    site="example.atlassian.net",
    state=SiteState("example.atlassian.net", NOW - 2 * MINUTES, None, ""),
    issues=KnownIssues(35, 2, NOW - 3 * HOURS),
    deliveries=Deliveries(True, NOW - 2 * HOURS),
    pages=(SALES, PublishedPage("company", Text("2026-Q4 · 전사", "2026-Q4 · Company"), "ok")),
    runs=(
        Run("snapshot", NOW - 30 * HOURS, {}),
        Run("poll", NOW - 7 * MINUTES, {"searched": 3, "stored": 1, "left": 0}),
        Run("poll", NOW - 2 * MINUTES, {"searched": 2, "stored": 1, "left": 0}),
        Run("publish", NOW - 1 * MINUTES, {"unchanged": 4, "updated": 1}),
    ),
)


def page(name: str, state: str = "ok", problem: str = "", **more: Any) -> PublishedPage:
    return PublishedPage(name, Text(f"{name} 팀", f"{name} team"), state, problem, **more)


ILL = SyncFacts(
    site="example.atlassian.net",
    state=SiteState(
        "example.atlassian.net",
        NOW - 50 * HOURS,
        datetime(2026, 11, 18, 1, 0, tzinfo=UTC),
        "Jira example.atlassian.net: GET /rest/api/3/field answered 401. Check PLAINSIGHT_JIRA_TOKEN.",
    ),
    issues=KnownIssues(35, 2, NOW - 51 * HOURS),
    deliveries=Deliveries(
        True,
        NOW - 50 * HOURS,
        waiting=12,
        oldest=NOW - 50 * HOURS,
        refused=(Refusal("forged", 1412, NOW - 2 * MINUTES), Refusal("unsigned", 3, NOW - 60 * HOURS)),
    ),
    pages=(
        SALES,
        page("one", "failed", 'Confluence wiki: PUT /api/v2/pages/7 answered 400 Bad Request: <no> & "why".'),
        page("two", "conflict", "edited: version 5, after our version 3", strayed=(("renamed", "Two, renamed"),)),
        page("three", "lost", "trashed", strayed=(("trashed", ""),)),
        page("four", strayed=(("archived", ""),), lost_comments=2),
        page("five", "new"),
        page("six", strayed=(("opened", "group everybody"),)),
        page("seven", "conflict", "title_taken: Seven", pictures_problem="Confluence answered 403 Forbidden."),
        page("eight", marked=False),
        page("nine", frozen=True),
        page("ten", awaits_final=True, strayed=(("still_private", "3 people"),)),
    ),
    unanswered=(Unanswered("four", Text("four 팀", "four team"), "Confluence answered 403 Forbidden."),),
    evidence=(
        RefusedEvidence(
            Text("웹 전환율 25% 향상", "Web conversion +25%"),
            "project = WEB AND parent = SEC-9",
            "Field 'parnt' does not exist; no issue SEC-9.",
        ),
    ),
    parked=(("reconcile", "OperationalError: unexpected; see the log"),),
    runs=(
        Run("sweep", NOW - 4 * HOURS, {"joined": 3, "left": 1}, "KeyError: unexpected; see the log"),
        Run("poll", NOW - 2 * MINUTES, {}, "Jira example.atlassian.net: GET /rest/api/3/field answered 401."),
        Run("yonder", NOW - 2 * MINUTES, {"things": 4}),
    ),
    expiries=(Expiry("Jira", date(2026, 11, 21)), Expiry("Confluence", date(2026, 12, 18))),
)


def report(facts: SyncFacts = ILL) -> Report:
    view = sync_health(facts, NOW, "Asia/Seoul")
    bare = sample.bare_report("sync_health", Text("동기화 상태", "Sync health"))
    return dataclasses.replace(bare, sync_health=view, trust=dataclasses.replace(bare.trust, as_of=view.hour))
