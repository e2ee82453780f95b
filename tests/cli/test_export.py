"""`plainsight export` and `plainsight schema`: what `apply` reads, and what editors read."""

import json

import pytest

from app.services import okrs

HEAD = "# yaml-language-server: $schema=okrs.schema.json\n"


def test_what_is_exported_is_applied_without_a_change(terminal, good) -> None:
    terminal.do("apply", "-y", terminal.write(good))
    text = terminal.do("export")
    assert text.startswith(HEAD) and "metric: {unit: count}" in text
    assert (
        terminal.do("apply", terminal.write(text, "exported.yaml"))
        == "Nothing to do: everything is as the file says.\n"
    )


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
class TestToAFile:
    def test_it_is_written_and_not_overwritten_without_force(self, terminal, good) -> None:
        terminal.do("apply", "-y", terminal.write(good))
        assert terminal.do("export", "there.yaml") == "Written to there.yaml.\n"
        text = (terminal.folder / "there.yaml").read_text(encoding="utf-8")
        assert text == terminal.do("export")
        (terminal.folder / "there.yaml").write_text("mine", encoding="utf-8")
        assert "--force" in terminal.fail("export", "there.yaml")
        assert (terminal.folder / "there.yaml").read_text(encoding="utf-8") == "mine"
        terminal.do("export", "there.yaml", "--force")
        assert (terminal.folder / "there.yaml").read_text(encoding="utf-8") == text

    def test_a_place_that_cannot_be_written_is_told_and_nothing_is_left_behind(self, terminal, good) -> None:
        terminal.do("apply", "-y", terminal.write(good))
        assert "nowhere/there.yaml cannot be written" in terminal.fail("export", "nowhere/there.yaml")
        (terminal.folder / "folder").mkdir()
        assert "cannot be written" in terminal.fail("export", "folder", "--force")
        assert not [path.name for path in terminal.folder.iterdir() if path.name.endswith(".new")]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_values_are_exported_if_asked_for(terminal, good) -> None:
    said = "check_ins:\n  - {key_result: kr-1, at: 2026-01-01, value: 7, note: Seven}\n"
    terminal.do("apply", "-y", terminal.write(good + said))
    assert "Seven" not in terminal.do("export")
    text = terminal.do("export", "--values")
    assert "{key_result: kr-1, at: 2026-01-01T12:00+00:00, value: 7, note: Seven}" in text
    assert "measurements:" not in text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_check_ins_that_are_left_out_are_told_apart_from_the_file(terminal, good) -> None:
    people = good.replace("people:\n", "people:\n  - {id: sora, name: Sora}\n")
    said = "check_ins:\n  - {key_result: kr-1, at: 2026-01-01, by: sora, note: Seven}\n"
    terminal.do("apply", "-y", terminal.write(people + said))
    terminal.do("apply", "-y", terminal.write(good))
    exported = terminal.run("export", "--values")
    assert exported.code == 0 and "by people who are archived: 1" in exported.err and "left out" not in exported.out


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_with_nothing_applied_there_is_nothing_to_export(terminal) -> None:
    assert "plainsight apply" in terminal.fail("export", "there.yaml")
    assert not (terminal.folder / "there.yaml").exists()


def test_the_schema_needs_neither_settings_nor_a_database(lone) -> None:
    assert json.loads(lone.do("schema")) == okrs.schema()
    assert list(lone.folder.iterdir()) == []
