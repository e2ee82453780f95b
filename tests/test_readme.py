"""README and docs name only what exists: make targets, commands and their options, settings, files, headings."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from app.main import command_line
from app.settings import Settings

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / ".env.example", ROOT / "Dockerfile"],
    key=lambda page: page.as_posix(),
)
NAMES = [page.relative_to(ROOT).as_posix() for page in PAGES]
VARIABLES = {f"PLAINSIGHT_{name.upper()}" for name in Settings.model_fields} | {"PLAINSIGHT_SECRETS_DIR"}
COMMANDS: dict[str, Any] = dict(typer.main.get_command(command_line()).commands)  # type: ignore[attr-defined]

pytestmark = pytest.mark.parametrize("page", PAGES, ids=NAMES)


def code(page: Path) -> Iterator[str]:
    """Lines of fenced blocks, and what stands in backticks."""
    text = page.read_text(encoding="utf-8")
    for fenced in re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from fenced.splitlines()
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def test_every_make_target_that_is_named_exists(page: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {match[1] for line in code(page) if (match := re.match(r"make ([a-z-]+)", line))}
    assert named <= targets


def test_every_command_that_is_named_exists_with_its_options(page: Path) -> None:
    for line in code(page):
        called = re.match(r"(?:\S*/)?plainsight ([a-z]+)\b(?: ([a-z]+)\b)?([^#]*)", line)
        if called is None:
            continue
        assert called[1] in COMMANDS, line
        command = COMMANDS[called[1]]
        if hasattr(command, "commands"):  # one of two words
            assert called[2] in command.commands, line
            command = command.commands[called[2]]
        options = {option for param in command.params for option in param.opts} | {"--help"}
        assert set(re.findall(r"--[a-z-]+", called[3])) <= options, line


def test_every_setting_that_is_named_exists(page: Path) -> None:
    assert set(re.findall(r"PLAINSIGHT_[A-Z_]+", page.read_text(encoding="utf-8"))) <= VARIABLES


def test_every_linked_file_and_heading_exists(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http://", "https://")):
            continue
        path, _, heading = target.partition("#")
        there = page.parent / path if path else page
        assert there.exists(), target
        if heading:
            assert heading in headings(there), target


def headings(page: Path) -> set[str]:
    """As GitHub makes anchors of them."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in found}


def test_every_file_of_ours_that_is_named_in_code_exists(page: Path) -> None:
    named = {part for part in code(page) if re.fullmatch(r"(app|connectors|docs|templates|migrations)/[\w./-]+", part)}
    missing = {path for path in named if not (ROOT / path).exists() and not path.endswith("/x.py")}
    assert not missing
