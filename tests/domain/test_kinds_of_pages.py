"""What stands on a page of each kind: built from a small company over a year, two quarters and a draft."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from app.domain.facts import EvidenceIssue, Facts
from app.domain.history import Change
from app.domain.lines import Line
from app.domain.model import Band, CheckIn, EvidenceMode, Health, StatusCategory, Text
from app.domain.page_kinds import NOTES, OF_DRAFTS, PAGE_KINDS, sections_of
from app.domain.report import build
from app.errors import Invalid
from tests.domain.company import facts_of, moment, report

FILE = """\
organisation: {name: Hanbit}
teams:
  - {id: company, name: Company}
  - {id: sales, name: Sales, parent: company}
  - {id: web, name: Web, parent: sales}
people: [{id: ada, name: Ada}]
cycles:
  - {id: FY, starts_on: 2026-01-01, ends_on: 2026-12-31}
  - {id: Q3, starts_on: 2026-07-01, ends_on: 2026-09-30, state: closed}
  - {id: Q4, starts_on: 2026-10-01, ends_on: 2026-12-31, state: locked}
  - {id: Q1, starts_on: 2027-01-01, ends_on: 2027-03-31, state: draft}
objectives:
  - id: O-Y
    title: The year
    team: company
    cycle: FY
    key_results:
      - {id: KR-Y, title: Revenue, owner: ada, metric: {unit: USD}, progress: {mode: from_to, baseline: 0, target: 100}}
  - id: O-S
    title: Sell
    team: sales
    cycle: Q4
    owner: ada
    supports: KR-Y
    page: true
    key_results:
      - {id: KR-A, title: A, owner: ada, metric: {unit: count}, progress: {mode: from_to, baseline: 0, target: 10}}
      - {id: KR-B, title: B, owner: ada, metric: {unit: count}, progress: {mode: from_to, baseline: 0, target: 10}}
      - {id: KR-N, title: N, owner: ada, metric: {unit: count}, progress: {mode: from_to, baseline: 0, target: 10}}
  - {id: O-W, title: Site, team: web, cycle: Q4, supports: O-S}
  - id: O-P
    title: Past
    team: sales
    cycle: Q3
    kind: committed
    supports: O-Y
    key_results:
      - {id: KR-P, title: P, owner: ada, metric: {unit: count}, progress: {mode: from_to, baseline: 0, target: 10}}
  - {id: O-D, title: Draft, team: sales, cycle: Q1, supports: O-Y}
measurements:
  - {metric: KR-Y, at: 2026-11-20, value: 50}
  - {metric: KR-A, at: 2026-11-20, value: 1}
  - {metric: KR-B, at: 2026-11-20, value: 6}
  - {metric: KR-P, at: 2026-09-20, value: 8}
  - {metric: KR-P, at: 2026-10-03, value: 9}
  - {metric: KR-P, at: 2026-11-20, value: 2}
check_ins:
  - {key_result: KR-P, at: 2026-09-20, confidence: 6, note: Nearly}
