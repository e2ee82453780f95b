"""Confluence Cloud: what is sent, what is read, and what conflicts, clashes and strange answers become."""

import pytest

from app.errors import AuthFailed, Conflict, NotFound, Rejected, Transient
from app.ports import WikiPage
from connectors.confluence.cloud import ConfluenceCloudWiki
from connectors.confluence.pages import fit_message

SENT = {
    "id": "77",
    "title": "OKR",
    "status": "current",
    "spaceId": "5",
    "parentId": "70",
    "authorId": "first",
    "version": {"number": 4, "message": "[a1b2c3d4] news", "authorId": "last"},
    "body": {"storage": {"representation": "storage", "value": "<p>x</p>"}},
    "_links": {"webui": "/spaces/OKR/pages/77/OKR", "base": "https://elsewhere.example.com/wiki"},
}


@pytest.fixture
def wiki(stub, gate, pace):
    made = ConfluenceCloudWiki(stub.url, "t", "bot@example.com", gate, now=pace.now, sleep=pace.sleep)
    yield made
    made.close()


def page(**changes):
    values = {name: SENT[name] for name in ("id", "title", "status")}
    rest = {"version": 4, "message": "", "author_id": "last", "body": "", "parent_id": "70", "space_id": "5", "url": ""}
    return WikiPage(**{**values, **rest, **changes})


def listed(*results, cursor=None):
    links = {"next": f"/wiki/api/v2/x?limit=250&cursor={cursor}"} if cursor else {}
    return {"results": list(results), "_links": links}


@pytest.mark.parametrize("given", ["", "/", "/wiki", "/wiki/"])
def test_the_address_may_end_in_wiki_or_not_and_is_the_same_site(stub, given):
    wiki = ConfluenceCloudWiki(stub.url + given, "t")
    stub.then(body=SENT)
    wiki.page("77")
    assert stub.asked[0].path == "/wiki/api/v2/pages/77"
    assert wiki.site == stub.url.removeprefix("http://") + "/wiki"


def test_a_page_is_read_with_author_and_message_of_its_version(stub, wiki):
    stub.then(body=SENT)
    read = wiki.page("77")
    assert read == page(
        message="[a1b2c3d4] news", body="<p>x</p>", url=f"{stub.url}/wiki/spaces/OKR/pages/77/OKR", author_id="last"
    )
    assert stub.asked[0].query == "body-format=storage"


def test_an_older_version_is_one_request_too(stub, wiki):
    stub.then(body={**SENT, "status": "historical", "version": {"number": 2}})
    assert wiki.page("77", 2).version == 2
    assert stub.asked[0].query == "body-format=storage&version=2"


@pytest.mark.parametrize("body", [{}, [], "text", {"id": "77"}, {"id": "77", "version": {"number": "4"}}])
def test_a_page_without_id_or_version_may_pass(stub, wiki, body):
    stub.then(body=body)
    with pytest.raises(Transient, match="without id or version"):
        wiki.page("77")


def test_creating_sends_all_that_v2_knows(stub, wiki):
    stub.then(body=SENT)
    assert wiki.create("5", "70", "OKR", "<p>x</p>", "[a1b2c3d4] first").id == "77"
    assert stub.asked[0].path == "/wiki/api/v2/pages"
    assert stub.asked[0].body == {
        "spaceId": "5",
        "status": "current",
        "title": "OKR",
        "parentId": "70",
        "body": {"representation": "storage", "value": "<p>x</p>"},
    }


def test_without_a_parent_the_page_goes_below_the_home_page(stub, wiki):
    stub.then(body=SENT)
    wiki.create("5", None, "OKR", "", "")
    assert "parentId" not in stub.asked[0].body


@pytest.mark.parametrize("answer", [{"status": 504}, {"lost": True}, {"body": b'{"id": "7'}, {"body": {}}])
def test_a_create_whose_answer_was_lost_is_in_doubt_and_not_repeated(stub, wiki, answer):
    stub.then(**answer).then(body=SENT)
    with pytest.raises(Transient) as caught:
        wiki.create("5", "70", "OKR", "", "")
    assert caught.value.sent
    assert len(stub.asked) == 1


def test_a_title_that_is_taken_is_rejected_with_confluences_words(stub, wiki):
    stub.always(400, {"errors": [{"status": 400, "title": "A page with this title already exists", "detail": None}]})
    with pytest.raises(Rejected, match="already exists"):
        wiki.create("5", "70", "OKR", "", "")


def test_updating_sends_all_required_members_and_the_next_version(stub, wiki):
    stub.then(body={**SENT, "version": {"number": 5, "message": "m", "authorId": "us"}})
    assert wiki.update(page(), "New", "<p>y</p>", "[a1b2c3d4] m").version == 5
    assert (stub.asked[0].method, stub.asked[0].path) == ("PUT", "/wiki/api/v2/pages/77")
    assert stub.asked[0].body == {
        "id": "77",
        "status": "current",
        "title": "New",
        "body": {"representation": "storage", "value": "<p>y</p>"},
        "version": {"number": 5, "message": "[a1b2c3d4] m"},
    }


