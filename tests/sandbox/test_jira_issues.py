"""Issues over HTTP: what changes, what is kept of it, and what is refused."""

from pathlib import Path

import pytest

from connectors.sandbox.jira import seed
from connectors.sandbox.run import running
from connectors.sandbox.site import Site
from connectors.sandbox.store import Store
from tests.sandbox.conftest import Sandbox


def _create(sandbox: Sandbox, **fields: object) -> str:
    body = {"fields": {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "s", **fields}}
    return str(sandbox.post("issue", body, status=201)["key"])


def test_an_issue_is_created_edited_and_deleted(sandbox: Sandbox) -> None:
    key = _create(sandbox, labels=["b", "a"], customfield_10016=3)
    edit = {"fields": {"summary": "new"}, "update": {"labels": [{"add": "c"}, {"remove": "a"}]}}
    assert sandbox.ask("PUT", f"issue/{key}", json=edit).status_code == 204
    fields = sandbox.get(f"issue/{key}")["fields"]
    assert (fields["summary"], fields["labels"], fields["customfield_10016"]) == ("new", ["b", "c"], 3.0)
    assert sandbox.ask("DELETE", f"issue/{key}").status_code == 204
    assert sandbox.ask("GET", f"issue/{key}").status_code == 404
    assert sandbox.search("project = MKT") == []


def test_transitions_keep_resolution_and_history(sandbox: Sandbox) -> None:
    key = _create(sandbox)
    told = sandbox.get(f"issue/{key}/transitions")["transitions"]
    assert {one["name"]: one["to"]["statusCategory"]["key"] for one in told} == {
        "To Do": "new",
        "In Progress": "indeterminate",
        "Done": "done",
    }
    sandbox.post(f"issue/{key}/transitions", {"transition": {"id": "31"}}, status=204)
    done = sandbox.get(f"issue/{key}", params={"expand": "changelog"})
    assert done["fields"]["resolution"]["name"] == "Done"
    assert done["fields"]["resolutiondate"] == done["fields"]["updated"]
    items = done["changelog"]["histories"][0]["items"]
    assert [(one["fieldId"], one["fromString"], one["toString"]) for one in items] == [
        ("resolution", None, "Done"),
        ("status", "To Do", "Done"),
    ]
    sandbox.post(f"issue/{key}/transitions", {"transition": {"id": "21"}}, status=204)
    back = sandbox.get(f"issue/{key}")["fields"]
    assert (back["resolution"], back["resolutiondate"]) == (None, None)
    assert [page["items"][-1]["toString"] for page in sandbox.get(f"issue/{key}/changelog")["values"]] == [
        "Done",
        "In Progress",
    ]


def test_a_transition_may_name_its_resolution(sandbox: Sandbox) -> None:
    key = _create(sandbox)
    body = {"transition": {"id": "31"}, "fields": {"resolution": {"name": "Won't Do"}}}
    sandbox.post(f"issue/{key}/transitions", body, status=204)
    assert sandbox.get(f"issue/{key}")["fields"]["resolution"]["name"] == "Won't Do"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"summary": ""}, "summary"),
        ({"summary": "a\nb"}, "summary"),
        ({"labels": ["a b"]}, "labels"),
        ({"customfield_10016": "three"}, "customfield_10016"),
        ({"customfield_4711": 3}, "customfield_4711"),
        ({"assignee": {"accountId": "nobody"}}, "assignee"),
        ({"assignee": "minsu"}, "assignee"),
        ({"parent": {"key": "MKT-99"}}, "parent"),
        ({"issuetype": {"name": "Sub-task"}}, "parent"),
        ({"issuetype": {"name": "Poem"}}, "issuetype"),
        ({"project": {"key": "NOPE"}}, "project"),
    ],
)
def test_a_field_that_is_wrong_is_named(sandbox: Sandbox, fields: dict[str, object], named: str) -> None:
    body = {"fields": {"project": {"key": "MKT"}, "issuetype": {"name": "Task"}, "summary": "s", **fields}}
    assert list(sandbox.post("issue", body, status=400)["errors"]) == [named]


def test_children_hang_below_their_parents(sandbox: Sandbox) -> None:
    epic = _create(sandbox, issuetype={"name": "Epic"})
    story = _create(sandbox, issuetype={"name": "Story"}, parent={"key": epic})
    below = _create(sandbox, issuetype={"name": "Sub-task"}, parent={"key": story})
    fields = sandbox.get(f"issue/{story}")["fields"]
    assert fields["parent"]["key"] == epic
    assert [child["key"] for child in fields["subtasks"]] == [below]
    assert sandbox.get(f"issue/{epic}")["fields"]["subtasks"] == []
    assert sandbox.ask("DELETE", f"issue/{story}").status_code == 400
    assert sandbox.ask("DELETE", f"issue/{story}?deleteSubtasks=true").status_code == 204
    assert sandbox.keys("project = MKT") == [epic]


