"""The doctor inside: what the account may see in Jira, and what it may do in Confluence."""

import pytest
import requests

from app.db.models import PageRow
from app.db.session import writer
from connectors.sandbox import faults
from connectors.sandbox.confluence import (
    add_page,
    add_space,
    archive_page,
    restrict_page,
    restrict_space,
    space_by_key,
)
from connectors.sandbox.confluence.core.spaces import change_space
from connectors.sandbox.jira.catalogue import NUMBER_FIELDS
from connectors.sandbox.jira.seed import add_project
from connectors.sandbox.site import ADMIN
from tests.cli.examined import FINE, LOOK, WRONG, Line, change_user, examine, only_sqlite

# What the account may see and do in Jira


@only_sqlite
def test_an_account_without_jira_is_told(terminal, site) -> None:
    change_user(site, rights=["wiki:read", "wiki:write"])
    told = examine(terminal)
    line = told.one("Jira account")
    assert line.sign == WRONG and "403" in line.said and "admin.atlassian.com" in line.cure
    assert told.one("Confluence rights").sign == FINE


@only_sqlite
def test_a_project_that_is_wrong_or_out_of_sight_is_named(terminal, site) -> None:
    add_project(site, "HID", "Hidden", browse=[])
    terminal.set(projects="MKT,HID,TYPO")
    told = examine(terminal)
    wrong, fine = told["Jira projects"]
    assert wrong.said == "The account does not see HID, TYPO, which PLAINSIGHT_PROJECTS names."
    assert "Browse Projects" in wrong.cure and "Plainsight" in wrong.cure
    assert fine.said == "The account sees MKT (Marketing)."


@only_sqlite
def test_an_account_that_sees_no_project_is_told(terminal, site) -> None:
    requests.put(f"{site.base_url}/_sandbox/projects/MKT/browse", json={"accounts": []}, timeout=10).raise_for_status()
    told = examine(terminal)
    assert told.one("Jira projects").said == "The account sees no project at all."
    assert "Jira search" not in told


@only_sqlite
def test_many_projects_are_not_all_named(terminal, site) -> None:
    for number in range(60):
        add_project(site, f"P{number:02}", f"Project {number}")
    assert examine(terminal).one("Jira projects").said.endswith("and 56 more.")


@only_sqlite
def test_a_project_without_issues_is_worth_a_look(terminal, site) -> None:
    add_project(site, "NEW", "New")
    terminal.set(projects="NEW")
    assert examine(terminal).one("Jira search").sign == LOOK


@only_sqlite
def test_projects_that_evidence_names_are_held_against_sight_and_allow_list(terminal, site, good) -> None:
    bad = good.replace("project = MKT AND labels = press", "project in (MKT, GONE)")
    terminal.do("apply", "--yes", terminal.write(bad))
    line = examine(terminal).one("evidence")
    assert line.said == "The account does not see the project GONE, which the evidence of kr-1 names."
    add_project(site, "WEB", "Website")
    terminal.set(projects="WEB")
    said = " ".join(line.said for line in examine(terminal)["evidence"])
    assert "PLAINSIGHT_PROJECTS leaves out the project MKT, which the evidence of kr-1, kr-2 names" in said


@only_sqlite
def test_a_site_without_story_points_is_worth_a_look(terminal, site) -> None:
    assert NUMBER_FIELDS
    faults.add(site, {"path": "/rest/api/3/field", "status": 200, "body": []})
    assert examine(terminal).one("Jira story points").sign == LOOK


# What the account may see and do in Confluence


@only_sqlite
def test_a_space_that_is_wrong_or_out_of_sight_is_named(terminal, site) -> None:
    terminal.set(confluence_space="NOSUCH")
    line = examine(terminal).one("Confluence space")
    assert line.sign == WRONG and "'NOSUCH'" in line.said and "PLAINSIGHT_CONFLUENCE_SPACE" in line.cure
    restrict_space(site, space_by_key(site, "OKR")["id"], viewers=["somebody"])
    terminal.set(confluence_space="OKR")
    line = examine(terminal).one("Confluence space")
    assert line.sign == WRONG and "may not see it" in line.said


@only_sqlite
@pytest.mark.parametrize("how", ["product", "space"])
def test_a_missing_right_to_write_is_told(terminal, site, how) -> None:
    if how == "product":
        change_user(site, rights=["jira:read", "wiki:read"])
    else:
        restrict_space(site, space_by_key(site, "OKR")["id"], editors=["somebody"])
    told = examine(terminal)
    line = told.one("Confluence rights")
    assert line.sign == WRONG and "may read OKR but not create pages" in line.said
    assert "Space permissions" in line.cure
    assert told.wrong == {"Confluence rights"}


@only_sqlite
def test_rights_that_confluence_does_not_tell_are_worth_a_look(terminal, site) -> None:
    faults.add(site, {"path": "/operations", "status": 200, "body": {"operations": []}})
    assert examine(terminal).one("Confluence rights").sign == LOOK


@only_sqlite
def test_an_account_without_confluence_is_told(terminal, site) -> None:
    change_user(site, rights=["jira:read"])
    line = examine(terminal).one("Confluence account")
    assert line.sign == WRONG and "403" in line.said and "Confluence" in line.cure


@only_sqlite
def test_the_parent_page_is_looked_at(terminal, site) -> None:
    space, other = space_by_key(site, "OKR"), add_space(site, "ELSE", "Elsewhere")
    page = add_page(site, space["id"], "Goals", "<p />")

    def told_of(parent: str) -> Line:
        terminal.set(confluence_parent=parent)
        return examine(terminal).one("Confluence parent page")

    assert told_of(page["id"]).said == "The pages go below “Goals”."
    assert "another space" in told_of(other["homepageId"]).said
    for parent in ("999999", "OKR+Home"):
        line = told_of(parent)
        assert line.sign == WRONG and "PLAINSIGHT_CONFLUENCE_PARENT" in line.cure and "/pages/123456/" in line.cure
    archive_page(site, page["id"])
    assert "archived" in told_of(page["id"]).said
    change_space(site, space["id"], homepageId=None)
    assert told_of("").sign == LOOK


@only_sqlite
def test_pages_of_ours_that_were_locked_are_named(terminal, site, good, engine) -> None:
    terminal.do("apply", "--yes", terminal.write(good))
    terminal.do("publish")
    with writer(engine)() as session:
        row = session.query(PageRow).filter_by(kind="team").one()
    restrict_page(site, row.wiki_id, writers=[ADMIN])
    line = examine(terminal).one("Confluence pages")
    assert line.sign == WRONG and line.said.endswith(f"edit our pages {row.id}.")
