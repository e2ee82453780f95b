"""Comments in the sandbox wiki: inline ones live on a marker in the body, which costs no version."""

import re

from connectors.sandbox.confluence import comment_footer, comment_inline, restrict_page
from tests.sandbox.wiki import READER, V2, WRITER, Wiki, open_wiki, storage


def inline_states(wiki: Wiki, page_id: str, query: str = "") -> list[str]:
    found = wiki.get(f"{V2}/pages/{page_id}/inline-comments{query}")["results"]
    return [comment["resolutionStatus"] for comment in found]


def test_an_inline_comment_changes_the_body_but_not_the_version() -> None:
    wiki = open_wiki()
    page = wiki.create("Company", "<p>one <b>two</b> three words</p>")
    before = wiki.stored(page["id"])
    comment = comment_inline(wiki.site, page["id"], "three", "<p>why?</p>", by=READER)
    after = wiki.get(f"{V2}/pages/{page['id']}", **{"body-format": "storage"})
    assert after["version"]["number"] == 1
    body = after["body"]["storage"]["value"]
    assert f'<ac:inline-comment-marker ac:ref="{comment["ref"]}">three</ac:inline-comment-marker>' in body
    assert re.sub(r"</?ac:inline-comment-marker[^>]*>", "", body) == before
    (listed,) = wiki.get(f"{V2}/pages/{page['id']}/inline-comments", **{"body-format": "storage"})["results"]
    assert listed["properties"] == {"inlineMarkerRef": comment["ref"], "inlineOriginalSelection": "three"}
    assert listed["body"]["storage"]["value"] == "<p>why?</p>"
    assert listed["version"]["authorId"] == READER


def test_a_comment_dangles_when_the_writer_forgets_its_marker_and_opens_again_when_it_returns() -> None:
    wiki = open_wiki()
    page = wiki.create("Company", "<p>one two</p>")
    comment_inline(wiki.site, page["id"], "two")
    marked = wiki.stored(page["id"])
    wiki.save(page["id"], 2, marked)
    assert inline_states(wiki, page["id"]) == ["open"]
    wiki.save(page["id"], 3, "<p>one two</p>")
    assert inline_states(wiki, page["id"]) == ["dangling"]
    assert inline_states(wiki, page["id"], "?resolution-status=open&resolution-status=reopened") == []
    wiki.save(page["id"], 4, marked)
    assert inline_states(wiki, page["id"], "?resolution-status=open") == ["open"]


def test_an_unknown_resolution_status_is_refused() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    assert wiki.ask("GET", f"{V2}/pages/{page['id']}/inline-comments?resolution-status=new").status_code == 400


def test_footer_comments_are_made_and_listed() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    comment_footer(wiki.site, page["id"], "<p>by hand</p>", by=READER)
    answer = wiki.ask("POST", f"{V2}/footer-comments", json={"pageId": page["id"], "body": storage("<p>by API</p>")})
    assert answer.status_code == 201
    listed = wiki.get(f"{V2}/pages/{page['id']}/footer-comments", **{"body-format": "storage"})["results"]
    assert [each["body"]["storage"]["value"] for each in listed] == ["<p>by hand</p>", "<p>by API</p>"]
    assert wiki.get(f"{V2}/pages/{page['id']}")["version"]["number"] == 1
    sent = {"pageId": page["id"], "body": storage("<p>")}
    assert wiki.ask("POST", f"{V2}/footer-comments", json=sent).status_code == 400


def test_answers_stand_below_the_comment_that_they_answer_and_not_among_the_first_ones() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    asked = comment_footer(wiki.site, page["id"], "<p>why?</p>", by=READER)
    sent = {"parentCommentId": asked["id"], "body": storage("<p>because</p>")}
    made = wiki.ask("POST", f"{V2}/footer-comments", json=sent).json()
    assert (made["pageId"], made["parentCommentId"], made["version"]["authorId"]) == (page["id"], asked["id"], WRITER)
    below = wiki.get(f"{V2}/footer-comments/{asked['id']}/children", **{"body-format": "storage"})["results"]
    assert [(each["id"], each["body"]["storage"]["value"]) for each in below] == [(made["id"], "<p>because</p>")]
    first = wiki.get(f"{V2}/pages/{page['id']}/footer-comments")["results"]
    assert [each["id"] for each in first] == [asked["id"]]
    assert wiki.get(f"{V2}/footer-comments/{made['id']}", READER)["parentCommentId"] == asked["id"]


def test_a_comment_goes_to_a_page_or_to_a_comment_not_to_both_or_neither() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")["id"]
    asked = comment_footer(wiki.site, page, "<p>why?</p>")["id"]
    for where in ({}, {"pageId": page, "parentCommentId": asked}):
        assert wiki.ask("POST", f"{V2}/footer-comments", json={**where, "body": storage("<p>x</p>")}).status_code == 400
    gone = {"parentCommentId": "999999", "body": storage("<p>x</p>")}
    assert wiki.ask("POST", f"{V2}/footer-comments", json=gone).status_code == 404


def test_comments_of_a_page_out_of_sight_are_neither_read_nor_answered() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")["id"]
    asked = comment_footer(wiki.site, page, "<p>why?</p>")["id"]
    restrict_page(wiki.site, page, readers=[WRITER])
    for path in (f"{V2}/footer-comments/{asked}", f"{V2}/footer-comments/{asked}/children"):
        assert wiki.ask("GET", path, READER).status_code == 404
    wiki.site.add_user("other@example.com", "Other", account_id="712020:other")
    sent = {"parentCommentId": asked, "body": storage("<p>x</p>")}
    assert wiki.ask("POST", f"{V2}/footer-comments", "712020:other", json=sent).status_code == 404
