"""What private teams keep to themselves: unique words are planted in all of it, and no other page may tell one."""

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.facts import EvidenceIssue, Facts, Tally
from app.domain.history import Change, Snapshot
from app.domain.model import EvidenceMode, Health, Readers, StatusCategory, Text
from app.domain.page_kinds import PAGE_KINDS
from app.domain.privacy import keeper_of, readers_of
from app.domain.report import build, canonical, plain
from app.domain.report.differences import differences
from app.domain.storage import check
from app.domain.sync_health import SYNC_HEALTH
from app.render import render, render_line
from tests.domain.company import facts_of, moment, report

TODAY = date(2026, 11, 24)
OPEN = """\
organisation: {name: Hanbit}
teams:
  - {id: company, name: Company}
  - {id: sales, name: Sales, parent: company}
  - {id: board, name: Board, parent: company, readers: {people: [ada], groups: [board-members]}}
  - {id: merger, name: Merger, parent: board}
  - {id: law, name: Law, parent: board, readers: {groups: [lawyers]}}
people:
  - {id: ada, name: Ada, team: board}
  - {id: bob, name: Bob, team: sales}
cycles:
  - {id: Q3, starts_on: 2026-07-01, ends_on: 2026-09-30, state: closed}
  - {id: Q4, starts_on: 2026-10-01, ends_on: 2026-12-31, state: locked}
  - {id: Q1, starts_on: 2027-01-01, ends_on: 2027-03-31, state: draft}
metrics:
  - {id: shared, name: Conversion, unit: "%"}
objectives:
  - id: O-C
    title: Sell more
    team: company
    cycle: Q4
    owner: bob
    page: true
    key_results:
      - {id: KR-C, title: Web conversion, owner: bob, metric: shared, progress: {mode: from_to, baseline: 2, target: 4}}
  - id: O-S
    title: Sell online
    team: sales
    cycle: Q4
    supports: O-SECRET-board
    key_results:
      - {id: KR-S, title: Days, owner: bob, metric: {unit: days}, progress: {mode: from_to, baseline: 20, target: 10}}
  - {id: O-PAST, title: Earlier, team: sales, cycle: Q3}
"""
PRIVATE = """\
  - id: O-SECRET-{team}
    title: {{ko: 비밀{team}, en: SECRET objective {team}}}
    team: {team}
    cycle: {cycle}
    owner: ada
    supports: {supports}
    page: true
    key_results:
      - id: KR-SECRET-{team}
        title: SECRET key result {team}
        owner: ada
        metric: shared
        progress: {{mode: from_to, baseline: 2, target: 3}}
        evidence: [{{label: SECRET-label}}]
      - id: KR-SECRET-own-{team}
        title: SECRET own {team}
        owner: ada
        metric: {{unit: SECRETunit, name: SECRET metric {team}}}
        progress: {{mode: from_to, baseline: 771000, target: 772000}}
        health: {{is: off_track, reason: SECRET reason}}
"""
REST = """\
kpis:
  - {id: KPI-1, title: Open KPI, team: sales, metric: shared, progress: {mode: from_to, baseline: 2, target: 4}}
  - id: KPI-SECRET
    title: SECRET kpi
    person: ada
    metric: {unit: USD, name: SECRET metric of the KPI}
    progress: {mode: from_to, baseline: 771000, target: 772000}
    action: SECRET action
measurements:
  - {metric: shared, at: 2026-11-20, value: 3, by: bob}
  - {metric: KR-S, at: 2026-11-20, value: 15}
  - {metric: KR-SECRET-own-board, at: 2026-11-21, value: 771500}
  - {metric: KR-SECRET-own-merger, at: 2026-11-21, value: 771500}
  - {metric: KPI-SECRET, at: 2026-11-21, value: 771500}
check_ins:
  - {key_result: KR-SECRET-board, at: 2026-11-23, by: ada, confidence: 3, note: SECRET note, blockers: SECRET blockers}
  - {key_result: KR-SECRET-merger, at: 2026-11-23, by: ada, note: SECRET note, blockers: SECRET blockers}
"""
AT = datetime(2026, 11, 23, 3, tzinfo=UTC)
SECRETS = ("SECRET", "비밀", "771", "SEC-")


