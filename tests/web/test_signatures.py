"""Only who knows the secret may ring: the signature is checked over the raw body, before anything is read."""

import hashlib
import hmac

import pytest

from app.errors import Unauthorized
from app.services.inbox import check_signature
from tests.web.service import SECRET, service_on, signature

BODY = b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "10001"}}'
VECTOR = "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"


def test_atlassians_own_example_of_a_signature_is_accepted() -> None:
    check_signature(b"Hello World!", f"sha256={VECTOR}", [SECRET])


@pytest.mark.parametrize("given", [f"SHA256={VECTOR}", f"sha256={VECTOR.upper()}", f"sha256= {VECTOR}"])
def test_a_signature_is_read_liberally(given: str) -> None:
    check_signature(b"Hello World!", given, [SECRET])


def test_during_a_rotation_both_secrets_open_and_no_third_one_does() -> None:
    for secret in ("old", "new"):
        check_signature(BODY, signature(BODY, secret), ["new", "old"])
    with pytest.raises(Unauthorized):
        check_signature(BODY, signature(BODY, "older"), ["new", "old"])


MD5 = "md5=" + hmac.new(SECRET.encode(), BODY, hashlib.md5).hexdigest()
SHA1 = "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, "not signed"),
        ("", "not signed"),
        (MD5, "only sha256"),
        (SHA1, "only sha256"),
        (signature(BODY).removeprefix("sha256="), "only sha256"),
        ("sha256=", "does not fit"),
        ("sha256=00", "does not fit"),
        ("sha256=é", "does not fit"),
        (signature(BODY, "guessed"), "does not fit"),
        (signature(BODY + b" "), "does not fit"),
    ],
)
def test_every_other_signature_is_refused_with_a_reason(given: str | None, told: str) -> None:
    with pytest.raises(Unauthorized, match=told):
        check_signature(BODY, given, [SECRET])


def test_without_a_configured_secret_every_webhook_is_refused() -> None:
    with pytest.raises(Unauthorized, match="PLAINSIGHT_WEBHOOK_SECRETS"):
        check_signature(BODY, signature(BODY, ""), [])


def test_a_secret_may_be_in_any_language() -> None:
    check_signature(BODY, signature(BODY, "아무도 모르게"), ["아무도 모르게"])


def test_a_forged_or_unsigned_webhook_gets_401_and_leaves_no_trace(service) -> None:
    for headers in ({}, {"x_hub_signature": MD5}, {"x_hub_signature": signature(BODY, "guessed")}):
        answer = service.post(BODY, **headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"]
    assert service.inbox() == []


def test_the_signature_is_judged_before_the_body_is_read(service) -> None:
    assert service.post(b"not json at all").status_code == 401


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_secrets_at_a_time_are_accepted_over_http(engine, clock) -> None:
    with service_on(engine, clock, webhook_secrets=("new", "old")) as service:
        answers = [service.post(BODY, x_hub_signature=signature(BODY, key)) for key in ("new", "old", "older")]
    assert [answer.status_code for answer in answers] == [200, 200, 401]
