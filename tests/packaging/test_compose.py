"""`compose.yaml` and the Dockerfile: valid, closed where they can be, and at one with the settings and the version."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from app import settings
from app.settings import Settings

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = ("plainsight", "migrate")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]

each_service = pytest.mark.parametrize("name", SERVICES)
each_of_ours = pytest.mark.parametrize("name", OURS)


def against_the_specification(path: Path) -> "subprocess.CompletedProcess[str]":
    """By the JSON Schema of the Compose Specification, which check-jsonschema brings along."""
    asked = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(asked, capture_output=True, text=True)


def test_it_keeps_to_the_specification(tmp_path: Path) -> None:
    assert against_the_specification(ROOT / "compose.yaml").returncode == 0
    wrong = tmp_path / "compose.yaml"
    wrong.write_text((ROOT / "compose.yaml").read_text(encoding="utf-8").replace("read_only:", "readonly:"))
    assert against_the_specification(wrong).returncode == 1


@each_service
def test_every_service_is_confined(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert "/tmp" in service["tmpfs"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not service.get("privileged") and "user" not in service


@each_of_ours
def test_our_services_get_no_right_back(name: str) -> None:
    assert "cap_add" not in SERVICES[name]


def test_only_this_machine_reaches_the_service_and_nobody_the_database() -> None:
    assert SERVICES["plainsight"]["ports"] == ["127.0.0.1:8080:8080"]
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["plainsight"]
    assert SERVICES["postgres"]["networks"] == ["database"] and COMPOSE["networks"]["database"] == {"internal": True}


@each_service
def test_every_image_is_of_one_version(name: str) -> None:
    assert re.fullmatch(r"[a-z]+:\d[\w.-]*", SERVICES[name]["image"])


def test_the_version_is_said_once_more_in_the_image_and_where_it_is_used() -> None:
    assert {SERVICES[name]["image"] for name in OURS} == {f"plainsight:{VERSION}"}
    assert re.findall(r'image\.version="(.*)"', DOCKERFILE) == [VERSION]


def test_our_image_is_built_and_never_fetched_from_strangers() -> None:
    assert SERVICES["plainsight"]["build"] == "."
    assert {SERVICES[name]["pull_policy"] for name in OURS} == {"never"}


def test_the_database_is_ready_and_migrated_before_the_service_starts() -> None:
    assert SERVICES["plainsight"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}
    assert SERVICES["migrate"]["command"] == ["plainsight", "migrate"] and SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["postgres"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]


@each_service
def test_every_secret_is_a_file_and_a_setting_that_may_be_read_by_who_needs_it_only(name: str) -> None:
    wanted = SERVICES[name]["secrets"]
    for secret in wanted:
        assert COMPOSE["secrets"][secret] == {"file": f"./secrets/{secret}"}
    if name in OURS:
        assert {secret.removeprefix("plainsight_") for secret in wanted} <= set(Settings.model_fields)
        assert all(secret.startswith("plainsight_") for secret in wanted)
    else:
        assert wanted == ["postgres_password"]


def test_no_secret_is_given_in_vain() -> None:
    assert set(COMPOSE["secrets"]) == {secret for service in SERVICES.values() for secret in service["secrets"]}


@each_of_ours
def test_the_settings_of_the_container_win_over_those_of_the_file_and_the_image(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Compose does it: the image's variables, then those of `.env`, then those of the service; secrets as files."""
    of_the_image = dict(re.findall(r"(PLAINSIGHT_\w+)=(\S+)", DOCKERFILE))
    of_the_file = dict(re.findall(r"^(PLAINSIGHT_\w+)=(.+)", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert {"PLAINSIGHT_DATABASE_URL", "PLAINSIGHT_HOST"} <= of_the_image.keys() & of_the_file.keys()
    of_the_service = {variable: str(value) for variable, value in SERVICES[name]["environment"].items()}
    assert of_the_service["PLAINSIGHT_SECRETS_DIR"] == "/run/secrets"
    for secret in SERVICES[name]["secrets"]:
        (tmp_path / secret).write_text("postgresql://plainsight@postgres/plainsight")
    there = of_the_image | of_the_file | of_the_service | {"PLAINSIGHT_SECRETS_DIR": str(tmp_path)}
    for variable, value in there.items():
        monkeypatch.setenv(variable, value.strip('"'))
    found = settings.load(_env_file=None)
    assert found.database_url == "postgresql://plainsight@postgres/plainsight"
    assert (found.host, found.port, found.log_format) == ("0.0.0.0", 8080, "json")


def test_the_image_runs_without_rights_and_looks_after_its_health() -> None:
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    assert "\nUSER 10001:10001\n" in final and "\nHEALTHCHECK " in final and "\nVOLUME /data\n" in final
    assert "--from=build" in final and "pip install" not in final
