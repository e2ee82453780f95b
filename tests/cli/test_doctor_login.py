"""The doctor at the door: wrong tokens, addresses and clocks, each named in words that an admin understands."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from app.db.session import open_engine
from app.house import House
from app.main import put_together, utc_now
from app.settings import Settings
from connectors.sandbox import faults
from tests.cli.examined import FINE, LOOK, WRONG, change_user, examine, only_sqlite

# The token


@only_sqlite
@pytest.mark.parametrize(
    "given", [{"jira_token": "wrong-token"}, {"jira_email": "somebody@example.com"}], ids=["token", "email"]
)
def test_a_wrong_token_or_email_is_told_and_tried_once_only(terminal, site, given) -> None:
    terminal.set(**given)
    told = examine(terminal)
    line = told.one("Jira account")
    assert line.sign == WRONG and "401" in line.said
    assert "PLAINSIGHT_JIRA_EMAIL" in line.cure and "PLAINSIGHT_JIRA_TOKEN" in line.cure
    assert given.get("jira_email", "service@example.com") in line.cure and "api-tokens" in line.cure
    assert told.one("Jira address").sign == FINE
    assert told.one("Confluence").sign == LOOK and "same token" in told.one("Confluence").said
    assert [one.status for one in site.asked].count(401) == 1


@only_sqlite
def test_an_expired_token_is_told_with_the_day_that_was_stated(terminal, site) -> None:
    yesterday = date.today() - timedelta(days=2)
    terminal.set(jira_token_expires_on=str(yesterday))
    change_user(site, expired=True)
    told = examine(terminal)
    assert "AUTHENTICATED_FAILED" in told.one("Jira account").said and "expired" in told.one("Jira account").cure
    assert told.one("Jira token").sign == WRONG and str(yesterday) in told.one("Jira token").said


@only_sqlite
def test_a_search_that_lets_nobody_in_as_if_nothing_were_wrong_is_found_out(terminal, site) -> None:
    """Atlassian's answer to an ended token: 200, no issues, and a header."""
    headers = {"x-seraph-loginreason": "AUTHENTICATED_FAILED"}
    faults.add(site, {"path": "search/jql", "status": 200, "body": {"issues": [], "isLast": True}, "headers": headers})
    line = examine(terminal).one("Jira search")
    assert line.sign == WRONG and "login refused" in line.said and "PLAINSIGHT_JIRA_TOKEN" in line.cure


@only_sqlite
def test_an_email_that_is_missing_is_told(terminal) -> None:
    terminal.set(jira_email="", jira_token="wrong-token")
    assert "bearer token" in examine(terminal).one("Jira account").cure


@only_sqlite
def test_a_wrong_token_of_confluence_is_told_as_its_own(terminal) -> None:
    terminal.set(confluence_token="wrong-token")
    told = examine(terminal)
    assert told.one("Jira account").sign == FINE
    line = told.one("Confluence account")
    assert "401" in line.said and "PLAINSIGHT_CONFLUENCE_TOKEN" in line.cure
    assert "Confluence space" not in told


@only_sqlite
def test_two_accounts_are_worth_a_look(terminal, site) -> None:
    site.add_user("writer@example.com", "Writer", token="wrong-token")
    terminal.set(confluence_email="writer@example.com", confluence_token="wrong-token")
    line = examine(terminal).one("accounts")
    assert line.sign == LOOK and "as Plainsight" in line.said and "as Writer" in line.said


@only_sqlite
@pytest.mark.parametrize(
    ("days", "sign", "words"),
    [(0, LOOK, "today"), (1, LOOK, "tomorrow"), (7, LOOK, "in 7 days"), (30, LOOK, "in 30 days"), (31, FINE, "until")],
)
def test_the_end_of_a_token_is_told_in_time(terminal, days, sign, words) -> None:
    terminal.set(jira_token_expires_on=str(utc_now().date() + timedelta(days=days)))
    line = examine(terminal).one("Jira token")
    assert (line.sign, words in line.said) == (sign, True)


@only_sqlite
def test_an_end_that_nobody_stated_is_asked_for(terminal) -> None:
    terminal.set(confluence_token="open-sesame")
    told = examine(terminal)
    assert "PLAINSIGHT_JIRA_TOKEN_EXPIRES_ON" in told.one("Jira token").cure
    assert "PLAINSIGHT_CONFLUENCE_TOKEN_EXPIRES_ON" in told.one("Confluence token").cure


# The address


