"""Reading over HTTP: the numbers of the pages, for those who may see them, and nothing else."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select

from app.db.jobs import Job
from app.db.models import CommentRow, EvidenceRow, MeasurementRow, PageRow, RefusedDeliveryRow
from app.services import checkins, explain, status
from app.services.prepare import look, prepare
from connectors.sandbox.jira.seed import add_issue, link
from connectors.sandbox.site import Site
from tests.journeys import company
from tests.journeys.api import KPIS, Script, script
from tests.journeys.company import BLUE, RED, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

SECRET_SUMMARY = "Merger with Cheongsong"
SECRET_NUMBERS = ("41.0625", "42.4242", "37.1717", "39.3939", "40.4040")
ALL = SMALL + KPIS


only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Where the database cannot make a difference."""


@pytest.fixture
def api(running: Place) -> Script:
    running.apply(ALL.replace("id: ada, name", "id: ada, email: ada@example.com, name"))
    checkins.check_in(running.world, "KR-1", "8.5", confidence=6)
    running.settle()
    return script(running)


def as_number(value: object) -> float | None:
    return None if value is None else float(f"{float(value):.12f}")  # type: ignore[arg-type]


# The numbers of the pages


def test_objectives_and_key_results_stand_as_their_pages_show_them(api: Script) -> None:
    facts, moment = look(api.place.world)
    told = {one["id"]: one for one in api.items("/objectives")}
    assert list(told) == ["O-1", "O-2", "O-3"]
    for page in (RED, BLUE):
        for view in prepare(api.place.world, facts, moment, facts.pages[page]).report.objectives:
            standing = told[view.id]["standing"]
            assert standing["progress"] == as_number(view.progress) and standing["score"] == as_number(view.score)
            assert (standing["health"]["state"], standing["measured"]) == (view.health, view.measured)
            assert {one["id"] for one in told[view.id]["key_results"]} == {one.id for one in view.key_results}
            for shown in view.key_results:
                one = api.read(f"/key-results/{shown.id}")
                assert one in told[view.id]["key_results"]
                numbers = [one["standing"][name] for name in ("progress", "raw", "score", "expected")]
                assert numbers == [as_number(n) for n in (shown.progress, shown.raw, shown.score, shown.expected)]
                assert one["standing"]["trend"] == [as_number(point) for point in shown.trend]
                assert one["standing"]["now"] == (None if shown.now is None else f"{shown.now.normalize():f}")
                assert one["standing"]["confidence"] == shown.confidence
                assert [issue["key"] for issue in one["standing"]["evidence"]["issues"]] == [
                    issue.key for issue in shown.evidence
                ]


@only_sqlite
def test_the_very_words_of_the_page_are_in_the_answer(api: Script) -> None:
    page, standing = api.place.page(BLUE), api.read("/key-results/KR-1")["standing"]
    assert page.cell("Churn", "Now") == f"{standing['now']}%" == "8.5%"
    assert page.cell("Churn", "Confidence") == f"{standing['confidence']}/10"
    assert standing["health"]["state"] == "at_risk" and standing["health"]["reason"] in page.words
    red = api.read("/key-results/KR-2")["standing"]["evidence"]
    assert api.place.page(RED).cell("Four things", "Jira").startswith(f"{red['done']}/{red['total']}")


@only_sqlite
def test_unknown_is_null_and_never_zero(api: Script) -> None:
    api.place.apply(SMALL.replace("KR-1", "KR-9"))
    standing = api.read("/key-results/KR-9")["standing"]
    assert [standing[name] for name in ("now", "progress", "raw", "score", "confidence", "last_check_in")] == [None] * 6
    assert standing["health"] == {"state": "pending", "was": None, "reason": "No value yet."}


@only_sqlite
def test_the_reason_is_told_in_the_language_that_is_asked_for(api: Script) -> None:
    english, korean = (api.read("/key-results/KR-1", language=one)["standing"]["health"] for one in ("en", "ko"))
    assert "expected by now" in english["reason"] and "기대" in korean["reason"]


