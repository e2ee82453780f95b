"""Projects in seldom weather: off the list, gone, misspelt, or without an issue until now."""

from dataclasses import replace

from sqlalchemy import Engine

from app.services import sync
from connectors.sandbox.jira import changes
from connectors.sandbox.jira.seed import add_project
from connectors.sandbox.site import ADMIN
from tests.journeys.company import BLUE, RED, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

QUERY = "{jql: project = BLU AND labels = launch, mode: contributing}"


def move(place: Place, key: str, project: str) -> None:
    with place.site.store.lock:
        home = place.tracker.project(project)
        assert home is not None
        changes.move(place.tracker, ADMIN, place.issue(key), home)


def listed(opening: Opening, sqlite_engine: Engine) -> Place:
    """Red and Blue are on the allow-list, SEC is not."""
    place = opening(sqlite_engine, projects="RED,BLU")
    add_project(place.site, "SEC", "Secret")
    place.start(SMALL)
    place.listen()
    return place


def test_an_issue_that_moves_off_the_allow_list_leaves_and_is_not_named(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = listed(opening, sqlite_engine)
    move(place, "RED-4", "SEC")
    place.edit("SEC-1", summary="Never to be read")
    place.follow()
    page = place.page(RED)
    assert "RED-4" not in place.evidence()
    assert page.cell("Four things", "Jira").startswith("2/3")
    assert "SEC-1" not in place.everything_written()
    assert "Never to be read" not in place.everything_written()
    assert "Thing 3" not in page.body


def test_one_that_moves_back_onto_the_list_counts_again(opening: Opening, sqlite_engine: Engine) -> None:
    place = listed(opening, sqlite_engine)
    move(place, "RED-4", "SEC")
    place.follow()
    place.clock.move(1)
    move(place, "SEC-1", "RED")
    place.follow()
    assert "RED-6" in place.evidence()
    assert place.page(RED).cell("Four things", "Jira").startswith("2/4")


def test_a_narrower_allow_list_hides_what_is_stored(running: Place) -> None:
    settings = running.world.settings.model_copy(update={"projects": ("red",)})
    counts = sync.poll(replace(running.world, settings=settings))
    assert counts["left"] == 4
    assert {key.partition("-")[0] for key in running.evidence()} == {"RED"}
    running.settle()
    page = running.page(BLUE)
    assert "BLU-1" not in page.body
    assert "Launch step" not in page.body
    assert running.page(RED).cell("Four things", "Jira").startswith("2/4")


def test_a_wider_allow_list_brings_back_what_a_narrower_one_hid(running: Place) -> None:
    before = running.evidence()
    settings = running.world.settings.model_copy(update={"projects": ("red",)})
    sync.poll(replace(running.world, settings=settings))
    assert running.evidence() != before
    sync.poll(running.world)
    assert running.evidence() == before


def test_a_project_that_is_gone_does_not_stop_the_poll(running: Place) -> None:
    for number in range(1, 5):
        running.delete(f"BLU-{number}")
    running.follow()
    with running.site.store.lock:
        gone = running.tracker.project("BLU")
        assert gone is not None
        running.tracker.projects.delete(gone["id"])
    running.clock.move(3600)
    running.transition("RED-4", "Done")
    running.clock.move(300)
    running.sync()
    running.settle()
    assert running.page(RED).cell("Four things", "Now") == "75%"


def test_a_project_that_is_misspelt_does_not_stop_the_poll(place: Place) -> None:
    place.start(SMALL.replace(QUERY, "{project: BULE, mode: contributing}"))
    place.clock.move(3600)
    place.transition("RED-4", "Done")
    place.clock.move(300)
    place.sync()
    place.settle()
    assert place.page(RED).cell("Four things", "Now") == "75%"


def test_the_first_issue_of_a_project_that_a_query_names_is_found_by_the_poll(place: Place) -> None:
    add_project(place.site, "NEW", "New")
    place.start(SMALL.replace("project = BLU AND labels", "project in (NEW) AND labels"))
    place.clock.move(3600)
    place.create("NEW", "The first", labels=["launch"])
    for _ in range(2):
        place.clock.move(300)
        place.sync()
    place.settle()
    assert "NEW-1" in place.evidence()
    assert place.page(BLUE).cell("Ready to launch", "Jira").startswith("0/1")
