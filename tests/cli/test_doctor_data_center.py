"""What the doctor says of Confluence Data Center beside a Jira Cloud: what it is, as whom, with what rights."""

from datetime import date, timedelta

import pytest

from connectors.sandbox import faults
from connectors.sandbox.confluence import restrict_page, restrict_space, space_by_key
from connectors.sandbox.site import ADMIN
from tests.cli.examined import FINE, LOOK, WRONG, change_user, examine, only_sqlite

pytestmark = only_sqlite


@pytest.fixture
def beside(terminal, site):
    """The terminal's settings, with Confluence at the sandbox's Data Center and a token of its own."""
    ends = date.today() + timedelta(days=200)
    terminal.set(
        confluence_url=f"{site.base_url}/confluence",
        confluence_token="open-sesame",
        confluence_token_expires_on=ends.isoformat(),
    )
    return terminal


def asked_of_confluence(site):
    return [one for one in site.asked if "/confluence/" in one.path]


def test_a_site_that_is_well_gets_ticks(beside, site) -> None:
    told = examine(beside)
    host = site.base_url.removeprefix("http://")
    assert told.one("Confluence address").said == f"Confluence Data Center answers at {host}/confluence."
    assert "Plainsight" in told.one("Confluence account").said
    assert "OKR" in told.one("Confluence space").said
    points = ("address", "account", "space", "parent page", "rights", "token")
    assert {told.one(f"Confluence {point}").sign for point in points} == {FINE}
    assert [line.sign for line in told["clock"]] == [FINE, FINE]
    assert "accounts" not in told
    assert not [one for one in site.asked if one.path.startswith("/wiki/")]


def test_a_token_that_is_refused_is_told_with_what_helps_on_data_center(beside, site) -> None:
    beside.set(confluence_token="wrong-token")
    line = examine(beside).one("Confluence account")
    assert line.sign == WRONG and "401" in line.said
    assert "PLAINSIGHT_CONFLUENCE_TOKEN" in line.cure and "Personal access tokens" in line.cure
    assert "id.atlassian.com" not in line.cure and "api.atlassian.com" not in line.cure
    assert len(asked_of_confluence(site)) == 1  # refused logins lock an account


def test_a_password_is_told_with_the_user_whose_it_is(beside) -> None:
    beside.set(confluence_token="wrong-token", confluence_email="bot")
    assert "user bot" in examine(beside).one("Confluence account").cure


def test_the_token_of_jira_is_not_sent_there(beside, site) -> None:
    beside.set(confluence_token="")
    line = examine(beside).one("Confluence")
    assert line.sign == WRONG and "PLAINSIGHT_CONFLUENCE_TOKEN" in line.cure
    assert asked_of_confluence(site) == []


def test_an_address_where_no_confluence_answers_is_told(beside, site) -> None:
    beside.set(confluence_url=f"{site.base_url}/wikis")
    line = examine(beside).one("Confluence address")
    assert line.sign == WRONG and "404" in line.said and "Data Center" in line.cure


def test_an_account_that_may_not_add_pages_is_told(beside, site) -> None:
    space = space_by_key(site, "OKR")
    restrict_space(site, space["id"], editors=[ADMIN])
    assert examine(beside).one("Confluence rights").sign == WRONG
    restrict_space(site, space["id"])
    restrict_page(site, space["homepageId"], writers=[ADMIN])
    assert examine(beside).one("Confluence rights").sign == LOOK


def test_a_space_that_is_not_there_and_a_parent_that_is_not_are_told(beside, site) -> None:
    beside.set(confluence_parent="999999")
    assert examine(beside).one("Confluence parent page").sign == WRONG
    beside.set(confluence_space="NOPE")
    assert "'NOPE'" in examine(beside).one("Confluence space").said


def test_a_day_on_which_the_token_ends_that_nobody_stated_is_asked_for(beside) -> None:
    beside.set(confluence_token_expires_on="")
    line = examine(beside).one("Confluence token")
    assert line.sign == LOOK and "Personal access tokens" in line.cure and "id.atlassian.com" not in line.cure


def test_an_outage_is_no_matter_of_the_token(beside, site) -> None:
    faults.add(site, {"path": "/confluence/", "status": 503})
    line = examine(beside).one("Confluence address")
    assert line.sign == WRONG and "503" in line.said


def test_an_account_that_may_not_use_confluence_is_told(beside, site) -> None:
    change_user(site, rights=["jira:read", "jira:write"])
    line = examine(beside).one("Confluence account")
    assert "global permissions" in line.cure and "admin.atlassian.com" not in line.cure
