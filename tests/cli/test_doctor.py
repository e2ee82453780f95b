"""The doctor: all is well, settings and databases that are not, and what waits for somebody."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from app.db import migrate
from app.db.models import SyncRow
from app.db.session import open_engine, writer
from connectors.sandbox import faults
from connectors.sandbox.confluence import edit_page, stored_body
from tests.cli.conftest import PERSON
from tests.cli.examined import FINE, LOOK, WRONG, change_user, examine, only_sqlite, read, ring

# All is well


@only_sqlite
def test_a_new_installation_is_told_what_is_fine_and_what_is_still_to_be_done(terminal) -> None:
    told = examine(terminal)
    assert told.wrong == set()
    assert told.one("Jira account").said == f"The token belongs to Plainsight ({PERSON})."
    assert told.one("Jira projects").said == "The account sees MKT (Marketing)."
    assert "MKT-" in told.one("Jira search").said and "customfield_" in told.one("Jira story points").said
    assert "OKR (OKR)" in told.one("Confluence space").said
    assert "home page" in told.one("Confluence parent page").said
    assert "may create pages" in told.one("Confluence rights").said
    assert {told.one(point).sign for point in ("clock", "database", "access")} == {FINE}
    assert "plainsight apply" in told.one("OKRs").cure
    assert "plainsight sync" in told.one("sync").cure
    assert "nothing is wrong" in told.last and "worth a look" in told.last


def test_a_complete_installation_gets_nothing_but_ticks(terminal, good, engine) -> None:
    terminal.set(time_zone="Asia/Seoul", webhook_secrets="ring-ring", languages="ko,en")
    terminal.set(jira_token_expires_on=str(date.today() + timedelta(days=100)))
    terminal.do("apply", "--yes", terminal.write(good))
    terminal.do("sync")
    terminal.do("publish")
    ring(engine, "ring-ring")
    told = examine(terminal)
    assert {line.sign for lines in told.values() for line in lines} == {FINE}
    assert "may edit our pages" in told.one("Confluence pages").said
    assert "was read" in told.one("sync").said and "arrived" in told.one("webhooks").said
    assert told.last.endswith("points, nothing is wrong.")


@only_sqlite
def test_the_findings_are_to_be_had_as_json(terminal) -> None:
    terminal.set(confluence_space="NOSUCH")
    said = terminal.run("doctor", "--json")
    found = json.loads(said.out)
    assert said.code == 1
    assert [one["point"] for one in found if one["verdict"] == "wrong"] == ["Confluence space"]
    assert all(set(one) == {"point", "verdict", "said", "cure"} for one in found)


@only_sqlite
def test_only_jira_is_enough_to_be_well(terminal) -> None:
    terminal.set(confluence_url="", confluence_space="")
    told = examine(terminal)
    assert told.wrong == set()
    assert told.one("Confluence").sign == LOOK and "PLAINSIGHT_CONFLUENCE_URL" in told.one("Confluence").cure


# Settings and database


def test_without_any_setting_the_way_in_is_shown_and_nothing_is_made(lone) -> None:
    told = examine(lone)
    assert "No site is set" in told.one("settings").said and "plainsight init" in told.one("settings").cure
    assert told.one("database").sign == LOOK
    assert list(lone.folder.iterdir()) == []


def test_a_setting_that_cannot_be_read_is_named(lone) -> None:
    lone.set(port="http")
    told = examine(lone)
    assert "PLAINSIGHT_PORT" in told.one("settings").said and told.wrong == {"settings"}


@only_sqlite
@pytest.mark.parametrize(
    ("given", "point", "named"),
    [
        ({"jira_url": "hanbit"}, "Jira", "PLAINSIGHT_JIRA_URL"),
        ({"jira_token": ""}, "Jira", "PLAINSIGHT_JIRA_TOKEN"),
        ({"confluence_url": "hanbit"}, "Confluence", "PLAINSIGHT_CONFLUENCE_URL"),
        ({"confluence_space": ""}, "Confluence space", "PLAINSIGHT_CONFLUENCE_SPACE"),
    ],
)
def test_a_setting_that_cannot_be_right_is_told_and_the_rest_is_looked_at(terminal, given, point, named) -> None:
    terminal.set(confluence_token="open-sesame", confluence_email="service@example.com")
    terminal.set(**given)
    told = examine(terminal)
    line = told.one(point)
    assert line.sign == WRONG and named in line.cure
    assert told.wrong == {point} and told.one("database").sign == FINE


def test_a_database_that_is_newer_is_told_and_the_sites_are_looked_at(terminal, bare_database_url) -> None:
    newer = open_engine(bare_database_url)
    migrate.upgrade(newer)
    with newer.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    newer.dispose()
    terminal.set(database_url=bare_database_url)
    told = examine(terminal)
    assert "9999" in told.one("database").said and "newer" in told.one("database").said
    assert told.wrong == {"database"} and told.one("Jira account").sign == told.one("Confluence rights").sign == FINE


def test_a_postgresql_that_is_not_migrated_is_told(terminal, bare_database_url) -> None:
    if bare_database_url.startswith("sqlite"):
        pytest.skip("an embedded database is migrated by itself")
    terminal.set(database_url=bare_database_url)
    assert "plainsight migrate" in examine(terminal).one("database").said


@only_sqlite
def test_a_database_that_cannot_be_reached_is_told_without_its_password(terminal) -> None:
    terminal.set(database_url="postgresql://me:hidden@127.0.0.1:1/x")
    said = terminal.run("doctor")
    assert "hidden" not in said.out and said.code == 1
    line = read(said).one("database")
    assert "127.0.0.1" in line.said and "PLAINSIGHT_DATABASE_URL" in line.cure


# The service


def test_what_waits_for_somebody_is_told(terminal, engine, good, site) -> None:
    terminal.do("apply", "--yes", terminal.write(good.replace("project = MKT AND labels = press", "colour = blue")))
    terminal.do("sync")
    change_user(site, expired=True)
    terminal.fail("sync")
    change_user(site, expired=False)
    told = examine(terminal)
    assert "kr-1" in told.one("evidence").said and "colour" in told.one("evidence").said
    assert "could not be read since" in told.one("sync").said and "expired" in told.one("sync").said
    terminal.set(confluence_space="NOSUCH")
    assert terminal.run("publish").code == 1
    assert all(line.sign == WRONG and "failed" in line.said for line in examine(terminal)["pages"])


@only_sqlite
def test_a_service_that_nobody_runs_is_told(terminal, engine, good) -> None:
    terminal.do("sync")
    assert examine(terminal).one("sync").sign == FINE
    with writer(engine)() as session:
        session.query(SyncRow).one().ok_at -= timedelta(hours=5)
    line = examine(terminal).one("sync")
    assert line.sign == LOOK and "5 hours ago" in line.said and "plainsight serve" in line.cure
    terminal.set(poll_schedule="0 3 * * *")
    assert examine(terminal).one("sync").sign == FINE


@only_sqlite
def test_an_open_address_without_a_token_is_told(terminal) -> None:
    terminal.set(host="0.0.0.0")
    line = examine(terminal).one("access")
    assert line.sign == WRONG and "0.0.0.0" in line.said and "plainsight token create" in line.cure


@only_sqlite
def test_an_account_in_another_time_zone_is_worth_a_look(terminal, site) -> None:
    line = examine(terminal).one("Jira time zone")
    assert line.sign == LOOK and "Asia/Seoul" in line.said and "UTC" in line.said
    change_user(site, timeZone="Etc/UTC")
    assert "Jira time zone" not in examine(terminal)


@only_sqlite
def test_what_people_did_to_a_page_is_worth_a_look(terminal, site, good) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    terminal.do("publish")
    page = next(one for one in site.store.table("wiki_pages") if one["title"].endswith("Marketing"))
    edit_page(site, page["id"], stored_body(site, page["id"]), title="Ours")
    terminal.run("audit")
    line = examine(terminal).one("pages")
    assert line.sign == LOOK and "was renamed, Ours" in line.said and "the title is kept" in line.cure


@only_sqlite
@pytest.mark.parametrize(("status", "sign"), [(403, "wrong"), (200, "look")])
def test_pages_nobody_could_look_at_are_not_called_fine(terminal, good, site, status, sign) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    terminal.do("sync")
    terminal.do("publish")
    body = {"operations": []} if status == 200 else {}
    faults.add(site, {"path": "/pages/", "status": status, "body": body})
    found = json.loads(terminal.run("doctor", "--json").out)
    assert [one["verdict"] for one in found if one["point"] == "Confluence pages"] == [sign]


@only_sqlite
def test_a_project_that_went_after_its_cycle_was_closed_is_no_trouble(terminal, good) -> None:
    named = good.replace("project = MKT AND labels = press", "project = GONE")
    terminal.do("apply", "--yes", terminal.write(named))
    assert "GONE" in examine(terminal).one("evidence").said
    terminal.do("apply", "--yes", terminal.write(named.replace("ends_on", "state: closed, ends_on", 1)))
    assert "evidence" not in examine(terminal)