def test_somebody_elses_version_is_a_conflict_and_a_taken_title_in_its_clothes_is_not(stub, wiki):
    stub.then(409, {"errors": [{"title": "Version must be incremented on update"}]})
    with pytest.raises(Conflict):
        wiki.update(page(), "OKR", "", "")
    stub.then(409, {"errors": [{"title": "A page with this title already exists"}]})
    with pytest.raises(Rejected):
        wiki.update(page(), "OKR", "", "")


@pytest.mark.parametrize("status", ["trashed", "archived", "draft", "deleted"])
def test_a_page_that_is_not_current_is_not_written_since_that_would_restore_it(stub, wiki, status):
    with pytest.raises(Rejected, match=status):
        wiki.update(page(status=status), "OKR", "", "")
    assert stub.asked == []


@pytest.mark.parametrize(
    ("message", "sent"),
    [
        ("[a1b2c3d4] " + "x" * 244, "[a1b2c3d4] " + "x" * 244),
        ("[a1b2c3d4] " + "x" * 245, "[a1b2c3d4] " + "x" * 243 + "…"),
        ("[a1b2c3d4] two\nlines\x07", "[a1b2c3d4] two lines"),
        ("", ""),
    ],
)
def test_a_message_is_one_line_and_cut_behind_the_tag(message, sent):
    assert fit_message(message) == sent


def test_a_message_of_wide_characters_fits_as_java_counts():
    fitted = fit_message("[a1b2c3d4] " + "🎯" * 300)
    assert len(fitted.encode("utf-16-le")) // 2 <= 255
    assert fitted.encode()
    assert fitted.endswith("🎯…")


def test_titles_are_found_without_regard_to_case(stub, wiki):
    stub.then(
        body=listed({**SENT, "title": "okr"}, {**SENT, "id": "78", "status": "archived"}, {**SENT, "title": "KPI"})
    )
    assert [(found.title, found.status) for found in wiki.find("5", "OKR")] == [("okr", "current"), ("OKR", "archived")]
    assert stub.asked[0].query == "space-id=5&title=OKR&limit=250"


def test_children_come_in_the_wikis_order_with_their_versions(stub, wiki):
    stub.then(body=listed({"id": "2", "type": "page"}, {"id": "9", "type": "whiteboard"}, cursor="c%3D1"))
    stub.then(body=listed({"id": "1", "type": "page"}, {"id": "3", "type": "page"}))
    stub.then(body=listed({**SENT, "id": "1"}, {**SENT, "id": "2"}))
    assert [(child.id, child.version) for child in wiki.children("70")] == [("2", 4), ("1", 4)]
    assert [asked.path.rpartition("/")[2] for asked in stub.asked] == ["direct-children", "direct-children", "pages"]
    assert stub.asked[1].query == "limit=250&cursor=c%3D1"
    assert stub.asked[2].query == "id=2,1,3&limit=250"


def test_pages_are_listed_by_id_in_any_state_and_without_bodies(stub, wiki):
    stub.then(body=listed({**SENT, "id": "1", "body": {}}, {**SENT, "id": "3", "status": "trashed"}))
    found = wiki.pages(["3", "2", "1", "3"])
    assert [(page.id, page.status) for page in found] == [("3", "trashed"), ("1", "current")]
    assert [asked.query for asked in stub.asked] == ["id=3,2,1&status=current,archived,trashed&limit=250"]


@pytest.mark.parametrize(("count", "requests"), [(0, 0), (202, 1), (250, 1), (251, 2)])
def test_two_hundred_and_fifty_pages_are_listed_in_one_request(stub, wiki, count, requests):
    stub.always(body=listed())
    assert wiki.pages([str(number) for number in range(count)]) == []
    assert len(stub.asked) == requests


def test_no_children_cost_one_request(stub, wiki):
    stub.then(body=listed())
    assert wiki.children("70") == []


def test_a_cursor_that_comes_twice_is_an_error(stub, wiki):
    stub.always(body=listed(cursor="c"))
    with pytest.raises(Transient, match="same cursor twice"):
        wiki.children("70")


def test_a_next_link_to_another_host_gets_no_request(stub, wiki):
    stub.then(body={"results": [], "_links": {"next": "https://evil.example.com/x?cursor=c"}}).then(body=listed())
    assert wiki.children("70") == []
    assert [asked.path for asked in stub.asked] == ["/wiki/api/v2/pages/70/direct-children"] * 2