"""
TODAY = date(2026, 11, 24)
AT = datetime(2026, 11, 2, tzinfo=UTC)


def facts(**more: object) -> Facts:
    return facts_of(FILE, **more)


def test_a_company_whose_objectives_are_the_years_shows_them_on_the_page_of_each_quarter() -> None:
    made = report(facts(), "company-Q4", TODAY)
    assert [(one.id, one.cycle) for one in made.objectives] == [("O-Y", "FY")]
    assert made.cycle is not None and made.cycle.name == "Q4"
    assert made.counts is not None and made.counts.score == Decimal("0.5")
    assert [one.id for one in report(facts(), "company-FY", TODAY).objectives] == ["O-Y"]


def test_a_company_with_objectives_of_the_quarter_shows_those() -> None:
    given = facts()
    own = replace(given.objectives["O-W"], id="O-C", team_id="company")
    made = report(replace(given, objectives={**given.objectives, "O-C": own}), "company-Q4", TODAY)
    assert [one.id for one in made.objectives] == ["O-C"]


def test_references_lead_across_cycles_and_leave_out_drafts_and_what_is_closed() -> None:
    year = report(facts(), "company-FY", TODAY).objectives[0]
    assert [(ref.id, ref.page) for ref in year.supported_by] == [("O-S", "objective-O-S")]
    sales = report(facts(), "sales-Q4", TODAY).objectives[0]
    assert sales.supports is not None and (sales.supports.id, sales.supports.page) == ("KR-Y", "company-FY")
    assert sales.supports.score == Decimal("0.5")


def busy() -> Facts:
    issues = tuple(
        EvidenceIssue(
            f"A-{number}", "s", "Open", StatusCategory.NEW, None, None, AT + timedelta(days=number),
            EvidenceMode.EVIDENCE,
        )
        for number in range(20)
    )  # fmt: skip
    said = tuple(CheckIn(number, "KR-A", AT + timedelta(hours=number), "ada", 5) for number in range(12))
    return facts(evidence_issues={"KR-A": issues}, check_ins={"KR-A": said})


@pytest.mark.parametrize(("page", "rows", "check_ins"), [("sales-Q4", 5, 2), ("objective-O-S", 20, 10)])
def test_the_page_of_an_objective_shows_more_behind_each_key_result(page: str, rows: int, check_ins: int) -> None:
    found = {one.id: one for one in report(busy(), page, TODAY).objectives[0].key_results}["KR-A"]
    assert (len(found.evidence), len(found.check_ins)) == (rows, check_ins)
    assert found.evidence_more == 0


def test_a_change_in_evidence_that_a_page_does_not_show_makes_it_no_newer() -> None:
    given = busy()
    last = replace(given.evidence_issues["KR-A"][19], changed_at=AT + timedelta(days=21))
    newer = replace(given, evidence_issues={"KR-A": (*given.evidence_issues["KR-A"][:19], last)})
    assert report(newer, "sales-Q4", TODAY) == report(given, "sales-Q4", TODAY)
    assert report(newer, "objective-O-S", TODAY) != report(given, "objective-O-S", TODAY)


def test_a_team_page_leads_to_the_page_of_an_objective_which_leads_nowhere_further() -> None:
    assert report(facts(), "sales-Q4", TODAY).objectives[0].page == "objective-O-S"
    assert report(facts(), "objective-O-S", TODAY).objectives[0].page is None


def test_the_page_of_an_objective_shows_its_whole_chain() -> None:
    chain = report(facts(), "objective-O-S", TODAY).chain
    assert chain is not None
    assert [(ref.kind, ref.id) for ref in chain.above] == [("objective", "O-Y"), ("key_result", "KR-Y")]
    assert [(depth, ref.id) for depth, ref in chain.below] == [(0, "O-W")]


def test_the_page_of_an_objective_tells_its_whole_history_and_other_pages_only_promises() -> None:
    changes = (
        Change(1, AT, "ada", "objective", "O-S", "title", "Sel", "Sell"),
        Change(2, AT, "ada", "objective", "O-S", "supports", "O-Y", "KR-Y"),
        Change(3, AT, "ada", "key_result", "KR-A", "owner", "bob", "ada"),
        Change(4, AT, "ada", "key_result", "KR-A", "target", "12", "10", "Budget"),
        Change(5, AT, "ada", "objective", "O-S", "rollup", "mean", "weighted_mean"),
        Change(6, AT, "ada", "key_result", "KR-A", "health", "on_track", "at_risk"),
        Change(7, AT, "ada", "objective", "O-W", "title", "a", "b"),
    )
    given = facts(changes=changes)
    told = [(one.what.message, one.before, one.after) for one in report(given, "objective-O-S", TODAY).history]
    assert told[1:] == [
        (
            "target",
            report(given, "sales-Q4", TODAY).history[0].before,
            report(given, "sales-Q4", TODAY).history[0].after,
        ),
        ("owner", Text("bob", "bob"), Text("Ada", "Ada")),
        ("supports", Text("The year", "The year"), Text("Revenue", "Revenue")),
        ("title", "Sel", "Sell"),
    ]
    assert told[0] == ("roll-up", Line("plain mean"), Line("weighted mean"))
    assert [one.reason for one in report(given, "sales-Q4", TODAY).history] == ["Budget"]


def test_a_page_of_an_objective_that_is_gone_is_refused() -> None:
    given = facts()
    page = replace(given.pages["objective-O-S"], objective_id="O-9")
    with pytest.raises(Invalid, match="its objective O-9 is not there"):
        build(given, page, moment(given, TODAY))


def test_a_cycle_stands_as_all_its_objectives_and_names_what_needs_somebody_worst_first() -> None:
    made = report(facts(), "cycle-Q4", TODAY)
    assert made.counts is not None
    assert (made.counts.objectives, made.counts.key_results, made.counts.measured) == (2, 3, 2)
    assert [(one.ref.id, one.ref.health, one.ref.page) for one in made.attention] == [
        ("KR-A", Health.OFF_TRACK, "objective-O-S")
    ]
    assert made.attention_of == 1
    assert report(facts(), "cycle-Q3", TODAY).attention == ()
    assert [(row.page, row.depth) for row in made.pages] == [
        ("company-Q4", 0), ("sales-Q4", 1), ("objective-O-S", 2), ("web-Q4", 2), ("close-out-Q4", 0),
    ]  # fmt: skip


def test_an_index_groups_pages_by_cycle_and_leaves_out_those_that_are_closed() -> None:
    rows = [(row.page, row.depth) for row in report(facts(), "index", TODAY).pages]
    assert rows == [
        ("cycle-FY", 0), ("company-FY", 1),
        ("cycle-Q4", 0), ("company-Q4", 1), ("sales-Q4", 2), ("objective-O-S", 3), ("web-Q4", 3), ("close-out-Q4", 1),
        ("session-Q1", 0), ("archive", 0), ("sync-health", 0),
    ]  # fmt: skip


def test_a_close_out_proposes_grades_with_their_bands_and_says_what_was_never_measured() -> None:
    made = report(facts(), "close-out-Q4", TODAY)
    assert made.end is not None and (made.end.objectives, made.end.unmeasured) == (2, 1)
    sales, site = made.grades
    assert (sales.grade.grade, sales.grade.band, sales.measured) == (Decimal("0.4"), Band.AMBER, 2)
    assert {one.id: one.grade.band for one in sales.key_results} == {
        "KR-A": Band.RED, "KR-B": Band.AMBER, "KR-N": None,
    }  # fmt: skip
    assert site.grade.grade is None and site.grade.band is None


def test_a_closed_cycle_is_told_as_it_ended_and_late_values_count_up_to_its_closing() -> None:
    on_last_day = report(facts(), "close-out-Q3", TODAY).grades[0]
    assert (on_last_day.grade.grade, on_last_day.grade.band) == (Decimal("0.8"), Band.AMBER)  # committed
    assert on_last_day.key_results[0].confidence == 6
    closed = report(facts(closed_on={"Q3": date(2026, 10, 5)}), "sales-Q3", TODAY)
    assert closed.objectives[0].score == Decimal("0.9")
    assert closed.trust.as_of == datetime(2026, 10, 3, 3, tzinfo=UTC)
    assert closed.cycle is not None and (closed.cycle.state, closed.cycle.week) == ("closed", closed.cycle.weeks)


def test_a_final_report_does_not_change_with_the_days() -> None:
    later = TODAY + timedelta(days=300)
    for page in ("cycle-Q3", "sales-Q3", "close-out-Q3", "archive"):
        assert report(facts(), page, TODAY) == report(facts(), page, later), page


def test_the_archive_tells_how_each_cycle_ended() -> None:
    (end,) = report(facts(), "archive", TODAY).closed_cycles
    assert (end.cycle.id, end.page, end.objectives, end.key_results) == ("Q3", "cycle-Q3", 1, 1)
    assert (end.grade.grade, end.bands) == (Decimal("0.8"), ((Band.GREEN, 0), (Band.AMBER, 1), (Band.RED, 0)))
    assert report(facts(), "archive", TODAY).trust.as_of == datetime(2026, 9, 20, 3, tzinfo=UTC)


def test_a_session_shows_what_stands_above_and_what_became_of_the_cycle_before() -> None:
    made = report(facts(), "session-Q1", TODAY).session
    assert made is not None and made.align == ()  # next year has no objectives yet
    team = replace(facts().pages["session-Q1"], team_id="web")
    made = build(facts(), team, moment(facts(), TODAY)).session
    assert made is not None
    assert [one.ref.id for one in made.align] == ["O-S"]
    assert [ref.id for ref in made.align[0].key_results] == ["KR-A", "KR-B", "KR-N"]
    assert made.last is not None and (made.last.cycle.id, made.last.cycle.state) == ("Q4", "locked")
    assert [one.id for one in made.results] == ["O-W"]


def test_a_session_in_the_year_aligns_with_the_year_and_looks_back_at_what_is_closed() -> None:
    page = replace(facts().pages["session-Q1"], team_id="sales", cycle_id="Q4")
    made = build(facts(), page, moment(facts(), TODAY)).session
    assert made is not None and [one.ref.id for one in made.align] == ["O-Y"]
    assert [(one.id, one.grade.band) for one in made.results] == [("O-P", Band.AMBER)]


def test_a_draft_is_told_of_nowhere() -> None:
    given = facts()
    for page in given.pages.values():
        if page.kind != "sync_health":
            assert "O-D" not in str(build(given, page, moment(given, TODAY))), page.id


def test_only_a_session_is_published_of_a_draft() -> None:
    assert {"session"} == OF_DRAFTS


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_whatever_is_chosen_a_page_keeps_its_head_and_the_one_place_for_notes(kind: str) -> None:
    of_kind = PAGE_KINDS[kind]
    for chosen in [(), *((one,) for one in of_kind.offers)]:
        found = sections_of(kind, chosen)
        assert found[: len(of_kind.heads)] == of_kind.heads
        assert len([one for one in found if one in NOTES]) == 1
        assert len(set(found)) == len(found)
