"""`.env.example` names every setting, and can be used as it stands."""

import re
from pathlib import Path

import pytest

from app.settings import Settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"


def test_the_example_names_every_setting_once() -> None:
    named = re.findall(r"^PLAINSIGHT_(\w+)=", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


def test_the_example_says_what_holds_without_it_but_for_the_sites(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"PLAINSIGHT_{name.upper()}", raising=False)
    example, bare = Settings(_env_file=EXAMPLE), Settings(_env_file=None)
    differing = {name for name in Settings.model_fields if getattr(example, name) != getattr(bare, name)}
    assert differing == {"jira_url", "confluence_url", "confluence_space"}
