"""The pages for people: what a click changes goes the same way as a REST call."""

import requests

from connectors.sandbox.jira import seed
from connectors.sandbox.jira.tracker import tracker_of
from connectors.sandbox.site import Site
from tests.sandbox.conftest import Sandbox


def _post(sandbox: Sandbox, path: str, body: object) -> requests.Response:
    return requests.post(sandbox.url + path, json=body, timeout=10)


def test_the_board_shows_columns_and_cards_with_their_key_results(sandbox: Sandbox, site: Site) -> None:
    result = seed.add_issue(site, "MKT", "검색어 15개", "Key Result")
    work = seed.add_issue(site, "MKT", "a", status="In Progress", story_points=3, labels=["seo"])
    seed.link(site, "Contributes", work, result)
    told = requests.get(f"{sandbox.url}/jira/board/MKT/data", timeout=10).json()
    assert [(column["name"], column["count"]) for column in told["columns"]] == [
        ("To Do", 1),
        ("In Progress", 1),
        ("Done", 0),
    ]
    (card,) = told["columns"][1]["cards"]
    assert (card["points"], card["labels"]) == (3.0, ["seo"])
    assert card["results"] == [{"key": "MKT-1", "summary": "검색어 15개"}]


def test_the_board_is_only_read_again_when_something_changed(sandbox: Sandbox, site: Site) -> None:
    data = f"{sandbox.url}/jira/board/MKT/data"
    version = requests.get(data, timeout=10).json()["version"]
    assert requests.get(data, params={"since": version}, timeout=10).status_code == 204
    seed.add_issue(site, "MKT", "a")
    assert requests.get(data, params={"since": version}, timeout=10).status_code == 200


def test_a_card_that_is_moved_and_edited_sends_webhooks(sandbox: Sandbox, site: Site) -> None:
    seed.add_issue(site, "MKT", "a")
    sandbox.control("POST", "webhooks", {"name": "n", "url": "http://127.0.0.1:1/"})
    change = {"status": "10001", "summary": "b", "points": 5, "labels": ["x"]}
    assert _post(sandbox, "/jira/board/MKT/issues/MKT-1", change).status_code == 200
    fields = sandbox.get("issue/MKT-1")["fields"]
    assert (fields["summary"], fields["customfield_10016"], fields["labels"]) == ("b", 5.0, ["x"])
    assert fields["status"]["name"] == "Done"
    assert [delivery.event for delivery in tracker_of(site).postman.log] == ["jira:issue_updated"] * 2
    assert _post(sandbox, "/jira/board/MKT/issues/MKT-1", {"summary": ""}).status_code == 400
    site.retry_delay = 0


def test_a_page_of_an_issue_escapes_what_people_wrote(sandbox: Sandbox, site: Site) -> None:
    seed.add_issue(site, "MKT", "<script>alert(1)</script>", description="<b>bold</b>\nsecond line")
    page = requests.get(f"{sandbox.url}/browse/MKT-1", timeout=10).text
    assert "<script>alert(1)</script>" not in page
    assert "&lt;b&gt;bold&lt;/b&gt;\nsecond line" in page
    assert requests.get(f"{sandbox.url}/browse/MKT-9", timeout=10).status_code == 404


def test_pages_need_nothing_from_elsewhere(sandbox: Sandbox, site: Site) -> None:
    seed.add_issue(site, "MKT", "a")
    for path in ("/", "/jira/board/MKT", "/browse/MKT-1"):
        page = requests.get(sandbox.url + path, timeout=10)
        assert page.status_code == 200
        assert "https://" not in page.text
        assert "http://" not in page.text


def test_what_people_do_on_pages_is_not_noted_as_asked(sandbox: Sandbox, site: Site) -> None:
    requests.get(f"{sandbox.url}/jira/board/MKT", timeout=10)
    assert list(site.asked) == []


def test_a_query_in_the_address_lists_what_it_finds_and_a_bad_one_says_why(sandbox: Sandbox, site: Site) -> None:
    seed.add_issue(site, "MKT", "a")
    found = requests.get(f"{sandbox.url}/issues/", {"jql": "key = MKT-1"}, timeout=10).text
    assert "/browse/MKT-1" in found
    assert "1 found" in found
    refused = requests.get(f"{sandbox.url}/issues/", {"jql": "nonsense"}, timeout=10)
    assert refused.status_code == 200
    assert 'role="alert"' in refused.text
