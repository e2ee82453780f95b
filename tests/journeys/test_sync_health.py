"""The sync-health page: quiet while nothing happens, the first to say so when something fails."""

import re
from datetime import timedelta

from sqlalchemy import Engine, select

from app.db.models import PublicationRow, RefusedDeliveryRow
from app.jobs import RECONCILE
from app.services import audit, pages, retention, sweep, sync
from connectors.sandbox.confluence import edit_page
from connectors.sandbox.jira.seed import add_issue, link
from connectors.sandbox.site import Site
from tests.journeys import company
from tests.journeys.company import BLUE, HEALTH, OKRS, RED, WATCHED
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

MINUTE, HOUR = 60, 3600
DAY_LATER = 20 * HOUR


def said(place: Place) -> str:
    return place.page(HEALTH).words


def test_it_says_that_all_is_well_and_when(watched: Place) -> None:
    page = watched.page(HEALTH)
    assert page.macros()[0] == "info"
    assert "All is well | As of Nov 18, 2026 09:00 KST" in page.words
    assert "IN SYNC" in page.cell("127.0.0.1", "Status")
    assert page.cell("127.0.0.1", "Issues") == "8"
    assert page.cell("Ask Jira what changed", "In 24 hours") == "1"
    assert "As they should be: 2" in page.words


