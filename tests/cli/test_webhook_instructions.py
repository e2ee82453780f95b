"""`plainsight webhook instructions`: exactly what to click in Jira for this installation."""

import re

import pytest

from app.services.inbox import read_delivery
from app.services.instructions import EVENTS
from connectors.sandbox.jira import events


@pytest.fixture
def connected(lone):
    """Settings alone are enough: neither a database nor a site is asked."""
    lone.set(jira_url="https://hanbit.atlassian.net/", jira_token="open-sesame", projects="web,MKT,DO")
    lone.set(webhook_secrets="ring-ring,old-ring", public_url="https://okr.example.com/")
    return lone


def instructions(terminal, *arguments: str) -> str:
    return " ".join(terminal.do("webhook", "instructions", *arguments).split())


def test_the_page_the_address_and_the_filter_are_those_of_this_installation(connected) -> None:
    said = instructions(connected)
    assert "https://hanbit.atlassian.net/plugins/servlet/webhooks" in said
    assert "URL https://okr.example.com/webhooks/jira" in said
    assert 'project in ("DO", "MKT", "web")' in said
    assert "Exclude body off" in said and "plainsight doctor" in said
    assert "Issue created, updated, deleted" in said and "Issue link created, deleted" in said
    assert not (connected.folder / "plainsight.db").exists()


def test_the_secret_is_printed_only_when_asked_for(connected) -> None:
    hidden = instructions(connected)
    assert "ring-ring" not in hidden and "old-ring" not in hidden and "--show-secret" in hidden
    said = instructions(connected, "--show-secret")
    assert "ring-ring" in said and "old-ring" not in said and "open-sesame" not in said


def test_without_a_secret_a_new_one_is_offered_each_time(connected) -> None:
    connected.set(webhook_secrets="")
    first, second = (re.findall(r"PLAINSIGHT_WEBHOOK_SECRETS=([0-9a-f]{64})", instructions(connected)) for _ in "12")
    assert len(first) == len(second) == 1 and first != second


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("", "PLAINSIGHT_PUBLIC_URL is not set"),
        ("http://okr.example.com", "must begin with https://"),
        ("okr.example.com", "must begin with https://"),
        ("http://127.0.0.1:8080", "this machine alone"),
        ("https://localhost", "this machine alone"),
    ],
)
def test_an_address_that_cannot_be_reached_is_told_with_what_it_must_be_like(connected, address, told) -> None:
    connected.set(public_url=address)
    said = instructions(connected)
    assert told in said and "certificate of a public authority" in said and "127.0.0.1:8080" in said


def test_an_address_that_names_the_path_already_is_fine(connected) -> None:
    connected.set(public_url="https://okr.example.com/plainsight/webhooks/jira")
    assert "URL https://okr.example.com/plainsight/webhooks/jira Secret" in instructions(connected)


def test_a_sandbox_on_this_machine_reaches_this_machine(connected) -> None:
    connected.set(jira_url="http://127.0.0.1:8090", public_url="http://127.0.0.1:8080")
    assert "URL http://127.0.0.1:8080/webhooks/jira" in instructions(connected)


def test_jiras_page_is_the_one_for_browsers(connected) -> None:
    connected.set(jira_url="https://api.atlassian.com/ex/jira/1")
    assert "your site's address + /plugins/servlet/webhooks" in instructions(connected)
    connected.set(jira_web_url="https://hanbit.atlassian.net")
    assert "https://hanbit.atlassian.net/plugins/servlet/webhooks" in instructions(connected)


def test_without_projects_all_issues_ring(connected) -> None:
    connected.set(projects="")
    assert "all issues" in instructions(connected)


def test_without_jira_there_is_nothing_to_set_up(lone) -> None:
    assert "plainsight init" in lone.fail("webhook", "instructions")


def test_the_events_to_tick_are_those_that_ring_somebody() -> None:
    """Each is one that Jira has, and one whose body names an issue."""
    names = {"Issue": "jira:issue_{}", "Issue link": "issuelink_{}"}
    ticked = {names[group].format(what) for group, several in EVENTS.items() for what in several}
    assert ticked <= set(events.KNOWN)
    bodies = (b'{"issue": {"id": "1"}}', b'{"issueLink": {"sourceIssueId": 1, "destinationIssueId": 2}}')
    assert all(read_delivery(body, "x").issue_ids for body in bodies)