def test_a_space_is_found_by_key(stub, wiki):
    stub.then(body=listed({"id": "5", "key": "OKR", "name": "Goals", "homepageId": "70"}))
    found = wiki.space("okr")
    assert (found.id, found.key, found.name, found.homepage_id) == ("5", "OKR", "Goals", "70")


def test_a_space_that_is_not_there_is_named(stub, wiki):
    stub.then(body=listed())
    with pytest.raises(NotFound, match=r"'NOPE'.*PLAINSIGHT_CONFLUENCE_SPACE"):
        wiki.space("NOPE")


def test_a_property_is_made_by_key_and_changed_by_id(stub, wiki):
    stub.then(body=listed()).then(body={})
    wiki.set_property("77", "plainsight-page", {"a": 1})
    stub.then(body=listed({"id": "900", "key": "plainsight-page", "value": {"a": 1}, "version": {"number": 3}}))
    stub.then(body={})
    wiki.set_property("77", "plainsight-page", {"a": 2})
    made, changed = stub.asked[1], stub.asked[3]
    assert (made.method, made.body) == ("POST", {"key": "plainsight-page", "value": {"a": 1}})
    assert (changed.method, changed.path) == ("PUT", "/wiki/api/v2/pages/77/properties/900")
    assert changed.body == {"key": "plainsight-page", "value": {"a": 2}, "version": {"number": 4}}
    assert stub.asked[0].query == "key=plainsight-page&limit=250"


def test_a_property_that_has_the_value_is_not_written(stub, wiki):
    stub.then(body=listed({"id": "900", "key": "k", "value": {"a": 1}, "version": {"number": 3}}))
    wiki.set_property("77", "k", {"a": 1})
    assert [asked.method for asked in stub.asked] == ["GET"]


def test_a_property_conflict_is_read_and_tried_once_more(stub, wiki, naps):
    for version in (3, 4):
        stub.then(body=listed({"id": "900", "key": "k", "value": {}, "version": {"number": version}}))
        stub.then(409 if version == 3 else 200)
    wiki.set_property("77", "k", {"a": 1})
    assert [asked.body["version"]["number"] for asked in stub.asked if asked.body] == [4, 5]
    assert naps == [0.5]
    stub.then(body=listed()).then(409).then(body=listed()).then(409)
    with pytest.raises(Conflict):
        wiki.set_property("77", "k", {"a": 1})


def test_a_property_is_read_or_none(stub, wiki):
    stub.then(body=listed({"id": "1", "key": "K", "value": {"b": 1}}, {"id": "2", "key": "k", "value": {"a": 1}}))
    assert wiki.property("77", "k") == {"a": 1}
    stub.then(body=listed())
    assert wiki.property("77", "k") is None


def test_labels_are_added_in_lower_case_without_blanks(stub, wiki):
    stub.then(body={"results": []})
    wiki.add_labels("77", ["OKR", "Key Result", "okr", " "])
    assert stub.asked[0].path == "/wiki/rest/api/content/77/label"
    assert stub.asked[0].body == [{"prefix": "global", "name": "okr"}, {"prefix": "global", "name": "key-result"}]
    wiki.add_labels("77", [])
    assert len(stub.asked) == 1


def test_the_account_is_told_and_nobody_is_an_error(stub, wiki):
    stub.then(body={"type": "known", "accountId": "a", "displayName": "Bot", "timeZone": None})
    assert (wiki.myself().name, stub.asked[0].path) == ("Bot", "/wiki/rest/api/user/current")
    stub.then(body={"type": "anonymous", "displayName": "Anonymous"})
    with pytest.raises(AuthFailed):
        wiki.myself()


def test_an_address_for_people_can_be_given_beside_the_gateway(stub):
    wiki = ConfluenceCloudWiki(f"{stub.url}/ex/confluence/1", "t", web_url="https://example.atlassian.net")
    stub.then(body=SENT)
    assert wiki.page("77").url == "https://example.atlassian.net/wiki/spaces/OKR/pages/77/OKR"
    assert stub.asked[0].path == "/ex/confluence/1/wiki/api/v2/pages/77"


def test_what_the_account_may_do_is_read_as_told(stub, wiki):
    told = {"operations": [{"operation": "create", "targetType": "page"}, {"operation": "read"}, "odd"]}
    stub.then(body=told).then(body={})
    assert wiki.space_operations("5") == {("create", "page"), ("read", "None")}
    assert wiki.page_operations("77") == frozenset()
    assert [one.path for one in stub.asked] == ["/wiki/api/v2/spaces/5/operations", "/wiki/api/v2/pages/77/operations"]


def test_an_account_of_data_center_is_none_of_cloud(stub, wiki):
    stub.then(body={"type": "known", "username": "bot", "userKey": "8a7f", "displayName": "Bot"})
    with pytest.raises(AuthFailed, match="names no account"):
        wiki.myself()
