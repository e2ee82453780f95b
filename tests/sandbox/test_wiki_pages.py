"""Pages of the sandbox wiki over API v2: created, listed, read, saved, thrown away."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from connectors.sandbox.confluence import archive_page, edit_page, restrict_page, restrict_space, trash_page
from tests.sandbox.wiki import READER, STRANGER, V2, error_of, open_wiki, storage


def test_a_new_page_hangs_below_the_homepage_unless_told_otherwise() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    assert page["parentId"] == wiki.space["homepageId"]
    assert page["version"]["number"] == 1
    assert page["_links"]["webui"] == f"/spaces/OKR/pages/{page['id']}/Company"
    assert page["_links"]["base"] == "http://testserver/wiki"
    assert wiki.create("Below", parentId=page["id"])["parentId"] == page["id"]
    assert wiki.create("Root", query="?root-level=true")["parentId"] is None


def test_a_title_is_taken_for_the_whole_space_in_any_case_and_by_archived_pages_too() -> None:
    wiki = open_wiki()
    archive_page(wiki.site, wiki.create("Company Page")["id"])
    answer = wiki.try_create("company page")
    assert answer.status_code == 400
    error = error_of(answer)
    assert error["code"] == "BAD_REQUEST"
    assert error["title"].startswith("A page with this title already exists")


def test_a_trashed_page_leaves_its_title_free() -> None:
    wiki = open_wiki()
    trash_page(wiki.site, wiki.create("Company")["id"])
    assert wiki.try_create("Company").status_code == 200


def test_renaming_to_a_taken_title_is_refused() -> None:
    wiki = open_wiki()
    wiki.create("One")
    assert wiki.try_save(wiki.create("Two")["id"], 2, title="ONE").status_code == 400


def test_titles_are_found_in_exact_case_among_current_and_archived_pages() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    find = {"title": "Company", "space-id": wiki.space["id"]}
    assert [found["id"] for found in wiki.get(f"{V2}/pages", **find)["results"]] == [page["id"]]
    assert wiki.get(f"{V2}/pages", **{**find, "title": "company"})["results"] == []
    archive_page(wiki.site, page["id"])
    assert [found["status"] for found in wiki.get(f"{V2}/pages", **find)["results"]] == ["archived"]
    assert wiki.get(f"{V2}/pages", **find, status="current")["results"] == []


def test_lists_are_read_page_by_page_until_there_is_no_next() -> None:
    wiki = open_wiki()
    made = [wiki.create(f"Page {number}")["id"] for number in range(7)]
    found, path = [], f"{V2}/pages?space-id={wiki.space['id']}&limit=3"
    sizes = []
    while path:
        answer = wiki.ask("GET", path)
        listed = answer.json()
        assert ('rel="next"' in answer.headers.get("link", "")) == ("next" in listed["_links"])
        sizes.append(len(listed["results"]))
        found += [page["id"] for page in listed["results"]]
        path = listed["_links"].get("next")
    assert sizes == [3, 3, 2]
    assert found == [wiki.space["homepageId"], *made]


@pytest.mark.parametrize("query", ["limit=0", "limit=251", "limit=x", "cursor=%21", "space-id=OKR", "sort=colour"])
def test_a_list_refuses_parameters_that_it_does_not_understand(query: str) -> None:
    assert open_wiki().ask("GET", f"{V2}/pages?{query}").status_code == 400


def test_body_format_none_is_not_in_the_enum() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    for path in (f"{V2}/pages/{page['id']}", f"{V2}/pages"):
        answer = wiki.ask("GET", path, params={"body-format": "none"})
        assert answer.status_code == 400
        assert error_of(answer)["title"].startswith("Provided value {none} for 'body-format' is not the correct type.")


def test_the_body_comes_only_when_asked_for_and_as_html_with_view() -> None:
    wiki = open_wiki()
    page = wiki.create("Company", "<p>Hi</p>")
    assert wiki.get(f"{V2}/pages/{page['id']}")["body"] == {}
    view = wiki.get(f"{V2}/pages/{page['id']}", **{"body-format": "view"})["body"]["view"]["value"]
    assert view == "<p>Hi</p>"


def test_a_save_needs_all_members() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    for missing in ("id", "status", "title", "body", "version"):
        answer = wiki.try_save(page["id"], 2, **{missing: None})
        assert answer.status_code == 400, missing
        assert missing in error_of(answer)["title"]
    for broken in ({"number": "2"}, {"message": "x"}, {}):
        assert wiki.try_save(page["id"], 2, version=broken).status_code == 400
    assert wiki.try_save(page["id"], 2, body={"representation": "storage"}).status_code == 400
    assert wiki.try_save(page["id"], 2, id="1").status_code == 400
    assert wiki.get(f"{V2}/pages/{page['id']}")["version"]["number"] == 1


@pytest.mark.parametrize("number", [1, 3, 0])
def test_any_number_but_the_next_is_a_conflict(number: int) -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    answer = wiki.try_save(page["id"], number)
    assert answer.status_code == 409
    error = error_of(answer)
    assert error["code"] == "CONFLICT"
    assert error["title"] == (
        f"Version must be incremented when updating a page. Current Version: [1]. Provided version: [{number}]"
    )


def test_a_save_keeps_the_message_and_the_old_version() -> None:
    wiki = open_wiki()
    page = wiki.create("Company", "<hr/>")
    saved = wiki.save(page["id"], 2, "<br/>", title="Firm", version={"number": 2, "message": "[a1b2c3d4] moved"})
    assert (saved["version"]["number"], saved["version"]["message"]) == (2, "[a1b2c3d4] moved")
    assert wiki.stored(page["id"]).startswith("<br")
    assert wiki.stored(page["id"], version=1).startswith("<hr")
    old = wiki.get(f"{V2}/pages/{page['id']}", version=1)
    assert (old["title"], old["version"]["number"]) == ("Company", 1)
    assert wiki.ask("GET", f"{V2}/pages/{page['id']}?version=3").status_code == 404
    versions = wiki.get(f"{V2}/pages/{page['id']}/versions")["results"]
    assert [(each["number"], each["message"]) for each in versions] == [(2, "[a1b2c3d4] moved"), (1, "")]
    assert wiki.get(f"{V2}/pages/{page['id']}/versions/1")["nextVersion"] == 2


def test_of_many_who_save_the_same_number_one_wins() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    with ThreadPoolExecutor(4) as writers:
        answers = list(writers.map(lambda _: wiki.try_save(page["id"], 2).status_code, range(8)))
    assert sorted(answers) == [200] + [409] * 7


def test_renaming_alone_makes_a_version_with_the_body_it_had() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    body = wiki.stored(page["id"])
    answer = wiki.ask("PUT", f"{V2}/pages/{page['id']}/title", json={"status": "current", "title": "Firm"})
    assert (answer.json()["title"], answer.json()["version"]["number"]) == ("Firm", 2)
    assert wiki.stored(page["id"]) == body


def test_what_a_person_saves_raises_the_version_under_their_name() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    edit_page(wiki.site, page["id"], "<p>mine</p>", by=READER)
    version = wiki.get(f"{V2}/pages/{page['id']}")["version"]
    assert (version["number"], version["authorId"]) == (2, READER)
    assert wiki.try_save(page["id"], 2).status_code == 409


def test_an_archived_page_cannot_be_saved() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    archive_page(wiki.site, page["id"])
    assert wiki.try_save(page["id"], 2).status_code == 400
    assert wiki.get(f"{V2}/pages/{page['id']}")["status"] == "archived"


def test_saving_a_trashed_page_brings_it_back_with_the_body_it_had() -> None:
    wiki = open_wiki()
    page = wiki.create("Company", "<hr/>")
    assert wiki.ask("DELETE", f"{V2}/pages/{page['id']}").status_code == 204
    assert wiki.get(f"{V2}/pages/{page['id']}")["status"] == "trashed"
    assert wiki.get(f"{V2}/pages", title="Company")["results"] == []
    saved = wiki.save(page["id"], 2, "<br/>")
    assert saved["status"] == "current"
    assert wiki.stored(page["id"]).startswith("<hr")


def test_only_the_trash_can_be_purged() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    path = f"{V2}/pages/{page['id']}"
    assert wiki.ask("DELETE", f"{path}?purge=true").status_code == 400
    assert wiki.ask("DELETE", path).status_code == 204
    assert wiki.ask("DELETE", f"{path}?purge=true").status_code == 204
    assert wiki.ask("GET", path).status_code == 404


def test_pages_below_a_deleted_one_move_up() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    below = wiki.create("Team", parentId=page["id"])
    wiki.ask("DELETE", f"{V2}/pages/{page['id']}")
    assert wiki.get(f"{V2}/pages/{below['id']}")["parentId"] == page["parentId"]


def test_a_body_over_five_megabytes_is_refused() -> None:
    wiki = open_wiki()
    assert wiki.try_create("Big", "<p>" + "x" * (5 * 1024 * 1024) + "</p>").status_code == 413
    page = wiki.create("Small")
    assert wiki.try_save(page["id"], 2, body=storage("y" * (5 * 1024 * 1024))).status_code == 413


def test_a_draft_waits_beside_the_page() -> None:
    wiki = open_wiki()
    page = wiki.create("Company", "<hr/>")
    wiki.save(page["id"], 1, "<br/>", status="draft", title="Next")
    assert wiki.stored(page["id"]).startswith("<hr")
    assert wiki.stored(page["id"], **{"get-draft": "true"}).startswith("<br")
    assert wiki.get(f"{V2}/pages/{page['id']}")["title"] == "Company"
    wiki.save(page["id"], 2, "<p>done</p>")
    assert "done" in wiki.stored(page["id"], **{"get-draft": "true"})


def test_a_page_made_as_a_draft_is_published_as_version_one() -> None:
    wiki = open_wiki()
    page = wiki.create("Later", status="draft")
    assert wiki.ask("GET", f"{V2}/pages/{page['id']}").status_code == 404
    assert wiki.try_save(page["id"], 1).status_code == 200
    assert wiki.get(f"{V2}/pages/{page['id']}")["status"] == "current"


def test_a_save_moves_the_page_below_its_new_parent_but_never_below_itself() -> None:
    wiki = open_wiki()
    above, page = wiki.create("Above"), wiki.create("Page")
    below = wiki.create("Below", parentId=page["id"])
    assert wiki.save(page["id"], 2, "<p/>", parentId=above["id"])["parentId"] == above["id"]
    assert wiki.try_save(page["id"], 3, parentId=below["id"]).status_code == 400
    assert wiki.try_save(page["id"], 3, parentId="999").status_code == 404
    assert [child["id"] for child in wiki.get(f"{V2}/pages/{above['id']}/children")["results"]] == [page["id"]]
    assert [each["id"] for each in wiki.get(f"{V2}/pages/{below['id']}/ancestors")["results"]] == [
        wiki.space["homepageId"],
        above["id"],
        page["id"],
    ]


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"title": "x"}', b'{"spaceId": "1", "title": "x"}'])
def test_a_page_that_is_no_page_is_refused(body: bytes) -> None:
    wiki = open_wiki()
    answer = wiki.ask("POST", f"{V2}/pages", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in {400, 404}
    assert error_of(answer)["title"]


def test_credentials_and_rights_are_checked() -> None:
    wiki = open_wiki()
    assert wiki.http.get(f"{V2}/pages").status_code == 401
    assert wiki.http.get(f"{V2}/pages", auth=("writer@example.com", "wrong")).status_code == 401
    assert wiki.ask("GET", f"{V2}/pages", STRANGER).status_code == 403
    assert wiki.try_create("No", by=READER).status_code == 403


def test_a_space_that_does_not_exist_is_an_empty_list_or_not_found() -> None:
    wiki = open_wiki()
    assert wiki.get(f"{V2}/spaces", keys="NOPE")["results"] == []
    assert [space["key"] for space in wiki.get(f"{V2}/spaces", keys="OKR,NOPE")["results"]] == ["OKR"]
    assert wiki.ask("GET", f"{V2}/spaces/999").status_code == 404
    assert wiki.get(f"{V2}/pages", **{"space-id": "999"})["results"] == []
    assert wiki.try_create("x", spaceId="999").status_code == 404
    assert wiki.get(f"{V2}/spaces/{wiki.space['id']}")["homepageId"] == wiki.space["homepageId"]


def test_a_space_shows_itself_only_to_its_viewers_and_takes_pages_only_from_its_editors() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    restrict_space(wiki.site, wiki.space["id"], editors=[])
    assert wiki.try_create("x").status_code == 404
    assert wiki.try_save(page["id"], 2).status_code == 404
    assert wiki.get(f"{V2}/pages/{page['id']}")
    restrict_space(wiki.site, wiki.space["id"], viewers=[])
    assert wiki.get(f"{V2}/spaces")["results"] == []
    assert wiki.get(f"{V2}/pages")["results"] == []
    assert wiki.ask("GET", f"{V2}/pages/{page['id']}").status_code == 404


def test_a_restricted_page_hides_all_that_is_below_it() -> None:
    wiki = open_wiki()
    page = wiki.create("Secret")
    below = wiki.create("Below", parentId=page["id"])
    restrict_page(wiki.site, page["id"], readers=[READER])
    assert wiki.ask("GET", f"{V2}/pages/{below['id']}").status_code == 404
    assert wiki.get(f"{V2}/pages", READER, title="Below")["results"]
    restrict_page(wiki.site, page["id"], writers=[READER])
    assert wiki.get(f"{V2}/pages/{page['id']}")
    assert wiki.try_save(page["id"], 2).status_code == 404
