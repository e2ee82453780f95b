"""Comments below pages on Confluence Cloud: the new ones of a space in one request, answers found and given."""

from datetime import UTC, datetime, timedelta

import pytest

from app.errors import NotFound, Rejected, Transient
from app.ports import WikiComment
from connectors.sandbox import faults
from connectors.sandbox.confluence import add_page, add_space, comment_footer, comment_inline, restrict_page
from connectors.sandbox.site import ADMIN
from tests.connectors.conftest import BOT

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def page(site, wiki, space):
    site.now = lambda: NOW
    return wiki.create(space.id, space.homepage_id, "Company", "<p>one two</p>", "")


def commented(site, page, words, ago=timedelta(0), **more):
    site.now = lambda: NOW - ago
    made = comment_footer(site, page.id, words, **more)
    site.now = lambda: NOW
    return made["id"]


def test_a_comment_is_told_with_page_author_time_and_body(site, wiki, page):
    made = commented(site, page, "<p>/okr KR-3 410 c=7</p>", timedelta(minutes=5))
    assert wiki.comments("OKR", HOUR) == [
        WikiComment(made, page.id, ADMIN, "<p>/okr KR-3 410 c=7</p>", NOW - timedelta(minutes=5))
    ]


def test_nothing_new_is_one_request(site, wiki, page):
    commented(site, page, "<p>old</p>", 2 * HOUR)
    site.asked.clear()
    assert wiki.comments("OKR", HOUR) == []
    assert len(site.asked) == 1


def test_new_comments_are_one_request_too_oldest_first_with_answers(site, wiki, page):
    later = commented(site, page, "<p>later</p>", timedelta(minutes=1))
    earlier = commented(site, page, "<p>earlier</p>", timedelta(minutes=59))
    answer = commented(site, page, "<p>thanks</p>", parent_id=earlier)
    site.asked.clear()
    assert [(one.id, one.parent_id) for one in wiki.comments("OKR", HOUR)] == [
        (earlier, None),
        (later, None),
        (answer, earlier),
    ]
    assert len(site.asked) == 1


def test_more_comments_than_fit_in_one_answer_are_all_told(site, wiki, page):
    site.page_size_cap = 3
    made = [commented(site, page, f"<p>{number}</p>") for number in range(8)]
    assert [one.id for one in wiki.comments("OKR", HOUR)] == made


def test_inline_comments_and_those_of_other_spaces_or_hidden_pages_are_left_out(site, wiki, page):
    comment_inline(site, page.id, "two")
    other = add_page(site, add_space(site, "NEWS", "News")["id"], "Today", "<p />")
    comment_footer(site, other["id"], "<p>elsewhere</p>")
    hidden = add_page(site, page.space_id, "Hidden", "<p />")
    comment_footer(site, hidden["id"], "<p>hidden</p>")
    restrict_page(site, hidden["id"], readers=[ADMIN])
    assert wiki.comments("OKR", HOUR) == []


def test_the_index_lags_so_that_an_overlap_is_needed(site, wiki, page):
    site.index_delay = 60
    made = commented(site, page, "<p>fresh</p>")
    assert wiki.comments("OKR", HOUR) == []
    site.now = lambda: NOW + timedelta(minutes=2)
    assert [one.id for one in wiki.comments("OKR", HOUR)] == [made]


def test_a_part_of_a_minute_counts_as_a_whole_one(site, wiki, page):
    made = commented(site, page, "<p>x</p>", timedelta(seconds=55))
    assert [one.id for one in wiki.comments("OKR", timedelta(seconds=56))] == [made]


def test_an_answer_stands_below_the_comment_with_our_name(site, wiki, page):
    asked = commented(site, page, "<p>/okr KR-3 410</p>")
    (comment,) = wiki.comments("OKR", HOUR)
    given = wiki.answer(comment, "<p>KR-3: 410 &amp; noted</p>")
    assert (given.page_id, given.author_id, given.parent_id) == (page.id, BOT, asked)
    (read,) = wiki.answers(comment.id)
    assert (read.id, read.author_id, read.body, read.parent_id) == (
        given.id,
        BOT,
        "<p>KR-3: 410 &amp; noted</p>",
        asked,
    )
    assert wiki.page(page.id).version == 1


def test_answers_are_told_oldest_first_and_only_those_to_this_comment(site, wiki, page):
    asked, other = commented(site, page, "<p>1</p>"), commented(site, page, "<p>2</p>")
    second = commented(site, page, "<p>b</p>", timedelta(minutes=1), parent_id=asked)
    first = commented(site, page, "<p>a</p>", timedelta(minutes=9), parent_id=asked)
    commented(site, page, "<p>c</p>", parent_id=other)
    assert [one.id for one in wiki.answers(asked)] == [first, second]


def test_a_comment_that_is_gone_or_out_of_sight_is_not_found(site, wiki, page):
    commented(site, page, "<p>x</p>")
    (comment,) = wiki.comments("OKR", HOUR)
    restrict_page(site, page.id, readers=[ADMIN])
    for call in (
        lambda: wiki.answers(comment.id),
        lambda: wiki.answer(comment, "<p />"),
        lambda: wiki.answers("99999"),
    ):
        with pytest.raises(NotFound):
            call()


def test_an_answer_in_bad_storage_format_is_rejected(site, wiki, page):
    commented(site, page, "<p>x</p>")
    (comment,) = wiki.comments("OKR", HOUR)
    with pytest.raises(Rejected, match="xhtml"):
        wiki.answer(comment, "<p>a & b</p>")
    assert wiki.answers(comment.id) == []


def test_an_answer_that_is_lost_on_the_way_is_in_doubt_and_can_be_found(site, wiki, page):
    commented(site, page, "<p>x</p>")
    (comment,) = wiki.comments("OKR", HOUR)
    faults.add(site, {"lose_answer": True, "path": "/footer-comments$", "count": 1})
    with pytest.raises(Transient) as caught:
        wiki.answer(comment, "<p>noted</p>")
    assert caught.value.sent
    assert [one.body for one in wiki.answers(comment.id)] == ["<p>noted</p>"]
