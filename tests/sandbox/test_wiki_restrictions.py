"""Who may see and change what in the sandbox wiki: restrictions, groups, private pages, and locking oneself out."""

from typing import Any

import pytest

from connectors.sandbox.confluence import add_group, restrict_page
from connectors.sandbox.confluence.core.watchers import told_versions
from connectors.sandbox.site import ADMIN
from tests.sandbox.wiki import READER, V1, V2, WRITER, Wiki, open_wiki

OTHER = "712020:other"


@pytest.fixture
def wiki() -> Wiki:
    opened = open_wiki()
    opened.site.add_user("other@example.com", "Other", account_id=OTHER)
    return opened


def user(*accounts: str) -> dict[str, Any]:
    return {"user": [{"type": "known", "accountId": account} for account in accounts]}


def only(operation: str, *accounts: str, groups: tuple[str, ...] = ()) -> dict[str, Any]:
    told = {"group": [{"type": "group", "id": one} for one in groups]} if groups else {}
    return {"operation": operation, "restrictions": {**user(*accounts), **told}}


def change(wiki: Wiki, page_id: str, *sent: dict[str, Any], method: str = "PUT", by: str = WRITER) -> int:
    return wiki.ask(method, f"{V1}/content/{page_id}/restriction", by, json=list(sent)).status_code


def told(wiki: Wiki, page_id: str, by: str = WRITER) -> dict[str, tuple[list[str], list[str]]]:
    results = wiki.get(f"{V1}/content/{page_id}/restriction", by)["results"]
    return {
        one["operation"]: (
            [person["accountId"] for person in one["restrictions"]["user"]["results"]],
            [group["name"] for group in one["restrictions"]["group"]["results"]],
        )
        for one in results
    }


def status(wiki: Wiki, page_id: str, by: str) -> int:
    return wiki.ask("GET", f"{V2}/pages/{page_id}", by).status_code


def test_a_view_restriction_hides_the_page_and_all_below_it(wiki: Wiki) -> None:
    page = wiki.create("Team")
    below = wiki.create("Below", parentId=page["id"])
    assert change(wiki, page["id"], only("read", WRITER)) == 200
    assert [status(wiki, one["id"], OTHER) for one in (page, below)] == [404, 404]
    assert [status(wiki, one["id"], WRITER) for one in (page, below)] == [200, 200]
    assert told(wiki, below["id"]) == {"read": ([], []), "update": ([], [])}


def test_an_edit_restriction_is_for_the_page_alone(wiki: Wiki) -> None:
    page = wiki.create("Team")
    below = wiki.create("Below", parentId=page["id"])
    assert change(wiki, page["id"], only("update", WRITER)) == 200
    assert wiki.try_save(page["id"], 2, by=OTHER).status_code == 404
    assert wiki.try_save(below["id"], 2, by=OTHER).status_code == 200


def test_members_of_a_group_may_what_it_may(wiki: Wiki) -> None:
    group, page = add_group(wiki.site, "leads", [OTHER]), wiki.create("Team")
    assert change(wiki, page["id"], only("read", WRITER, groups=(group["id"],))) == 200
    assert (status(wiki, page["id"], OTHER), status(wiki, page["id"], READER)) == (200, 404)
    add_group(wiki.site, "leads", [READER])
    assert (status(wiki, page["id"], OTHER), status(wiki, page["id"], READER)) == (404, 200)
    assert told(wiki, page["id"])["read"] == ([WRITER], ["leads"])


def test_putting_replaces_all_posting_adds_and_deleting_lifts(wiki: Wiki) -> None:
    page = wiki.create("Team")
    change(wiki, page["id"], only("read", WRITER), only("update", WRITER))
    change(wiki, page["id"], only("read", OTHER), method="POST")
    assert told(wiki, page["id"]) == {"read": ([WRITER, OTHER], []), "update": ([WRITER], [])}
    change(wiki, page["id"], only("read", WRITER))
    assert told(wiki, page["id"]) == {"read": ([WRITER], []), "update": ([], [])}
    assert wiki.ask("DELETE", f"{V1}/content/{page['id']}/restriction").status_code == 200
    assert told(wiki, page["id"]) == {"read": ([], []), "update": ([], [])}
    assert wiki.get(f"{V2}/pages/{page['id']}")["version"]["number"] == 1


def test_whoever_leaves_itself_out_is_locked_out(wiki: Wiki) -> None:
    page = wiki.create("Team")
    assert change(wiki, page["id"], only("read", OTHER), only("update", OTHER)) == 200
    assert status(wiki, page["id"], WRITER) == 404
    assert change(wiki, page["id"], only("read", WRITER)) == 404
    assert change(wiki, page["id"], only("read", WRITER, OTHER), by=OTHER) == 200


def test_who_may_see_but_not_edit_changes_no_restrictions(wiki: Wiki) -> None:
    page = wiki.create("Team")
    restrict_page(wiki.site, page["id"], writers=[ADMIN])
    for method in ("PUT", "POST"):
        assert change(wiki, page["id"], only("read", WRITER), method=method) == 404
    assert wiki.ask("DELETE", f"{V1}/content/{page['id']}/restriction").status_code == 403
    assert told(wiki, page["id"])["update"] == ([ADMIN], [])


@pytest.mark.parametrize(
    "sent",
    [
        {"operation": "read", "restrictions": {}},
        {"operation": "read", "restrictions": {**user(WRITER), "group": []}},
        {"operation": "delete", "restrictions": user(WRITER)},
        {"operation": "read", "restrictions": user("nobody")},
        "read",
    ],
)
def test_half_a_restriction_is_refused_and_changes_nothing(wiki: Wiki, sent: Any) -> None:
    page = wiki.create("Team")
    assert change(wiki, page["id"], sent) == 400
    assert told(wiki, page["id"]) == {"read": ([], []), "update": ([], [])}


def test_an_unknown_group_is_refused(wiki: Wiki) -> None:
    page = wiki.create("Team")
    assert change(wiki, page["id"], only("read", WRITER, groups=("no-such",))) == 404
    assert told(wiki, page["id"])["read"] == ([], [])


def test_groups_are_found_by_a_part_of_their_name(wiki: Wiki) -> None:
    for name in ("okr-hr", "okr-hr-leads", "staff"):
        add_group(wiki.site, name)
    found = wiki.get(f"{V1}/group/picker", query="OKR")["results"]
    assert [group["name"] for group in found] == ["okr-hr", "okr-hr-leads"]
    assert wiki.ask("GET", f"{V1}/group/picker").status_code == 400


def test_a_private_page_is_for_its_creator_alone_to_see_and_edit(wiki: Wiki) -> None:
    page = wiki.create("Secret", query="?private=true")
    assert told(wiki, page["id"]) == {"read": ([WRITER], []), "update": ([WRITER], [])}
    assert status(wiki, page["id"], OTHER) == 404
    assert wiki.get(f"{V2}/pages", OTHER, title="Secret")["results"] == []


def test_watchers_hear_of_every_version_that_is_not_minor_and_v2_makes_none_minor(wiki: Wiki) -> None:
    page = wiki.create("Team")
    wiki.save(page["id"], 2, "<p>two</p>", version={"number": 2, "minorEdit": True})
    assert told_versions(wiki.site, page["id"]) == [1, 2]
