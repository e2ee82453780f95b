"""Pages over HTTP: what would change, published at once, and errors of Confluence told as what they are."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.db.jobs import Job
from app.services import checkins, pages, sync
from tests.journeys.api import Script, script
from tests.journeys.company import BLUE, RED, SMALL
from tests.journeys.place import Place

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Where the database cannot make a difference."""


@pytest.fixture
def api(running: Place) -> Script:
    return script(running)


def waiting(api: Script) -> set[str]:
    """Kinds of the jobs that are due now."""
    with api.place.world.reading() as session:
        return set(session.scalars(select(Job.kind).where(Job.due_at <= api.place.world.now())))


def test_a_preview_says_what_publishing_would_change_and_writes_nothing(api: Script) -> None:
    place = api.place
    version = place.page(BLUE).version
    assert api.read("/pages/blue/preview") == {"page": BLUE, "outcome": "unchanged", "verdict": "unchanged", "diff": []}
    checkins.check_in(place.world, "KR-1", "8.5")
    told = api.read("/pages/blue/preview")
    assert (told["outcome"], told["verdict"]) == ("update", "would be updated")
    assert any(line.startswith("+") and "8.5%" in line for line in told["diff"])
    assert api.read("/pages/red/preview")["outcome"] == "unchanged"
    assert place.page(BLUE).version == version
    place.apply(SMALL + "  - {id: board, kind: kpi_board}\n")
    told = api.read("/pages/board/preview")
    assert told["outcome"] == "create" and told["diff"] == []


@only_sqlite
def test_a_page_that_is_gone_is_said_to_be(api: Script) -> None:
    place = api.place
    with place.site.store.lock:
        place.site.store.table("wiki_pages").delete(place.wiki_id(RED))
    checkins.check_in(place.world, "KR-2", note="x")
    assert api.read("/pages/red/preview")["outcome"] == "gone"


@only_sqlite
def test_what_confluence_says_no_to_is_told_as_its_mistake(api: Script) -> None:
    checkins.check_in(api.place.world, "KR-1", "8.5")
    api.place.fault("/wiki/api/v2/pages", status=401)
    answer = api.get("/pages/blue/preview")
    assert answer.status_code == 502 and "PLAINSIGHT_" in answer.json()["detail"]
    api.place.mend()
    api.place.fault("/wiki/api/v2/pages", status=429, headers={"Retry-After": "90"})
    answer = api.get("/pages/blue/preview")
    assert answer.status_code == 503
    assert 60 <= int(answer.headers["retry-after"]) <= 120


def test_publishing_is_asked_for_and_done_by_the_worker(api: Script) -> None:
    place = api.place
    checkins.check_in(place.world, "KR-1", "8.5")
    before, red = place.page(BLUE).version, place.row(RED).due_at
    answer = api.post("/pages/blue/publish")
    assert (answer.status_code, answer.json()) == (202, {"pages": [BLUE], "watch": "/api/v1/pages/blue"})
    assert place.page(BLUE).version == before  # nothing is written while somebody waits for an answer
    one = api.read("/pages/blue")
    assert (one["due_at"], one["in_progress"]) == ("2026-11-18T00:00:03Z", False)
    assert place.row(RED).due_at == red and red > place.world.now()
    place.clock.move(3)
    place.work()
    one = api.read("/pages/blue")
    assert (one["due_at"], one["in_progress"], one["state"], one["version"]) == (None, False, "ok", before + 1)
    assert one["published_at"] == "2026-11-18T00:00:06Z"
    assert place.page(BLUE).version == before + 1


def test_publishing_now_wakes_the_worker(api: Script) -> None:
    assert waiting(api) == set()
    answer = api.post("/publish")
    assert (answer.status_code, answer.json()) == (202, {"pages": [RED, BLUE], "watch": "/api/v1/pages"})
    assert waiting(api) == {pages.PUBLISH}
    with api.place.counting() as asked:
        api.place.work()
    assert not asked  # nothing had changed, so nothing was asked
    runs = api.items("/runs", kind=pages.PUBLISH)
    assert runs[0]["counts"]["unchanged"] == 2 and runs[0] == api.read(f"/runs/{runs[0]['id']}")


def test_syncing_now_wakes_the_worker_and_its_run_is_told(api: Script) -> None:
    place = api.place
    known = [one["id"] for one in api.items("/runs", kind=sync.POLL)]
    place.transition("RED-4", "Done")
    answer = api.post("/sync")
    assert (answer.status_code, answer.json()) == (202, {"watch": "/api/v1/runs?kind=poll"})
    assert waiting(api) == {sync.POLL}
    place.settle()
    last = api.get("/runs", kind="poll", limit=1).json()["items"][0]
    assert last["id"] not in known and last["error"] == "" and last["counts"]["measured"] == 1
    assert place.page(RED).cell("Four things", "Now") == "75%"


@only_sqlite
def test_a_run_that_failed_says_why(api: Script) -> None:
    api.place.fault("/rest/api/3/search", status=401)
    api.post("/sync")
    api.place.work()
    assert "PLAINSIGHT_JIRA_TOKEN" in api.items("/runs", kind="poll")[0]["error"]
    assert api.read("/status")["sites"][0]["in_sync"] is False


def test_runs_come_in_parts_the_last_first(api: Script) -> None:
    ids = [one["id"] for one in api.items("/runs", limit=1)]
    assert ids == sorted(ids, reverse=True) and len(ids) >= 2
    assert {one["kind"] for one in api.items("/runs", kind="publish", limit=1)} == {"publish"}
    assert api.items("/runs", kind="never") == []
    assert api.get("/runs", kind="No kind").status_code == 422


def test_pages_of_a_cycle_that_does_not_run_are_not_published(api: Script) -> None:
    """A draft's are not written yet; a closed one's are written once more, and then no more."""
    open_cycle = "ends_on: 2026-12-31}"
    api.place.apply(SMALL.replace(open_cycle, "ends_on: 2026-12-31, state: closed}"))
    assert api.post("/pages/red/publish").status_code == 202
    api.place.settle()
    answer = api.post("/pages/red/publish")
    assert answer.status_code == 409 and "red" in answer.json()["detail"]
    assert api.post("/publish").json()["pages"] == []
    assert api.post("/pages/green/publish").status_code == 404


@only_sqlite
def test_a_page_says_where_it_is_and_when_it_is_written_next(api: Script) -> None:
    one = api.read("/pages/red")
    row = api.place.row(RED)
    assert one["address"] == row.wiki_url and one["version"] == api.place.page(RED).version
    assert one["title"] == {"ko": row.title_ko, "en": row.title_en}
    assert (one["state"], one["problem"], one["lost_comments"], one["cycle_id"]) == ("ok", "", [], "2026-Q4")
    api.place.clock.move(timedelta(days=1).total_seconds())
    api.place.tick(pages.DUE)
    assert api.read("/pages/red")["next_due_at"] is not None
