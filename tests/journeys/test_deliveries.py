"""What may arrive at the webhook's door: forged, unsigned, twice, in any order, late, unknown. None of it does harm."""

import json

from sqlalchemy import Engine, func, select

from app.db.models import InboxRow
from connectors.sandbox.jira.postman import Delivery, signature
from tests.journeys.company import RED
from tests.journeys.conftest import Opening
from tests.journeys.place import SECRET, Place


def delivery(body: bytes, identifier: str = "by hand") -> Delivery:
    return Delivery("1", "by hand", "", body, SECRET, "Primary", identifier)


def noted(place: Place) -> int:
    with place.world.reading() as session:
        return session.scalar(select(func.count()).select_from(InboxRow)) or 0


def test_who_cannot_prove_to_be_jira_is_refused_and_leaves_no_trace(place: Place) -> None:
    letter = delivery(b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "10001"}}')
    forged = ("", "sha256=", "sha256=" + "0" * 64, signature("another secret", letter.body), "sha1=00", "sha256=\xfc")
    for signed in (None, *forged):
        assert place.deliver(letter, x_hub_signature=signed).status_code == 401, signed
    assert noted(place) == 0
    assert place.work() == 0


def test_a_body_changed_on_the_way_is_refused(place: Place) -> None:
    signed = signature(SECRET, b'{"issue": {"id": "10001"}}')
    assert place.deliver(delivery(b'{"issue": {"id": "10002"}}'), x_hub_signature=signed).status_code == 401


def test_without_a_secret_of_ours_no_webhook_is_believed(opening: Opening, engine: Engine) -> None:
    bare = opening(engine, webhook_secrets="")
    assert bare.deliver(delivery(b'{"issue": {"id": "10001"}}')).status_code == 401
    assert noted(bare) == 0


def test_the_secret_being_rotated_out_still_counts(opening: Opening, engine: Engine) -> None:
    place = opening(engine, webhook_secrets=f"the new one,{SECRET}")
    assert place.deliver(delivery(b"{}")).status_code == 200


def test_a_delivery_that_comes_twice_is_noted_once_and_asks_once(running: Place) -> None:
    running.transition("RED-4", "Done")
    (letter,) = running.letters()
    assert [running.deliver(letter).status_code for _ in range(3)] == [200, 200, 200]
    assert noted(running) == 1
    with running.counting() as asked:
        running.settle()
    assert asked["POST issue/bulkfetch"] == 1
    version = running.page(RED).version
    running.clock.move(30 * 60)  # Atlassian tries again for that long
    with running.counting() as asked:
        assert running.deliver(letter, x_atlassian_webhook_retry="5").status_code == 200
        running.settle()
    assert not asked
    assert running.page(RED).version == version


def test_a_replay_under_another_name_costs_one_question_and_changes_nothing(running: Place) -> None:
    running.transition("RED-4", "Done")
    (letter,) = running.letters()
    running.deliver(letter)
    running.settle()
    version = running.page(RED).version
    with running.counting() as asked:
        running.deliver(letter, x_atlassian_webhook_identifier="replayed")
        running.settle()
    assert asked == {"POST issue/bulkfetch": 1}
    assert running.page(RED).version == version


def test_deliveries_in_the_wrong_order_lead_to_the_present_state(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.clock.move(1)
    running.transition("RED-4", "To Do")
    running.clock.move(1)
    running.transition("RED-4", "Done")
    for letter in reversed(running.letters()):
        running.deliver(letter)
        running.settle()
        assert running.page(RED).cell("Four things", "Now") == "75%"


def test_a_late_delivery_tells_nothing_of_the_past(running: Place) -> None:
    running.transition("RED-4", "Done")
    (late,) = running.letters()
    running.clock.move(60)
    running.transition("RED-4", "To Do")
    running.follow()
    running.clock.move(1800)
    running.deliver(late)
    running.settle()
    assert running.page(RED).cell("Four things", "Now") == "50%"


def test_events_that_we_do_not_know_are_accepted_and_ask_nothing(place: Place) -> None:
    unknown: tuple[dict[str, object], ...] = (
        {},
        {"webhookEvent": "jira:something_new", "issue": None},
        {"webhookEvent": "sprint_started", "sprint": {"id": 7}},
        {"webhookEvent": "jira:issue_updated", "issue": {"id": "no number", "key": 5}},
        {"webhookEvent": 17, "issueLink": "gone", "user": {"accoundId": "typo"}},
        {"webhookEvent": "comment_created", "comment": {"id": "1"}, "timestamp": "not a number"},
    )
    for number, body in enumerate(unknown):
        assert place.deliver(delivery(json.dumps(body).encode(), str(number))).status_code == 200, body
    assert noted(place) == len(unknown)
    assert place.work() == 0


def test_an_issue_that_is_nobody_s_evidence_changes_nothing(running: Place) -> None:
    running.create("BLU", "Something else")
    with running.counting() as asked:
        running.follow()
    assert set(asked) == {"POST issue/bulkfetch", "POST jql/match"}
    assert running.stored_issue("BLU-5") is None


def test_what_is_no_json_object_is_refused_and_not_noted(place: Place) -> None:
    for body in (b"", b"not json", b"[1]", b"\xff\xfe", b"[" * 100_000):
        answer = place.deliver(delivery(body))
        assert 400 <= answer.status_code < 500
        assert "JSON" in answer.json()["detail"]
    assert noted(place) == 0


def test_a_body_of_thirty_megabytes_is_refused(place: Place) -> None:
    answer = place.deliver(delivery(b" " * 30_000_000))
    assert answer.status_code == 413
    assert noted(place) == 0


def test_many_that_rang_are_asked_for_in_one_request(running: Place) -> None:
    for key in ("RED-2", "RED-3", "RED-4", "RED-5", "BLU-1", "BLU-2"):
        running.transition(key, "In Progress")
        running.transition(key, "Done")
    running.ring()
    with running.counting() as asked:
        running.work()
    assert asked == {"POST issue/bulkfetch": 1, "POST jql/match": 1}
