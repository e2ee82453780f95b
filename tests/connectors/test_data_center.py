"""Confluence Data Center: what older versions do otherwise, and what conflicts, lists and strange answers become."""

import pytest

from app.errors import AuthFailed, Conflict, NotFound, Rejected, Transient
from app.ports import Account, Audience, Restrictions, WikiPage
from connectors.confluence.datacenter import ConfluenceDataCenterWiki

SENT = {
    "id": "77",
    "type": "page",
    "title": "OKR",
    "status": "current",
    "space": {"key": "OKR"},
    "ancestors": [{"id": "1"}, {"id": "70"}],
    "version": {"number": 4, "message": "[a1b2c3d4] news", "by": {"username": "bot", "userKey": "k1"}},
    "body": {"storage": {"representation": "storage", "value": "<p>x</p>"}},
    "_links": {"webui": "/spaces/OKR/pages/77/OKR", "base": "https://elsewhere.example.com"},
}
ME = {"username": "bot", "userKey": "k1", "displayName": "Bot"}


@pytest.fixture
def wiki(stub, gate, pace):
    made = ConfluenceDataCenterWiki(f"{stub.url}/confluence", "pat", gate=gate, now=pace.now, sleep=pace.sleep)
    yield made
    made.close()


def page(**changes):
    values = {"id": "77", "title": "OKR", "status": "current", "version": 4, "message": "", "author_id": "k1"}
    return WikiPage(**{**values, "body": "", "parent_id": "70", "space_id": "OKR", "url": "", **changes})


def listed(*results, next_link=None):
    return {"results": list(results), "_links": {"next": next_link} if next_link else {}}


def calls(stub):
    return [(one.method, one.path.removeprefix("/confluence/rest")) for one in stub.asked]


def test_a_page_is_read_with_author_and_message_of_its_version(stub, wiki):
    stub.then(body=SENT)
    url = f"{stub.url}/confluence/spaces/OKR/pages/77/OKR"
    assert wiki.page("77") == page(message="[a1b2c3d4] news", body="<p>x</p>", url=url)


@pytest.mark.parametrize("link", ["/display/OKR/Our+goals", None])
def test_an_address_that_would_break_with_the_title_is_not_taken(stub, wiki, link):
    stub.then(body={**SENT, "_links": {"webui": link}})
    assert wiki.page("77").url == f"{stub.url}/confluence/pages/viewpage.action?pageId=77"


def test_an_older_version_keeps_the_id_of_the_page(stub, wiki):
    stub.then(body={**SENT, "id": "770002", "status": "historical", "version": {"number": 2}, "ancestors": []})
    read = wiki.page("77", 2)
    assert (read.id, read.version, read.author_id) == ("77", 2, "")
    assert "status=historical&version=2" in stub.asked[0].query


def test_an_account_without_a_key_is_known_by_its_name_and_nobody_is_nobody(stub, wiki):
    stub.then(body={"username": "bot", "displayName": ""}).then(body={"type": "anonymous", "displayName": "Anonymous"})
    assert wiki.myself() == Account("bot", "bot")
    with pytest.raises(AuthFailed, match="names no account"):
        wiki.myself()


def test_an_update_says_what_the_new_version_is_and_whether_watchers_hear_of_it(stub, wiki):
    stub.then(body=SENT)
    wiki.update(page(version=3), "New", "<p>y</p>", "why", quietly=True)
    sent = stub.asked[0].body
    assert sent["version"] == {"number": 4, "message": "why", "minorEdit": True}
    assert (sent["type"], sent["title"], sent["space"]) == ("page", "New", {"key": "OKR"})
    assert "ancestors" not in sent and sent["body"]["storage"]["value"] == "<p>y</p>"


def test_a_conflict_of_versions_is_one_and_a_taken_title_is_refused(stub, wiki):
    stub.then(409, {"statusCode": 409, "message": "Version must be incremented on update. Current version is: 5"})
    stub.then(409, {"statusCode": 409, "message": "A page with this title already exists in this space"})
    stub.then(400, {"statusCode": 400, "message": "A page with this title already exists: …"})
    with pytest.raises(Conflict, match="Current version is: 5"):
        wiki.update(page(), "OKR", "", "")
    for _ in range(2):
        with pytest.raises(Rejected, match="already exists"):
            wiki.update(page(), "OKR", "", "")
    assert len(stub.asked) == 3


def test_a_write_that_the_site_fails_over_is_in_doubt_and_not_repeated(stub, wiki):
    stub.then(500, {"message": "oops"})
    with pytest.raises(Transient) as caught:
        wiki.update(page(), "OKR", "", "")
    assert caught.value.sent and len(stub.asked) == 1


