"""Checking in over HTTP: values come in as they are written, and what cannot be one is refused and stored nowhere."""

import pytest
from sqlalchemy import func, select

from app.db.models import CheckInRow, MeasurementRow
from app.services import tokens
from tests.journeys.api import KPIS, Script, script
from tests.journeys.company import BLUE, SMALL
from tests.journeys.place import Place

CHECK_INS = "/key-results/KR-1/check-ins"
JSON = {"content-type": "application/json"}


only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Where the database cannot make a difference."""


@pytest.fixture
def api(running: Place) -> Script:
    return script(running)


def stored(api: Script) -> tuple[int, int]:
    """How many check-ins and measurements there are."""
    with api.place.world.reading() as session:
        return tuple(session.scalar(select(func.count()).select_from(table)) for table in (CheckInRow, MeasurementRow))  # type: ignore[return-value]


def test_a_check_in_changes_the_page(api: Script) -> None:
    told = {"value": "8.5", "confidence": 6, "note": "Calls to every customer", "blockers": "Budget", "by": "bo"}
    answer = api.post(CHECK_INS, told)
    assert answer.status_code == 201
    kept = answer.json()
    assert kept == {**told, "id": kept["id"], "key_result_id": "KR-1", "at": "2026-11-18T00:00:03Z"}
    assert answer.headers["location"] == f"/api/v1/check-ins/{kept['id']}"
    assert api.read(answer.headers["location"].removeprefix("/api/v1")) == kept
    assert api.items(CHECK_INS) == [kept]
    api.place.settle()
    page = api.place.page(BLUE)
    assert page.cell("Churn", "Now") == "8.5%" and page.cell("Churn", "Confidence") == "6/10"
    assert "Calls to every customer" in page.words and "Bo" in page.words
    standing = api.read("/key-results/KR-1")["standing"]
    assert (standing["now"], standing["score"], standing["confidence"]) == ("8.5", 0.3, 6)


def test_the_owner_checks_in_unless_somebody_else_is_named_and_the_last_comes_first(api: Script) -> None:
    for confidence in (3, 4):
        assert api.post(CHECK_INS, {"confidence": confidence}).json()["by"] == "ada"
    assert [one["confidence"] for one in api.items(CHECK_INS, limit=1)] == [4, 3]
    assert api.items("/key-results/KR-2/check-ins") == []


WRITTEN_AND_KEPT = {
    "0.1": "0.1",
    '"0.1"': "0.1",
    "8.50": "8.5",
    "7.0": "7",
    "7": "7",
    "-3": "-3",
    "-0.0": "0",
    '"-0"': "0",
    "1e2": "100",
    "0.000001": "0.000001",
    "1.5000000000000000000000": "1.5",
    "123456789012.123456": "123456789012.123456",  # a double has it as …12345
    '"999999999999.999999"': "999999999999.999999",
}


def test_a_value_is_kept_as_it_is_written(api: Script) -> None:
    for written, kept in WRITTEN_AND_KEPT.items():
        answer = api.post(CHECK_INS, content=f'{{"value": {written}}}', headers=JSON)
        assert answer.status_code == 201, answer.text
        assert answer.json()["value"] == kept
    assert [one["value"] for one in reversed(api.items(CHECK_INS))] == list(WRITTEN_AND_KEPT.values())
    assert [one["value"] for one in api.items("/metrics/KR-1/measurements")] == list(WRITTEN_AND_KEPT.values())


BAD_VALUES = (
    "0.0000001",
    "1e-999999999",
    "1e999999999",
    "1000000000000",
    "9" * 5000,
    "NaN",
    "Infinity",
    "true",
    "null",
)
BAD_TEXTS = ("", "1,5", "1e2", " 1", "1 ", "1\n", "+1", "0x1", "NaN", "１", "1.", ".5", "1234567890123", "8.5%")
BAD_BODIES = ("{}", "[]", "1", "null", "{", "", '{"confidence": 11}', '{"confidence": -1}', '{"confidence": 5.5}')
BAD_BODIES += ('{"confidence": "5"}', '{"confidence": null}', '{"confidence": true}', '{"note": ""}', '{"note": 1}')
BAD_BODIES += ('{"value": 1, "note": null}', '{"vaule": 1}', '{"note": "x", "by": "nobody"}', '{"note": "x", "by": ""}')
BAD_BODIES += ('{"note": "x", "by": "a\\u0000"}', '{"value": 1, "at": "2026-01-01"}', "[" * 100_000, '{"note": "\xff"}')
BAD_BODIES += (f'{{"note": "{"x" * 10_001}"}}',)


def test_what_cannot_be_a_check_in_is_refused_and_changes_nothing(api: Script) -> None:
    before = stored(api)
    bodies = [f'{{"value": {value}}}' for value in BAD_VALUES] + [f'{{"value": "{value}"}}' for value in BAD_TEXTS]
    for body in (*bodies, *BAD_BODIES):
        answer = api.post(CHECK_INS, content=body.encode("latin-1" if "\xff" in body else "utf-8"), headers=JSON)
        assert answer.status_code == 422, (body[:80], answer.text)
    assert stored(api) == before


@only_sqlite
def test_a_refusal_names_the_field(api: Script) -> None:
    detail = api.post(CHECK_INS, {"value": "1,5", "confidence": 11}).json()["detail"]
    assert "body.value: " in detail and "2.5" in detail and "body.confidence: " in detail
    assert "'nobody'" in api.post(CHECK_INS, {"note": "x", "by": "nobody"}).json()["detail"]


@only_sqlite
def test_what_does_not_fit_how_things_stand_is_a_conflict(api: Script) -> None:
    before = stored(api)
    answer = api.post("/key-results/KR-2/check-ins", {"value": 80})
    assert answer.status_code == 409 and "jira.share_done" in answer.json()["detail"]
    assert api.post("/key-results/KR-9/check-ins", {"value": 80}).status_code == 404
    api.place.apply(SMALL.replace("ends_on: 2026-12-31}", "ends_on: 2026-12-31, state: closed}"))
    answer = api.post(CHECK_INS, {"value": 8})
    assert answer.status_code == 409 and "closed" in answer.json()["detail"]
    assert stored(api) == before


def test_a_character_that_no_database_takes_is_shown_as_unknown_and_half_a_one_is_refused(api: Script) -> None:
    answer = api.post(CHECK_INS, content=rb'{"note": "a\u0000b", "blockers": "\ud83d\ude00"}', headers=JSON)
    assert (answer.status_code, answer.json()["note"]) == (201, "a\ufffdb")
    assert answer.json()["blockers"] == "\U0001f600"
    assert api.post(CHECK_INS, content=rb'{"note": "a\ud83d"}', headers=JSON).status_code == 422
    api.place.settle()
    assert api.place.row(BLUE).state == "ok"


@only_sqlite
def test_a_body_that_is_too_large_or_no_json_is_refused(api: Script) -> None:
    before = stored(api)
    answer = api.post(CHECK_INS, content=b"x" * 300_000, headers=JSON)
    assert (answer.status_code, answer.json()["title"]) == (413, "Request Entity Too Large")
    assert "256 KB" in answer.json()["detail"]
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        assert api.post(CHECK_INS, content=b'{"value": 1}', headers={"content-type": kind}).status_code == 422, kind
    assert stored(api) == before


@only_sqlite
def test_a_check_in_that_is_not_there_is_not_found(api: Script) -> None:
    assert api.get("/check-ins/12345").status_code == 404
    assert api.get("/key-results/KR-9/check-ins").status_code == 404


@only_sqlite
def test_an_archived_key_result_takes_no_check_in(api: Script) -> None:
    api.place.apply(SMALL.replace("id: KR-3", "id: KR-4"))
    assert api.post("/key-results/KR-3/check-ins", {"note": "x"}).status_code == 404


# What must not be told

SHARED = SMALL.replace('metric: {unit: "%"}', "metric: payroll", 1)
"""A key result and a confidential KPI with one metric."""
METRICS = "metrics:\n  - {id: payroll, name: Payroll, unit: '%'}\n"


@only_sqlite
def test_check_ins_keep_what_is_confidential_once_no_running_key_result_shows_it(api: Script) -> None:
    confidential = KPIS.replace('metric: {id: payroll, unit: "%"}', "metric: payroll")
    whole = SHARED + METRICS + confidential
    api.place.apply(whole, reason="Measured together")
    kept = api.post(CHECK_INS, {"value": "41.5", "note": "As planned"}).json()
    assert api.read(f"/check-ins/{kept['id']}")["value"] == "41.5"
    api.place.apply(whole.replace("ends_on: 2026-12-31}", "ends_on: 2026-12-31, state: closed}"))
    assert api.get("/metrics/payroll/measurements").status_code == 403
    assert api.read(f"/check-ins/{kept['id']}") == {**kept, "value": None}
    assert api.items(CHECK_INS) == [{**kept, "value": None}]


@only_sqlite
def test_check_ins_of_an_archived_key_result_are_not_there(api: Script) -> None:
    kept = api.post(CHECK_INS, {"confidence": 3}).json()
    api.place.apply(SMALL.replace("- id: KR-1", "- id: KR-9").replace("supports: KR-1", "supports: KR-9"))
    assert api.get(f"/check-ins/{kept['id']}").status_code == 404


@only_sqlite
def test_a_preview_needs_a_token_that_may_write(api: Script) -> None:
    """The page as it stands may show what has been made confidential since."""
    reader = Script(api.place, tokens.create(api.place.world, "wall", read_only=True))
    assert reader.get("/pages/blue/preview").status_code == 403
    assert api.get("/pages/blue/preview").status_code == 200
