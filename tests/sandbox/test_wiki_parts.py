"""What belongs to pages in the sandbox wiki: properties, labels, files, places, states; what v1 no longer does."""

from pathlib import Path

import pytest

from connectors.sandbox.confluence import (
    add_page,
    comment_inline,
    restrict_page,
    restrict_space,
    space_by_key,
    stored_body,
)
from connectors.sandbox.confluence.core.attachments import attachments_of
from connectors.sandbox.site import Site
from connectors.sandbox.store import Store
from tests.sandbox.wiki import READER, V1, V2, WRITER, Wiki, error_of, open_wiki

NO_CHECK = {"X-Atlassian-Token": "no-check"}


def attach(wiki: Wiki, page_id: str, content: bytes, method: str = "PUT", name: str = "trend.png", **more: str) -> int:
    files = {"file": (name, content), "comment": (None, "주간 추이"), "minorEdit": (None, "true")}
    path = f"{V1}/content/{page_id}/child/attachment"
    return wiki.ask(method, path, files=files, headers=more or NO_CHECK).status_code


def test_a_property_is_found_by_key_and_changed_by_id() -> None:
    wiki = open_wiki()
    path = f"{V2}/pages/{wiki.create('Company')['id']}/properties"
    made = wiki.ask("POST", path, json={"key": "plainsight", "value": {"digest": "a"}}).json()
    assert wiki.get(path, key="plainsight")["results"] == [made]
    assert wiki.get(path, key="other")["results"] == []
    change = {"key": "plainsight", "value": [1], "version": {"number": 2, "message": "m"}}
    changed = wiki.ask("PUT", f"{path}/{made['id']}", json=change).json()
    assert (changed["value"], changed["version"]["number"]) == ([1], 2)
    again = wiki.ask("PUT", f"{path}/{made['id']}", json=change)
    assert again.status_code == 409
    assert error_of(again)["code"] == "CONFLICT"
    assert wiki.ask("PUT", f"{path}/{made['id']}", json={**change, "key": "other"}).status_code == 400
    assert wiki.ask("PUT", f"{path}/plainsight", json=change).status_code == 400
    assert wiki.ask("DELETE", f"{path}/{made['id']}").status_code == 204
    assert wiki.ask("GET", f"{path}/{made['id']}").status_code == 404


def test_a_property_key_is_taken_once_and_its_value_has_a_limit() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    path = f"{V2}/pages/{page['id']}/properties"
    assert wiki.ask("POST", path, json={"key": "k", "value": 1}).status_code == 200
    assert wiki.ask("POST", path, json={"key": "k", "value": 1}).status_code == 409
    assert wiki.ask("POST", path, json={"key": "k" * 256, "value": 1}).status_code == 400
    assert wiki.ask("POST", path, json={"key": "big", "value": "x" * 40_000}).status_code == 413
    assert wiki.ask("POST", path, json={"value": 1}).status_code == 400
    assert wiki.get(f"{V2}/pages/{page['id']}")["version"]["number"] == 1


def test_labels_are_added_in_lower_case_and_keep_the_others() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    path = f"{V1}/content/{page['id']}/label"
    assert wiki.ask("POST", path, json={"prefix": "global", "name": "okr"}).json()["size"] == 1
    both = wiki.ask("POST", path, json=[{"prefix": "global", "name": "OKR-2026"}, {"prefix": "global", "name": "okr"}])
    assert [label["name"] for label in both.json()["results"]] == ["okr", "okr-2026"]
    assert wiki.ask("POST", path, json=[{"prefix": "global", "name": "two words"}]).status_code == 400
    assert wiki.ask("DELETE", path, params={"name": "okr"}).status_code == 204
    assert wiki.ask("DELETE", path, params={"name": "okr"}).status_code == 404
    listed = wiki.get(f"{V2}/pages/{page['id']}/labels")["results"]
    assert [(label["prefix"], label["name"]) for label in listed] == [("global", "okr-2026")]


def test_a_file_gets_versions_under_one_name_and_is_given_back_byte_by_byte() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    assert attach(wiki, page["id"], b"\x89PNG one") == 200
    assert attach(wiki, page["id"], b"\x89PNG two") == 200
    (item,) = wiki.get(f"{V2}/pages/{page['id']}/attachments", filename="trend.png")["results"]
    assert (item["version"]["number"], item["comment"], item["fileSize"]) == (2, "주간 추이", 8)
    assert (item["mediaType"], item["version"]["minorEdit"]) == ("image/png", True)
    path = f"{V1}/content/{page['id']}/child/attachment/{item['id']}/download"
    for query, content in (("", b"\x89PNG two"), ("?version=1", b"\x89PNG one")):
        answer = wiki.ask("GET", path + query)
        assert answer.status_code == 302
        assert wiki.http.get(answer.headers["location"]).content == content
    assert wiki.ask("GET", f"{path}?version=3").status_code == 400
    assert wiki.get(f"{V2}/pages/{page['id']}")["version"]["number"] == 1


def test_a_second_file_of_one_name_must_not_be_posted() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    assert attach(wiki, page["id"], b"1", "POST") == 200
    assert attach(wiki, page["id"], b"1", "POST") == 400


def test_a_file_without_the_xsrf_header_is_forbidden() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    assert attach(wiki, page["id"], b"1", **{"X-Other": "1"}) == 403
    assert attach(wiki, page["id"], b"1", **{"X-Atlassian-Token": "yes"}) == 403
    assert attach(wiki, page["id"], b"1", **{"X-Atlassian-Token": "nocheck"}) == 200


