"""All configuration: read from variables and files, refused by name, described in full, and never shown when secret."""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from dotenv import dotenv_values
from pydantic import SecretStr

from app import logs, settings
from app.errors import Invalid
from app.settings import Settings

ROOT = Path(__file__).parent.parent
FIELDS = Settings.model_fields
SECRET = "do-not-show-me"


def variable(name: str) -> str:
    return f"PLAINSIGHT_{name.upper()}"


@pytest.fixture(autouse=True)
def _nothing_around(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty working folder, and no setting from outside."""
    for name in FIELDS:
        monkeypatch.delenv(variable(name), raising=False)
    (tmp_path / "secrets").mkdir()
    monkeypatch.setenv("PLAINSIGHT_SECRETS_DIR", str(tmp_path / "secrets"))
    monkeypatch.chdir(tmp_path)


def default_of(name: str) -> str:
    """As a person writes it into a variable."""
    value = FIELDS[name].default
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(value) if isinstance(value, tuple) else str(value)


# The documents


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_stands_in_the_docs_with_its_default_and_description(name: str) -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    line = next((line for line in text.splitlines() if re.search(rf"\b{variable(name)}\b", line)), "")
    description = FIELDS[name].description
    assert description, f"{name} has no description"
    assert description in line, f"docs/settings.md does not say of {variable(name)}: {description}"
    assert default_of(name) in line, f"docs/settings.md does not give the default of {variable(name)}"


def test_the_docs_name_no_setting_that_there_is_not() -> None:
    known = {variable(name) for name in FIELDS} | {"PLAINSIGHT_SECRETS_DIR"}
    for file in ("docs/settings.md", ".env.example"):
        named = set(re.findall(r"\bPLAINSIGHT_[A-Z_]+\b", (ROOT / file).read_text(encoding="utf-8")))
        assert named <= known, file


def test_the_example_names_every_setting_once_and_can_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    example = ROOT / ".env.example"
    lines = re.findall(r"^#? ?(PLAINSIGHT_[A-Z_]+)=", example.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(lines) == sorted(variable(name) for name in FIELDS)
    for name, value in dotenv_values(example).items():
        monkeypatch.setenv(name, value or "")
    assert settings.load().page_schedule == Settings.model_fields["page_schedule"].default


def test_the_example_holds_no_secret() -> None:
    for name, value in dotenv_values(ROOT / ".env.example").items():
        assert not value or not re.search("TOKEN|SECRET", name)


# Reading


def test_without_any_variable_the_defaults_hold() -> None:
    found = settings.load()
    assert all(getattr(found, name) == field.default for name, field in FIELDS.items())
    assert found.zone.key == found.time_zone


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINSIGHT_PROJECTS", " MKT, SALES ,,")
    monkeypatch.setenv("PLAINSIGHT_LANGUAGES", "en")
    monkeypatch.setenv("PLAINSIGHT_WEBHOOK_SECRETS", "new, old")
    found = settings.load()
    assert (found.projects, found.languages) == (("MKT", "SALES"), ("en",))
    assert [one.get_secret_value() for one in found.webhook_secrets] == ["new", "old"]


def test_an_empty_variable_counts_as_not_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FIELDS:
        monkeypatch.setenv(variable(name), "")
    assert settings.load() == Settings(_env_file=None)  # type: ignore[call-arg]


def test_secrets_lie_in_files(tmp_path: Path) -> None:
    for name, value in (("jira_token", "from a file\n"), ("webhook_secrets", "new,old\n")):
        (tmp_path / "secrets" / f"plainsight_{name}").write_text(value)
    found = settings.load()
    assert found.jira_token.get_secret_value() == "from a file"
    assert [one.get_secret_value() for one in found.webhook_secrets] == ["new", "old"]


def test_a_variable_wins_over_a_file_of_secrets_and_that_over_dotenv(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PLAINSIGHT_JIRA_TOKEN=dotenv\nPLAINSIGHT_HOST=localhost\nOTHER=1\n")
    assert settings.load().jira_token.get_secret_value() == "dotenv"
    (tmp_path / "secrets" / "plainsight_jira_token").write_text("file")
    assert settings.load().jira_token.get_secret_value() == "file"
    monkeypatch.setenv("PLAINSIGHT_JIRA_TOKEN", "variable")
    assert settings.load().jira_token.get_secret_value() == "variable"
    assert settings.load(jira_token="given").jira_token.get_secret_value() == "given"
    assert settings.load().host == "localhost"


def test_a_folder_of_secrets_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLAINSIGHT_SECRETS_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(Invalid, match="PLAINSIGHT_SECRETS_DIR: there is no folder"):
        settings.load()


def test_the_folder_of_secrets_may_be_named_in_the_file_and_is_meant_from_where_the_file_lies(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PLAINSIGHT_SECRETS_DIR")
    (tmp_path / "secrets" / "plainsight_jira_token").write_text("beside the file")
    (tmp_path / ".env").write_text("PLAINSIGHT_SECRETS_DIR=secrets\nPLAINSIGHT_JIRA_TOKEN=in the file\n")
    assert settings.load().jira_token.get_secret_value() == "beside the file"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    assert settings.load().jira_token.get_secret_value() == ""
    assert settings.load(_env_file=tmp_path / ".env").jira_token.get_secret_value() == "beside the file"
    (elsewhere / "plainsight_jira_token").write_text("by the environment")
    monkeypatch.setenv("PLAINSIGHT_SECRETS_DIR", str(elsewhere))
    assert settings.load(_env_file=tmp_path / ".env").jira_token.get_secret_value() == "by the environment"


def test_a_folder_of_secrets_that_the_file_names_and_that_is_not_there_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("PLAINSIGHT_SECRETS_DIR")
    (tmp_path / ".env").write_text("PLAINSIGHT_SECRETS_DIR=nowhere\n")
    with pytest.raises(Invalid, match="PLAINSIGHT_SECRETS_DIR: there is no folder nowhere"):
        settings.load()


def test_a_secret_that_cannot_be_read_is_named_and_so_is_who_must(monkeypatch: pytest.MonkeyPatch) -> None:
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        secret = Path(folder) / "plainsight_jira_token"
        secret.touch(mode=0)
        monkeypatch.setenv("PLAINSIGHT_SECRETS_DIR", folder)
        with without_rights() as user, pytest.raises(Invalid) as caught:
            settings.load(_env_file=None)
    assert caught.value.message.startswith(f"The secret {secret} cannot be read: Permission denied. ")
    assert f"number {user}," in caught.value.message


@contextmanager
def without_rights() -> Iterator[int]:
    """As a user who may not read everything; yields the user's number."""
    before = os.geteuid()
    user = before or 65534
    os.seteuid(user)
    try:
        yield user
    finally:
        os.seteuid(before)


# Refusing


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("port", "http", "integer"),
        ("port", "70000", "65535"),
        ("throttle_seconds", "-1", "greater than or equal to 0"),
        ("throttle_seconds", "soon", "number"),
        ("time_zone", "Mars/Base", "not a time zone"),
        ("time_zone", "../etc/passwd", "not a time zone"),
        ("languages", "ko,fr", "ko, en, or both"),
        ("languages", ",", "ko, en, or both"),
        ("languages", "en,en", "ko, en, or both"),
        ("webhook_secrets", "one,two,three", "two secrets at most"),
        ("poll_schedule", "often", "five fields"),
        ("page_schedule", "0 25 * * *", "bad hour"),
        ("log_level", "LOUD", "DEBUG"),
        ("log_format", "xml", "json"),
    ],
)
def test_a_bad_value_is_refused_by_the_name_of_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(variable(name), value)
    with pytest.raises(Invalid) as caught:
        settings.load()
    heading, line = caught.value.message.splitlines()
    assert heading == "These settings cannot be used:"
    assert line.startswith(f"  {variable(name)}: ") and told in line


