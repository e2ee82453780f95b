"""`plainsight init`: from nothing to an installation that works, each answer tried, and nothing harmed on the way."""

import json
import re
import stat
from datetime import date
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest
import typer
from ruamel.yaml import YAML
from sqlalchemy import make_url

from app import settings
from app.cli.init import files, pasted
from app.cli.init.questions import MADE, questions
from app.errors import Invalid
from app.main import command_line
from app.okrs_file.read import read_text
from app.services.okrs import schema
from connectors.sandbox.site import Site
from tests.cli.conftest import Terminal
from tests.cli.typist import CTRL_C, Typist

TOKEN = "open-sesame"


@pytest.fixture
def bare(lone: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal without any setting in its environment."""
    for name in ("LOG_LEVEL", "LANGUAGES", "TIME_ZONE"):
        monkeypatch.delenv(f"PLAINSIGHT_{name}")
    return lone


@pytest.fixture
def scripted(bare: Terminal, site: Site) -> tuple[str, ...]:
    """The options that a script would give for the sandbox site, its token in a file."""
    bare.write(TOKEN + "\n", "token")
    return (
        *("init", "--no-input", "--folder", "new", "--jira-url", site.base_url, "--jira-email", "service@example.com"),
        *("--jira-token-file", "token", "--space", "OKR"),
    )


def tree(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# At a terminal


def test_a_newcomer_gets_from_nothing_to_a_published_page_past_a_wrong_address_token_and_space(
    bare: Terminal, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = site.base_url.removeprefix("http://")
    with Typist(bare.folder, "init", "--folder", "new") as person:
        person.answer("Address of Jira", "not an address")
        person.answer("Address of Jira", "127.0.0.1:1")
        person.answer("all the same?")
        person.answer("Address of Jira", f"{host}/jira/board/MKT")
        person.answer("E-mail", "service")
        person.answer("E-mail", "service@example.com")
        person.answer("API token", "wrong-token")
        person.answer("Day on which", "2099-01-31")
        person.answer("all the same?", "n")
        person.answer("E-mail")
        person.answer("API token", TOKEN)
        person.answer("Day on which")
        person.answer("Jira projects that", "XYZ")
        person.answer("all the same?")
        person.answer("Jira projects that", "mkt")
        person.answer("Address of Confluence")
        person.answer("E-mail")
        person.answer("API token")
        person.answer("Space for the pages", "NOSUCH")
        person.answer("all the same?")
        person.answer("Space for the pages", f"{site.base_url}/wiki/spaces/OKR/overview")
        person.answer("Languages", "fr")
        person.answer("Languages", "en")
        person.answer("Time zone")
        person.answer("Database")
        person.answer("Address at which", "plainsight.example.com/webhooks/jira")
        assert person.ends() == 0, person.seen
    seen = person.seen
    for told in (
        "'not an address' is no web address",
        "✗ Jira address: Jira 127.0.0.1:1",
        f"→ {site.base_url}",
        "✓ Jira address",
        "'service' is no e-mail address",
        "✗ Jira account",
        "✓ Jira account: The token belongs to Plainsight",
        "✗ Confluence space",
        "→ OKR",
        "✓ Confluence rights",
        "The account does not see XYZ",
        "→ MKT",
        "→ https://plainsight.example.com",
        "✓ Database",
        "cd new",
        "plainsight doctor",
        "plainsight apply okrs.yaml",
        "plainsight webhook instructions",
    ):
        assert told in seen, f"{told} is missing:\n{seen}"
    new = bare.folder / "new"
    assert set(tree(new)) == {
        ".env", ".gitignore", "okrs.schema.json", "okrs.yaml",
        "secrets/plainsight_jira_token", "secrets/plainsight_webhook_secrets",
    }  # fmt: skip
    secret = tree(new)["secrets/plainsight_webhook_secrets"].strip()
    assert re.fullmatch("[0-9a-f]{64}", secret)
    for hidden in (TOKEN, "wrong-token", secret):
        assert hidden not in seen and hidden not in tree(new)[".env"]

    monkeypatch.chdir(new)
    found = settings.load()
    assert found.jira_token.get_secret_value() == TOKEN and found.jira_token_expires_on == date(2099, 1, 31)
    assert (found.projects, found.languages, found.confluence_space) == (("MKT",), ("en",), "OKR")
    assert found.public_url == "https://plainsight.example.com"
    assert "+ key_result KR-3" in bare.do("apply", "--yes", "okrs.yaml")
    bare.do("sync")
    assert re.search("created [3-9]", bare.do("publish"))
    assert ": ok" in bare.do("status")


def test_whoever_runs_it_again_finds_the_answers_and_may_still_say_no(scripted, bare: Terminal) -> None:
    bare.do(*scripted)
    before = tree(bare.folder)
    with Typist(bare.folder, "init", "--folder", "new", "--no-check") as person:
        person.answer("Address of Jira [http://127.0.0.1")
        person.answer("E-mail of the account [service@example.com]")
        person.answer("API token, not shown [keep the present one]")
        person.answer("[not known]")
        person.answer("Jira projects that", "WEB, mkt")
        person.answer("Address of Confluence [http://127.0.0.1")
        person.answer("E-mail")
        person.answer("API token", "another-token")
        person.answer("Day on which that token ends")
        person.answer("Space for the pages: its key, or its address [OKR]")
        person.answer("Languages")
        person.answer("Time zone")
        person.answer("Database")
        person.answer("Address at which")
        person.answer("Change them?")
        assert person.ends() == 1, person.seen
    assert "~ .env" in person.seen and "+ secrets/plainsight_confluence_token" in person.seen
    assert "okrs.yaml" not in person.seen.partition("What next")[0].partition("Files")[2]
    assert "✓" not in person.seen and "another-token" not in person.seen
    assert "Nothing was written." in person.seen and tree(bare.folder) == before


def test_a_token_with_scopes_needs_the_address_for_browsers_as_well(bare: Terminal) -> None:
    gateway = "https://api.atlassian.com/ex"
    with Typist(bare.folder, "init", "--no-check", "--languages", "ko", "--time-zone", "UTC") as person:
        person.answer("Address of Jira", f"{gateway}/jira/11-22")
        person.answer("Address of Jira for people's browsers")
        person.answer("Address of Jira for people's browsers", "example")
        person.answer("E-mail", "-")
        person.answer("API token", TOKEN)
        person.answer("Day on which")
        person.answer("Jira projects that")
        person.answer(f"Address of Confluence [{gateway}/confluence/11-22]")
        person.answer("Address of Confluence for people's browsers [https://example.atlassian.net/wiki]")
        person.answer("E-mail")
        person.answer("API token")
        person.answer("Space for the pages", "OKR")
        person.answer("Database")
        person.answer("Address at which")
        assert person.ends() == 0, person.seen
    assert "This needs an answer." in person.seen and "Languages" not in person.seen
    found = settings.load()
    assert (found.jira_url, found.jira_web_url) == (f"{gateway}/jira/11-22", "https://example.atlassian.net")
    assert found.confluence_web_url == "https://example.atlassian.net/wiki" and found.jira_email == ""


def test_ctrl_c_on_the_way_leaves_nothing_behind(bare: Terminal) -> None:
    with Typist(bare.folder, "init", "--folder", "new", "--no-check") as person:
        person.answer("Address of Jira", "example")
        person.answer("E-mail", "me@example.com")
        person.type("API token", CTRL_C)
        assert person.ends() == 130
    assert "Nothing was written." in person.seen and "Traceback" not in person.seen
    assert list(bare.folder.iterdir()) == []


def test_a_password_of_the_database_is_asked_for_unseen_and_kept_in_a_file(scripted, bare: Terminal) -> None:
    """Files that are there are changed by a clear yes."""
    bare.do(*scripted)
    given = ("--jira-token-expires-on", "2099-01-31", "--projects", "WEB", "--languages", "en", "--public-url", "a.b")
    with Typist(bare.folder, "init", "--folder", "new", *given, "--no-check") as person:
        person.answer("Address of Jira")
        person.answer("E-mail")
        person.answer("API token")
        person.answer("Address of Confluence")
        person.answer("E-mail")
        person.answer("API token")
        person.answer("Space for the pages")
        person.answer("Time zone")
        person.answer("Database", "postgresql://me@db.example.com/okr")
        person.answer("Its password", "very-secret")
        person.answer("Change them?", "y")
        assert person.ends() == 0, person.seen
    assert "very-secret" not in person.seen and "plainsight migrate" in person.seen
    written = tree(bare.folder / "new")
    assert "very-secret" not in written[".env"] and "PLAINSIGHT_PROJECTS=WEB\n" in written[".env"]
    assert written["secrets/plainsight_database_url"] == "postgresql://me:very-secret@db.example.com/okr\n"


def test_without_a_terminal_it_asks_nothing_and_says_what_to_do(bare: Terminal, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", (bare.folder / "nothing").open("w+"))
    assert "--no-input" in bare.fail("init")


# From a script


def test_a_script_gives_all_answers_as_options_and_the_token_in_a_file(scripted, bare: Terminal, monkeypatch) -> None:
    said = bare.do(*scripted)
    assert "✓ Confluence rights" in said and TOKEN not in said
    new = bare.folder / "new"
    assert TOKEN not in tree(new)[".env"]
    assert mode(new / "secrets") == 0o700
    assert {mode(path) for path in (new / "secrets").iterdir()} == {0o600}
    assert "secrets/" in tree(new)[".gitignore"].splitlines() and ".env" in tree(new)[".gitignore"].splitlines()
    monkeypatch.chdir(new)
    assert settings.load().jira_token.get_secret_value() == TOKEN
    assert "nothing was written" in bare.do("init", "--no-input")


def test_a_token_may_come_from_the_environment(scripted, bare: Terminal) -> None:
    at = scripted.index("--jira-token-file")
    bare.set(jira_token=TOKEN)
    bare.do(*scripted[:at], *scripted[at + 2 :])
    assert tree(bare.folder / "new")["secrets/plainsight_jira_token"] == TOKEN + "\n"


def test_what_is_missing_is_listed_with_both_ways_to_give_it(bare: Terminal) -> None:
    said = bare.fail("init", "--no-input").splitlines()
    assert [line.split(",")[0].strip() for line in said[1:]] == ["--jira-url", "--jira-token-file", "--space"]
    assert "PLAINSIGHT_JIRA_TOKEN in the environment" in said[2]
    assert list(bare.folder.iterdir()) == []


def test_what_cannot_be_used_is_listed_by_option(bare: Terminal) -> None:
    said = bare.fail(
        *("init", "--no-input", "--jira-url", "id.atlassian.com", "--jira-token-file", "nowhere", "--languages", "fr"),
        *("--database-url", "postgresql://me:hidden@db/x", "--jira-token-expires-on", "soon"),
    )
    assert [line.split(":")[0].strip() for line in said.splitlines()[1:]] == [
        "--jira-url", "--jira-token-file", "--jira-token-expires-on", "--languages", "--database-url",
    ]  # fmt: skip
    assert "hidden" not in said and "PLAINSIGHT_DATABASE_URL in the environment" in said


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--jira-url", "http://127.0.0.1:1", "✗ Jira address"),
        ("--jira-email", "other@example.com", "✗ Jira account"),
        ("--space", "NOSUCH", "✗ Confluence space"),
        ("--projects", "MKT,XYZ", "✗ Jira projects"),
        ("--database-url", "postgresql://me@127.0.0.1:1/x", "✗ Database"),
        ("--database-url", "sqlite:///no/such/folder/x.db", "✗ Database"),
    ],
)
def test_a_wrong_answer_is_told_and_nothing_is_written(scripted, bare: Terminal, option, value, told) -> None:
    said = bare.run(*scripted, option, value)
    assert said.code == 1 and "Nothing was written" in said.err
    wrong = [line.split(":")[0] for line in said.out.splitlines() if line.startswith("✗")]
    assert wrong[0] == told and len(wrong) == (2 if option == "--jira-url" else 1)  # Confluence is thought beside Jira
    assert not (bare.folder / "new").exists()
    bare.do(*scripted, option, value, "--no-check")
    assert (bare.folder / "new").exists()


def test_a_refused_token_is_tried_once_only(scripted, bare: Terminal, site: Site) -> None:
    bare.write("wrong-token", "token")
    assert bare.run(*scripted).code == 1
    assert len([one for one in site.asked if one.status == 401]) == 1


def test_a_database_that_answers_is_told_with_its_version(scripted, bare: Terminal, bare_database_url: str) -> None:
    bare.set(database_url=bare_database_url)
    said = bare.do(*scripted)
    kind = make_url(bare_database_url).get_backend_name()
    assert re.search({"sqlite": "✓ Database: SQLite", "postgresql": r"✓ Database: PostgreSQL \d+"}[kind], said)


def test_files_that_are_there_are_changed_only_when_told(scripted, bare: Terminal) -> None:
    bare.do(*scripted)
    new = bare.folder / "new"
    (new / ".env").chmod(0o640)
    for name in ("okrs.yaml", ".gitignore"):
        (new / name).write_text("mine\n")
    before = tree(new)
    said = bare.run(*scripted, "--languages", "en")
    assert said.code == 1 and "--overwrite" in said.err and tree(new) == before
    assert "does not name them: .env, secrets/" in bare.do(*scripted, "--languages", "en", "--overwrite")
    after = tree(new)
    assert {name for name in before if after[name] != before[name]} == {".env"} and after.keys() == before.keys()
    assert "\nPLAINSIGHT_LANGUAGES=en\n" in after[".env"] and mode(new / ".env") == 0o640


def test_what_else_stands_in_a_file_of_settings_stays_and_secrets_move_out_of_it(
    scripted, bare: Terminal, site: Site, monkeypatch
) -> None:
    new = bare.folder / "new"
    new.mkdir()
    (new / ".env").write_text(
        "# mine\nOTHER='a b'\nexport PLAINSIGHT_PORT=9999 # why not\n\n"
        f"PLAINSIGHT_JIRA_TOKEN={TOKEN}\nPLAINSIGHT_JIRA_URL=http://old.example.com\n"
        "PLAINSIGHT_JIRA_URL=http://older.example.com\nPLAINSIGHT_THROTTLE_SECONDS=5"
    )
    bare.do(*scripted, "--overwrite")
    text = tree(new)[".env"]
    for kept in ("# mine\n", "OTHER='a b'\n", "export PLAINSIGHT_PORT=9999 # why not\n", "_THROTTLE_SECONDS=5\n"):
        assert kept in text
    assert TOKEN not in text and text.count("\nPLAINSIGHT_JIRA_URL=") == 1
    monkeypatch.chdir(new)
    found = settings.load()
    assert (found.port, found.throttle_seconds, found.jira_url) == (9999, 5, site.base_url)
    assert found.jira_token.get_secret_value() == TOKEN
    assert "nothing was written" in bare.do("init", "--no-input")
    assert tree(new)[".env"] == text


def test_a_secret_that_is_given_up_leaves_no_file(scripted, bare: Terminal, monkeypatch) -> None:
    bare.write("another-token", "other")
    bare.do(*scripted, "--confluence-token-file", "other", "--no-check")
    assert "secrets/plainsight_confluence_token" in tree(bare.folder / "new")
    bare.write("", "other")
    assert "- secrets/plainsight_confluence_token" in bare.do(
        *scripted, "--confluence-token-file", "other", "--overwrite"
    )
    assert "secrets/plainsight_confluence_token" not in tree(bare.folder / "new")
    monkeypatch.chdir(bare.folder / "new")
    assert settings.load().confluence_token.get_secret_value() == ""


def test_secrets_stay_in_the_folder_that_the_file_of_settings_names(scripted, bare: Terminal) -> None:
    new, elsewhere = bare.folder / "new", bare.folder / "elsewhere"
    new.mkdir()
    elsewhere.mkdir()
    (elsewhere / "plainsight_webhook_secrets").write_text("\n")
    (new / ".env").write_text(f"PLAINSIGHT_SECRETS_DIR={elsewhere}\n")
    assert f"+ {elsewhere}/plainsight_jira_token" in bare.do(*scripted, "--overwrite")
    assert set(tree(elsewhere)) == {"plainsight_jira_token", "plainsight_webhook_secrets"}
    assert len(tree(elsewhere)["plainsight_webhook_secrets"]) == 65 and not (new / "secrets").exists()
    assert tree(new)[".gitignore"] == ".env\nplainsight.db*\n"


def test_an_own_gitignore_that_leaves_an_own_folder_of_secrets_open_is_told(scripted, bare: Terminal) -> None:
    new = bare.folder / "new"
    new.mkdir()
    (new / "keys").mkdir()
    (new / ".env").write_text("PLAINSIGHT_SECRETS_DIR=keys\n")
    (new / ".gitignore").write_text(".env\nsecrets/\nplainsight.db*\n")
    assert "does not name them: keys/" in bare.do(*scripted, "--overwrite")


def test_a_password_among_the_parameters_of_an_address_is_a_secret_too(scripted, bare: Terminal) -> None:
    address = "postgresql://me@db.example.com/okr?password=very-secret"
    assert "a password in an option" in bare.fail(*scripted, "--database-url", address, "--no-check")
    bare.set(database_url=address)
    bare.do(*scripted, "--no-check")
    written = tree(bare.folder / "new")
    assert "very-secret" not in written[".env"]
    assert written["secrets/plainsight_database_url"] == address + "\n"


def test_a_variable_that_would_win_over_the_files_is_named(scripted, bare: Terminal) -> None:
    bare.set(confluence_space="OTHER", jira_email="service@example.com")
    said = bare.do(*scripted)
    assert re.findall(r"^(PLAINSIGHT_\w+) is set in the environment", said, re.MULTILINE) == [
        "PLAINSIGHT_CONFLUENCE_SPACE"
    ]


def test_a_folder_that_cannot_be_written_is_told_and_nothing_is_left_in_it(scripted, bare: Terminal) -> None:
    new = bare.folder / "new"
    new.mkdir()
    (new / "okrs.yaml.new").mkdir()  # stands where the file would be laid first
    said = bare.fail(*scripted)
    assert "okrs.yaml.new cannot be written" in said
    assert [path.name for path in new.iterdir()] == ["okrs.yaml.new"]


# What is written


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 6, 30), date(2027, 8, 15), date(2028, 12, 31)])
def test_the_starter_is_a_good_file_for_the_running_quarter(today: date) -> None:
    text = files.starter(today)
    definitions = read_text(text)
    (cycle,) = definitions.cycles
    assert cycle.starts_on <= today <= cycle.ends_on and (cycle.ends_on - cycle.starts_on).days in range(89, 92)
    assert cycle.id == f"{today.year}-Q{(today.month + 2) // 3}"
    assert len(definitions.key_results) == 3 and len(definitions.kpis) == 1 and definitions.evidence == ()
    jsonschema.validate(json.loads(json.dumps(YAML(typ="safe").load(text), default=str)), schema())
    shown = [definitions.organisation, *(one.title for one in definitions.key_results)]
    assert all(text.ko != text.en for text in shown)


def test_what_is_commented_out_in_the_starter_holds_too(tmp_path: Path) -> None:
    text = re.sub(r"^( *)# (?=( *- |evidence:|pages:))", r"\1", files.STARTER.read_text("utf-8"), flags=re.MULTILINE)
    assert len(YAML(typ="safe").load(text)["pages"]) == 3
    definitions = read_text(text)
    assert len(definitions.evidence) == 3 and len(definitions.teams) == 2 and len(definitions.pages) == 3


def test_every_question_has_an_option_of_its_own_and_nothing_else_is_asked() -> None:
    command = typer.main.get_command(command_line()).commands["init"]  # type: ignore[attr-defined]
    given = {one.name: one.opts[0] for one in command.params if one.name in settings.Settings.model_fields}
    assert given == {question.name: question.option for question in questions()}
    assert MADE not in given


# Confluence Data Center


def test_a_data_center_is_set_up_with_a_token_of_its_own_and_no_e_mail(
    bare: Terminal, scripted: tuple[str, ...], site: Site
) -> None:
    page = f"{site.base_url}/confluence/display/OKR/Our+goals"
    refused = bare.run(*scripted, "--confluence-url", page)
    assert refused.code == 1 and "Jira's is not sent there" in refused.out
    said = bare.do(*scripted, "--confluence-url", page, "--confluence-token-file", "token")
    host = site.base_url.removeprefix("http://")
    assert f"✓ Confluence address: Confluence Data Center answers at {host}/confluence." in said
    assert "✓ Confluence rights" in said
    found = settings.load(_env_file=bare.folder / "new" / ".env")
    assert (found.confluence_url, found.confluence_email) == (f"{site.base_url}/confluence", "")


# What people paste

SITE = "https://example.atlassian.net"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("example", SITE),
        (" example.atlassian.net ", SITE),
        ("http://Example.atlassian.net/", SITE),
        (f"{SITE}/jira/your-work", SITE),
        (f"{SITE}/jira/software/c/projects/WEB/boards/1?selectedIssue=WEB-2", SITE),
        (f"<{SITE}/browse/WEB-12>", SITE),
        (f"{SITE}/wiki/spaces/OKR/overview", SITE),
        ("https://me:secret@example.atlassian.net", SITE),
        ("https://jira.example.com/projects/WEB", "https://jira.example.com"),
        ("https://proxy.example.com/atlassian/browse/WEB-1", "https://proxy.example.com/atlassian"),
        ("localhost:8090/jira/board/MKT", "http://localhost:8090"),
        ("https://api.atlassian.com/ex/confluence/11-22/wiki", "https://api.atlassian.com/ex/jira/11-22"),
    ],
)
def test_any_address_of_a_site_is_reduced_to_the_sites(typed: str, meant: str) -> None:
    assert pasted.site_address(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("example", f"{SITE}/wiki"),
        (f"{SITE}/wiki/spaces/OKR/overview", f"{SITE}/wiki"),
        ("https://api.atlassian.com/ex/jira/11-22", "https://api.atlassian.com/ex/confluence/11-22"),
        ("wiki.example.com", "https://wiki.example.com"),
        ("https://wiki.example.com/wiki/spaces/OKR/pages/12/Goals", "https://wiki.example.com/wiki"),
        ("https://example.com/confluence/display/OKR/Our+goals", "https://example.com/confluence"),
        ("https://example.com/confluence/pages/viewpage.action?pageId=12", "https://example.com/confluence"),
        ("example.com/confluence/index.action#all-updates", "https://example.com/confluence"),
        ("https://example.com/confluence/x/AbCd", "https://example.com/confluence"),
        ("https://me:secret@Example.com/confluence/", "https://example.com/confluence"),
    ],
)
def test_of_an_address_of_confluence_the_path_of_the_site_is_kept(typed: str, meant: str) -> None:
    assert pasted.confluence_address(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "https://", "a b", "ftp://example.com", "https://example.com:99999", "admin.atlassian.com",
              "https://api.atlassian.com/"],
)  # fmt: skip
def test_what_is_no_sites_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        pasted.site_address(typed)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("OKR", "OKR"),
        (f"{SITE}/wiki/spaces/OKR/pages/12/Goals", "OKR"),
        ("example.atlassian.net/wiki/spaces/OKR", "OKR"),
        (f"{SITE}/wiki/spaces/~7120ab/overview", "~7120ab"),
        (f"{SITE}/wiki/display/OKR", "OKR"),
        (f"{SITE}/wiki/spaces/viewspace.action?key=OKR", "OKR"),
    ],
)
def test_a_space_is_found_in_its_address(typed: str, key: str) -> None:
    assert pasted.space_key(typed) == key


def test_an_address_without_a_space_is_refused() -> None:
    for typed in (f"{SITE}/wiki/home", "Our goals"):
        with pytest.raises(Invalid, match="space"):
            pasted.space_key(typed)


def test_lists_days_and_files_are_read_as_people_write_them() -> None:
    assert pasted.project_keys("web, MKT web") == "WEB,MKT"
    assert pasted.languages("Both") == pasted.languages("ko, en") == "ko,en"
    assert {pasted.day(text) for text in ("2027-06-30", "2027.6.30.", "2027년 6월 30일")} == {"2027-06-30"}
    assert pasted.database("okr.db") == "sqlite:///okr.db"