def test_what_is_no_picture_is_handed_over_as_a_file_and_never_runs_in_the_browser() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    attach(wiki, page["id"], b"<script>", name="x.html")
    answer = wiki.http.get(f"/wiki/download/attachments/{page['id']}/x.html")
    assert answer.headers["content-disposition"].startswith("attachment")


def test_pages_are_moved_below_before_and_after_others() -> None:
    wiki = open_wiki()
    one, two, three = (wiki.create(name)["id"] for name in ("One", "Two", "Three"))
    move = f"{V1}/content/{three}/move"
    assert wiki.ask("PUT", f"{move}/before/{one}").json() == {"pageId": three}

    def order() -> list[str]:
        return [page["title"] for page in wiki.get(f"{V2}/pages/{wiki.space['homepageId']}/children")["results"]]

    assert order() == ["Three", "One", "Two"]
    wiki.ask("PUT", f"{move}/after/{one}")
    assert order() == ["One", "Three", "Two"]
    wiki.ask("PUT", f"{move}/append/{two}")
    assert wiki.get(f"{V2}/pages/{three}")["parentId"] == two
    assert wiki.ask("PUT", f"{V1}/content/{two}/move/append/{three}").status_code == 400
    assert wiki.ask("PUT", f"{move}/append/999").status_code == 404
    assert wiki.get(f"{V2}/pages/{three}")["version"]["number"] == 1


def test_pages_are_archived_once() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    sent = {"pages": [{"id": int(page["id"])}]}
    assert wiki.ask("POST", f"{V1}/content/archive", json=sent).status_code == 202
    assert wiki.get(f"{V2}/pages/{page['id']}")["status"] == "archived"
    assert wiki.ask("POST", f"{V1}/content/archive", json=sent).status_code == 400


def test_a_content_state_makes_a_new_version_with_the_same_body() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    body, path = wiki.stored(page["id"]), f"{V1}/content/{page['id']}/state"
    answer = wiki.ask("PUT", f"{path}?status=current", json={"name": "Verified", "color": "#00875a"})
    assert answer.json()["contentState"]["name"] == "Verified"
    assert wiki.get(path)["contentState"]["color"] == "#00875a"
    assert wiki.get(f"{V2}/pages/{page['id']}")["version"]["number"] == 2
    assert wiki.stored(page["id"]) == body
    assert wiki.ask("PUT", path, json={"name": "Verified", "color": "#00875a"}).status_code == 400
    long = {"name": "x" * 21, "color": "#00875a"}
    assert wiki.ask("PUT", f"{path}?status=current", json=long).status_code == 400


def test_v1_says_403_where_v2_hides() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    restrict_page(wiki.site, page["id"], writers=[READER])
    answer = wiki.ask("POST", f"{V1}/content/{page['id']}/label", json=[{"prefix": "global", "name": "okr"}])
    assert answer.status_code == 403
    assert answer.json()["statusCode"] == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "content"),
        ("POST", "content"),
        ("GET", "content/1"),
        ("PUT", "content/1"),
        ("DELETE", "content/1"),
        ("GET", "content/1/property/x"),
        ("GET", "space/OKR"),
    ],
)
def test_what_v2_has_replaced_is_gone(method: str, path: str) -> None:
    assert open_wiki().ask(method, f"{V1}/{path}").status_code == 410


def test_people_are_known() -> None:
    wiki = open_wiki()
    assert wiki.get(f"{V1}/user/current")["accountId"] == WRITER
    found = wiki.ask("POST", f"{V2}/users-bulk", READER, json={"accountIds": [WRITER, "nobody"]}).json()["results"]
    assert [(user["accountId"], user["displayName"]) for user in found] == [(WRITER, "Writer")]


def test_all_is_kept_over_a_restart(tmp_path: Path) -> None:
    first = open_wiki(store=Store(tmp_path / "site.db"))
    page = first.create("회사", "<p>one two</p>")
    comment_inline(first.site, page["id"], "two")
    attach(first, page["id"], b"png")
    body = first.stored(page["id"])
    first.site.store.close()
    again = Site(store=Store(tmp_path / "site.db"))
    assert stored_body(again, page["id"]) == body
    assert space_by_key(again, "okr") == first.space
    assert attachments_of(again, page["id"])[0]["title"] == "trend.png"
    assert add_page(again, first.space["id"], "Next", "<p/>")["id"] > page["id"]
    again.store.close()


def test_what_an_account_may_do_depends_on_its_rights_the_space_and_the_page() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")["id"]
    places = f"{V2}/spaces/{wiki.space['id']}", f"{V2}/pages/{page}"

    def may(by: str) -> list[set[tuple[str, str]]]:
        told = [wiki.get(f"{place}/operations", by)["operations"] for place in places]
        return [{(one["operation"], one["targetType"]) for one in operations} for operations in told]

    in_space, on_page = may(WRITER)
    assert {("create", "page"), ("read", "space")} <= in_space and {("update", "page"), ("read", "page")} <= on_page
    assert may(READER) == [{("read", "space")}, {("read", "page")}]
    restrict_page(wiki.site, page, writers=[READER])
    assert may(WRITER) == [in_space, {("read", "page")}]
    restrict_space(wiki.site, wiki.space["id"], editors=[READER])
    assert may(WRITER)[0] == {("read", "space")}
    restrict_space(wiki.site, wiki.space["id"], viewers=[READER])
    assert {wiki.ask("GET", f"{place}/operations").status_code for place in places} == {404}
