"""A wheel of the project, installed where nothing else of it is, migrates, renders and serves; it holds all of it."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from app.db import migrate
from connectors.sandbox.confluence import add_space
from connectors.sandbox.run import end
from connectors.sandbox.server import create_app
from connectors.sandbox.site import Site
from tests.conftest import Door

ROOT = Path(__file__).parents[2]
PARTS = ("app", "connectors", "templates", "migrations")
LISTENS = re.compile(r"Uvicorn running on (http://127\.0\.0\.1:\d+)")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


def build_wheel(source: Path, folder: Path) -> Path:
    """With the backend that is locked, and nothing from an index."""
    pip("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(source))
    (built,) = folder.glob("plainsight-*.whl")
    return built


def pip(*arguments: str) -> None:
    asked = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    done = subprocess.run(asked, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@dataclass(frozen=True)
class Installed:
    """An environment whose own packages are the wheel alone; what the wheel needs is borrowed from ours."""

    environment: Path
    folder: Path
    settings: Mapping[str, str]

    @property
    def surroundings(self) -> dict[str, str]:
        return {"PATH": os.defpath, "HOME": str(self.folder), **self.settings}

    @property
    def packages(self) -> Path:
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.environment / "lib" / version / "site-packages"

    def run(self, program: str, *arguments: str) -> str:
        asked = [str(self.environment / "bin" / program), *arguments]
        done = subprocess.run(asked, capture_output=True, text=True, cwd=self.folder, env=self.surroundings)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory, door: Door) -> Iterator[Installed]:
    """In a folder far from the project, with a sandbox site to write to."""
    environment, folder = tmp_path_factory.mktemp("environment"), tmp_path_factory.mktemp("elsewhere")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    site = Site()
    site.add_user("service@example.com", "Plainsight", account_id="712020:service", token="open-sesame")
    add_space(site, "OKR", "OKR")
    door.app, site.base_url = create_app(site), door.url
    given = {"jira_url": door.url, "jira_email": "service@example.com", "jira_token": "open-sesame"}
    given |= {
        "confluence_url": door.url,
        "confluence_space": "OKR",
        "database_url": f"sqlite:///{folder}/plainsight.db",
    }
    given |= {"log_format": "json"}
    there = Installed(environment, folder, {f"PLAINSIGHT_{name.upper()}": text for name, text in given.items()})
    # Plain paths: a .pth file in there, such as that of an editable installation, is not followed.
    borrowed = {sysconfig.get_path(kind) for kind in ("purelib", "platlib")}
    (there.packages / "borrowed.pth").write_text("\n".join(borrowed))
    pip("--python", str(environment / "bin" / "python"), "install", "--no-deps", "--no-index", str(wheel))
    yield there
    end(site)


def test_the_wheel_holds_the_product_whole_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        held = set(opened.namelist())
    ours = {name for name in held if name.split("/")[0] in PARTS}
    about = {name.partition("/")[2] for name in held - ours}
    assert ours == files_of(*PARTS)
    assert about == {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"}
    assert {name.split("/")[0] for name in held - ours} == {f"plainsight-{wheel.name.split('-')[1]}.dist-info"}


def test_what_others_wrote_comes_with_its_licence() -> None:
    vendored = {path.parent for kind in ("templates/**/*.js", "app/**/*.woff2") for path in ROOT.glob(kind)}
    assert len(vendored) == 2
    for folder in vendored:
        assert (folder / "LICENSE").exists(), folder


def files_of(*parts: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for part in parts
        for path in (ROOT / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_a_source_distribution_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    hatch(ROOT, "sdist", tmp_path)
    (packed,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(packed) as opened:
        opened.extractall(tmp_path, filter="data")
    hatch(packed.with_suffix("").with_suffix(""), "wheel", tmp_path)
    (again,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as one, zipfile.ZipFile(again) as other:
        assert set(one.namelist()) == set(other.namelist())


def hatch(source: Path, kind: str, folder: Path) -> None:
    asked = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(folder)]
    subprocess.run(asked, check=True, capture_output=True, cwd=source)


def test_the_code_that_runs_is_the_wheels(installed: Installed) -> None:
    told = installed.run("python", "-c", "import app, connectors; print(app.__file__, *connectors.__path__, sep='\\n')")
    assert told.splitlines() == [f"{installed.packages}/app/__init__.py", f"{installed.packages}/connectors"]


def test_it_migrates_applies_renders_and_serves(installed: Installed) -> None:
    assert installed.run("plainsight", "migrate") == f"Migrated to {migrate.newest()}.\n"
    installed.run("plainsight", "apply", "--yes", str(installed.packages / "templates" / "starter" / "okrs.yaml"))
    told = served(installed)
    verdict = told["/api/v1/pages/index/preview"].json()["verdict"]
    # The worker writes the same pages meanwhile: the page may not be there yet, or await the links to its neighbours.
    assert re.fullmatch(r"would be created, \d{4,} bytes|would be updated|unchanged", verdict)
    assert told["/readyz"].json() == {"status": "ok"}
    assert "swagger-ui" in told["/docs"].text
    document = told["/openapi.json"].json()
    assert document["info"]["version"] == installed_version(installed) and "/api/v1/status" in document["paths"]
    assert told["/metrics"].text.count(f'version="{installed_version(installed)}"') == 1


def installed_version(installed: Installed) -> str:
    (about,) = installed.packages.glob("plainsight-*.dist-info")
    return about.name.removeprefix("plainsight-").removesuffix(".dist-info")


def served(installed: Installed) -> dict[str, requests.Response]:
    """What the service answers, and that SIGTERM ends it well."""
    asked = [str(installed.environment / "bin" / "plainsight"), "serve", "--port", "0"]
    process = subprocess.Popen(
        asked, stderr=subprocess.PIPE, text=True, cwd=installed.folder, env=installed.surroundings
    )
    try:
        url = address(process)
        paths = ("/readyz", "/docs", "/openapi.json", "/metrics", "/api/v1/pages/index/preview")
        told = {path: requests.get(url + path, timeout=10) for path in paths}
        script = re.findall(r'src="(/swagger-ui\S+)"', told["/docs"].text)
        told |= {path: requests.get(url + path, timeout=10) for path in script}
    finally:
        process.terminate()
        _, rest = process.communicate(timeout=10)
    assert process.returncode == 0, rest
    assert script and {answer.status_code for answer in told.values()} == {200}
    return told


def address(process: "subprocess.Popen[str]") -> str:
    """Where it listens, as its log says."""
    assert process.stderr
    lines = []
    for line in process.stderr:
        lines.append(line)
        if found := LISTENS.search(json.loads(line)["event"]):
            return found[1]
    raise AssertionError("".join(lines))