def file(law_cycle: str = "Q4", law_supports: str = "KR-C") -> str:
    return (
        OPEN
        + PRIVATE.format(team="board", cycle="Q4", supports="O-C")
        + PRIVATE.format(team="merger", cycle="Q4", supports="KR-C")
        + PRIVATE.format(team="law", cycle=law_cycle, supports=law_supports)
        + PRIVATE.format(team="board", cycle="Q3", supports="O-C")
        .replace("SECRET-board", "SECRET-past")
        .replace("SECRET-own-board", "SECRET-own-past")
        + REST
    )


def planted(text: str = "") -> Facts:
    """Beside what a file holds: evidence, history and snapshots of what is private."""
    facts = facts_of(text or file())
    secret = [key for key in facts.key_results if "SECRET" in key]
    issue = EvidenceIssue(
        "SEC-1", "SECRET issue", "SECRET status", StatusCategory.DONE, "SECRET assignee", AT, AT, EvidenceMode.EVIDENCE
    )
    changes = [
        Change(number, AT, "SECRET changer", "key_result", key, field, before, after, "SECRET because")
        for key in secret
        for number, (field, before, after) in enumerate(
            [("target", "771001", "771002"), ("health", "on_track", "off_track"), ("title", "SECRET a", "SECRET b")]
        )
    ]
    changes += [
        Change(90, AT, "SECRET changer", "objective", "O-SECRET-board", "title", "SECRET a", "SECRET b", "SECRET"),
        Change(91, AT, "SECRET changer", "kpi", "KPI-SECRET", "target", "771001", "771002", "SECRET because"),
        Change(92, AT, "bob", "objective", "O-S", "supports", "O-C", "O-SECRET-board", ""),
    ]
    return replace(
        facts,
        tallies={key: Tally(done=77, total=771) for key in secret},
        evidence_issues=dict.fromkeys(secret, (issue,)),
        changes=tuple(changes),
        snapshots={
            ("key_result", key): (Snapshot(TODAY, "key_result", key, Fraction(1), Health.DONE),) for key in secret
        },
        search_url="https://jira.example/issues/?jql=",
    )


def told(facts: Facts, page: str) -> str:
    """All that a page says, as it is stored, as people see it, and as its history says why it was written."""
    made = report(facts, page, TODAY)
    bodies = [] if facts.pages[page].kind == SYNC_HEALTH else [render(made, ["ko", "en"]), render(made, ["en"])]
    for body in bodies:
        check(body.body)
    empty = {**plain(made), "kpis": [], "objectives": [], "pages": [], "grades": []}  # type: ignore[dict-item]
    lines = [] if facts.pages[page].kind == SYNC_HEALTH else differences(empty, plain(made))  # type: ignore[arg-type]
    return (
        canonical(made)
        + "".join(body.title + body.body for body in bodies)
        + "".join(render_line(line, "en") for line in lines)
    )


def keepers(facts: Facts) -> dict[str, str | None]:
    """By page, which private team it belongs to."""
    return {key: keeper_of(facts.teams, page.team_id) for key, page in facts.pages.items()}


def leaks(words: str) -> list[str]:
    return [secret for secret in SECRETS if secret in words]


def everybodys(facts: Facts) -> list[str]:
    return [key for key, keeper in keepers(facts).items() if keeper is None]


def test_every_kind_of_page_is_among_those_that_are_looked_at() -> None:
    facts = planted()
    assert {facts.pages[key].kind for key in everybodys(facts)} == set(PAGE_KINDS)


@pytest.mark.parametrize("page", everybodys(planted()))
def test_a_page_for_everybody_tells_nothing_of_a_private_team(page: str) -> None:
    assert leaks(told(planted(), page)) == []


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(["Q3", "Q4"]), st.sampled_from(["KR-C", "O-S", "KR-SECRET-board", "O-SECRET-merger", "KR-S"]))
def test_nothing_gets_through_however_private_and_open_ones_are_linked(cycle: str, supports: str) -> None:
    facts = planted(file(cycle, supports))
    assert {page: found for page in everybodys(facts) if (found := leaks(told(facts, page)))} == {}


