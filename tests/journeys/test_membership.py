"""Which issues are evidence: they join, leave, hide, move and vanish, told by webhooks or only by the next poll."""

from connectors.sandbox.jira import changes
from connectors.sandbox.jira.seed import add_security_level
from connectors.sandbox.site import ADMIN
from tests.journeys.company import BLUE, RED
from tests.journeys.place import Place


def test_a_link_webhook_with_numbers_only_makes_an_issue_join(running: Place) -> None:
    running.create("RED", "Thing 5")
    running.transition("RED-6", "Done")
    running.letters()
    running.link("RED-6", "RED-1")
    (letter,) = running.letters()
    assert b"RED" not in letter.body
    running.deliver(letter)
    running.settle()
    assert "RED-6" in running.evidence()
    assert running.page(RED).cell("Four things", "Jira").startswith("3/5")


def test_an_issue_that_is_unlinked_leaves(running: Place) -> None:
    running.unlink("RED-5", "RED-1")
    running.follow()
    assert "RED-5" not in running.evidence()
    jira = running.page(RED).cell("Four things", "Jira")
    assert jira.startswith("2/3")
    assert "−1" in jira


def test_a_new_issue_that_matches_a_query_is_found(running: Place) -> None:
    running.create("BLU", "Launch step 5", labels=["launch"])
    running.follow()
    assert "BLU-5" in running.evidence()
    assert running.page(BLUE).cell("Ready to launch", "Jira").startswith("1/5")


def test_one_that_the_search_index_does_not_know_yet_is_found_at_the_next_poll(running: Place) -> None:
    running.site.index_delay = 60
    running.create("BLU", "Launch step 5", labels=["launch"])
    running.follow()
    assert "BLU-5" not in running.evidence()
    running.clock.move(60)
    running.sync()
    running.settle()
    assert "BLU-5" in running.evidence()
    assert running.page(BLUE).cell("Ready to launch", "Jira").startswith("1/5")


def test_an_issue_that_leaves_the_query_leaves_although_its_search_no_longer_returns_it(running: Place) -> None:
    running.clock.move(3600)
    running.edit("BLU-4", labels=[])
    running.clock.move(60)
    running.sync()  # no webhook arrived
    running.settle()
    assert "BLU-4" not in running.evidence()
    assert running.page(BLUE).cell("Ready to launch", "Jira").startswith("1/3")


def test_one_that_leaves_while_the_index_lags_leaves_at_the_poll_after(running: Place) -> None:
    running.site.index_delay = 60
    running.edit("BLU-4", labels=[])
    running.follow()
    assert "BLU-4" in running.evidence()
    running.clock.move(60)
    running.sync()
    assert "BLU-4" not in running.evidence()


def test_what_was_missed_is_found_by_the_poll_alone(running: Place) -> None:
    running.clock.move(3600)
    running.transition("RED-4", "Done")
    running.create("BLU", "Launch step 5", labels=["launch"])
    running.clock.move(300)
    running.sync()
    running.settle()
    assert running.page(RED).cell("Four things", "Now") == "75%"
    assert running.page(BLUE).cell("Ready to launch", "Jira").startswith("1/5")


def test_a_deleted_issue_leaves(running: Place) -> None:
    running.delete("RED-5")
    running.follow()
    assert "RED-5" not in running.evidence()
    page = running.page(RED)
    assert page.cell("Four things", "Jira").startswith("2/3")
    assert "RED-5" not in page.body


def test_an_issue_that_we_may_no_longer_see_is_counted_and_not_shown(running: Place) -> None:
    level = add_security_level(running.site, "Others", [ADMIN])
    with running.site.store.lock:
        running.tracker.put({**running.issue("RED-5"), "security": level["id"]})
    running.edit("RED-5", summary="Now it is a secret")
    running.follow()
    page = running.page(RED)
    assert "RED-5" in running.evidence()
    assert page.cell("Four things", "Jira").startswith("2/4")
    assert "Counted but not shown because access is restricted: 1" in page.words
    assert "RED-5" not in page.body
    assert "Thing 4" not in page.body
    with running.site.store.lock:
        running.tracker.put({**running.issue("RED-5"), "security": None})
    running.clock.move(1)
    running.edit("RED-5", summary="No secret any more")
    running.follow()
    assert "No secret any more" in running.page(RED).words
    assert "Counted but not shown" not in running.page(RED).words


def test_an_issue_that_moves_keeps_counting_under_its_new_key(running: Place) -> None:
    with running.site.store.lock:
        home = running.tracker.project("BLU")
        assert home is not None
        changes.move(running.tracker, ADMIN, running.issue("RED-3"), home)
    running.follow()
    assert "BLU-5" in running.evidence()
    page = running.page(RED)
    assert page.cell("Four things", "Jira").startswith("2/4")
    assert "BLU-5" in page.body
    assert "RED-3" not in page.body


def test_a_stale_search_never_reverts_a_newer_state(running: Place) -> None:
    running.site.index_delay = 600
    running.clock.move(30)
    running.transition("RED-4", "Done")
    running.follow()
    assert running.page(RED).cell("Four things", "Now") == "75%"
    version = running.page(RED).version
    running.clock.move(30)
    assert running.sync()["searched"] > 0
    running.settle()
    stored = running.stored_issue("RED-4")
    assert stored is not None
    assert stored.category == "done"
    assert running.page(RED).version == version


def test_an_issue_resolved_as_no_work_leaves_the_share(running: Place) -> None:
    with running.site.store.lock:
        issue = running.issue("RED-5")
        changes.transition(running.tracker, ADMIN, issue, "10001", {"resolution": "10001"})
    running.follow()
    assert running.page(RED).cell("Four things", "Now") == "66.67%"
