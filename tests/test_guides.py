"""Guides in two languages do not drift apart: the same headings, commands, outputs, names and links in both."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parent.parent / "docs"
TWINS = sorted(page.name.removesuffix(".ko.md") for page in DOCS.glob("*.ko.md"))
HANGUL = re.compile("[가-힣]")


def pair(name: str) -> tuple[str, str]:
    return tuple((DOCS / f"{name}{ending}").read_text(encoding="utf-8") for ending in (".md", ".ko.md"))  # type: ignore[return-value]


def fenced(text: str) -> list[str]:
    return re.findall(r"^```.*?^```$", text, re.MULTILINE | re.DOTALL)


def prose(text: str) -> str:
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def rows(text: str) -> int:
    """Rows of tables and points of lists."""
    return len(re.findall(r"^(?:\||- )", text, re.MULTILINE))


def test_the_guide_to_connecting_a_site_is_there_in_korean() -> None:
    assert "connecting" in TWINS


@pytest.mark.parametrize("name", TWINS)
def test_both_have_the_same_steps_in_the_same_order(name: str) -> None:
    english, korean = (re.findall(r"^(#+ (?:\d+\.)?)", prose(text), re.MULTILINE) for text in pair(name))
    assert english == korean and len(english) > 3


@pytest.mark.parametrize("name", TWINS)
def test_both_show_the_same_commands_and_outputs(name: str) -> None:
    english, korean = map(fenced, pair(name))
    assert english == korean


@pytest.mark.parametrize("name", TWINS)
def test_both_name_the_same_things_and_lead_to_the_same_places(name: str) -> None:
    english, korean = map(prose, pair(name))
    assert set(re.findall(r"`([^`]+)`", english)) == set(re.findall(r"`([^`]+)`", korean))
    links = [set(re.findall(r"\]\(([^)]+)\)|<(https[^>]+)>", text)) for text in (english, korean)]
    twins = {(f"{name}.md", ""), (f"{name}.ko.md", "")}
    assert links[0] - twins == links[1] - twins
    assert rows(english) == rows(korean)


@pytest.mark.parametrize("name", TWINS)
def test_each_leads_to_the_other_and_speaks_its_language(name: str) -> None:
    english, korean = pair(name)
    assert f"({name}.ko.md)" in english and f"({name}.md)" in korean
    assert len(HANGUL.findall(english)) < 10 < len(HANGUL.findall(korean))
