"""Every command: its help, what it says, and how it fails, in one clear sentence and with the right exit status."""

import re
import subprocess
import sys

import pytest
from sqlalchemy import select, text

from app.cli import app as commands
from app.db import migrate
from app.db.models import CheckInRow, MeasurementRow
from app.db.session import open_engine, reader
from app.main import command_line

COMMANDS = sorted(one.name or one.callback.__name__.replace("_", "-") for one in command_line().registered_commands)
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def test_the_commands_are_these() -> None:
    assert commands is command_line()
    assert set(COMMANDS) >= {
        "apply", "checkin", "demo", "explain", "migrate", "publish", "sandbox", "serve", "status", "sync",
    }  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(lone, command) -> None:
    said = lone.do(command, "--help")
    assert "Usage: plainsight " + command in " ".join(said.split())
    assert said == lone.do(command, "-h")


def test_without_a_command_the_help_is_shown(lone) -> None:
    said = lone.run()
    assert all(command in said.out for command in COMMANDS)
    assert said.code in (0, 2)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("publsh",), "publsh"),
        (("apply",), "FILE"),
        (("checkin", "kr-1", "--confidence", "11"), "--confidence"),
        (("serve", "--port", "http"), "--port"),
        (("sync", "--fast"), "--fast"),
    ],
)
def test_a_mistyped_command_is_a_usage_error(lone, arguments, told) -> None:
    said = lone.run(*arguments)
    assert said.code == 2 and told in said.err + said.out


# Sites and settings


@pytest.mark.parametrize(
    ("command", "variable"),
    [(("sync",), "PLAINSIGHT_JIRA_URL"), (("publish", "index"), "PLAINSIGHT_CONFLUENCE_URL")],
    ids=["sync", "publish"],
)
@only_sqlite
def test_what_needs_a_site_says_which_setting_is_missing(terminal, good, command, variable) -> None:
    terminal.set(jira_url="", confluence_url="")
    terminal.do("apply", "--yes", terminal.write(good))
    said = terminal.run(*command)
    assert said.code == 1
    assert variable in said.err + terminal.do("status")


@only_sqlite
def test_a_bad_setting_is_named(terminal) -> None:
    terminal.set(port="http", time_zone="Mars")
    said = terminal.fail("status")
    assert "PLAINSIGHT_PORT" in said and "PLAINSIGHT_TIME_ZONE" in said


@only_sqlite
def test_a_site_without_a_token_says_which_variable_to_set(terminal) -> None:
    terminal.set(jira_token="")
    assert "PLAINSIGHT_JIRA_TOKEN" in terminal.fail("sync")


# Databases


def test_an_embedded_database_is_made_on_first_use(lone) -> None:
    assert "0 webhook deliveries wait" in lone.do("status")
    assert (lone.folder / "plainsight.db").exists()
    assert "Already at" in lone.do("migrate")


def test_a_postgresql_that_is_not_migrated_is_refused_until_it_is(lone, bare_database_url) -> None:
    if bare_database_url.startswith("sqlite"):
        pytest.skip("an embedded database is migrated by itself")
    lone.set(database_url=bare_database_url)
    assert "run `plainsight migrate`" in lone.fail("status")
    assert f"Migrated to {migrate.newest()}." in lone.do("migrate")
    assert "Already at" in lone.do("migrate")
    assert "0 webhook deliveries wait" in lone.do("status")


def test_a_database_that_is_newer_than_the_code_is_refused(lone, bare_database_url) -> None:
    engine = open_engine(bare_database_url)
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    lone.set(database_url=bare_database_url)
    for command in ("status", "migrate", "serve"):
        said = lone.fail(command)
        assert "9999" in said and "newer" in said
    assert migrate.present(engine) == "9999"
    engine.dispose()


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://me:hidden@127.0.0.1:1/x", "127.0.0.1"),
        ("mysql://me:hidden@db/x", "not supported"),
        ("nonsense:hidden", "cannot be read"),
        ("sqlite:///no/such/folder/x.db", "does not exist"),
        ("sqlite://", "in memory"),
        ("sqlite:///okrs.yaml", "not a database"),
    ],
)
def test_a_database_that_cannot_be_had_is_told_without_its_password(lone, url, told) -> None:
    lone.write("organisation: {name: Hanbit}\n" * 100)
    lone.set(database_url=url)
    for command in ("status", "migrate"):
        said = lone.fail(command)
        assert told in said and "hidden" not in said
        assert len(said.splitlines()) == 1


