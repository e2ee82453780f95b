"""The doctor at the doorbell: webhooks that never came, are refused, fell silent, or arrive."""

from sqlalchemy import text

from app.db.session import writer
from tests.cli.examined import FINE, LOOK, WRONG, examine, only_sqlite, ring


@only_sqlite
def test_webhooks_without_a_secret_are_worth_a_look(terminal, engine) -> None:
    line = examine(terminal).one("webhooks")
    assert line.sign == LOOK and "poll only" in line.said and "plainsight webhook instructions" in line.cure
    assert ring(engine, "ring-ring") == 401
    assert "1 times so far" in examine(terminal).one("webhooks").said


@only_sqlite
def test_a_webhook_that_never_arrived_is_told(terminal) -> None:
    terminal.set(webhook_secrets="ring-ring")
    line = examine(terminal).one("webhooks")
    assert line.sign == LOOK and "no webhook has arrived yet" in line.said
    assert "plainsight webhook instructions" in line.cure


def test_refused_webhooks_are_told_with_why_until_a_good_one_arrives(terminal, engine) -> None:
    terminal.set(webhook_secrets="ring-ring")
    assert ring(engine, None) == ring(engine, "guessed") == 401
    assert ring(engine, "ring-ring", b"") == 400
    assert "1 refused (forged), the last one 20" in terminal.do("status")
    lines = {line.said.split("1 so far: they ")[1].split(". The")[0]: line for line in examine(terminal)["webhooks"]}
    assert {line.sign for line in lines.values()} == {WRONG}
    assert "--show-secret" in lines["were signed with another secret than ours, or forged"].cure
    assert "a secret" in lines["carried no signature"].cure
    assert "Exclude body" in lines["were signed but no JSON object"].cure
    assert ring(engine, "ring-ring") == 200
    line = examine(terminal).one("webhooks")
    assert line.sign == FINE and "The last one arrived" in line.said


@only_sqlite
def test_webhooks_that_fell_silent_while_issues_changed_are_told(terminal, engine, good) -> None:
    terminal.set(webhook_secrets="ring-ring")
    terminal.do("apply", "--yes", terminal.write(good))
    assert ring(engine, "ring-ring") == 200
    with writer(engine)() as session:
        session.execute(text("UPDATE inbox SET received_at = '2026-01-01 00:00:00'"))
    terminal.do("sync")
    line = examine(terminal).one("webhooks")
    assert line.sign == LOOK and "only the poll noticed" in line.said


@only_sqlite
def test_an_address_that_atlassian_cannot_reach_is_told(terminal) -> None:
    terminal.set(
        webhook_secrets="ring-ring", public_url="http://plainsight.example.com", jira_url="http://hanbit.invalid"
    )
    lines = examine(terminal)["webhooks"]
    assert any("https://" in line.said and "PLAINSIGHT_PUBLIC_URL" in line.said for line in lines)
