"""The whole tree in Confluence, from the session that prepares a cycle to the archive, and what people write on it."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from app.domain import notes
from app.services import checkins
from connectors.sandbox.confluence import edit_page
from connectors.sandbox.confluence.core import pages as wiki
from tests.journeys.company import OKRS
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

NEXT = "  - {id: 2027-Q1, starts_on: 2027-01-01, ends_on: 2027-03-31, state: draft}\n"
TWO = OKRS.replace("ends_on: 2026-12-31}\n", "ends_on: 2026-12-31, state: open}\n" + NEXT).replace(
    "    team: blue\n    supports", "    team: blue\n    page: true\n    supports"
)
TWO = TWO.replace("    title: {ko: 고객", "    cycle: 2026-Q4\n    title: {ko: 고객").replace(
    "    title: {ko: 빨강이", "    cycle: 2026-Q4\n    title: {ko: 빨강이"
)
TWO = TWO.replace("    title: {ko: 파랑이", "    cycle: 2026-Q4\n    title: {ko: 파랑이")
CLOSE_OUT, SESSION, CYCLE = "close-out-2026-Q4", "session-2027-Q1", "cycle-2026-Q4"


def in_state(state: str) -> str:
    return TWO.replace("state: open", f"state: {state}")


def above(place: Place, page_id: str) -> str | None:
    """Our id of the page that a page stands below in Confluence."""
    ids = {row.wiki_id: row.id for row in place.rows()}
    return ids.get(wiki.page_of(place.site, place.wiki_id(page_id))["parentId"])


def write(place: Place, page_id: str, words: str) -> str:
    """A person writes into the notes, below what stands there."""
    page = place.page(page_id)
    parts = notes.split(page.body)
    assert parts is not None
    end = parts.notes.rindex("<p")  # of the paragraph of the anchor behind them
    written = f"{parts.notes[:end]}<p>{words}</p>{parts.notes[end:]}"
    edit_page(place.site, page.id, parts.before + written + parts.after)
    return words


def graded(place: Place, page_id: str, row: str) -> tuple[str, str]:
    """The grade that stands in a row, and its band in words."""
    cell = place.page(page_id).cell(row, "Grade")
    return cell[:3], next(word for word in ("ACHIEVED", "PARTIAL", "MISSED", "UNMEASURED") if word in cell)


@pytest.fixture
def place(opening: Opening, engine: Engine) -> Place:
    place = opening(engine)
    place.start(TWO)
    checkins.check_in(place.world, "KR-1", "7.5", confidence=8)
    place.settle()
    return place


def test_pages_stand_where_the_tree_has_them(place: Place) -> None:
    assert {row.id: above(place, row.id) for row in place.rows()} == {
        "index": None,
        CYCLE: "index",
        "company-2026-Q4": CYCLE,
        "red-2026-Q4": "company-2026-Q4",
        "blue-2026-Q4": "company-2026-Q4",
        "objective-O-3": "blue-2026-Q4",
        SESSION: "index",
        "sync-health": "index",
    }


def test_of_a_draft_the_session_is_published_for_people_to_fill_in(place: Place) -> None:
    assert "Agenda" in place.page(SESSION).words and "What we set ourselves" in place.page(SESSION).words
    written = write(place, SESSION, "Double the trial conversion")
    checkins.check_in(place.world, "KR-1", "6")
    place.settle()
    assert written in place.page(SESSION).words
    assert place.row(SESSION).state == "ok"


def test_once_the_cycle_is_opened_the_session_stays_as_people_left_it(place: Place) -> None:
    write(place, SESSION, "Double the trial conversion")
    before = place.page(SESSION)
    place.apply(TWO.replace("state: draft", "state: open"))
    place.settle()
    assert SESSION not in {row.id for row in place.rows()}
    assert place.page(SESSION) == before


def test_closing_a_cycle_grades_it_files_it_and_leaves_it_alone(place: Place) -> None:
    place.apply(in_state("locked"))
    place.settle()
    assert above(place, CLOSE_OUT) == CYCLE
    assert graded(place, CLOSE_OUT, "Churn from") == ("0.5", "PARTIAL")
    assert place.page(CLOSE_OUT).cell("Churn from", "Confidence") == "8/10"
    written = write(place, CLOSE_OUT, "Keep, and begin earlier")
    place.clock.move(timedelta(days=46).total_seconds())  # 3 January
    checkins.check_in(place.world, "KR-1", "6.5", confidence=9)
    place.apply(in_state("closed"))
    place.settle()
    assert (above(place, CYCLE), above(place, "archive"), above(place, CLOSE_OUT)) == ("archive", "index", CYCLE)
    final = place.page(CLOSE_OUT)
    assert graded(place, CLOSE_OUT, "Churn from") == ("0.7", "ACHIEVED")  # the late value still counted
    assert written in final.words and "closed: these figures are final" in final.words
    assert graded(place, "archive", "2026-Q4") == ("0.5", "PARTIAL")
    place.clock.move(timedelta(days=30).total_seconds())
    place.tick("snapshot")
    place.publish()
    assert place.page(CLOSE_OUT) == final
    assert graded(place, "archive", "2026-Q4") == ("0.5", "PARTIAL")
    assert CYCLE not in place.page("index").body


def test_the_history_of_a_cycle_is_told_on_its_close_out_after_the_next_one_began(place: Place) -> None:
    place.apply(TWO.replace("target: 5}", "target: 6}"), reason="The market turned")
    place.settle()
    later = in_state("closed").replace("target: 5}", "target: 6}").replace("state: draft", "state: open")
    place.clock.move(timedelta(days=60).total_seconds())
    place.apply(later)
    place.settle()
    assert "The market turned" in place.page(CLOSE_OUT).words