def test_the_pages_of_a_private_team_tell_of_it_and_of_no_other_private_team() -> None:
    facts = planted()
    for page, keeper in keepers(facts).items():
        if keeper == "board":
            words = told(facts, page)
            assert leaks(words) or facts.pages[page].cycle_id == "Q3"
            assert "law" not in words.replace(facts.teams["law"].name.en, ""), page
        if keeper == "law":
            assert "SECRET objective law" in told(facts, page)
            assert "SECRET objective board" not in told(facts, page)


def test_a_team_below_a_private_one_is_its_own_keepers_unless_it_has_readers() -> None:
    facts = planted()
    assert [keeper_of(facts.teams, team) for team in ("company", "sales", "board", "merger", "law")] == [
        None, None, "board", "board", "law",
    ]  # fmt: skip
    assert readers_of(facts, facts.pages["merger-Q4"]) == Readers(("ada",), ("board-members",))
    assert readers_of(facts, facts.pages["objective-O-SECRET-law"]) == Readers((), ("lawyers",))
    assert readers_of(facts, facts.pages["company-Q4"]) is None
    assert readers_of(facts, facts.pages["index"]) is None


def test_an_index_shows_that_a_private_page_exists_and_leaves_out_pages_of_its_objectives() -> None:
    rows = {row.page: row for row in report(planted(), "index", TODAY).pages}
    assert (rows["board-Q4"].private, rows["board-Q4"].health, rows["board-Q4"].objectives) == (True, None, 0)
    assert (rows["sales-Q4"].private, rows["sales-Q4"].objectives) == (False, 1)
    assert "objective-O-C" in rows
    assert not [key for key in rows if "SECRET" in key]


def test_what_is_left_out_is_counted() -> None:
    facts = planted()
    company = report(facts, "company-Q4", TODAY).objectives[0]
    assert (company.private_below, company.key_results[0].shared_private) == (3, 3)
    assert report(facts, "sales-Q4", TODAY).objectives[0].private_above
    cycle = report(facts, "cycle-Q4", TODAY)
    assert (cycle.private.objectives, cycle.private.key_results, cycle.private.kpis) == (3, 6, 0)
    assert report(facts, "kpi-board", TODAY).private.kpis == 1
    (end,) = report(facts, "archive", TODAY).closed_cycles
    assert (end.objectives, end.private) == (1, 1)


def test_the_count_is_said_in_both_languages() -> None:
    facts = planted()
    body = render(report(facts, "company-Q4", TODAY), ["ko", "en"]).body
    assert "비공개 팀 3건" in body and "3 of a private team" in body
    board = render(report(facts, "kpi-board", TODAY), ["ko", "en"]).body
    assert "비공개 팀의 KPI 1개" in board and "KPIs 1" in board


def test_scores_are_computed_from_all_facts_and_do_not_change_for_being_private() -> None:
    facts = planted()
    open_ = replace(facts, teams={key: replace(team, readers=None) for key, team in facts.teams.items()})
    private, public = (report(one, "company-Q4", TODAY).counts for one in (facts, open_))
    assert private == public and private is not None and private.score is not None


def test_without_private_teams_the_facts_are_told_as_they_are() -> None:
    facts = planted()
    open_ = replace(facts, teams={key: replace(team, readers=None) for key, team in facts.teams.items()})
    page = open_.pages["cycle-Q4"]
    assert build(open_, page, moment(open_, TODAY)).private.objectives == 0
    assert "SECRET" in canonical(build(open_, page, moment(open_, TODAY)))


def test_a_confidential_kpi_is_told_by_no_new_kind_of_page() -> None:
    text = file().replace("person: ada", "team: sales\n    confidential: true").replace("SECRET kpi", "Payroll")
    facts = facts_of(text)
    for page in everybodys(facts):
        words = told(facts, page)
        assert not {"771500", "771,500", "SECRET action", "SECRET metric of the KPI"} & set(words.split('"'))
        assert "771" not in words, page


def test_a_page_title_that_people_gave_is_shown_where_the_page_is_listed() -> None:
    facts = planted()
    page = replace(facts.pages["board-Q4"], title=Text("이사회", "The board"))
    rows = report(replace(facts, pages={**facts.pages, page.id: page}), "index", TODAY).pages
    assert Text("이사회", "The board") in [row.title for row in rows]
