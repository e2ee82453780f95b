"""Pages on Confluence Cloud: private from their first moment, moved, found in spite of their case, changed quietly."""

import pytest

from app.errors import Forbidden, NotFound, Rejected, Transient
from app.ports import Audience, Restrictions
from connectors.confluence.cloud import ConfluenceCloudWiki
from connectors.sandbox import faults
from connectors.sandbox.confluence import add_page, add_space, archive_page, restrict_page, trash_page
from connectors.sandbox.confluence.core.watchers import told_versions
from connectors.sandbox.site import ADMIN
from tests.connectors.conftest import BOT


@pytest.fixture
def stranger(site, pace):
    """The wiki as somebody sees it who may read and write everything that is not restricted."""
    site.add_user("kim@example.com", "Kim", account_id="712020:kim", token="kim")
    made = ConfluenceCloudWiki(site.base_url, "kim", "kim@example.com", sleep=pace.sleep)
    yield made
    made.close()


def test_a_private_page_is_seen_by_nobody_else_from_its_first_moment(wiki, space, stranger):
    made = wiki.create(space.id, space.homepage_id, "Secret team", "<p>x</p>", "", private=True)
    assert wiki.page(made.id).title == "Secret team"
    only_us = Audience((BOT,))
    assert wiki.restrictions(made.id) == Restrictions(only_us, only_us)
    with pytest.raises(NotFound):
        stranger.page(made.id)
    assert stranger.pages([made.id]) == []
    assert made.id not in [page.id for page in stranger.children(space.homepage_id)]


def test_what_is_not_asked_to_be_private_is_not(wiki, space, stranger):
    made = wiki.create(space.id, space.homepage_id, "Company", "<p>x</p>", "")
    assert stranger.page(made.id).title == "Company"
    assert wiki.restrictions(made.id) == Restrictions()


def test_a_private_page_whose_answer_is_lost_is_in_doubt_private_and_findable(site, wiki, space, stranger):
    faults.add(site, {"lose_answer": True, "path": "/pages$", "method": "POST", "count": 1})
    with pytest.raises(Transient) as caught:
        wiki.create(space.id, space.homepage_id, "Secret team", "<p />", "", private=True)
    assert caught.value.sent
    (found,) = wiki.find(space.id, "Secret team")
    assert found.author_id == BOT
    assert stranger.find(space.id, "Secret team") == []


def test_a_page_is_moved_behind_the_other_children_with_all_below_it_and_gets_no_version(site, wiki, space):
    top = [wiki.create(space.id, space.homepage_id, title, "<p />", "") for title in ("Archive", "2026-Q3")]
    first = wiki.create(space.id, top[0].id, "2026-Q2", "<p />", "")
    below = wiki.create(space.id, top[1].id, "Team", "<p />", "")
    wiki.move(top[1].id, top[0].id)
    assert [page.id for page in wiki.children(top[0].id)] == [first.id, top[1].id]
    moved = wiki.page(top[1].id)
    assert (moved.parent_id, moved.version) == (top[0].id, 1)
    assert wiki.page(below.id).parent_id == top[1].id


def test_a_page_is_not_moved_below_itself_or_to_where_there_is_nothing_or_without_permission(site, wiki, space):
    made, other = (wiki.create(space.id, space.homepage_id, title, "<p />", "") for title in ("A", "B"))
    with pytest.raises(Rejected, match="loop"):
        wiki.move(made.id, made.id)
    with pytest.raises(NotFound):
        wiki.move(made.id, "999999")
    trash_page(site, other.id)
    with pytest.raises(NotFound):
        wiki.move(made.id, other.id)
    restrict_page(site, made.id, writers=[ADMIN])
    with pytest.raises(Forbidden):
        wiki.move(made.id, space.homepage_id)


def test_a_move_whose_answer_is_lost_is_in_doubt_and_not_sent_again(site, wiki, space):
    made, other = (wiki.create(space.id, space.homepage_id, title, "<p />", "") for title in ("A", "B"))
    faults.add(site, {"lose_answer": True, "path": "/move/", "count": 1})
    with pytest.raises(Transient) as caught:
        wiki.move(made.id, other.id)
    assert caught.value.sent
    assert wiki.page(made.id).parent_id == other.id
    assert len([one for one in site.asked if "/move/" in one.path]) == 1


def test_cloud_cannot_write_quietly_and_does_not_pretend_to(site, wiki, space):
    made = wiki.create(space.id, space.homepage_id, "A", "<p>1</p>", "")
    wiki.update(wiki.update(made, "A", "<p>2</p>", "two"), "A", "<p>3</p>", "three", quietly=True)
    assert told_versions(site, made.id) == [1, 2, 3]


def test_a_title_that_differs_in_case_alone_is_found(site, wiki, space):
    made = wiki.create(space.id, space.homepage_id, "Q4: The Company (draft) – “OKR”", "<p />", "")
    (found,) = wiki.find(space.id, "q4: the company (DRAFT) – “OKR”")
    assert (found.id, found.title) == (made.id, made.title)
    archive_page(site, made.id)
    (found,) = wiki.find(space.id, "Q4: THE COMPANY (DRAFT) – “OKR”")
    assert (found.id, found.status) == (made.id, "archived")


def test_pages_with_more_words_or_in_another_space_are_not_taken_for_it(site, wiki, space):
    wiki.create(space.id, space.homepage_id, "Company OKR review", "<p />", "")
    other = add_space(site, "NEWS", "News")
    add_page(site, other["id"], "company okr", "<p />")
    assert wiki.find(space.id, "Company OKR") == []


def test_the_index_is_asked_only_where_case_can_differ(site, wiki, space):
    made = wiki.create(space.id, space.homepage_id, "Company", "<p />", "")
    site.asked.clear()
    assert [page.id for page in wiki.find(space.id, "Company")] == [made.id]
    assert wiki.find(space.id, "회사 2026") == []
    assert len(site.asked) == 2
    assert wiki.find(space.id, "A – “!”") == []


@pytest.mark.parametrize("status", [401, 403, 410])
def test_a_token_that_may_not_search_finds_what_the_pages_themselves_tell(site, wiki, space, status):
    made = wiki.create(space.id, space.homepage_id, "Company", "<p />", "")
    faults.add(site, {"status": status, "path": "/content/search$"})
    assert [page.id for page in wiki.find(space.id, "Company")] == [made.id]
    assert wiki.find(space.id, "COMPANY") == []


def test_quotes_and_backslashes_in_a_title_do_not_break_the_question(wiki, space):
    made = wiki.create(space.id, space.homepage_id, 'Say "yes" \\ AND no', "<p />", "")
    assert [page.id for page in wiki.find(space.id, 'say "YES" \\ and NO')] == [made.id]
