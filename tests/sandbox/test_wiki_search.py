"""The sandbox wiki's search: the CQL that it speaks, what it finds and for whom, and what it refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.sandbox.confluence import (
    add_page,
    add_space,
    archive_page,
    comment_footer,
    comment_inline,
    restrict_page,
    trash_page,
)
from tests.sandbox.wiki import READER, V1, WRITER, Wiki, open_wiki

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ARCHIVED_TOO = '{"contentStatuses": ["current", "archived"]}'


@pytest.fixture
def wiki() -> Wiki:
    return open_wiki(now=lambda: NOW)


def found(wiki: Wiki, cql: str, by: str = WRITER, **more: str) -> list[Any]:
    results: list[Any] = wiki.get(f"{V1}/content/search", by, cql=cql, **more)["results"]
    return results


def titles(wiki: Wiki, cql: str, **more: str) -> list[str]:
    return [one["title"] for one in found(wiki, cql, **more)]


def commented(wiki: Wiki, page_id: str, minutes: int) -> str:
    wiki.site.now = lambda: NOW - timedelta(minutes=minutes)
    made = comment_footer(wiki.site, page_id, f"<p>{minutes}</p>", by=READER)
    wiki.site.now = lambda: NOW
    return str(made["id"])


def test_comments_of_a_space_are_found_by_how_long_ago_they_were_made(wiki: Wiki) -> None:
    page = wiki.create("Company")["id"]
    ids = {minutes: commented(wiki, page, minutes) for minutes in (95, 89, 10)}
    other = add_page(wiki.site, add_space(wiki.site, "NEWS", "News")["id"], "Today", "<p />")
    elsewhere = commented(wiki, other["id"], 5)
    asked = 'type = comment and space = "OKR" and created >= now("-90m")'
    assert [one["id"] for one in found(wiki, asked)] == [ids[89], ids[10]]
    assert [one["id"] for one in found(wiki, f"{asked} order by created desc")] == [ids[10], ids[89]]
    both = 'type = comment AND space in (OKR, "NEWS") AND created >= now("-1h")'
    assert [one["id"] for one in found(wiki, both)] == [ids[10], elsewhere]
    assert [one["id"] for one in found(wiki, 'type=comment and created < now("-90m")')] == [ids[95]]


def test_a_comment_shows_what_is_expanded_of_it_and_names_the_rest(wiki: Wiki) -> None:
    page = wiki.create("Company", "<p>one two</p>")["id"]
    first = comment_footer(wiki.site, page, "<p>hi</p>", by=READER)
    comment_footer(wiki.site, page, "<p>hello</p>", parent_id=first["id"])
    comment_inline(wiki.site, page, "two")
    (bare, *_) = found(wiki, "type = comment")
    assert (bare["type"], bare["extensions"]) == ("comment", {"location": "footer"})
    assert set(bare["_expandable"]) == {"container", "ancestors", "history", "body"}
    expand = "container,ancestors,history,body.storage,extensions.inlineProperties"
    asked, answered, inline = found(wiki, "type = comment", expand=expand)
    assert (asked["container"]["id"], asked["body"]["storage"]["value"]) == (page, "<p>hi</p>")
    assert asked["history"]["createdBy"]["accountId"] == READER
    assert [above["id"] for above in answered["ancestors"]] == [first["id"]]
    assert inline["extensions"]["inlineProperties"]["originalSelection"] == "two"


def test_titles_are_found_by_their_words_whatever_their_case(wiki: Wiki) -> None:
    for title in ("Q4 – The Company", "the company Q4", "Companies"):
        wiki.create(title)
    assert titles(wiki, 'type = page and title ~ "q4 company"') == ["Q4 – The Company", "the company Q4"]
    assert titles(wiki, 'type = page and title ~ "\\"q4 the company\\""') == ["Q4 – The Company"]
    assert titles(wiki, 'type = page and title = "the company q4"') == []


def test_archived_pages_are_found_only_where_they_are_asked_for_and_trashed_ones_never(wiki: Wiki) -> None:
    for title, leave in (("Old one", archive_page), ("Old two", trash_page)):
        leave(wiki.site, wiki.create(title)["id"])
    assert titles(wiki, 'title ~ "old"') == []
    assert titles(wiki, 'title ~ "old"', cqlcontext=ARCHIVED_TOO) == ["Old one"]
    assert wiki.ask("GET", f"{V1}/content/search", params={"cql": "type=page", "cqlcontext": "[]"}).status_code == 400


def test_only_what_one_may_see_is_found(wiki: Wiki) -> None:
    page = wiki.create("Secret")["id"]
    comment_footer(wiki.site, page, "<p>hi</p>")
    restrict_page(wiki.site, page, readers=[WRITER])
    for asked in ('title ~ "secret"', "type = comment"):
        assert len(found(wiki, asked)) == 1 + (asked == 'title ~ "secret"')
        assert found(wiki, asked, READER) == []


def test_labels_and_creators_narrow_the_search(wiki: Wiki) -> None:
    page = wiki.create("Company")["id"]
    wiki.ask("POST", f"{V1}/content/{page}/label", json=[{"name": "okr"}])
    assert titles(wiki, f'label = okr and creator = "{WRITER}"') == ["Company"]
    assert titles(wiki, f'label = okr and creator != "{WRITER}"') == []


def test_a_fresh_change_is_not_in_the_index_yet(wiki: Wiki) -> None:
    wiki.site.index_delay = 60
    page = wiki.create("Company")["id"]
    comment_footer(wiki.site, page, "<p>hi</p>")
    assert found(wiki, "type in (page, comment)") == []
    wiki.site.now = lambda: NOW + timedelta(seconds=60)
    assert len(found(wiki, "type in (page, comment)")) == 3


def test_results_come_in_pages_with_a_cursor(wiki: Wiki) -> None:
    for number in range(5):
        wiki.create(f"Page {number}")
    first = wiki.get(f"{V1}/content/search", cql='title ~ "page"', limit="2")
    assert (first["size"], len(first["results"])) == (2, 2)
    cursor = first["_links"]["next"].rpartition("cursor=")[2].replace("%3D", "=")
    second = wiki.get(f"{V1}/content/search", cql='title ~ "page"', limit="2", cursor=cursor)
    assert [one["title"] for one in second["results"]] == ["Page 2", "Page 3"]


@pytest.mark.parametrize(
    "cql",
    [
        "",
        "type",
        "type =",
        "type = page and",
        "type ~ page",
        "text ~ okr",
        "type = page or type = comment",
        'created >= "2026-11-23"',
        'created >= now("-90")',
        'created >= now("-1h"',
        "space in ()",
        'title ~ "half',
        "type = page order by title",
        "type = page nonsense",
    ],
)
def test_what_cannot_be_parsed_is_refused_and_never_means_everything(wiki: Wiki, cql: str) -> None:
    answer = wiki.ask("GET", f"{V1}/content/search", params={"cql": cql})
    assert answer.status_code == 400
    assert answer.json()["statusCode"] == 400