@only_sqlite
@pytest.mark.parametrize(
    ("url", "words"),
    [("http://127.0.0.1:1", "refused"), ("http://hanbit.invalid", "cannot be resolved")],
    ids=["refused", "unknown"],
)
def test_a_site_that_cannot_be_reached_is_told(terminal, url, words) -> None:
    terminal.set(jira_url=url)
    told = examine(terminal)
    line = told.one("Jira address")
    assert line.sign == WRONG and words in line.said
    assert "PLAINSIGHT_JIRA_URL" in line.cure and url.removeprefix("http://") in line.cure and "firewall" in line.cure
    assert told.one("Confluence account").sign == FINE


@only_sqlite
def test_https_where_there_is_none_is_told(terminal, site) -> None:
    terminal.set(jira_url=site.base_url.replace("http:", "https:"))
    line = examine(terminal).one("Jira address")
    assert line.sign == WRONG and "does not speak https" in line.said and "PLAINSIGHT_JIRA_URL" in line.cure


@only_sqlite
def test_a_confluence_that_cannot_be_reached_is_told(terminal) -> None:
    terminal.set(confluence_url="http://127.0.0.1:1")
    told = examine(terminal)
    assert "refused" in told.one("Confluence address").said and told.one("Jira account").sign == FINE
    assert "PLAINSIGHT_CONFLUENCE_URL" in told.one("Confluence address").cure


@only_sqlite
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (HTMLResponse("<!doctype html><title>Your site</title>", 404), "404"),
        (PlainTextResponse("no", 404), "404"),
        (HTMLResponse("<!doctype html><h1>Welcome to nginx!</h1>"), "web page instead of data"),
        (PlainTextResponse("{}", media_type="application/json"), "not as Jira does"),
    ],
    ids=["atlassian's 404", "bare 404", "another web server", "another API"],
)
def test_an_address_that_is_not_jiras_is_told(terminal, door, answer, words) -> None:
    door.app = answer
    told = examine(terminal)
    line = told.one("Jira address")
    assert line.sign == WRONG and words in line.said
    assert "PLAINSIGHT_JIRA_URL" in line.cure and "https://example.atlassian.net" in line.cure
    assert {"Jira account", "Jira projects"}.isdisjoint(told)
    assert told.one("Confluence address" if "Confluence address" in told else "Confluence account").sign == WRONG


@only_sqlite
def test_an_address_that_has_moved_is_told_with_the_new_one(terminal, door) -> None:
    door.app = RedirectResponse("https://hanbit.atlassian.net/rest/api/2/serverInfo", 301)
    line = examine(terminal).one("Jira address")
    assert "301" in line.said
    assert line.cure == "Write https://hanbit.atlassian.net into PLAINSIGHT_JIRA_URL."


@only_sqlite
def test_a_login_page_in_the_way_is_told(terminal, site) -> None:
    faults.add(site, {"path": "/", "login_page": True})
    line = examine(terminal).one("Jira account")
    assert line.sign == WRONG and "login page" in line.cure


@only_sqlite
def test_jira_data_center_is_told_to_be_unsupported(terminal, site) -> None:
    body = {"deploymentType": "Server", "version": "10.3.1", "serverTitle": "Jira"}
    faults.add(site, {"path": "serverInfo", "status": 200, "body": body})
    told = examine(terminal)
    line = told.one("Jira address")
    assert line.sign == WRONG and "Data Center" in line.said and "10.3.1" in line.said and "not supported" in line.said
    assert "Jira account" not in told
    assert "Confluence Cloud answers" in told.one("Confluence address").said


# The clock


@dataclass
class Shifted:
    """The house with a clock that is off."""

    by: timedelta

    @contextmanager
    def __call__(self, settings: Settings) -> Iterator[House]:
        engine = open_engine(settings.database_url)
        with put_together(settings, engine, lambda: utc_now() + self.by) as house:
            yield house
        engine.dispose()


@only_sqlite
@pytest.mark.parametrize(
    ("minutes", "sign", "words"),
    [
        (-10, WRONG, "10 minutes behind Jira's"),
        (10, WRONG, "10 minutes ahead of Jira's"),
        (-3, LOOK, "3 minutes behind"),
        (3, LOOK, "3 minutes ahead"),
        (0.5, FINE, "agree"),
    ],
)
def test_a_clock_that_is_off_is_told_with_how_much_and_which(terminal, minutes, sign, words) -> None:
    terminal.house = Shifted(timedelta(minutes=minutes))
    line = examine(terminal).one("clock")
    assert line.sign == sign and words in line.said
    assert sign == FINE or ("This machine's clock" in line.said and "NTP" in line.cure)


@only_sqlite
def test_without_jira_the_clock_is_held_against_confluence(terminal) -> None:
    terminal.set(jira_url="", confluence_token="open-sesame")
    terminal.house = Shifted(timedelta(hours=9))
    assert "9 hours ahead of Confluence's" in examine(terminal).one("clock").said