def test_all_bad_values_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("port", "log_level", "time_zone"):
        monkeypatch.setenv(variable(name), "nonsense")
    with pytest.raises(Invalid) as caught:
        settings.load()
    assert len(caught.value.message.splitlines()) == 4


# Secrets

SECRETS = [name for name in FIELDS if re.search("token$|secret|database_url", name)]
VALUES = {"webhook_secrets": SECRET, "database_url": f"postgresql://me:{SECRET}@db/plainsight"}


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_is_never_shown(monkeypatch: pytest.MonkeyPatch, capsys, name: str) -> None:
    monkeypatch.setenv(variable(name), VALUES.get(name, SECRET))
    found = settings.load(log_format="json")
    assert SECRET not in repr(found) and SECRET not in str(found) and SECRET not in f"{found}"
    root = logging.getLogger()
    before = root.handlers, root.level
    try:
        logs.set_up(found)
        logging.getLogger("test").warning("started with %r", found)
    finally:
        root.handlers, root.level = before
    shown = capsys.readouterr().err
    assert "started with" in shown and SECRET not in shown


def test_a_bad_secret_is_refused_without_being_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINSIGHT_WEBHOOK_SECRETS", f"{SECRET},b,c")
    with pytest.raises(Invalid) as caught:
        settings.load()
    assert SECRET not in caught.value.message
    assert caught.value.__cause__ is None  # pydantic's error holds the values


def test_a_misspelt_variable_is_named_with_the_one_that_was_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLAINSIGHT_JIRA_TOKN", "x")
    with pytest.raises(Invalid, match=r"PLAINSIGHT_JIRA_TOKN is not a setting.*Did you mean PLAINSIGHT_JIRA_TOKEN"):
        settings.load()


def test_a_misspelt_variable_in_the_file_is_named_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("JIRA_TOKN=x\nPLAINSIGHT_JIRA_TOKN=x\n")
    with pytest.raises(Invalid, match=r"PLAINSIGHT_JIRA_TOKN is not a setting"):
        settings.load()
