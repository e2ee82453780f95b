"""Which pages a file has: the usual tree as cycles come and go, and what listing them brings about."""

import pytest

from app.domain.facts import PageDefinition
from app.errors import Invalid
from app.okrs_file import read_text

HEAD = """\
organisation: {name: Hanbit}
teams:
  - {id: company, name: Company}
  - {id: sales, name: Sales, parent: company}
people: [{id: minji, name: Minji}]
cycles:
  - {id: Q3, starts_on: 2026-07-01, ends_on: 2026-09-30, state: closed}
  - {id: Q4, starts_on: 2026-10-01, ends_on: 2026-12-31, state: OPEN}
  - {id: Q1, starts_on: 2027-01-01, ends_on: 2027-03-31, state: draft}
objectives:
  - {id: O-1, title: Earlier, team: company, cycle: Q3}
  - {id: O-2, title: {ko: 지금, en: Now}, team: sales, cycle: Q4, page: true}
"""


def tree(pages: tuple[PageDefinition, ...]) -> list[tuple[str, str, str | None]]:
    return [(page.id, page.kind, page.parent_id) for page in pages]


def usual(state: str = "open") -> list[tuple[str, str, str | None]]:
    return tree(read_text(HEAD.replace("OPEN", state)).pages)


def test_an_open_cycle_stands_below_the_index_a_closed_one_in_the_archive_and_a_draft_has_a_session() -> None:
    assert usual() == [
        ("index", "index", None),
        ("cycle-Q4", "cycle", "index"),
        ("company-Q4", "company", "cycle-Q4"),
        ("sales-Q4", "team", "company-Q4"),
        ("objective-O-2", "objective", "sales-Q4"),
        ("session-Q1", "session", "index"),
        ("archive", "archive", "index"),
        ("cycle-Q3", "cycle", "archive"),
        ("company-Q3", "company", "cycle-Q3"),
        ("close-out-Q3", "close_out", "cycle-Q3"),
        ("sync-health", "sync_health", "index"),
    ]


def test_a_locked_cycle_has_its_close_out() -> None:
    assert ("close-out-Q4", "close_out", "cycle-Q4") in usual("locked")
    assert ("close-out-Q4", "close_out", "cycle-Q4") not in usual()


def test_a_cycle_that_is_closed_keeps_its_pages_and_only_its_own_page_moves() -> None:
    open_, closed = usual(), usual("closed")
    moved = {page for page in closed if page not in open_}
    assert moved == {("cycle-Q4", "cycle", "archive"), ("close-out-Q4", "close_out", "cycle-Q4")}


def test_without_a_closed_cycle_there_is_no_archive() -> None:
    assert "archive" not in {
        page.kind for page in read_text(HEAD.replace("closed", "locked").replace("OPEN", "open")).pages
    }


def test_the_usual_titles_are_each_the_only_one_of_its_kind() -> None:
    pages = read_text(HEAD.replace("OPEN", "locked")).pages
    titles = {page.id: (page.title.in_language("ko"), page.title.in_language("en")) for page in pages}
    assert titles["cycle-Q4"] == ("Q4", "Q4")
    assert titles["objective-O-2"] == ("Q4 · O-2 지금", "Q4 · O-2 Now")
    assert titles["close-out-Q4"] == ("Q4 · 마감 평가", "Q4 · Close-out")
    assert titles["session-Q1"] == ("Q1 · OKR 수립 세션", "Q1 · OKR session")
    for language in (0, 1):
        assert len({title[language].casefold() for title in titles.values()}) == len(pages)


def test_two_usual_pages_of_one_id_are_refused() -> None:
    text = HEAD.replace("id: sales", "id: cycle").replace("team: sales", "team: cycle").replace("OPEN", "open")
    with pytest.raises(Invalid, match='two of the usual pages would have the id "cycle-Q4"'):
        read_text(text)


LISTED = """\
pages:
  - {id: top, kind: index}
  - {id: past, kind: archive, parent: top}
  - {id: a, kind: cycle, cycle: Q3, parent: top}
  - {id: b, kind: company, cycle: Q3, parent: a}
  - {id: c, kind: close_out, cycle: Q3, team: sales}
  - {id: d, kind: cycle, cycle: Q4, parent: top}
  - {id: e, kind: session, cycle: Q1, team: sales, parent: top, sections: [session_notes, agenda]}
  - {id: f, kind: objective, objective: O-2, parent: d}
"""


def test_listed_pages_of_a_closed_cycle_go_to_the_archive_with_what_is_below_them() -> None:
    pages = read_text(HEAD.replace("OPEN", "open") + LISTED).pages
    assert {page.id: page.parent_id for page in pages} == {
        "top": None, "past": "top", "a": "past", "b": "a", "c": "past", "d": "top", "e": "top", "f": "d",
    }  # fmt: skip


def test_without_an_archive_in_the_list_they_stay_where_they_are() -> None:
    text = LISTED.replace("  - {id: past, kind: archive, parent: top}\n", "")
    pages = {page.id: page for page in read_text(HEAD.replace("OPEN", "open") + text).pages}
    assert (pages["a"].parent_id, pages["c"].parent_id) == ("top", None)


def test_a_page_of_an_objective_is_of_its_team_and_cycle() -> None:
    pages = {page.id: page for page in read_text(HEAD.replace("OPEN", "open") + LISTED).pages}
    page = pages["f"]
    assert (page.objective_id, page.team_id, page.cycle_id) == ("O-2", "sales", "Q4")
    assert (pages["e"].team_id, pages["e"].sections) == ("sales", ("session_notes", "agenda"))
