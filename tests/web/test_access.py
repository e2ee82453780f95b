"""Who may use the API: whoever has a token; before there is one, this machine and nobody who reaches through it."""

import re

import pytest
import requests

from app.db.session import open_engine
from app.domain.hosts import is_loopback
from app.errors import Invalid
from app.main import put_together
from app.services import tokens
from app.settings import Settings
from app.web.main import create_app
from app.web.serve import serve
from tests.web.service import Service, served, service_on, world_on

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OPEN = {"/livez", "/readyz"}
SIGNED = {"/webhooks/jira"}
PREVIEW = ("get", "/api/v1/pages/{id}/preview")
"""It reads what stands in Confluence, where something may have been made confidential since."""


def status(service: Service, **headers: str) -> requests.Response:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.get(f"{service.url}/api/v1/status", headers=sent, timeout=10)


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


# With tokens


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_with_a_token_the_api_answers(service, scheme) -> None:
    text = tokens.create(service.world, "ci")
    assert status(service, authorization=f"{scheme} {text}").status_code == 200


@only_sqlite
def test_without_one_that_fits_the_api_answers_401_and_says_how(service) -> None:
    text = tokens.create(service.world, "ci")
    for given in (None, "", "Bearer", "Bearer ", "Bearer wrong", f"Basic {text}", text, "Bearer é", f"Token {text}"):
        headers = {} if given is None else {"Authorization": given.encode("latin-1")}
        answer = requests.get(f"{service.url}/api/v1/status", headers=headers, timeout=10)
        assert answer.status_code == 401, given
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.headers["content-type"] == "application/problem+json"
        assert text not in answer.text and "plainsight token create NAME" in answer.json()["detail"]


def test_a_token_that_is_made_or_revoked_meanwhile_counts_at_once(service) -> None:
    assert status(service).status_code == 200
    text = tokens.create(service.world, "ci")
    assert status(service).status_code == 401
    assert status(service, **bearer(text)).status_code == 200
    tokens.create(service.world, "wall")
    tokens.revoke(service.world, "ci")
    assert status(service, **bearer(text)).status_code == 401


@only_sqlite
def test_tokens_guard_every_path_of_the_api_and_no_probe(service) -> None:
    tokens.create(service.world, "ci")
    for path, operations in service.app.openapi()["paths"].items():
        for method in operations:
            answer = requests.request(method, service.url + path.replace("{id}", "1"), timeout=10)
            assert (answer.status_code == 401) is (path not in OPEN), (method, path)


@only_sqlite
def test_a_token_that_may_only_read_writes_nothing(service) -> None:
    text = tokens.create(service.world, "wall", read_only=True)
    refused = set()
    for path, operations in service.app.openapi()["paths"].items():
        for method in operations:
            asked = service.url + path.replace("{id}", "1")
            answer = requests.request(method, asked, headers=bearer(text), json={"note": "x"}, timeout=10)
            if answer.status_code == 403:
                refused.add((method, path))
                assert "'wall' may only read" in answer.json()["detail"]
    writing = {
        (method, path)
        for path, operations in service.app.openapi()["paths"].items()
        for method in operations
        if method != "get" and path not in SIGNED
    }
    assert refused == writing | {PREVIEW} and len(writing) >= 4


# Without any token


@only_sqlite
def test_before_there_is_a_token_this_machine_may_ask(service) -> None:
    port = service.address[1]
    for host in (f"127.0.0.1:{port}", f"localhost:{port}", "localhost", f"[::1]:{port}", "127.8.8.8"):
        assert status(service, host=host).status_code == 200, host
    for origin in ("http://localhost:3000", f"http://127.0.0.1:{port}", "http://[::1]"):
        assert status(service, origin=origin).status_code == 200, origin


STRANGERS = (
    {"host": "evil.example"},  # DNS rebinding: a name of theirs that leads here
    {"host": "evil.example:8080"},
    {"host": "127.0.0.1.evil.example"},
    {"host": "localhost.evil.example"},
    {"host": "localhost@evil.example"},
    {"host": "[::1"},
    {"host": "10.0.0.1"},
    {"origin": "https://evil.example"},  # a page of theirs in a browser here
    {"origin": "null"},
    {"origin": ""},
    {"origin": "http://localhost.evil.example"},
    {"x-forwarded-for": "203.0.113.9"},  # a proxy here that is asked from elsewhere
    {"x-forwarded-host": "plainsight.example"},
    {"forwarded": "for=203.0.113.9"},
    {"x-real-ip": "203.0.113.9"},
)


@only_sqlite
def test_before_there_is_a_token_nobody_reaches_through_this_machine(service) -> None:
    for headers in STRANGERS:
        for method, path in (("GET", "status"), ("POST", "sync"), ("POST", "publish")):
            answer = requests.request(method, f"{service.url}/api/v1/{path}", headers=headers, timeout=10)
            assert answer.status_code == 403, (headers, method, path)
            assert answer.headers["content-type"] == "application/problem+json"
            assert "plainsight token create NAME" in answer.json()["detail"]


@only_sqlite
def test_with_a_token_every_name_and_every_proxy_will_do(service) -> None:
    text = tokens.create(service.world, "ci")
    headers = {"host": "plainsight.example", "origin": "https://wall.example", "x-forwarded-for": "203.0.113.9"}
    assert status(service, **headers, **bearer(text)).status_code == 200


# At an address that others reach


def test_an_open_service_whose_last_token_is_revoked_lets_nobody_in(engine, clock) -> None:
    with world_on(engine, clock) as world, served(create_app(world, listens_openly=True)) as url:
        text = tokens.create(world, "ci")
        assert requests.get(f"{url}/api/v1/status", headers=bearer(text), timeout=10).status_code == 200
        tokens.revoke(world, "ci")
        for headers in ({}, bearer(text)):
            answer = requests.get(f"{url}/api/v1/status", headers=headers, timeout=10)
            assert answer.status_code == 401
            assert "There is no token" in answer.json()["detail"]


@only_sqlite
def test_a_service_that_says_it_is_reached_from_elsewhere_lets_nobody_in_without_a_token(engine, clock) -> None:
    """A plain reverse proxy asks as if it were this machine."""
    for public, expected in (("https://plainsight.example", 401), ("http://127.0.0.1:8080", 200)):
        with world_on(engine, clock, public_url=public) as world, served(create_app(world)) as url:
            assert requests.get(f"{url}/api/v1/status", timeout=10).status_code == expected


@only_sqlite
def test_without_a_token_an_open_address_is_refused(engine, clock) -> None:
    with put_together(Settings(_env_file=None), engine, clock) as house:
        for host in ("0.0.0.0", "::", "plainsight.example"):
            with pytest.raises(Invalid, match="plainsight token create NAME"):
                serve(house, host, 0)


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


# Without its database


def test_a_database_that_is_away_lets_nobody_in_and_says_so(clock, tmp_path) -> None:
    folder = tmp_path / "taken away"
    folder.mkdir()
    engine = open_engine(f"sqlite:///{folder}/x.db")
    folder.rmdir()
    with service_on(engine, clock) as service:
        for headers in ({}, bearer("ps_whatever")):
            answer = status(service, **headers)
            assert answer.status_code == 503 and re.fullmatch(r"\d+", answer.headers["retry-after"])
            assert "taken away" not in answer.text
