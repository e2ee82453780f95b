"""What the sync-health page says of the facts: what is a problem, what can wait for the hour, what stays hidden."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.domain.facts import SiteState
from app.domain.model import Text
from app.domain.report import canonical, read
from app.domain.sync_health import news, sync_health
from app.domain.sync_health.facts import (
    Deliveries,
    Expiry,
    KnownIssues,
    PublishedPage,
    Refusal,
    RefusedEvidence,
    Run,
    SyncFacts,
)
from app.domain.sync_health.keys import keys_in, masked
from app.domain.sync_health.views import SyncHealthView
from tests.render.sync_sample import ILL

ZONE = "Asia/Kolkata"  # half an hour off, so that an hour there is not one of UTC
NOW = datetime(2026, 11, 18, 6, 10, tzinfo=UTC)  # 11:40 there
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SITE = "example.atlassian.net"
GOOD = SyncFacts(
    site=SITE,
    state=SiteState(SITE, NOW - MINUTE, None, ""),
    issues=KnownIssues(4, 1, NOW - DAY),
    deliveries=Deliveries(True, NOW - HOUR),
    pages=(PublishedPage("red", Text("빨강", "Red"), "ok"), PublishedPage("blue", Text("파랑", "Blue"), "ok")),
    runs=(Run("poll", NOW - MINUTE, {"searched": 2}), Run("publish", NOW - MINUTE, {"unchanged": 2})),
)


def told(facts: SyncFacts, now: datetime = NOW) -> SyncHealthView:
    return sync_health(facts, now, ZONE)


def problems(facts: SyncFacts, now: datetime = NOW) -> dict[str, int]:
    return {one.code: one.count for one in told(facts, now).findings if one.is_problem}


def notices(facts: SyncFacts) -> dict[str, int]:
    return {one.code: one.count for one in told(facts).findings if not one.is_problem}


def with_page(**given: Any) -> SyncFacts:
    return replace(GOOD, pages=(replace(GOOD.pages[0], **given), GOOD.pages[1]))


def test_all_is_well_when_nothing_is_wrong() -> None:
    view = told(GOOD)
    assert view.findings == ()
    assert (view.fine, view.unwritten, view.pages, view.webhooks.state) == (2, 0, (), "arriving")
    assert [site.state for site in view.sites] == ["in_sync"]


def test_moving_times_are_cut_to_the_hour_of_the_zone() -> None:
    (site,) = told(GOOD).sites
    assert told(GOOD).hour == datetime(2026, 11, 18, 5, 30, tzinfo=UTC)  # 11:00 there
    assert (site.read, site.newest) == (told(GOOD).hour, datetime(2026, 11, 17, 5, 30, tzinfo=UTC))
    assert {run.at for run in told(GOOD).runs} == {told(GOOD).hour}


def test_without_a_jira_there_is_no_site_and_nothing_wrong() -> None:
    view = told(SyncFacts())
    assert (view.sites, view.findings, view.webhooks.state) == ((), (), "no_secret")


def test_a_jira_that_was_never_read_is_a_problem() -> None:
    assert problems(replace(GOOD, state=None)) == {"unread": 1}


def test_an_outage_is_said_with_its_time_and_not_twice() -> None:
    since = NOW - 3 * HOUR
    facts = replace(
        GOOD,
        state=SiteState(SITE, NOW - 4 * HOUR, since, "Jira: no."),
        runs=(Run("poll", NOW, {}, "Jira: no."), Run("drain", NOW, {}, "Jira: no.")),
        parked=(("poll", "Jira: no."),),
    )
    (site,) = told(facts).sites
    assert (site.state, site.out_since, site.error) == ("out_of_sync", since, "Jira: no.")
    assert problems(facts) == {"out_of_sync": 1}


def test_a_run_that_failed_counts_but_for_publishing_which_the_reader_sees_succeed() -> None:
    for kind, found in (("sweep", {"runs_failed": 1}), ("poll", {"runs_failed": 1}), ("publish", {})):
        facts = replace(GOOD, runs=(Run(kind, NOW - 2 * MINUTE, {}), Run(kind, NOW - MINUTE, {}, "No.")))
        assert problems(facts) == found
        (run,) = told(facts).runs
        assert (run.runs, run.failed, run.error) == (2, 1, "No." if found else "")
    mended = replace(GOOD, runs=(Run("sweep", NOW - 2 * MINUTE, {}, "No."), Run("sweep", NOW - MINUTE, {})))
    assert problems(mended) == {}


def test_runs_of_the_last_day_are_counted_together_and_an_older_last_one_is_named() -> None:
    runs = (
        Run("poll", NOW - 5 * HOUR, {"searched": 2, "left": 0}),
        Run("poll", NOW - HOUR, {"searched": 3, "note": "text"}),
        Run("sweep", NOW - 30 * HOUR, {"joined": 7}),
    )
    poll, sweep = told(replace(GOOD, runs=runs)).runs
    assert (poll.runs, poll.counts) == (2, (("searched", 5),))
    assert (sweep.runs, sweep.counts, sweep.at) == (0, (), datetime(2026, 11, 16, 23, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("given", "rows", "found"),
    [
        ({"state": "failed", "problem": "No."}, [("failed", "", "No.")], {"pages_failed": 1}),
        (
            {"state": "conflict", "problem": "edited: version 5"},
            [("conflict", "edited", "version 5")],
            {"pages_conflict": 1},
        ),
        ({"state": "lost", "problem": "trashed"}, [("lost", "trashed", "")], {"pages_lost": 1}),
        ({"strayed": (("archived", "x"),)}, [("strayed", "archived", "x")], {"pages_strayed": 1}),
        # Said once, though publishing and the audit both met it.
        (
            {"state": "lost", "problem": "trashed", "strayed": (("trashed", ""),)},
            [("lost", "trashed", "")],
            {"pages_lost": 1},
        ),
        ({"state": "new"}, [], {}),
    ],
)
def test_a_page_in_trouble(given: dict[str, Any], rows: list[tuple[str, str, str]], found: dict[str, int]) -> None:
    view = told(with_page(**given))
    assert [(one.state, one.reason, one.detail) for one in view.pages] == rows
    assert problems(with_page(**given)) == found
    assert (view.fine, view.unwritten) == (1, given.get("state") == "new")


def test_what_stands_around_a_fault_is_not_repeated() -> None:
    facts = with_page(state="failed", problem="Not valid storage format: x, at row 1, column 2, near «a secret».")
    assert [one.detail for one in told(facts).pages] == ["Not valid storage format: x, at row 1, column 2"]


def test_moves_renames_and_lost_comments_are_told_and_are_no_problem() -> None:
    facts = with_page(strayed=(("moved", ""), ("renamed", "New")), lost_comments=3)
    assert problems(facts) == {}
    assert notices(facts) == {"comments_lost": 3, "pages_displaced": 2}
    assert [(one.page, one.count) for one in told(facts).lost_comments] == [("red", 3)]


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (Deliveries(False), "no_secret"),
        (Deliveries(True), "none_yet"),
        (Deliveries(True, NOW - DAY), "arriving"),
        (Deliveries(True, NOW, 3, NOW - 9 * MINUTE), "arriving"),
        (Deliveries(True, NOW, 3, NOW - 10 * MINUTE), "stuck"),
        (Deliveries(True, None, refused=(Refusal("forged", 1, NOW - DAY),)), "refused"),
        (Deliveries(True, NOW - 2 * DAY, refused=(Refusal("forged", 1, NOW - DAY),)), "refused"),
        (Deliveries(True, NOW - HOUR, refused=(Refusal("forged", 1, NOW - DAY),)), "arriving"),
        (Deliveries(True, None, refused=(Refusal("forged", 1, NOW - 8 * DAY),)), "none_yet"),
    ],
)
def test_how_webhooks_fare(given: Deliveries, state: str) -> None:
    facts = replace(GOOD, deliveries=given)
    assert told(facts).webhooks.state == state
    assert problems(facts) == ({f"webhooks_{state}": 1} if state in ("refused", "stuck") else {})


@pytest.mark.parametrize(
    ("days", "found", "noticed"),
    [
        (31, {}, {}),
        (30, {}, {"tokens_ahead": 1}),
        (8, {}, {"tokens_ahead": 1}),
        (7, {"tokens_near": 1}, {}),
        (-1, {"tokens_near": 1}, {}),
    ],
)
def test_a_token_is_told_of_thirty_days_before_it_ends(
    days: int, found: dict[str, int], noticed: dict[str, int]
) -> None:
    facts = replace(GOOD, expiries=(Expiry("Jira", date(2026, 11, 18) + timedelta(days=days)),))
    assert (problems(facts), notices(facts)) == (found, noticed)
    assert len(told(facts).expiries) == (days <= 30)


def test_keys_of_issues_that_are_not_known_to_be_visible_are_masked_wherever_jira_speaks() -> None:
    said = "No issue SEC-9, but RED-2."
    facts = replace(
        GOOD,
        state=SiteState(SITE, NOW, None, said),
        evidence=(RefusedEvidence(Text("하나", "One"), "parent = sec-9 OR parent = red-2", said),),
        parked=(("drain", said),),
        runs=(Run("sweep", NOW, {}, said),),
        visible=frozenset({"RED-2"}),
    )
    view = told(facts)
    assert view.evidence[0].query == "parent = ••• OR parent = red-2"
    assert "SEC-9" not in canonical(view).upper()
    assert canonical(view).count("No issue •••, but RED-2.") == 4


def test_only_what_can_be_an_issue_key_is_taken_for_one() -> None:
    text = "on app-1.example.net since 2026-11-18 at x-y-1, UTF-8-SIG or 7-8"
    assert masked(text, ()) == text
    assert keys_in(["A1-3 and (ab_c-12), `X-1`."]) == {"A1-3", "AB_C-12"}


def test_news_is_what_became_worse_or_better_and_not_the_signs_of_life() -> None:
    later = replace(
        GOOD,
        state=SiteState(SITE, NOW + 5 * MINUTE, None, ""),
        issues=KnownIssues(7, 0, NOW),
        deliveries=Deliveries(True, NOW, 2, NOW),
        runs=(*GOOD.runs, Run("poll", NOW, {"searched": 3}, "")),
    )
    assert told(later) != told(GOOD)
    assert news(told(later)) == news(told(GOOD))
    worse = (
        replace(GOOD, state=SiteState(SITE, NOW, NOW, "No.")),
        replace(GOOD, pages=GOOD.pages[:1]),
        with_page(state="failed"),
        with_page(lost_comments=1),
        replace(GOOD, evidence=(RefusedEvidence(Text("하나", "One"), "x = 1", "No."),)),
        replace(GOOD, parked=(("drain", "No."),)),
        replace(GOOD, expiries=(Expiry("Jira", date(2026, 11, 30)),)),
    )
    assert all(news(told(facts)) != news(told(GOOD)) for facts in worse)


def test_another_wording_of_the_same_trouble_is_no_news() -> None:
    one, other = (with_page(state="failed", problem=f"Waits until 12:0{minute}.") for minute in (1, 2))
    assert told(one) != told(other)
    assert news(told(one)) == news(told(other))


def test_a_stored_view_is_read_again_as_it_was() -> None:
    for facts in (GOOD, ILL):
        view = told(facts)
        assert read(SyncHealthView, json.loads(canonical(view))) == view


@pytest.mark.parametrize("stored", [None, {}, {"hour": 7}, []])
def test_what_was_stored_in_another_shape_is_refused(stored: object) -> None:
    with pytest.raises((TypeError, KeyError, ValueError)):
        read(SyncHealthView, stored)
