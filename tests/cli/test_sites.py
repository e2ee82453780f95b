"""Sites that refuse, hide or do not answer: told in plain words, the last values kept, and the rest goes on."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.db.models import IssueRow, MembershipRow, PageRow, SyncRow
from app.db.session import reader, writer
from connectors.sandbox import faults
from connectors.sandbox.confluence import edit_page, stored_body


@pytest.fixture
def applied(terminal, good):
    terminal.do("apply", "--yes", terminal.write(good))
    return terminal


def members(engine) -> int:
    with reader(engine)() as session:
        question = select(func.count()).select_from(MembershipRow).where(MembershipRow.left_at.is_(None))
        return session.scalar(question)


def change_user(site, **given) -> None:
    users = site.store.table("users")
    user = users.get("712020:service")
    users.put("712020:service", {**user, **given})


def test_the_whole_way_by_hand(applied, site) -> None:
    assert "filled 2" in applied.do("sync")
    assert "50" in applied.do("explain", "kr-2")
    assert "created 5" in applied.do("publish")
    before = len(site.asked)
    assert "unchanged" in applied.do("publish")
    assert len(site.asked) == before
    applied.do("checkin", "kr-1", "9", "--confidence", "7", "--note", "Two more in sight")
    assert "updated" in applied.do("publish")
    said = applied.do("status")
    assert "in sync" in said and ": ok" in said


def test_a_query_that_jira_refuses_is_told_and_the_rest_goes_on(terminal, engine, good) -> None:
    bad = good.replace("project = MKT AND labels = press", "colour = blue")
    terminal.do("apply", "--yes", terminal.write(bad))
    assert "filled 1" in terminal.do("sync")
    said = terminal.do("status")
    assert re.search(r"Evidence that Jira refuses\n\s+\S+ of kr-1: .*400.*colour", said)
    assert "in sync" in said and "OUT OF SYNC" not in said
    assert members(engine) == 2
    assert "50" in terminal.do("explain", "kr-2")
    terminal.do("apply", "--yes", terminal.write(good))  # mended
    terminal.do("sync")
    assert "colour" not in terminal.do("status")


def test_a_space_that_does_not_exist_fails_each_page_with_its_reason(applied) -> None:
    applied.do("sync")
    applied.set(confluence_space="NOSUCH")
    said = applied.run("publish")
    assert said.code == 1 and "failed" in said.out and "plainsight status" in said.err
    told = applied.do("status")
    assert told.count("NOSUCH") >= 1 and ": failed" in told


def test_a_token_without_rights_is_told_and_takes_nothing_away(applied, site, engine) -> None:
    applied.do("sync")
    assert members(engine) == 5
    change_user(site, rights=["wiki:read", "wiki:write"])
    applied.run("sync")
    assert members(engine) == 5
    change_user(site, rights=["jira:read"])
    assert applied.run("publish").code == 1
    assert "403" in applied.do("status")


def test_an_expired_token_is_recognised_and_the_last_values_are_kept(applied, site, engine) -> None:
    applied.do("sync")
    change_user(site, expired=True)
    said = applied.fail("sync")
    assert "PLAINSIGHT_JIRA_TOKEN" in said and "expired" in said
    assert members(engine) == 5
    told = applied.do("status")
    assert "OUT OF SYNC since" in told and "expired" in told
    assert "50" in applied.do("explain", "kr-2")
    change_user(site, expired=False)
    applied.do("sync")
    assert "OUT OF SYNC" not in applied.do("status")


def test_an_outage_of_more_than_an_hour_is_said_on_the_pages_beside_the_last_values(applied, site, engine) -> None:
    applied.do("sync")
    applied.do("publish")
    change_user(site, expired=True)
    applied.fail("sync")
    with writer(engine)() as session:
        session.scalars(select(SyncRow)).one().out_since -= timedelta(hours=2)
    change_user(site, expired=False)  # one token for both sites, and Confluence must be written to
    assert "updated" in applied.do("publish")
    with reader(engine)() as session:
        page = session.scalars(select(PageRow).where(PageRow.kind == "team")).one()
    body = stored_body(site, page.wiki_id)
    assert "has been out of sync since" in body and "<strong>0.5</strong>" in body


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_site_that_cannot_be_reached_is_told(applied) -> None:
    applied.set(jira_url="http://127.0.0.1:1")
    said = applied.fail("sync")
    assert "127.0.0.1:1" in said and "refused" in said
    assert "OUT OF SYNC" in applied.do("status")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_site_that_does_not_know_us_is_not_in_sync_although_there_is_nothing_to_read_yet(terminal) -> None:
    terminal.set(jira_token="wrong")
    assert "401" in terminal.fail("sync")
    assert "OUT OF SYNC" in terminal.do("status")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_call_that_atlassian_removed_is_told_as_such(applied, site) -> None:
    faults.add(site, {"path": "/rest/api/3/", "status": 410})
    assert "update Plainsight" in applied.fail("sync")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_login_page_in_the_way_is_recognised(applied, site) -> None:
    faults.add(site, {"path": "/rest/api/3/", "login_page": True})
    assert "login page" in applied.fail("sync")


def test_a_dry_run_shows_a_diff_and_writes_nothing(applied, site, engine) -> None:
    applied.do("sync")
    said = applied.do("publish", "--dry-run")
    assert "would be created" in said
    assert not [one for one in site.asked if one.method in ("POST", "PUT") and one.path.startswith("/wiki")]
    applied.do("publish")
    assert {line.split(": ")[1] for line in applied.do("publish", "--dry-run").splitlines()} == {"unchanged"}
    applied.do("checkin", "kr-1", "9")
    written = [one for one in site.asked if one.method in ("POST", "PUT") and one.path.startswith("/wiki")]
    said = applied.do("publish", "--dry-run")
    assert "would be updated" in said
    assert any(line.startswith("  +") and ">9<" in line for line in said.splitlines())
    assert written == [one for one in site.asked if one.method in ("POST", "PUT") and one.path.startswith("/wiki")]
    with reader(engine)() as session:
        assert session.scalar(select(func.count()).select_from(IssueRow)) == 3


def test_taking_over_goes_over_what_a_person_changed_and_only_when_told(applied, site, engine) -> None:
    applied.do("sync")
    applied.do("publish")
    with reader(engine)() as session:
        page = session.scalars(select(PageRow).where(PageRow.kind == "team")).one()
    edit_page(site, page.wiki_id, stored_body(site, page.wiki_id).replace("Outlets won", "Outlets lost"))
    applied.do("checkin", "kr-1", "9")
    assert applied.run("publish").code == 1
    assert f"{page.id}: conflict" in applied.do("status")
    assert "Name the pages" in applied.fail("publish", "--take-over")
    assert "Outlets lost" in stored_body(site, page.wiki_id)
    assert "updated 1" in applied.do("publish", "--take-over", page.id)
    assert "Outlets lost" not in stored_body(site, page.wiki_id)
    assert f"{page.id}: ok" in applied.do("status")