@only_sqlite
@pytest.mark.parametrize("language", ["en", "ko"])
def test_an_explanation_is_that_of_the_command(api: Script, language: str) -> None:
    for path in ("key-results/KR-1", "objectives/O-1", "kpis/KPI-1"):
        key = path.partition("/")[2]
        told = api.read(f"/{path}/explanation", language=language)
        assert told == {"id": key, "lines": explain.explain(api.place.world, key, language)}
        assert len(told["lines"]) > 2
    for path in ("key-results/O-1", "objectives/KR-1", "kpis/KR-1"):
        assert api.get(f"/{path}/explanation").status_code == 404


def test_kpis_stand_as_the_board_shows_them(api: Script) -> None:
    one = api.read("/kpis/KPI-1")
    assert (one["unit"], one["mode"], one["corridor"]) == ("count", "from_to", {"healthy": "6", "watch": "3"})
    standing = one["standing"]
    assert (standing["now"], standing["target"], standing["progress"], standing["state"]) == ("4.5", "9", 0.5, "watch")
    assert (standing["now_period"], standing["trend"][-1], standing["previous"]) == ("2026-11", "4.5", None)
    assert standing["reason"] == "Healthy from 6 up, watch from 3 up; now 4.5."


@only_sqlite
def test_a_cycle_that_does_not_run_has_definitions_and_no_standing(api: Script) -> None:
    for state in ("draft", "closed"):
        api.place.apply(ALL.replace("ends_on: 2026-12-31}", f"ends_on: 2026-12-31, state: {state}}}"))
        assert [one["state"] for one in api.items("/cycles")] == [state]
        one = api.read("/objectives/O-1")
        assert one["standing"] is None and [each["standing"] for each in one["key_results"]] == [None]
        assert api.read("/key-results/KR-1")["unit"] == "%"
        assert api.get("/key-results/KR-1/explanation").status_code == 404


# Who may see what


def test_a_confidential_kpi_is_there_and_none_of_its_numbers_nor_an_e_mail_address_is_anywhere(api: Script) -> None:
    one = api.read("/kpis/KPI-2")
    assert one["confidential"] and one["title"]["en"] == "Payroll" and one["person_id"] == "ada"
    kept = {"id", "title", "team_id", "person_id", "period", "confidential"}
    assert {name for name, value in one.items() if value is not None} <= kept
    assert api.read("/kpis/KPI-2/explanation")["lines"] == ["Payroll"]
    metric = api.read("/metrics/payroll")
    assert metric["confidential"] and metric["unit"] is None and metric["source"] is None
    answer = api.get("/metrics/payroll/measurements")
    assert answer.status_code == 403 and "confidential" in answer.json()["detail"]
    assert api.read("/kpis/KPI-1")["standing"]["now"] == "4.5"
    assert api.items("/people")[0] == {"id": "ada", "name": {"ko": "에이다", "en": "Ada"}, "team_id": "company"}
    everything = "".join(api.everything())
    assert "4.5" in everything and "Payroll" in everything
    assert not [secret for secret in (*SECRET_NUMBERS, "Freeze hiring", "@") if secret in everything]


def test_what_a_confidential_kpi_shared_is_told_and_stays_untold_once_it_is_archived(api: Script) -> None:
    shared = KPIS.replace("metric: {id: calls, unit: count}", "metric: payroll")
    with_metric = "metrics:\n  - {id: payroll, name: Payroll, unit: '%'}\n  - {id: calls, name: Calls, unit: count}\n"
    kpis = shared.replace('metric: {id: payroll, unit: "%"}', "metric: payroll")
    api.place.apply(SMALL + with_metric + kpis)
    assert [one["value"] for one in api.items("/metrics/payroll/measurements")] == ["41.0625"]
    alone = kpis.replace(kpis[kpis.index("  - id: KPI-1") : kpis.index("  - id: KPI-2")], "")
    api.place.apply(SMALL + with_metric + alone)
    assert api.get("/metrics/payroll/measurements").status_code == 403
    api.place.apply(SMALL + with_metric)  # no KPI at all any more
    assert api.get("/metrics/payroll/measurements").status_code == 403
    assert api.get("/metrics/calls/measurements").status_code == 200


