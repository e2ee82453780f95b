"""What the service answers besides webhooks: is it alive, is it ready, who may ask, and errors in one form."""

import pytest
import requests

from app.db.session import open_engine
from app.errors import Invalid
from tests.web.service import service_on, world_on

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_a_service_with_its_database_is_alive_and_ready(service) -> None:
    for path in ("/livez", "/readyz"):
        answer = requests.get(service.url + path, timeout=10)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_without_its_database_it_is_alive_but_not_ready(kind, clock, tmp_path) -> None:
    folder = tmp_path / "taken away"
    folder.mkdir()
    engine = open_engine(f"sqlite:///{folder}/x.db" if kind == "sqlite" else "postgresql://nobody@127.0.0.1:1/x")
    folder.rmdir()
    with service_on(engine, clock) as service:
        assert requests.get(f"{service.url}/livez", timeout=10).status_code == 200
        answer = requests.get(f"{service.url}/readyz", timeout=10)
    assert (answer.status_code, answer.json()) == (503, {"status": "the database does not answer"})


@only_sqlite
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/webhooks/jira", 405),
        ("POST", "/livez", 405),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v1/key-results/KR-9/explanation", 404),
        ("GET", "/api/v1/key-results/KR-9/explanation?language=fr", 422),
        ("GET", "/api/v1/key-results/" + "x" * 101 + "/explanation", 422),
    ],
)
def test_errors_are_problem_documents(service, method, path, status) -> None:
    answer = requests.request(method, service.url + path, timeout=10)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() == {"type", "status", "title", "detail"} and answer.json()["status"] == status


@only_sqlite
def test_a_wrong_method_says_which_one_is_right(service) -> None:
    for path, allowed in (("/webhooks/jira", "POST"), ("/api/v1/key-results/KR-1/check-ins", "GET, POST")):
        answer = requests.delete(service.url + path, timeout=10)
        assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


@only_sqlite
def test_the_openapi_document_is_valid_and_tells_of_every_path(service) -> None:
    document = requests.get(f"{service.url}/openapi.json", timeout=10).json()
    assert document["openapi"].startswith("3.1") and document["info"]["title"] == "Plainsight"
    names = []
    for operations in document["paths"].values():
        for operation in operations.values():
            names.append(operation["operationId"])
            assert operation["summary"] and operation["description"] and operation["responses"]
            for one in operation.get("parameters", ()):
                assert one["name"] and one["in"] in ("path", "query", "header") and one["schema"]
    assert len(set(names)) == len(names)
    assert {"/webhooks/jira", "/livez", "/readyz", "/api/v1/status"} <= document["paths"].keys()
    _every_reference_leads_somewhere(document, document)


def _every_reference_leads_somewhere(document, value) -> None:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            there = document
            for step in value["$ref"].removeprefix("#/").split("/"):
                there = there[step]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            _every_reference_leads_somewhere(document, one)


@only_sqlite
def test_the_documentation_of_the_api_is_served(service) -> None:
    answer = requests.get(service.url, timeout=10)
    assert answer.url.endswith("/docs") and answer.status_code == 200


@only_sqlite
def test_a_bug_is_told_as_500_without_its_inside(engine, clock, caplog) -> None:
    with service_on(engine, clock) as service:

        @service.app.get("/bug")
        def bug() -> None:
            raise ZeroDivisionError("secret inside")

        answer = requests.get(f"{service.url}/bug", timeout=10)
    assert answer.status_code == 500 and answer.headers["content-type"] == "application/problem+json"
    assert "secret inside" not in answer.text


@only_sqlite
def test_the_world_of_these_tests_has_no_sites(engine, clock) -> None:
    with world_on(engine, clock) as world, pytest.raises(Invalid, match="PLAINSIGHT_JIRA_URL"):
        world.need_jira()
