"""Each answer becomes one meaning, in words that name site, call, what came and what to do."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.errors import AuthFailed, Conflict, Forbidden, Gone, Invalid, NotFound, Rejected, Transient

KINDS = (
    (400, Rejected, True),
    (401, AuthFailed, True),
    (403, Forbidden, True),
    (404, NotFound, True),
    (409, Conflict, False),
    (410, Gone, True),
    (413, Rejected, True),
    (422, Rejected, True),
    (405, Rejected, True),
)
LOGIN = b"<html><head><title>Log in - SSO</title></head><form><input type='password'></form></html>"


@pytest.mark.parametrize("verb", ["get", "put"])
@pytest.mark.parametrize(("status", "kind", "permanent"), KINDS)
def test_a_refusal_is_raised_at_once_as_what_it_means(stub, remote, naps, verb, status, kind, permanent):
    stub.then(status, {"message": "because"}).then()
    with pytest.raises(kind) as caught:
        remote.get("a/b", {"title": "x"}) if verb == "get" else remote.put("a/b", {})
    assert caught.value.permanent is permanent
    assert caught.value.message.startswith(f"Jira {remote.site}: {verb.upper()} /a/b answered {status} ")
    assert "because" in caught.value.message
    assert "title" not in caught.value.message
    assert len(stub.asked) == 1
    assert naps == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"errorMessages": ["Bad JQL."], "errors": {}}, "Bad JQL"),
        ({"errorMessages": [], "errors": {"summary": "is required"}}, "summary: is required"),
        ({"errors": [{"status": 400, "title": "Title taken", "detail": "in space OKR"}]}, "Title taken: in space OKR"),
        ({"errors": [{"title": "Title taken", "detail": None}]}, "Title taken"),
        ({"statusCode": 400, "data": {}, "message": "Error parsing xhtml: [11,7]"}, "Error parsing xhtml: [11,7]"),
        ({"data": {"errors": [{"message": {"key": "k", "translation": "Too deep"}}]}, "message": ""}, "Too deep"),
        ({"code": 400, "message": "scope does not match"}, "scope does not match"),
        ({"errorMessages": ["two\nlines\x00"]}, "two lines"),
        (["odd"], "400 Bad Request"),
        (b"\xff\xfe not json", "400 Bad Request"),
        (b"<html>nginx</html>", "a web page instead of data"),
    ],
)
def test_atlassians_own_reason_is_passed_on_from_every_shape_of_error(stub, remote, body, reason):
    stub.then(400, body)
    with pytest.raises(Rejected) as caught:
        remote.get("thing")
    assert reason in caught.value.message
    assert caught.value.message.isprintable()


def test_an_endless_reason_is_cut(stub, remote):
    stub.then(400, {"message": "x" * 10_000})
    with pytest.raises(Rejected) as caught:
        remote.get("thing")
    assert len(caught.value.message) < 700


@pytest.mark.parametrize("status", [200, 404, 429, 500])
@pytest.mark.parametrize(
    "told", ["AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED", "AUTHORISATION_FAILED", "OUT, AUTHENTICATED_FAILED"]
)
def test_a_failed_login_is_found_behind_any_status(stub, remote, status, told):
    stub.always(status, {"issues": []}, {"x-seraph-loginreason": told})
    with pytest.raises(AuthFailed, match="PLAINSIGHT_JIRA_TOKEN"):
        remote.ask("rest/api/3/search/jql", {})
    assert len(stub.asked) == 1


def test_a_good_login_is_not_mistaken(stub, remote):
    stub.then(body={"issues": []}, headers={"x-seraph-loginreason": "OK"})
    assert remote.get("thing") == {"issues": []}


def test_a_refused_token_is_not_tried_again_lest_the_account_be_locked(stub, remote):
    stub.always(401)
    with pytest.raises(AuthFailed, match="wrong, expired or revoked"):
        remote.get("thing")
    assert len(stub.asked) == 1


@pytest.mark.parametrize("verb", ["get", "put"])
def test_a_login_page_instead_of_data_is_no_success(stub, remote, verb):
    stub.always(200, LOGIN, {"Content-Type": "text/html"})
    with pytest.raises(AuthFailed, match="login page"):
        remote.get("thing") if verb == "get" else remote.put("thing", {})
    assert len(stub.asked) == 1


def test_another_web_page_instead_of_data_may_pass(stub, remote):
    stub.always(200, b"<!doctype html><p>Back soon</p>", {"Content-Type": "text/html"})
    with pytest.raises(Transient, match="web page instead of data"):
        remote.get("thing")


@pytest.mark.parametrize(
    ("location", "kind", "words"),
    [
        ("https://id.example.com/x?token=1", AuthFailed, "https://id.example.com/x"),
        ("/login?os_destination=x", AuthFailed, "login page"),
        ("/elsewhere/b", Rejected, "PLAINSIGHT_JIRA_URL"),
        ("/jira/a", Rejected, r"Write http://127.0.0.1:\d+/jira into PLAINSIGHT_JIRA_URL"),
        (
            "https://me:pass@new.example.com/a?token=1",
            Rejected,
            "Write https://new.example.com into PLAINSIGHT_JIRA_URL",
        ),
    ],
)
def test_a_redirect_is_reported_and_never_followed(stub, remote, location, kind, words):
    stub.then(302, headers={"Location": location}).then()
    with pytest.raises(kind, match=words) as caught:
        remote.post("a", {})
    assert len(stub.asked) == 1
    assert "token=1" not in caught.value.message


def test_no_content_is_an_answer(stub, remote):
    stub.then(204, b"")
    assert remote.put("thing", {}) is None


def test_neither_token_nor_body_is_ever_logged(stub, connect, caplog):
    caplog.set_level("DEBUG")
    stub.then(500).then(429, headers={"Retry-After": "1"}).then()
    connect(stub.url, "t0ps3cret", None).ask("a", {"jql": "hush = 1"}, {"p": "pst"})
    assert "try 1 failed" in caplog.text
    for secret in ("t0ps3cret", "hush"):
        assert secret not in caplog.text


def test_email_and_token_are_sent_as_basic_auth_and_a_token_alone_as_bearer(stub, connect, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login thief password stolen\n")
    monkeypatch.setenv("NETRC", str(netrc))
    stub.always()
    connect(stub.url, " tok\n", "bot@example.com").get("a")
    connect(stub.url, "tok", None).get("a")
    assert [asked.headers["authorization"] for asked in stub.asked] == [
        "Basic Ym90QGV4YW1wbGUuY29tOnRvaw==",
        "Bearer tok",
    ]


@pytest.mark.parametrize("token", ["", "  ", "토큰", "two words", "line\nbreak"])
def test_what_cannot_be_a_token_is_said_before_anything_is_sent(stub, connect, token):
    with pytest.raises(AuthFailed, match="token") as caught:
        connect(stub.url, token)
    assert not token.strip() or token not in caught.value.message


def test_we_say_who_we_are_and_keep_no_cookies(stub, remote):
    stub.then(headers={"Set-Cookie": "JSESSIONID=1; Path=/"}).then()
    remote.get("a")
    remote.get("a")
    assert stub.asked[0].headers["user-agent"].startswith("plainsight/")
    assert "cookie" not in stub.asked[1].headers


@pytest.mark.parametrize("url", ["", "example.atlassian.net", "ftp://example.com", "https://"])
def test_what_is_no_web_address_is_refused_with_an_example(connect, url):
    with pytest.raises(Invalid, match=r"https://example\.atlassian\.net"):
        connect(url)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://Example.atlassian.net/", "example.atlassian.net"),
        ("https://user:pw@example.com:8443/jira/", "example.com:8443/jira"),
        ("https://api.atlassian.com/ex/jira/123-abc", "api.atlassian.com/ex/jira/123-abc"),
    ],
)
def test_a_site_is_called_by_host_and_context_path(connect, url, site):
    assert connect(url).site == site


def test_each_thread_has_its_own_connection_and_all_are_closed(stub, remote):
    stub.always()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: remote.get("a"), range(40)))
    assert len(stub.asked) == 40
    remote.close()
    remote.get("a")


def test_an_answer_out_of_a_cache_tells_no_time(stub, remote):
    stub.then(headers={"Age": "40"}).then(headers={"Age": "0"})
    remote.get("a")
    assert remote.ahead is None
    remote.get("a")
    assert remote.ahead is not None
