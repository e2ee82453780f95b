"""`plainsight apply`: all or nothing, twice is once, and a promise does not change without a word."""

import pytest
from sqlalchemy import func, select

from app.db.models import ChangeRow, KeyResultRow, ObjectiveRow, PublicationRow, TeamRow
from app.db.session import reader


def count(engine, table) -> int:
    with reader(engine)() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_a_file_is_applied_and_the_second_time_there_is_nothing_to_do(terminal, good) -> None:
    file = terminal.write(good)
    first = terminal.do("apply", "--yes", file)
    assert "+ organisation “Hanbit”" in first and "+ key_result kr-1 “Results on page one”" in first
    assert "archive" not in first
    assert terminal.do("apply", file) == "Nothing to do: everything is as the file says.\n"


def test_what_is_missing_from_the_file_is_archived_and_comes_back(terminal, good) -> None:
    without = good[: good.index("      - id: kr-2")]
    terminal.do("apply", "--yes", terminal.write(good))
    assert "- key_result kr-2 “Outlets won”" in terminal.do("apply", "--yes", terminal.write(without))
    assert "^ key_result kr-2 “Outlets won”: brought back" in terminal.do("apply", "--yes", terminal.write(good))


def test_a_new_title_is_a_change_and_needs_no_reason(terminal, good) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    said = terminal.do("apply", "--yes", terminal.write(good.replace("Results on page one", "First-page results")))
    assert "~ key_result kr-1: title “Results on page one” → “First-page results”" in said.splitlines()


ERRORS = [
    ("not yaml", "objectives:", "objectives: [", "okrs.yaml:10:", "not readable YAML"),
    ("a tab", "    title: Be the", "\ttitle: Be the", "okrs.yaml:11", ""),
    ("a list", None, "- just\n- a list\n", "okrs.yaml:1:", ""),
    ("nothing", None, "", "okrs.yaml:1:", "empty"),
    ("unknown key", "owner: haeun\n    key", "ownr: haeun\n    key",
     "okrs.yaml:13: objectives[O-1].ownr", 'mean "owner"'),
    ("no owner", "        owner: haeun\n        metric: {unit: count}", "        metric: {unit: count}",
     "okrs.yaml:15: key_results[kr-1]", '"owner" is missing'),
    ("nowhere to go", "baseline: 6, target: 15", "baseline: 6, target: 6.0",
     "okrs.yaml:19: key_results[kr-1].progress", "both 6"),
    ("a rank that rises", "{unit: count}\n        progress: {mode: from_to, baseline: 6, target: 15}",
     "{unit: rank}\n        progress: {mode: from_to, baseline: 6, target: 15}",
     "okrs.yaml:19: key_results[kr-1].progress", "rank"),
    ("a loop", "    owner: haeun\n    key_results", "    owner: haeun\n    supports: O-1\n    key_results",
     "okrs.yaml:14: objectives[O-1].supports", ""),
    ("a mode that is not", "mode: from_to, baseline: 6", "mode: fromto, baseline: 6",
     "okrs.yaml:19: key_results[kr-1].progress", "from_to"),
    ("a source that is not", "source: jira.share_done", "source: jira.share",
     "okrs.yaml:25: key_results[kr-2].metric.source", "jira.share_done"),
    ("a bad parameter", "source: jira.share_done", "source: {type: jira.share_done, by: weight}",
     "okrs.yaml:25: key_results[kr-2].metric.source", "count or points"),
]  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("old", "new", "where", "told"), [one[1:] for one in ERRORS], ids=[one[0] for one in ERRORS])
def test_a_bad_file_is_refused_with_its_line_and_nothing_is_stored(terminal, engine, good, old, new, where, told):
    if old is None:
        text = new
    else:
        assert good.count(old) == 1
        text = good.replace(old, new)
    said = terminal.fail("apply", terminal.write(text))
    assert any(line.startswith(where) and told in line for line in said.splitlines()), said
    assert count(engine, ObjectiveRow) == count(engine, TeamRow) == 0


def test_everything_that_is_wrong_is_told_at_once(terminal, good) -> None:
    bad = good.replace("baseline: 6, target: 15", "baseline: 6, target: 6").replace("team: marketing}", "team: sales}")
    assert len(terminal.fail("apply", terminal.write(bad)).splitlines()) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_that_is_not_there_or_cannot_be_read_is_told(terminal) -> None:
    assert "nowhere.yaml" in terminal.fail("apply", "nowhere.yaml")
    (terminal.folder / "folder").mkdir()
    assert "folder" in terminal.fail("apply", "folder")
    (terminal.folder / "latin.yaml").write_bytes("organisation: {name: Müller}".encode("latin-1"))
    assert "UTF-8" in terminal.fail("apply", "latin.yaml")


def test_a_changed_target_without_a_reason_is_refused_and_nothing_changes(terminal, engine, good) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    changed = good.replace("target: 15", "target: 10").replace("Be the brand", "Become the brand")
    said = terminal.run("apply", "--yes", terminal.write(changed))
    assert said.code == 1 and "kr-1: target 15 → 10" in said.err and "--reason" in said.err
    plan = said.out.splitlines()
    assert "needs --reason" in plan[plan.index("~ key_result kr-1: target 15 → 10") + 1]
    assert sum("needs --reason" in line for line in plan) == 1
    with reader(engine)() as session:
        assert session.get_one(KeyResultRow, "kr-1").params["target"] == "15"
        assert session.get_one(ObjectiveRow, "O-1").title_en == "Be the brand that people look for"
        assert session.scalars(select(ChangeRow)).all() == []


def test_with_a_reason_the_change_is_made_and_stays_in_the_history(terminal, engine, good) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    file = terminal.write(good.replace("target: 15", "target: 10"))
    assert "kr-1: target 15 → 10" in terminal.do("apply", "-y", file, "--by", "haeun", "--reason", "Two outlets closed")
    with reader(engine)() as session:
        change = session.scalars(select(ChangeRow)).one()
    told = (change.by, change.subject_id, change.field, change.before, change.after, change.reason)
    assert told == ("haeun", "kr-1", "target", "15", "10", "Two outlets closed")
    terminal.do("publish")
    with reader(engine)() as session:
        assert any("Two outlets closed" in str(row.report) for row in session.scalars(select(PublicationRow)))


def test_a_promise_of_a_cycle_still_in_draft_may_change_freely(terminal, good) -> None:
    draft = good.replace("{id: now,", "{id: now, state: draft,")
    terminal.do("apply", "--yes", terminal.write(draft))
    said = terminal.do("apply", "--yes", terminal.write(draft.replace("target: 15", "target: 10")))
    assert "~ key_result kr-1: target 15 → 10" in said and "needs --reason" not in said
