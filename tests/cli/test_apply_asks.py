"""`plainsight apply` shows what it would do and asks; without anybody to ask it does nothing."""

import io
import os
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from app.db.models import ChangeRow, ObjectiveRow, TeamRow
from app.db.session import reader, writer

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

Typing = Callable[[str], None]
MANY = "".join(f"  - {{id: t{number}, name: Team {number}, parent: company}}\n" for number in range(30))


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Typing]:
    """A person at a terminal who types this when asked."""
    opened: list[int] = []

    def types(text: str) -> None:
        ours, theirs = os.openpty()
        opened.extend((ours, theirs))
        os.write(ours, text.encode())
        monkeypatch.setattr("sys.stdin", os.fdopen(theirs, closefd=False))

    yield types
    for end in opened:
        os.close(end)


def teams(engine) -> int:
    with reader(engine)() as session:
        return session.scalar(select(func.count()).select_from(TeamRow).where(TeamRow.archived_at.is_(None)))


def with_many(good: str) -> str:
    return good.replace("people:\n", MANY + "people:\n")


def test_who_says_yes_gets_what_was_shown(terminal, engine, good, typing) -> None:
    typing("y\n")
    said = terminal.run("apply", terminal.write(good))
    assert said.code == 0 and "Apply this plan?" in said.err
    assert "+ team marketing “Marketing”" in said.out and "Plan: 17 to create." in said.out
    assert said.out.endswith("Applied: 17 created.\n")
    assert teams(engine) == 2


@pytest.mark.parametrize("typed", ["n\n", "\n"])
def test_who_does_not_say_yes_gets_nothing(terminal, engine, good, typing, typed) -> None:
    typing(typed)
    said = terminal.run("apply", terminal.write(good))
    assert said.code == 1 and said.out.endswith("Nothing was changed.\n")
    assert teams(engine) == 0


def test_without_a_terminal_and_without_yes_nothing_is_done(terminal, engine, good) -> None:
    said = terminal.run("apply", terminal.write(good))
    assert said.code == 1 and "+ team marketing" in said.out
    assert "no terminal" in said.err and "--yes" in said.err and "--dry-run" in said.err
    assert teams(engine) == 0


def test_a_dry_run_shows_the_plan_and_does_nothing(terminal, engine, good) -> None:
    said = terminal.do("apply", "--dry-run", "--yes", terminal.write(good))
    assert said.endswith("Plan: 17 to create.\n")
    assert teams(engine) == 0


def test_with_nothing_to_do_nobody_is_asked(terminal, good) -> None:
    terminal.do("apply", "-y", terminal.write(good))
    assert terminal.run("apply", terminal.write(good)).err == ""


def test_a_missing_reason_is_told_before_anybody_is_asked(terminal, good, typing) -> None:
    terminal.do("apply", "-y", terminal.write(good))
    typing("y\n")
    said = terminal.run("apply", terminal.write(good.replace("target: 15", "target: 10")))
    assert said.code == 1 and "Apply" not in said.err and "--reason" in said.err
    assert terminal.run("apply", "--dry-run", terminal.write(good.replace("target: 15", "target: 10"))).code == 0


def test_the_summary_counts_everything(terminal, good) -> None:
    terminal.do("apply", "-y", terminal.write(good))
    without = good[: good.index("      - id: kr-2")]
    terminal.do("apply", "-y", terminal.write(without))
    more = "  - {id: sora, name: Sora}\n  - {id: haeun, name: Ha-eun, team: marketing}\n"
    text = good.replace("  - {id: haeun, name: Haeun, team: marketing}\n", more)
    text += "measurements:\n  - {metric: kr-1, at: 2026-01-01, value: 7}\n"
    said = terminal.do("apply", "--dry-run", terminal.write(text))
    assert said.endswith("Plan: 1 to create, 1 to change, 3 to bring back, 1 value to take over.\n")


def test_a_changed_id_is_asked_about(terminal, good) -> None:
    terminal.do("apply", "-y", terminal.write(good))
    said = terminal.do("apply", "--dry-run", terminal.write(good.replace("id: kr-2", "id: kr-22")))
    assert "has the title of key_result kr-2, which is archived: was its id changed?" in said


# A wrong file must not empty the pages


def test_archiving_more_than_half_needs_more_than_yes(terminal, engine, good) -> None:
    terminal.do("apply", "-y", terminal.write(with_many(good)))
    said = terminal.run("apply", "--yes", terminal.write(good))
    assert said.code == 1
    assert "This archives 30 of 46 definitions" in said.err and "--archive-many" in said.err
    assert teams(engine) == 32
    terminal.do("apply", "--yes", "--archive-many", terminal.write(good))
    assert teams(engine) == 2


@pytest.mark.parametrize(("typed", "left"), [("30\n", 2), ("y\n", 32), ("\n", 32)])
def test_at_a_terminal_the_number_is_to_be_typed(terminal, engine, good, typing, typed, left) -> None:
    terminal.do("apply", "-y", terminal.write(with_many(good)))
    typing(typed)
    said = terminal.run("apply", terminal.write(good))
    assert "Is it the right file? Type 30 to go on" in said.err
    assert (said.code, teams(engine)) == (0 if left == 2 else 1, left)


# Somebody else


def test_what_another_process_changed_between_showing_and_applying_is_not_overwritten(
    terminal, engine, good, monkeypatch
) -> None:
    terminal.do("apply", "-y", terminal.write(good))

    class Slow(io.StringIO):
        """Somebody who says yes, but only after somebody else has changed something."""

        def isatty(self) -> bool:
            return True

        def readline(self, *size: int) -> str:
            with writer(engine)() as session:
                session.get_one(ObjectiveRow, "O-1").title_en = "Somebody else's"
            return "y\n"

    monkeypatch.setattr("sys.stdin", Slow())
    said = terminal.run("apply", terminal.write(good.replace("Results on page one", "First-page results")))
    assert said.code == 1 and "another one now" in said.err and "objective O-1 changed" in said.err
    with reader(engine)() as session:
        assert session.get_one(ObjectiveRow, "O-1").title_en == "Somebody else's"
        assert session.scalars(select(ChangeRow)).all() == []


def test_the_user_of_the_machine_is_who_changed_it_unless_told(terminal, engine, good, monkeypatch) -> None:
    monkeypatch.setenv("LOGNAME", "sora")
    terminal.do("apply", "-y", terminal.write(good))
    terminal.do("apply", "-y", terminal.write(good.replace("Outlets won", "Outlets")))
    terminal.do("apply", "-y", "--by", "jun", terminal.write(good))
    with reader(engine)() as session:
        found = session.scalars(select(ChangeRow).where(ChangeRow.subject == "key_result").order_by(ChangeRow.id)).all()
    assert [row.by for row in found] == ["sora", "jun"]