@only_sqlite
def test_an_issue_that_must_not_be_shown_counts_and_is_nowhere_named(opening: Opening, engine: Engine) -> None:
    def with_secret(site: Site) -> None:
        company.fill(site)
        link(site, "Contributes", add_issue(site, "RED", SECRET_SUMMARY, security=company.SECRET_LEVEL), "RED-1")

    place = opening(engine, with_secret)
    place.start(SMALL.replace("{link: RED-1, mode: contributing}", "{keys: [RED-2, RED-6], mode: contributing}"))
    api = script(place)
    evidence = api.read("/key-results/KR-2")["standing"]["evidence"]
    assert (evidence["total"], evidence["hidden"], len(evidence["issues"])) == (2, 1, 1)
    everything = "".join(api.everything())
    assert "RED-2" in everything
    assert SECRET_SUMMARY not in everything and "RED-6" not in everything


# Lists


def test_a_list_comes_in_parts_and_in_the_order_of_the_file(api: Script) -> None:
    expected = {
        "/cycles": ["2026-Q4"],
        "/teams": ["company", "red", "blue"],
        "/people": ["ada", "bo"],
        "/objectives": ["O-1", "O-2", "O-3"],
        "/kpis": ["KPI-1", "KPI-2"],
        "/pages": ["red", "blue"],
    }
    for path, ids in expected.items():
        for limit in (1, 2, 500):
            assert [one["id"] for one in api.items(path, limit=limit)][: len(ids)] == ids, (path, limit)
        assert api.read(path, cursor=2**31 - 1) == {"items": [], "next_cursor": None}
    for limit in (1, 3):
        assert {one["id"] for one in api.items("/metrics", limit=limit)} == {"KR-1", "KR-2", "KR-3", "calls", "payroll"}


@only_sqlite
def test_no_list_is_endless(api: Script) -> None:
    lists = ["/cycles", "/teams", "/people", "/objectives", "/kpis", "/metrics", "/pages", "/runs"]
    for path in (*lists, "/metrics/KR-1/measurements", "/key-results/KR-1/check-ins"):
        for wrong in ({"limit": 0}, {"limit": 501}, {"limit": "x"}, {"cursor": -1}, {"cursor": 2**31}):
            assert api.get(path, **wrong).status_code == 422, (path, wrong)


@only_sqlite
def test_a_list_is_narrowed_and_a_filter_that_names_nothing_is_told(api: Script) -> None:
    assert [one["id"] for one in api.items("/objectives", team="blue")] == ["O-1", "O-3"]
    assert [one["id"] for one in api.items("/objectives", team="red", cycle="2026-Q4")] == ["O-2"]
    assert [one["id"] for one in api.items("/kpis", team="blue")] == ["KPI-1"]
    assert [one["id"] for one in api.items("/kpis", team="company")] == ["KPI-2"]  # Ada's
    for path, wrong in (("/objectives", {"team": "green"}), ("/objectives", {"cycle": "x"}), ("/kpis", {"team": "x"})):
        answer = api.get(path, **wrong)
        assert answer.status_code == 404 and "There are: " in answer.json()["detail"]


