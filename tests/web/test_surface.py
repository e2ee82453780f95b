"""What the service answers besides webhooks: is it alive, is it ready, who may ask, and errors in one form."""

import pytest
import requests

from app.db.session import open_engine
from app.errors import Invalid
from app.main import put_together
from app.settings import Settings
from app.web.serve import is_loopback, serve
from tests.web.service import service_on, world_on

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def guarded(engine, clock):
    with service_on(engine, clock, api_token="s3cret") as service:
        yield service


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
        ("GET", "/api/v1/key-results/" + "x" * 65 + "/explanation", 422),
    ],
)
def test_errors_are_problem_documents(service, method, path, status) -> None:
    answer = requests.request(method, service.url + path, timeout=10)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json().keys() == {"type", "status", "title", "detail"} and answer.json()["status"] == status


@only_sqlite
def test_a_wrong_method_says_which_one_is_right(service) -> None:
    assert requests.get(f"{service.url}/webhooks/jira", timeout=10).headers["allow"] == "POST"


@only_sqlite
@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic s3cret", "s3cret", "Bearer é"])
def test_without_the_right_token_the_api_answers_401_and_says_how(guarded, given) -> None:
    headers = {} if given is None else {"Authorization": given.encode("latin-1")}
    answer = requests.get(f"{guarded.url}/api/v1/status", headers=headers, timeout=10)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert "s3cret" not in answer.text


@only_sqlite
@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_with_the_token_the_api_answers(guarded, scheme) -> None:
    headers = {"Authorization": f"{scheme} s3cret"}
    assert requests.get(f"{guarded.url}/api/v1/status", headers=headers, timeout=10).status_code == 200


@only_sqlite
def test_the_token_guards_every_path_of_the_api_and_no_probe(guarded) -> None:
    paths = guarded.app.openapi()["paths"]
    for path, operations in paths.items():
        for method in operations:
            asked = guarded.url + path.replace("{key_result_id}", "KR-1")
            answer = requests.request(method, asked, timeout=10)
            assert (answer.status_code == 401) is (path not in ("/livez", "/readyz")), (method, path)


@only_sqlite
def test_without_a_configured_token_the_api_answers_everybody_on_this_machine(service) -> None:
    answer = requests.get(f"{service.url}/api/v1/status", timeout=10)
    assert answer.status_code == 200
    assert answer.json().keys() >= {"sites", "pages", "runs", "waiting_deliveries"}


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


@pytest.mark.parametrize(
    ("host", "open_to_us_only"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("localhost", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("plainsight.example", False),
        ("", False),
    ],
)
def test_loopback_is_told_from_the_rest(host, open_to_us_only) -> None:
    assert is_loopback(host) is open_to_us_only


@only_sqlite
def test_without_an_api_token_an_open_address_is_refused(engine, clock) -> None:
    with put_together(Settings(_env_file=None, api_token=""), engine, clock) as house:
        for host in ("0.0.0.0", "::", "plainsight.example"):
            with pytest.raises(Invalid, match="PLAINSIGHT_API_TOKEN"):
                serve(house, host, 0)


@only_sqlite
def test_the_world_of_these_tests_has_no_sites(engine, clock) -> None:
    with world_on(engine, clock) as world, pytest.raises(Invalid, match="PLAINSIGHT_JIRA_URL"):
        world.need_jira()