def test_sixty_publishes_within_an_hour_write_it_once_at_most_and_the_others_never(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = opening(sqlite_engine)
    place.start(WATCHED)
    place.listen()
    before = place.versions()
    for minute in range(60):
        place.clock.move(MINUTE)
        if minute % 15 == 0:
            place.edit("RED-1", summary=f"What no page shows, {minute}")
            place.ring()
            place.work()
            place.sync()
        place.publish()
    after = place.versions()
    assert after.pop("Sync health") <= before.pop("Sync health") + 1
    assert after == before


def test_a_day_by_its_own_schedule_writes_it_once_an_hour_and_the_others_never(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = opening(sqlite_engine)
    place.start(WATCHED)
    before, written = place.versions(), []
    for step in range(24 * 2):
        place.clock.move(30 * MINUTE)
        if step % 8 == 2:
            place.tick(sync.POLL)
        place.tick(pages.DUE)
        written.append(place.versions()["Sync health"])
    after = place.versions()
    assert written[1::2] == [before["Sync health"] + hour for hour in range(1, 25)]
    assert after.pop("Sync health") == before.pop("Sync health") + 24
    assert after == before
    assert "sign of life" in place.page(HEALTH).message
    with place.world.reading() as session:
        kept = list(session.scalars(select(PublicationRow.version).where(PublicationRow.page_id == HEALTH)))
    assert kept == [place.page(HEALTH).version], "of heartbeats the last is enough"


def test_a_page_that_fails_is_said_in_the_same_run_and_so_is_its_recovery(watched: Place) -> None:
    watched.fault(f"/pages/{watched.wiki_id(BLUE)}$", method="PUT", status=400)
    watched.transition("BLU-2", "Done")
    watched.follow()
    page = watched.page(HEALTH)
    assert page.macros()[0] == "warning"
    assert "Needs attention: 1" in page.message
    assert "FAILED" in page.cell("2026-Q4 · Blue", "Status")
    assert "400" in page.cell("2026-Q4 · Blue", "What is the matter")
    assert page.cell("2026-Q4 · Blue", "What to do").endswith("plainsight publish blue")
    assert f"/{watched.wiki_id(BLUE)}" in page.body
    watched.mend()
    watched.transition("BLU-3", "Done")
    watched.follow()
    assert "All is well" in said(watched)
    assert "All is well" in watched.page(HEALTH).message


def test_a_page_that_fails_when_published_alone_makes_only_sync_health_due(watched: Place) -> None:
    watched.fault(f"/pages/{watched.wiki_id(BLUE)}$", method="PUT", status=400)
    watched.edit("BLU-2", summary="Other words")
    watched.sync()
    watched.settle()
    watched.mend()
    assert watched.publish(BLUE) == {"updated": 1}
    assert {row.id for row in watched.rows() if row.due_at} == {HEALTH}
    assert "Needs attention" in said(watched)
    watched.settle()
    assert "All is well" in said(watched)


def test_a_page_that_people_edited_is_named_with_the_way_out(watched: Place) -> None:
    edit_page(watched.site, watched.wiki_id(RED), "<p>Mine now</p>" + watched.page(RED).body)
    watched.transition("RED-4", "Done")
    watched.follow()
    page = watched.page(HEALTH)
    assert "Somebody changed text outside the notes." in page.cell("2026-Q4 · Red", "What is the matter")
    assert page.cell("2026-Q4 · Red", "What to do").endswith("plainsight publish --take-over red")
    pages.take_over(watched.world, [RED])
    assert watched.publish(RED) == {"updated": 1}
    watched.settle()
    assert "All is well" in said(watched)


def test_its_own_failure_makes_nothing_due(watched: Place) -> None:
    watched.fault(f"/pages/{watched.wiki_id(HEALTH)}$", method="PUT", status=400)
    watched.clock.move(HOUR)
    assert watched.publish(HEALTH) == {"failed": 1}
    assert not [row.id for row in watched.rows() if row.due_at]
    with watched.counting() as asked:
        watched.settle()
        watched.tick(RECONCILE)
    assert not asked


def test_when_confluence_does_not_know_us_nobody_knocks_again_to_say_so(watched: Place) -> None:
    watched.fault("^/wiki/", status=401)
    watched.edit("BLU-2", summary="Other words")
    watched.sync()
    watched.settle()
    with watched.counting() as asked:
        watched.settle()
        watched.tick(RECONCILE)
    assert not asked


def test_an_outage_of_jira_is_said_before_the_other_pages_warn_and_in_changing_words_but_once(watched: Place) -> None:
    red = watched.page(RED).version
    watched.fault("^/rest/", status=401)
    watched.clock.move(5 * MINUTE)
    watched.tick(sync.POLL)
    watched.settle()
    page = watched.page(HEALTH)
    status = page.cell("127.0.0.1", "Status")
    assert "OUT OF SYNC" in status and "Since Nov 18, 2026 09:05 KST" in status
    assert "answered 401" in page.cell("127.0.0.1", "Reason")
    watched.mend()
    watched.fault("^/rest/", status=429, headers={"Retry-After": "120"})
    for _ in range(5):
        watched.clock.move(5 * MINUTE)
        watched.tick(sync.POLL)
        watched.settle()
        watched.publish()
    assert watched.page(HEALTH).version == page.version
    assert watched.page(RED).version == red
    watched.mend()
    watched.clock.move(5 * MINUTE)
    watched.tick(sync.POLL)
    watched.settle()
    assert "All is well" in said(watched)


def test_evidence_that_jira_refuses_is_said_with_its_key_result_and_query(watched: Place) -> None:
    text = WATCHED.replace("jql: project = BLU AND labels = launch", "jql: nonsense = 1 AND project = BLU")
    watched.apply(text)
    watched.settle()
    watched.settle()
    page = watched.page(HEALTH)
    assert page.cell("Ready to launch", "Query") == "nonsense = 1 AND project = BLU"
    assert "nonsense" in page.cell("Ready to launch", "Jira's reason")
    watched.apply(WATCHED)
    watched.settle()
    watched.settle()
    assert "All is well" in said(watched)


def test_webhooks_that_wait_or_were_refused_are_said_with_the_cure(watched: Place) -> None:
    watched.fault("^/rest/", status=401)
    watched.transition("RED-4", "Done")
    watched.ring()
    watched.work()
    with watched.world.session() as session:
        session.add(RefusedDeliveryRow(reason="forged", at=watched.clock() + timedelta(minutes=1), count=3))
    watched.clock.move(20 * MINUTE)
    watched.publish(HEALTH)
    page = watched.page(HEALTH)
    assert "STUCK" in page.words
    assert "Last one received: Nov 18, 2026 09:00 KST | Waiting: 1" in page.words
    assert page.cell("signed with another secret", "Count") == "3"
    assert "the same secret" in page.cell("signed with another secret", "What to do")
    assert "Webhooks arrive and are refused." in page.words


def test_what_all_kinds_of_runs_counted_is_said_in_the_pages_language(opening: Opening, sqlite_engine: Engine) -> None:
    place = opening(sqlite_engine, languages="ko")
    place.start(WATCHED)
    place.listen()
    place.transition("RED-4", "Done")
    place.edit("RED-5", labels=["launch"])
    place.follow()
    place.clock.move(DAY_LATER)
    for kind in (sweep.SWEEP, audit.AUDIT, retention.RETENTION, sync.POLL):
        place.tick(kind)
    place.publish(HEALTH)
    rows = {row[0]: row[3] for row in place.page(HEALTH).table("작업")}
    assert len(rows) == 6
    assert "점검한 페이지 3" in rows["페이지 점검"]
    for done in rows.values():
        assert not re.search("[a-z]", done), done


def test_without_any_okr_and_without_jira_there_is_a_page_all_the_same(opening: Opening, engine: Engine) -> None:
    place = opening(engine, jira_url="", webhook_secrets="")
    place.apply("organisation: {name: {ko: 나무, en: Namu}}\n")
    place.settle()
    assert place.titles() == ["Namu OKR", "Sync health"]
    page = place.page("sync-health")
    assert page.macros()[0] == "info"
    assert "No Jira is connected" in page.words
    assert f"/{page.id}" in place.page("index").body


def test_every_page_links_to_it_in_its_first_panel(opening: Opening, engine: Engine) -> None:
    place = opening(engine, languages="ko,en")
    place.start(OKRS)
    health = place.page("sync-health")
    for row in place.rows():
        if row.kind != "sync_health":
            page = place.page(row.id)
            panel = next(macro for macro in page.root.iter("{*}structured-macro"))
            links = {str(one.get("href")): "".join(map(str, one.itertext())) for one in panel.iter("a")}
            assert [words for url, words in links.items() if f"/{health.id}" in url] == ["동기화 상태 · Sync health"]


def test_restricted_issues_are_not_named_though_jira_names_them(opening: Opening, engine: Engine) -> None:
    def fill(site: Site) -> None:
        company.fill(site)
        link(site, "Contributes", add_issue(site, "RED", "Merger", security=company.SECRET_LEVEL), "RED-1")

    place = opening(engine, fill)
    text = WATCHED.replace(
        "{link: RED-1, mode: contributing}",
        "{link: RED-1, mode: contributing}\n"
        "          - {link: RED-99}\n"
        "          - jql: nonsense = RED-6 OR parent = RED-6",
    )
    place.apply(text)
    place.settle()
    place.settle()
    page = place.page(HEALTH)
    assert "Needs attention: 1" in page.words
    assert "Evidence that Jira does not accept: 2" in page.words
    assert "nonsense = •••" in page.words
    assert "Jira does not show the issue •••" in page.words
    written = place.everything_written()
    assert "RED-6" not in written
    assert "RED-99" not in page.body
    assert "Merger" not in written


def test_deliveries_of_strangers_write_nothing(watched: Place) -> None:
    version = watched.page(HEALTH).version
    with watched.counting() as asked:
        for number in range(20):
            watched.web.post("/webhooks/jira", content=b"{}", headers={"x-hub-signature": f"sha256={number:064x}"})
        watched.settle()
    assert not asked
    assert watched.page(HEALTH).version == version
