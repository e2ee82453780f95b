"""All configuration, read once: environment variables `PLAINSIGHT_…`, a `.env` file, and files for secrets."""

import os
from collections.abc import Iterable
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from app import schedule
from app.errors import Invalid

PREFIX = "PLAINSIGHT_"
SECRETS_DIR = PREFIX + "SECRETS_DIR"
DOCKER_SECRETS = Path("/run/secrets")
ENV_FILE = Path(".env")
Words = Annotated[tuple[str, ...], NoDecode]
Secrets = Annotated[tuple[SecretStr, ...], NoDecode]


class Settings(BaseSettings):
    """Every setting, with its default. An empty variable counts as not given.

    A secret may also lie in a file `plainsight_<name>` (for example `plainsight_jira_token`) in the folder named by
    `PLAINSIGHT_SECRETS_DIR`, `/run/secrets` unless said otherwise; see `load`.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str = Field(  # may hold a password
        "sqlite:///plainsight.db", repr=False, description="SQLAlchemy address; SQLite or PostgreSQL"
    )
    jira_url: str = Field("", description="Address of the Jira site, for example https://example.atlassian.net")
    jira_email: str = Field("", description="Account the token belongs to; empty: the token is a bearer token")
    jira_token: SecretStr = Field(SecretStr(""), description="API token for Jira")
    jira_web_url: str = Field(
        "", description="Address of Jira for people's browsers, where it differs: a token with scopes, a proxy"
    )
    jira_token_expires_on: date | None = Field(None, description="Day on which Jira's token ends; you are reminded")
    confluence_url: str = Field("", description="Address of Confluence, Cloud or Data Center, with its context path")
    confluence_email: str = Field(
        "", description="As for Jira, and on Cloud Jira's if empty; Data Center: a user's name, or empty for a token"
    )
    confluence_token: SecretStr = Field(
        SecretStr(""), description="As for Jira, and on Cloud Jira's if empty; Data Center: a personal access token"
    )
    confluence_web_url: str = Field("", description="As for Jira")
    confluence_token_expires_on: date | None = Field(None, description="As for Jira; where it has a token of its own")
    confluence_space: str = Field("", description="Key of the space that the pages are written to")
    confluence_parent: str = Field("", description="Page id under which our tree grows; empty: the space's homepage")
    webhook_secrets: Secrets = Field((), description="One secret, or two separated by a comma while one is rotated out")
    projects: Words = Field((), description="Project keys that may be read and shown; empty: all that the token sees")
    languages: Words = Field(("ko", "en"), description="Languages of the pages, in order; one or both of ko, en")
    time_zone: str = Field("Asia/Seoul", description="Zone in which days, weeks and schedules are meant")
    throttle_seconds: float = Field(3.0, ge=0, le=3600, description="After a webhook, how long changes are gathered")
    poll_schedule: str = Field("*/5 * * * *", description="Cron text: when Jira is asked what changed")
    page_schedule: str = Field("0 8 * * *", description="Cron text: when pages without a schedule of their own are due")
    comment_check_ins: bool = Field(
        False, description="Whether comments such as `/okr KR-3 410 c=7 note` on our pages are check-ins"
    )
    pictures: bool = Field(True, description="Whether pages carry pictures of trends, as attached PNG files")
    night_schedule: str = Field("0 3 * * *", description="Cron text: when all is compared, and old records are deleted")
    keep_deliveries_days: int = Field(30, ge=1, le=3650, description="Days that webhook deliveries are kept")
    keep_runs_days: int = Field(90, ge=1, le=3650, description="Days that records of runs are kept")
    keep_publications_days: int = Field(
        400, ge=1, le=3650, description="Days that the reports of written versions are kept; each page's newest stays"
    )
    public_url: str = Field("", description="Address at which Jira and people reach this service, for instructions")
    host: str = Field("127.0.0.1", description="Address to listen on; others than loopback need a token for the API")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on")
    log_format: Literal["console", "json"] = Field("console", description="Logs for people, or one JSON object a line")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged")

    @field_validator("webhook_secrets", "projects", "languages", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{value!r} is not a time zone; give one such as Asia/Seoul or UTC") from None
        return value

    @field_validator("languages")
    @classmethod
    def _known_languages(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or set(value) - {"ko", "en"} or len(set(value)) < len(value):
            raise ValueError("give ko, en, or both separated by a comma")
        return value

    @field_validator("webhook_secrets")
    @classmethod
    def _at_most_two(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        if len(value) > 2:
            raise ValueError("give two secrets at most: the new one and the one being rotated out")
        return value

    @field_validator("poll_schedule", "page_schedule", "night_schedule")
    @classmethod
    def _readable_schedule(cls, value: str) -> str:
        try:
            schedule.check(value, "UTC")
        except Invalid as error:
            raise ValueError(error.message) from None
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, file_secret_settings, dotenv_settings


def load(**given: object) -> Settings:
    """Read the settings; raises Invalid that names each bad variable. `given` wins over the environment, and that over
    the file `.env`, which need not be there; `_env_file` names another one, or None."""
    env_file = given.setdefault("_env_file", ENV_FILE)
    assert env_file is None or isinstance(env_file, Path)
    filed = dotenv_values(env_file) if env_file else {}
    _refuse_unknown(name for name in (*os.environ, *filed) if name.startswith(PREFIX))
    folder = _folder_of_secrets(env_file, filed.get(SECRETS_DIR) or "")
    try:
        return Settings(_secrets_dir=folder, **given)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [
            f"  {_variable(problem['loc'])}: {problem['msg'].removeprefix('Value error, ')}"
            for problem in error.errors(include_input=False)
        ]
        raise Invalid("These settings cannot be used:\n" + "\n".join(lines)) from None
    except SettingsError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        raise Invalid(
            f"The secret {error.__cause__.filename} cannot be read: {error.__cause__.strerror}. "
            f"The user that Plainsight runs as, number {os.geteuid()}, needs the right to."
        ) from None


def _folder_of_secrets(env_file: Path | None, filed: str) -> Path | None:
    """The folder that the environment names, else the file (from where the file lies), else Docker's if it is there."""
    if os.environ.get(SECRETS_DIR):
        folder = Path(os.environ[SECRETS_DIR])
    elif env_file and filed:
        folder = env_file.parent / filed
    else:
        return DOCKER_SECRETS if DOCKER_SECRETS.is_dir() else None
    if not folder.is_dir():
        raise Invalid(f"{SECRETS_DIR}: there is no folder {folder}.", "Make it, or name another one.")
    return folder


def _variable(location: tuple[int | str, ...]) -> str:
    return PREFIX + str(location[0]).upper() if location else "settings"


def _refuse_unknown(names: Iterable[str]) -> None:
    """A misspelt variable must not fall silently to a default."""
    known = [_variable((field,)) for field in Settings.model_fields] + [SECRETS_DIR]
    for name in names:
        if name.upper() not in known:
            near = get_close_matches(name.upper(), known, n=1)
            hint = f" Did you mean {near[0]}?" if near else " docs/settings.md lists them."
            raise Invalid(f"{name} is not a setting of Plainsight.{hint}")
