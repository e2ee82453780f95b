"""What a reader may not see never reaches Confluence: not in a body, a title or a version message, at no time."""

from sqlalchemy import Engine

from connectors.sandbox.jira.seed import add_issue, link
from connectors.sandbox.site import Site
from tests.journeys import company
from tests.journeys.company import BLUE, HEALTH, RED, SMALL, WATCHED
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

SECRET_SUMMARY = "Merger with Cheongsong"


def with_secrets(site: Site) -> None:
    """RED-6 is linked like the others, but carries a security level that the service's account may see."""
    company.fill(site)
    link(site, "Contributes", add_issue(site, "RED", SECRET_SUMMARY, security=company.SECRET_LEVEL), "RED-1")


def test_an_issue_with_a_security_level_counts_and_is_never_named(opening: Opening, engine: Engine) -> None:
    place = opening(engine, with_secrets)
    place.start(
        WATCHED.replace(
            "{link: RED-1, mode: contributing}",
            "{link: RED-1, mode: contributing}\n"
            "          - keys: [RED-6]\n          - jql: project = RED AND status = Done\n"
            "          - jql: parent = RED-6 OR key = red-6",
        )
    )
    place.listen()
    place.transition("RED-6", "In Progress")
    place.follow()
    place.transition("RED-6", "Done")
    place.follow()
    assert place.page(RED).cell("Four things", "Jira").startswith("3/5")
    assert "Counted but not shown because access is restricted: 1" in place.page(RED).words
    written = place.everything_written()
    assert SECRET_SUMMARY not in written
    assert "RED-6" not in written
    assert "RED-2" in written
    assert place.page(HEALTH).cell("127.0.0.1", "Issues") == "9restricted: 1"


def test_an_issue_that_becomes_secret_is_not_named_again(running: Place) -> None:
    level = next(one for one in running.tracker.levels if one["name"] == company.SECRET_LEVEL)
    versions = running.site.store.table("wiki_versions")
    before = len(versions)
    with running.site.store.lock:
        running.tracker.put({**running.issue("RED-4"), "security": level["id"]})
    running.edit("RED-4", summary=SECRET_SUMMARY)
    running.follow()
    running.transition("RED-4", "Done")
    running.follow()
    new = list(versions)[before:]
    assert len(new) == 2
    for version in new:
        assert SECRET_SUMMARY not in version["body"] + version["message"]
        assert "RED-4" not in version["body"] + version["message"]


def test_projects_off_the_allow_list_are_neither_shown_nor_counted(opening: Opening, engine: Engine) -> None:
    place = opening(engine, projects="RED")
    place.apply(SMALL)
    place.settle()
    place.listen()
    with place.site.store.lock:
        place.link("BLU-1", "RED-1")
    place.transition("BLU-2", "Done")
    place.follow()
    place.clock.move(60)
    place.sync()
    place.settle()
    assert place.page(RED).cell("Four things", "Jira").startswith("2/4")
    assert place.page(BLUE).cell("Ready to launch", "Jira") == "–"
    written = place.everything_written()
    assert "BLU-1" not in written
    assert "Launch step" not in written
    assert place.stored_issue("BLU-1") is None