def test_a_correction_is_marked_and_both_values_stay(api: Script) -> None:
    before = api.items("/metrics/KR-1/measurements")
    at = datetime(2026, 11, 17, 23, tzinfo=UTC)
    with api.place.world.session() as session:
        session.add(MeasurementRow(metric_id="KR-1", at=at, value=Decimal("7.25"), by="bo", replaces=before[0]["id"]))
    first, second = api.items("/metrics/KR-1/measurements", limit=1)
    assert (first["value"], first["replaced_by"], second["replaces"]) == ("8.5", second["id"], first["id"])
    assert (second["value"], second["at"], second["by"], second["replaced_by"]) == (
        *("7.25", "2026-11-17T23:00:00Z", "bo"),
        None,
    )
    assert api.read("/key-results/KR-1")["standing"]["now"] == "7.25"


def test_measurements_are_those_of_a_time_whatever_zone_it_is_told_in(api: Script) -> None:
    path = "/metrics/calls/measurements"  # measured at nine in Seoul

    def found(**query: str) -> int:
        return len(api.items(path, **query))

    assert found(since="2026-11-17T00:00:00Z") == found(since="2026-11-17T09:00:00+09:00") == 1
    assert found(since="2026-11-17T00:00:01Z") == found(until="2026-11-17T00:00:00Z") == 0
    assert found(until="2026-11-17T09:00:01+09:00", since="0001-01-01T00:00:00+23:59") == 1
    assert found(until="9999-12-31T23:59:59-23:59") == 1
    for wrong in ("yesterday", "2026-11-17", "2026-11-17T00:00:00", "1763337600", "0"):
        assert api.get(path, since=wrong).status_code == 422, wrong


# What is not there


def test_what_is_not_there_is_not_found_and_what_is_no_id_is_refused(api: Script) -> None:
    for kind in ("objectives", "key-results", "kpis", "metrics", "pages"):
        assert api.get(f"/{kind}/nothing").status_code == 404
        for wrong in ("a%00b", "%20", "a%20b", "한", "%2e%2e%2fx", "x" * 101, "%ED%A0%80", "'; drop table tokens"):
            assert api.get(f"/{kind}/{wrong}").status_code in (404, 422), (kind, wrong)
    for kind in ("runs", "check-ins"):
        assert api.get(f"/{kind}/99999").status_code == 404
        for wrong in ("0", "-1", "x", str(2**31), "9" * 5000):
            assert api.get(f"/{kind}/{wrong}").status_code == 422, (kind, wrong)


@only_sqlite
def test_the_status_is_that_of_the_command(api: Script) -> None:
    now = api.place.world.now()
    with api.place.world.session() as session:
        session.add(Job(kind="poll", key="x", due_at=None, error="the token was not accepted", failed_at=now))
        session.add(RefusedDeliveryRow(reason="forged", at=now, count=2))
        session.scalars(select(EvidenceRow)).first().error = "Jira does not know RED-1"  # type: ignore[union-attr]
        page = session.get_one(PageRow, RED)
        page.strayed = [{"kind": "renamed", "detail": "now “Reds”"}]
        page.lost_comments = [{"ref": "1", "text": "why?", "context": "Churn"}]
        comment = {"page_id": RED, "author_id": "x", "at": now, "read_at": now, "outcome": "recorded"}
        session.add(CommentRow(id="1", problem="Confluence answered 403.", **comment))
    known = status.read(api.place.world)
    assert all(known[name] for name in known if name != "waiting_deliveries")
    assert api.read("/status") == json.loads(json.dumps(known).replace("+00:00", "Z"))
    assert api.read("/pages/red")["strayed"] == [{"kind": "renamed", "detail": "now “Reds”"}]
    assert api.read("/pages/red")["lost_comments"] == ["why?"]


@only_sqlite
def test_a_world_without_sites_answers_as_well(api: Script) -> None:
    place = api.place
    place.web.app.state.world = replace(place.world, jira=None, wiki=None)  # type: ignore[attr-defined]
    assert api.read("/key-results/KR-2")["standing"]["evidence"]["url"] is None
    for call in ("/sync", "/publish", "/pages/red/publish"):
        answer = api.post(call)
        assert answer.status_code == 409 and "PLAINSIGHT_" in answer.json()["detail"]
