"""What is done at night, by hand: the sweep, the audit, and how `plainsight status` tells of them."""

import json
import re

import pytest

from connectors.sandbox.confluence import people
from connectors.sandbox.confluence.core.pages import touch
from connectors.sandbox.jira.seed import add_issues, add_security_level
from connectors.sandbox.jira.tracker import tracker_of
from connectors.sandbox.site import ADMIN
from tests.cli.conftest import GOOD

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def start(terminal, text=GOOD):
    terminal.do("apply", "--yes", terminal.write(text))
    terminal.do("sync")
    terminal.do("publish")


def hide(site, *keys):
    """Without an update: nobody but the admin may see these issues."""
    level = add_security_level(site, "Others", [ADMIN])["id"]
    tracker = tracker_of(site)
    with site.store.lock:
        for key in keys:
            tracker.put({**tracker.issue(key), "security": level})


def of_page(site, title):
    return next(page for page in site.store.table("wiki_pages") if title in page["title"])["id"]


def group(said, heading):
    """The lines below a heading."""
    lines = said.splitlines()
    first = next(number for number, line in enumerate(lines) if line.startswith(heading))
    below = lines[first + 1 :]
    end = next((number for number, line in enumerate(below) if not line.startswith(" ")), len(below))
    return [line.strip() for line in below[:end]]


def test_a_sweep_by_hand_says_what_it_mended_and_status_too(terminal, site) -> None:
    start(terminal)
    assert "nothing to repair" in terminal.do("sweep")
    assert any("sweep: nothing to repair" in line for line in group(terminal.do("status"), "Last runs"))
    hide(site, "MKT-3")
    said = terminal.do("sweep")
    assert re.fullmatch(r"Swept 3 issues: repaired 1 \(unseen 1\)\.\n", said)
    assert any("sweep: repaired 1 (unseen 1)" in line for line in group(terminal.do("status"), "Last runs"))


@only_sqlite
def test_when_too_much_is_gone_a_person_is_asked_and_can_agree(terminal, site) -> None:
    add_issues(site, "MKT", 20, labels=["press"])
    start(terminal)
    hide(site, *(f"MKT-{number}" for number in range(1, 24)))
    said = terminal.fail("sweep")
    assert "23 of 23 issues are no longer shown" in said and "`plainsight sweep --accept`" in said
    lines = group(terminal.do("status"), "Last runs")
    assert any("23 of 23 issues" in line for line in lines)
    assert "repaired 23 (unseen 23)" in terminal.do("sweep", "--accept")
    assert "nothing to repair" in terminal.do("sweep")


def test_an_audit_by_hand_says_what_people_did_and_status_says_to_which_page_and_what_to_do(terminal, site) -> None:
    start(terminal)
    assert terminal.do("audit") == "Looked at 5 pages: nothing changed.\n"
    touch(site, ADMIN, of_page(site, "Company"), title="Our company")
    people.archive_page(site, of_page(site, "Marketing"))
    said = terminal.do("audit")
    assert "archived 1, renamed 1" in said and "`plainsight status` says which ones" in said
    status = terminal.do("status")
    assert "Pages: ok 4, lost 1" in status
    lines = group(status, "Pages")
    at = next(number for number, line in enumerate(lines) if line.startswith("marketing-now: lost"))
    assert lines[at + 1] == "archived. Restore it from the archive of its space."
    assert any(line.startswith("renamed: Our company. Nothing, if that was meant") for line in lines)


@only_sqlite
def test_of_many_pages_status_lists_those_with_trouble_unless_all_are_asked_for(terminal, site) -> None:
    numbers = range(21)
    teams = "".join(f"  - {{id: t{number}, name: Team {number}, parent: company}}\n" for number in numbers)
    pages = "".join(f"  - {{id: p{number}, kind: team, team: t{number}}}\n" for number in numbers)
    start(terminal, GOOD.replace("people:", f"{teams}people:") + f"pages:\n{pages}")
    people.trash_page(site, of_page(site, "Team 7"))
    terminal.do("audit")
    few, everything = (group(terminal.do("status", *how), "Pages: ok 20, lost 1") for how in ((), ("--all",)))
    assert [line for line in few if line.startswith("p7: lost")]
    assert len([line for line in few if "http" in line]) == 1
    assert "(--all lists those that are well, too)" in few
    assert len([line for line in everything if "http" in line]) == 21


def test_status_is_json_for_scripts(terminal) -> None:
    start(terminal)
    terminal.do("sweep")
    report = json.loads(terminal.do("status", "--json"))
    (sweep,) = [run for run in report["runs"] if run["kind"] == "sweep"]
    assert sweep["counts"]["repaired"] == 0 and sweep["seconds"] >= 0 and sweep["error"] == ""
    assert len(report["pages"]) == 5 and report["pages"][0]["strayed"] == []


@only_sqlite
def test_what_the_night_needs_is_named(terminal) -> None:
    terminal.set(jira_url="", confluence_url="")
    assert "PLAINSIGHT_JIRA_URL" in terminal.fail("sweep")
    assert "PLAINSIGHT_CONFLUENCE_URL" in terminal.fail("audit")
