"""The Data Center face of the sandbox's wiki: what it answers where it differs from the Cloud face."""

from connectors.sandbox.confluence import add_page, archive_page, comment_inline, edit_page, restrict_page, trash_page
from tests.sandbox.wiki import READER, STRANGER, V2, WRITER, Wiki, open_wiki

API = "/confluence/rest/api"


def body(value: str) -> dict[str, object]:
    return {"storage": {"value": value, "representation": "storage"}}


def make(wiki: Wiki, title: str = "Q4", **more: object) -> dict[str, object]:
    sent = {"type": "page", "title": title, "space": {"key": "OKR"}, "body": body("<p>x</p>"), **more}
    answer = wiki.ask("POST", f"{API}/content", json=sent)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def put(wiki: Wiki, page_id: object, number: int, **more: object) -> tuple[int, dict[str, object]]:
    sent = {"type": "page", "version": {"number": number}, **more}
    answer = wiki.ask("PUT", f"{API}/content/{page_id}", json=sent)
    return answer.status_code, dict(answer.json())


def test_both_faces_show_one_page() -> None:
    wiki = open_wiki()
    made = make(wiki, version={"number": 1, "message": "first"})
    assert wiki.get(f"{V2}/pages/{made['id']}")["version"]["message"] == "first"
    assert wiki.get(f"{API}/content/{made['id']}")["version"]["by"]["userKey"] == WRITER
    assert wiki.get(f"{API}/user/current") | {"_links": 0} == made["version"]["by"] | {"_links": 0}


def test_what_is_not_expanded_is_not_told() -> None:
    wiki = open_wiki()
    page = wiki.get(f"{API}/content/{make(wiki)['id']}", expand="space")
    assert page["space"]["key"] == "OKR"
    assert {"version", "ancestors", "body", "history"} <= set(page["_expandable"])
    assert not {"version", "ancestors", "body", "history"} & set(page)


def test_a_version_that_is_not_the_next_one_is_a_conflict() -> None:
    wiki = open_wiki()
    made = make(wiki)
    status, answer = put(wiki, made["id"], 1, title="Q4")
    assert (status, answer["statusCode"]) == (409, 409)
    assert answer["message"] == "Version must be incremented on update. Current version is: 1"
    assert put(wiki, made["id"], 2)[0] == 200
    assert "<p local-id" in wiki.stored(str(made["id"]))  # a body that was not sent stays


def test_an_older_version_has_its_own_status_and_id() -> None:
    wiki = open_wiki()
    made = make(wiki)
    put(wiki, made["id"], 2, body=body("<p>y</p>"))
    where = f"{API}/content/{made['id']}"
    old = wiki.get(where, status="historical", version=1, expand="body.storage,version")
    assert (old["status"], old["version"]["number"]) == ("historical", 1) and old["id"] != made["id"]
    assert ">x<" in old["body"]["storage"]["value"]
    assert wiki.ask("GET", where, params={"version": 1}).status_code == 404
    assert wiki.ask("GET", where, params={"status": "historical", "version": 2}).status_code == 404


def test_any_status_shows_the_trash_and_nothing_else_does() -> None:
    wiki = open_wiki()
    trashed, archived = make(wiki, "A"), make(wiki, "B")
    trash_page(wiki.site, str(trashed["id"]))
    archive_page(wiki.site, str(archived["id"]))
    for made, status in ((trashed, "trashed"), (archived, "archived")):
        where = f"{API}/content/{made['id']}"
        assert wiki.ask("GET", where).status_code == 404
        assert wiki.get(where, status="any")["status"] == status
        assert wiki.get(f"{API}/content", ids=made["id"])["results"] == []
        assert wiki.get(f"{API}/content", ids=made["id"], status="any")["size"] == 1


def test_a_parent_in_another_update_moves_the_page() -> None:
    wiki = open_wiki()
    above, below = make(wiki, "Above"), make(wiki, "Below")
    status, answer = put(wiki, below["id"], 2, ancestors=[{"id": above["id"]}])
    assert status == 200 and [one["id"] for one in answer["ancestors"]] == [above["id"]]
    assert [one["title"] for one in wiki.get(f"{API}/content/{above['id']}/child/page")["results"]] == ["Below"]
    assert put(wiki, above["id"], 2, ancestors=[{"id": below["id"]}])[0] == 400


def test_lists_are_cut_before_what_is_hidden_is_left_out() -> None:
    wiki = open_wiki()
    home = str(wiki.space["homepageId"])
    made = [add_page(wiki.site, wiki.space["id"], f"P{number}", "<p />", parent_id=home) for number in range(4)]
    for page in made[:2]:
        restrict_page(wiki.site, page["id"], readers=[READER])
    first = wiki.get(f"{API}/content/{home}/child/page", limit=2)
    assert (first["results"], first["size"]) == ([], 0)
    second = wiki.get(first["_links"]["next"])
    assert [one["title"] for one in second["results"]] == ["P2", "P3"] and "next" not in second["_links"]


