"""How many requests each step costs, exactly: what issue 2 promises in its table."""

from datetime import timedelta

from sqlalchemy import Engine

from app.services import inbox, okrs
from app.web.intake import A_COMMIT
from connectors.jira.issues import NEEDED
from connectors.sandbox.jira.catalogue import NUMBER_FIELDS
from connectors.sandbox.jira.seed import add_issues
from connectors.sandbox.site import Site
from tests.journeys import company
from tests.journeys.company import BLUE, RED
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

ISSUES = 10_000
TEAMS, RINGS = 200, 5_000
ONE_QUERY = """
organisation: {name: Namu}
teams: [{id: red, name: Red}]
people: [{id: ada, name: Ada}]
cycles: [{id: 2026-Q4, starts_on: 2026-10-01, ends_on: 2026-12-31}]
objectives:
  - id: O-1
    title: Red
    team: red
    key_results:
      - {id: KR-1, title: All of it, owner: ada, metric: {unit: "%", source: jira.share_done},
         progress: {mode: from_to, baseline: 0, target: 100}, evidence: [{jql: project = RED, mode: contributing}]}
pages: [{id: red, kind: team, team: red}]
"""


def ten_thousand(site: Site) -> None:
    company.empty_site(site)
    add_issues(site, "RED", ISSUES)


def test_a_first_sync_of_ten_thousand_issues_costs_a_hundred_searches(opening: Opening, sqlite_engine: Engine) -> None:
    place = opening(sqlite_engine, ten_thousand)
    place.apply(ONE_QUERY)
    place.clock.move(3600)  # nothing changed within the last quarter of an hour
    with place.counting() as asked:
        counts = place.sync()
    assert counts["stored"] == ISSUES
    assert ISSUES / 100 <= asked["POST search/jql"] <= 102
    assert asked == {"GET field": 1, "POST search/jql": asked["POST search/jql"]}
    assert only_needed_fields(place)
    with place.counting() as asked:
        assert place.sync()["stored"] == 0
    assert asked == {"POST search/jql": 1}


def only_needed_fields(place: Place) -> bool:
    needed = set(NEEDED) | {number.id for number in NUMBER_FIELDS}
    asked = [body["fields"] for body in place.door.sent if "jql" in body]
    assert all(body["maxResults"] == 100 for body in place.door.sent if "jql" in body)
    return bool(asked) and all(fields and set(fields) <= needed for fields in asked)


def test_an_incremental_sync_without_news_costs_one_request(running: Place) -> None:
    for minutes in (5, 60, 24 * 60):
        running.clock.move(minutes * 60)
        with running.counting() as asked:
            counts = running.sync()
        assert asked == {"POST search/jql": 1}
        assert counts["stored"] == 0


def test_a_hundred_publishes_without_news_cost_nothing(opening: Opening, sqlite_engine: Engine) -> None:
    place = opening(sqlite_engine)
    place.start(company.SMALL)
    versions, start = place.versions(), place.clock()
    with place.counting() as asked:
        for run in range(100):
            # From nine in the morning until shortly before midnight in Seoul: the week and the day stay the same.
            place.clock.time = start + timedelta(minutes=8 * run)
            assert place.publish() == {"unchanged": 2}
    assert not asked
    assert place.versions() == versions


def test_only_pages_that_changed_are_read_and_written(opening: Opening, engine: Engine) -> None:
    pages, changed = 8, 3
    place = opening(engine, lambda site: teams(site, pages))
    place.start(company.many_teams(pages))
    for number in range(changed):
        place.edit(f"RED-{number + 1}", summary=f"News {number}")
    place.clock.move(60)
    place.sync()
    with place.counting() as asked:
        assert place.publish() == {"updated": changed, "unchanged": pages - changed}
    assert asked == {"GET pages/#": changed, "PUT pages/#": changed}


def teams(site: Site, count: int) -> None:
    company.empty_site(site)
    add_issues(site, "RED", count)


def test_from_webhook_to_page_costs_four_requests_at_most(running: Place) -> None:
    for key, page_id in (("RED-4", RED), ("BLU-2", BLUE)):
        version = running.page(page_id).version
        running.transition(key, "Done")
        with running.counting() as asked:
            running.follow()
        assert asked == {"POST issue/bulkfetch": 1, "POST jql/match": 1, "GET pages/#": 1, "PUT pages/#": 1}
        assert running.page(page_id).version == version + 1


def test_five_thousand_webhooks_for_two_hundred_pages_cost_two_hundred_writes(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = opening(sqlite_engine, lambda site: teams(site, TEAMS))
    place.start(company.many_teams(TEAMS))
    for round_number in range(RINGS // TEAMS):
        for number in range(TEAMS):  # every third issue was done, and the last round leaves none as it was
            was_done = number % 3 == 2
            flip = (round_number % 2 == 0) == was_done
            place.transition(f"RED-{number + 1}", "To Do" if flip else "Done")
    issues = [place.issue(f"RED-{number + 1}")["id"] for number in range(TEAMS)]
    bodies = [b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "%s"}}' % one.encode() for one in issues]
    letters = [(bodies[number % TEAMS], f"letter {number}") for number in range(RINGS)]
    for start in range(0, RINGS, A_COMMIT):
        inbox.accept(place.world, [inbox.read_delivery(*letter) for letter in letters[start : start + A_COMMIT]])
    with place.counting() as asked:
        place.work()
        assert asked["PUT pages/#"] == 0
        place.clock.move(3)
        place.work()
        place.work()
    assert asked == {"POST issue/bulkfetch": 2, "GET pages/#": TEAMS, "PUT pages/#": TEAMS}
    assert set(place.versions().values()) == {2}


def test_applying_the_same_file_again_makes_nothing_due(running: Place) -> None:
    with running.counting() as asked:
        assert running.apply(company.SMALL) == okrs.Plan()
        running.settle()
    assert not asked