# Explain, check in


def test_explain_says_the_same_in_both_languages(terminal, good) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    terminal.do("sync")
    english, korean = (terminal.do("explain", "kr-2", "--language", one) for one in ("en", "ko"))
    assert len(english.splitlines()) == len(korean.splitlines()) > 1
    assert english != korean and "50" in english and "50" in korean
    assert terminal.do("explain", "kr-2") == english  # the first language of the settings


def test_explain_knows_objectives_and_says_what_there_is(terminal, good) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    assert terminal.do("explain", "O-1").startswith("Be the brand")
    said = terminal.fail("explain", "kr-9")
    assert "'kr-9'" in said and "kr-1, kr-2" in said


@only_sqlite
def test_explain_refuses_a_language_that_there_is_not(terminal, good) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    said = terminal.run("explain", "kr-1", "--language", "fr")
    assert said.code in (1, 2) and "ko" in said.err and "en" in said.err


def test_a_check_in_is_noted_down_with_its_value(terminal, engine, good) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    assert terminal.do("checkin", "kr-1", "9.5", "--confidence", "7", "--note", "Good week") == "kr-1: noted down.\n"
    with reader(engine)() as session:
        entry = session.scalars(select(CheckInRow)).one()
        assert (entry.confidence, entry.note, entry.by) == (7, "Good week", "haeun")
        assert str(session.scalars(select(MeasurementRow.value)).one().normalize()) == "9.5"
    assert "9.5" in terminal.do("explain", "kr-1")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("kr-9", "1"), "no key result"),
        (("kr-1",), "says nothing"),
        (("kr-1", "many"), "not a number"),
        (("kr-1", "1,5"), "not a number"),
        (("kr-1", "NaN"), "not a number"),
        (("kr-1", "1.1234567"), "more than 6 decimal places"),
        (("kr-1", "1e30"), "out of range"),
        (("kr-2", "1"), "jira.share_done"),
        (("O-1", "1"), "no key result"),
    ],
)
@only_sqlite
def test_a_check_in_that_cannot_be_is_refused_and_nothing_is_kept(terminal, engine, good, arguments, told) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    assert told in terminal.fail("checkin", *arguments, "--note", "" if len(arguments) == 1 else "said")
    with reader(engine)() as session:
        assert session.scalars(select(CheckInRow)).all() == session.scalars(select(MeasurementRow)).all() == []


def test_status_tells_how_everything_stands(terminal, good) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    terminal.do("sync")
    terminal.do("publish")
    lines = [line.strip() for line in terminal.do("status").splitlines()]
    assert lines[0] == "Sites" and "in sync" in lines[1]
    assert "Pages: ok 5" in lines
    assert len([line for line in lines if ": ok" in line and "http" in line]) == 5
    assert any(" poll: filled 2" in line for line in lines)
    assert any(re.search(r" publish: .*created 5", line) for line in lines)


@only_sqlite
def test_publishing_a_page_that_there_is_not_names_those_there_are(terminal, good) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    assert "There are: index" in terminal.fail("publish", "indx")


# As a program of its own


def test_the_program_itself_says_its_error_without_a_traceback_and_ends_with_one(tmp_path) -> None:
    start = [sys.executable, "-c", "from app.main import run; run()", "status"]
    surroundings = {"PATH": "/usr/bin:/bin", "PYTHONPATH": ":".join(sys.path), "PLAINSIGHT_PORT": "http"}
    done = subprocess.run(start, cwd=tmp_path, env=surroundings, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.splitlines()[0] == "Error: These settings cannot be used:"
    assert "PLAINSIGHT_PORT" in done.stderr and "Traceback" not in done.stderr