def test_restrictions_in_a_creation_are_ignored_and_nobody_shuts_himself_out() -> None:
    wiki = open_wiki()
    told = {"read": {"operation": "read", "restrictions": {"user": [{"type": "known", "userKey": WRITER}]}}}
    made = make(wiki, restrictions=told)
    where = f"{API}/content/{made['id']}"
    assert wiki.ask("GET", where, READER).status_code == 200
    for key, status in ((READER, 400), ("nobody", 400), (WRITER, 200)):
        sent = [{"operation": "read", "restrictions": {"user": [{"type": "known", "userKey": key}], "group": []}}]
        assert wiki.ask("PUT", f"{where}/restriction", json=sent).status_code == status
    assert wiki.ask("GET", where, READER).status_code == 404
    kept = wiki.get(f"{where}/restriction/byOperation")
    assert [one["userKey"] for one in kept["read"]["restrictions"]["user"]["results"]] == [WRITER]
    assert kept["update"]["restrictions"]["user"]["results"] == []


def test_a_file_is_added_by_one_call_and_replaced_by_another() -> None:
    wiki = open_wiki()
    where = f"{API}/content/{make(wiki)['id']}/child/attachment"
    assert wiki.ask("POST", where, files={"file": ("a.png", b"1")}).status_code == 403
    headers = {"X-Atlassian-Token": "nocheck"}
    added = wiki.ask("POST", where, files={"file": ("a.png", b"1")}, headers=headers)
    (kept,) = added.json()["results"]
    assert wiki.ask("POST", where, files={"file": ("a.png", b"2")}, headers=headers).status_code == 400
    replaced = wiki.ask("POST", f"{where}/{kept['id']}/data", files={"file": ("b.png", b"2")}, headers=headers).json()
    assert (replaced["id"], replaced["title"], replaced["version"]["number"]) == (kept["id"], "a.png", 2)
    assert wiki.get(where, filename="a.png")["size"] == 1


def test_properties_go_by_key() -> None:
    wiki = open_wiki()
    where = f"{API}/content/{make(wiki)['id']}/property"
    assert wiki.ask("POST", where, json={"key": "k", "value": {"a": 1}}).status_code == 200
    assert wiki.ask("POST", where, json={"key": "k", "value": 2}).status_code == 400
    assert wiki.ask("PUT", f"{where}/k", json={"value": 2, "version": {"number": 3}}).status_code == 409
    assert wiki.ask("PUT", f"{where}/k", json={"value": 2, "version": {"number": 2}}).json()["value"] == 2
    assert wiki.ask("GET", f"{where}/other").status_code == 404


def test_comments_tell_where_they_stand() -> None:
    wiki = open_wiki()
    made = make(wiki, body=body("<p>one two</p>"))
    where = f"{API}/content/{made['id']}/child/comment"
    sent = {"type": "comment", "container": {"id": made["id"], "type": "page"}, "body": body("<p>?</p>")}
    first = wiki.ask("POST", f"{API}/content", json=sent).json()
    answer = wiki.ask("POST", f"{API}/content", json={**sent, "ancestors": [{"id": first["id"]}]}).json()
    comment_inline(wiki.site, str(made["id"]), "two")
    assert [one["extensions"]["location"] for one in wiki.get(where)["results"]] == ["footer", "inline"]
    assert [one["id"] for one in wiki.get(where, location="footer", depth="all")["results"]] == [
        first["id"],
        answer["id"],
    ]
    (below,) = wiki.get(f"{API}/content/{first['id']}/child/comment", expand="ancestors,container")["results"]
    assert below["ancestors"][0]["id"] == first["id"] and below["container"]["id"] == made["id"]
    edit_page(wiki.site, str(made["id"]), "<p>gone</p>")
    assert [one["extensions"]["location"] for one in wiki.get(where, location="resolved")["results"]] == ["resolved"]


def test_without_a_login_or_a_licence_nothing_is_told() -> None:
    wiki = open_wiki()
    answer = wiki.http.get(f"{API}/user/current")
    assert (answer.status_code, answer.json()["statusCode"]) == (401, 401)
    assert wiki.ask("GET", f"{API}/user/current", STRANGER).status_code == 403


def test_addresses_for_browsers_lead_to_the_page() -> None:
    wiki = open_wiki()
    made = make(wiki, "Our goals")
    for path, target in (
        (f"/pages/viewpage.action?pageId={made['id']}", f"/wiki/pages/viewpage.action?pageId={made['id']}"),
        (str(made["_links"]["webui"]), f"/wiki/spaces/OKR/pages/{made['id']}/Our+goals"),
        ("/display/OKR/Our+goals", f"/wiki/pages/viewpage.action?pageId={made['id']}"),
        ("/display/OKR", "/wiki/spaces/OKR"),
        ("", "/wiki"),
    ):
        answer = wiki.http.get(f"/confluence{path}")
        assert (answer.status_code, answer.headers["location"]) == (302, target)
    assert wiki.http.get(f"{API}/nothing").status_code == 404