def test_a_link_is_seen_from_both_ends(sandbox: Sandbox) -> None:
    one, other = _create(sandbox), _create(sandbox)
    body = {"type": {"name": "Blocks"}, "inwardIssue": {"key": one}, "outwardIssue": {"key": other}}
    sandbox.post("issueLink", body, status=201)
    from_one = sandbox.get(f"issue/{one}")["fields"]["issuelinks"][0]
    from_other = sandbox.get(f"issue/{other}")["fields"]["issuelinks"][0]
    assert from_one["outwardIssue"]["key"] == other
    assert from_other["inwardIssue"]["key"] == one
    assert from_one["type"] == {**from_other["type"], "outward": "blocks"}
    assert sandbox.get(f"issueLink/{from_one['id']}")["outwardIssue"]["key"] == other
    assert sandbox.keys(f'issue in linkedIssues({one}, "blocks")') == [other]
    assert sandbox.ask("DELETE", f"issueLink/{from_one['id']}").status_code == 204
    assert sandbox.get(f"issue/{other}")["fields"]["issuelinks"] == []


def test_a_remote_link_is_replaced_by_its_global_id(sandbox: Sandbox) -> None:
    key = _create(sandbox)
    first = {"globalId": "kr=1", "relationship": "supports", "object": {"url": "https://a.example", "title": "A"}}
    made = sandbox.post(f"issue/{key}/remotelink", first, status=201)
    again = {"globalId": "kr=1", "object": {"url": "https://b.example", "title": "B"}}
    assert sandbox.post(f"issue/{key}/remotelink", again) == made
    (link,) = sandbox.get(f"issue/{key}/remotelink")
    assert "relationship" not in link
    assert link["object"] == again["object"]
    assert sandbox.ask("DELETE", f"issue/{key}/remotelink", params={"globalId": "kr=1"}).status_code == 204
    assert sandbox.get(f"issue/{key}/remotelink") == []


def test_objects_are_full_size_and_times_have_no_colon_in_the_offset(sandbox: Sandbox) -> None:
    key = _create(sandbox, assignee={"accountId": "712020:minsu"})
    fields = sandbox.get(f"issue/{key}")["fields"]
    assert set(fields["assignee"]["avatarUrls"]) == {"48x48", "24x24", "16x16", "32x32"}
    assert fields["status"]["statusCategory"]["self"].endswith("/rest/api/3/statuscategory/2")
    assert fields["project"]["key"] == "MKT"
    assert fields["created"][-5:] == "+0900"


def test_a_korean_site_translates_names_but_not_keys(sandbox: Sandbox, site: Site) -> None:
    key = _create(sandbox)
    site.language = "ko"
    status = sandbox.get(f"issue/{key}")["fields"]["status"]
    assert (status["name"], status["statusCategory"]["key"]) == ("해야 할 일", "new")


def test_a_team_managed_project_has_statuses_and_estimates_of_its_own(sandbox: Sandbox, site: Site) -> None:
    seed.add_project(site, "TEAM", "Team", style="next-gen")
    seed.add_issue(site, "TEAM", "a", status="Done", story_points=5)
    fields = sandbox.get("issue/TEAM-1")["fields"]
    assert fields["status"]["id"] not in ("10000", "3", "10001")
    assert (fields["customfield_10026"], fields["customfield_10016"]) == (5.0, None)
    assert sandbox.keys("status = Done") == ["TEAM-1"]


def test_a_second_run_starts_where_the_first_ended(tmp_path: Path) -> None:
    def open_site() -> Site:
        return Site(store=Store(tmp_path / "state.db"))

    site = open_site()
    seed.add_project(site, "MKT", "Marketing")
    seed.add_issues(site, "MKT", 3)
    seed.link(site, "Blocks", "MKT-1", "MKT-2")
    user = site.add_user("minsu@example.com", "김민수", token="t")
    with running(site) as url:
        sandbox = Sandbox(site, url, user["email"], "t")
        sandbox.post("issue/MKT-1/transitions", {"transition": {"id": "31"}}, status=204)
    site.store.close()
    with running(again := open_site()) as url:
        sandbox = Sandbox(again, url, user["email"], "t")
        assert sandbox.keys("statusCategory = done order by key") == ["MKT-1", "MKT-3"]
        assert sandbox.keys("issue in linkedIssues(MKT-2)") == ["MKT-1"]
        assert _create(sandbox) == "MKT-4"
    again.store.close()