def test_a_list_goes_on_over_short_and_empty_pages_to_where_its_link_says(stub, wiki):
    stub.then(body=listed(SENT, next_link="/rest/api/content/1/child/page?limit=50&start=50"))
    stub.then(body=listed(next_link="/confluence/rest/api/content/1/child/page?start=100&limit=50"))
    stub.then(body=listed({**SENT, "id": "78"}))
    assert [one.id for one in wiki.children("1")] == ["77", "78"]
    assert [one.query.partition("start=")[2] for one in stub.asked] == ["", "50", "100"]
    assert {one.path for one in stub.asked} == {"/confluence/rest/api/content/1/child/page"}


def test_a_list_that_leads_back_to_itself_is_given_up(stub, wiki):
    stub.always(body=listed(SENT, next_link="/rest/api/content/1/child/page?start=25"))
    with pytest.raises(Transient, match="same next page twice"):
        wiki.children("1")


def test_an_older_version_that_takes_no_ids_is_asked_for_each_page(stub, wiki):
    stub.then(body=listed({**SENT, "id": "1"}, {**SENT, "id": "2"}))  # the first pages of the whole site
    for one in ("77", "78"):
        stub.then(body={**SENT, "id": one})
    assert [one.id for one in wiki.pages(["77", "78"])] == ["77", "78"]
    stub.then(body={**SENT, "id": "77"}).then(404)
    assert [one.id for one in wiki.pages(["77", "78"])] == ["77"]
    assert [path for _, path in calls(stub)][3:] == ["/api/content/77", "/api/content/78"]


def test_a_page_that_the_list_leaves_out_is_not_gone_before_it_is_asked_for_by_itself(stub, wiki):
    stub.then(body=listed({**SENT, "id": "77"})).then(body={**SENT, "id": "78", "status": "trashed"})
    assert [(one.id, one.status) for one in wiki.pages(["77", "78"])] == [("77", "current"), ("78", "trashed")]


@pytest.mark.parametrize("status", [404, 405])
def test_restrictions_of_older_versions_are_set_by_the_experimental_call(stub, wiki, status):
    stub.then(body=ME).then(status).then(body=listed())
    wiki.restrict("77", Restrictions(Audience(groups=("leads",))))
    assert calls(stub)[1:] == [
        ("PUT", "/api/content/77/restriction"),
        ("PUT", "/experimental/content/77/restriction"),
    ]
    read, update = stub.asked[2].body
    assert read["restrictions"]["user"] == [{"type": "known", "userKey": "k1"}]
    assert read["restrictions"]["group"] == [{"type": "group", "name": "leads"}]
    assert update == {"operation": "update", "restrictions": {"user": [], "group": []}}


def test_the_refusal_of_restrictions_is_told_by_the_call_that_is_there(stub, wiki):
    stub.then(body=ME).then(400, {"message": "No such group: leads"}).then(404)
    with pytest.raises(Rejected, match="No such group"):
        wiki.restrict("77", Restrictions(Audience(groups=("leads",))))
    stub.then(body=ME).then(405).then(400, {"message": "No such group: leads"})
    with pytest.raises(Rejected, match="No such group"):
        wiki.restrict("77", Restrictions(Audience(groups=("leads",))))
    for again in (404, 405):
        stub.then(body=ME).then(404, {"message": "No such group: leads"}).then(again)
        with pytest.raises(NotFound, match="No such group"):
            wiki.restrict("77", Restrictions())


def test_restrictions_are_read_as_real_sites_and_as_the_document_tell_them(stub, wiki):
    told = {
        "read": {"restrictions": {"user": {"results": [ME]}, "group": {"results": [{"name": "leads"}]}}},
        "update": {"restrictions": {"user": {"results": []}, "group": {"results": []}}},
    }
    stub.then(body=told).then(body={"restrictions": told})
    assert wiki.restrictions("77") == wiki.restrictions("77") == Restrictions(Audience(("k1",), ("leads",)))


@pytest.mark.parametrize("answer", [[], {}, {"id": "77"}, {"id": "77", "version": {"number": "4"}}])
def test_an_answer_that_is_no_page_may_pass(stub, wiki, answer):
    stub.then(body=answer)
    with pytest.raises(Transient):
        wiki.page("77")
    stub.then(body=answer)
    with pytest.raises(Transient) as caught:
        wiki.create("OKR", "70", "OKR", "<p />", "")
    assert caught.value.sent


def test_a_title_without_a_word_is_looked_for_in_the_store_alone(stub, wiki):
    stub.then(body=listed())
    assert wiki.find("OKR", "→ (…)") == []
    assert len(stub.asked) == 1
