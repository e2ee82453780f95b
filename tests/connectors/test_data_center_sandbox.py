"""The Data Center connector against the sandbox over real HTTP, on pages that the Cloud face shows as well."""

from datetime import UTC, datetime, timedelta

import pytest

from app.errors import AuthFailed, Conflict, Forbidden, NotFound, Rejected, Transient, Unfitting
from app.ports import Audience, Restrictions
from connectors.confluence.cloud import ConfluenceCloudWiki
from connectors.confluence.datacenter import ConfluenceDataCenterWiki
from connectors.sandbox import faults
from connectors.sandbox.confluence import people
from connectors.sandbox.confluence.core import pages as kept
from connectors.sandbox.confluence.core.spaces import PAGES
from connectors.sandbox.confluence.core.watchers import told_files, told_versions
from connectors.sandbox.run import end
from connectors.sandbox.server import create_app
from connectors.sandbox.site import ADMIN, Site

BOT, READER = "712020:bot", "712020:reader"
SEEN = ("wiki:read", "wiki:write")


@pytest.fixture
def site(door):
    made = Site()
    door.app, made.base_url = create_app(made), door.url
    made.add_user("bot@example.com", "Bot", account_id=BOT, token="tok", rights=SEEN)
    made.add_user("reader@example.com", "Reader", account_id=READER, token="other", rights=SEEN)
    yield made
    end(made)


@pytest.fixture
def wiki(site, pace):
    made = ConfluenceDataCenterWiki(f"{site.base_url}/confluence", "tok", sleep=pace.sleep)
    yield made
    made.close()


@pytest.fixture
def reader(site, pace):
    made = ConfluenceDataCenterWiki(f"{site.base_url}/confluence", "other", sleep=pace.sleep)
    yield made
    made.close()


@pytest.fixture
def space(site, wiki):
    people.add_space(site, "OKR", "Goals", "Home")
    return wiki.space("okr")


def made_page(wiki, space, title="Q4", body="<p>one</p>", message="[a1b2c3d4] first", **more):
    return wiki.create(space.id, space.homepage_id, title, body, message, **more)


def requests_of(site, method="", part=""):
    return [one for one in site.asked if part in one.path and method in ("", one.method)]


def test_the_context_path_is_kept_and_a_space_has_its_key_for_an_id(site, wiki, space):
    assert wiki.site == f"{site.base_url.removeprefix('http://')}/confluence"
    assert (space.id, space.key, space.name) == ("OKR", "OKR", "Goals")
    assert {one.path.split("/")[1] for one in site.asked} == {"confluence"}


@pytest.mark.parametrize("email", [None, "bot@example.com"])
def test_a_personal_access_token_needs_no_name_and_a_password_does(site, email):
    wiki = ConfluenceDataCenterWiki(f"{site.base_url}/confluence", "tok", email)
    assert (wiki.myself().id, wiki.myself().name) == (BOT, "Bot")
    wiki.close()


def test_a_token_that_is_not_known_is_refused_once(site):
    wiki = ConfluenceDataCenterWiki(f"{site.base_url}/confluence", "wrong")
    with pytest.raises(AuthFailed, match="401"):
        wiki.myself()
    assert len(site.asked) == 1
    wiki.close()


def test_a_page_is_made_read_changed_and_read_as_it_was(site, wiki, space):
    made = made_page(wiki, space, "Q4 <목표> & more")
    assert (made.version, made.status, made.parent_id, made.author_id) == (1, "current", space.homepage_id, BOT)
    assert (made.message, made.space_id) == ("[a1b2c3d4] first", "OKR")
    changed = wiki.update(made, made.title, "<p>two &amp; three</p>", "[b1b2c3d4] KR2 0.4 → 0.6")
    assert (changed.id, changed.version, changed.message) == (made.id, 2, "[b1b2c3d4] KR2 0.4 → 0.6")
    now, before = wiki.page(made.id), wiki.page(made.id, 1)
    assert "two" in now.body and now == wiki.page(made.id, 2)
    assert "one" in before.body and (before.id, before.version) == (made.id, 1)
    assert now.url == f"{site.base_url}/confluence/spaces/OKR/pages/{made.id}/Q4+%3C%EB%AA%A9%ED%91%9C%3E+%26+more"
    with pytest.raises(Conflict):
        wiki.update(made, made.title, "<p>late</p>", "")
    with pytest.raises(NotFound):
        wiki.page(made.id, 9)


def test_both_faces_show_the_same_page(site, wiki, space):
    made = made_page(wiki, space)
    cloud = ConfluenceCloudWiki(site.base_url, "tok", "bot@example.com")
    seen = cloud.page(made.id)
    assert (seen.title, seen.version, seen.author_id, seen.body) == (made.title, 1, BOT, wiki.page(made.id).body)
    cloud.close()


def test_a_page_without_a_parent_goes_below_the_home_page(wiki, space):
    assert wiki.create(space.id, None, "Loose", "<p />", "").parent_id == space.homepage_id


def test_watchers_hear_of_a_change_unless_it_is_quiet(site, wiki, space):
    made = made_page(wiki, space)
    second = wiki.update(made, made.title, "<p>two</p>", "", quietly=True)
    wiki.update(second, made.title, "<p>three</p>", "")
    assert told_versions(site, made.id) == [1, 3]


def test_bad_storage_and_taken_titles_are_rejected_with_a_reason(wiki, space):
    made = made_page(wiki, space, "OKR")
    with pytest.raises(Rejected, match="Error parsing xhtml"):
        wiki.update(made, "OKR", "<p>a & b</p>", "")
    with pytest.raises(Rejected, match="already exists"):
        made_page(wiki, space, "okr")


def test_a_page_is_found_by_its_title_in_whatever_case_but_not_in_the_trash(site, wiki, space):
    made = made_page(wiki, space, "Q4: Goals (2026)")
    assert [page.id for page in wiki.find("OKR", "Q4: Goals (2026)")] == [made.id]
    assert len(requests_of(site, part="/search")) == 0
    assert [page.id for page in wiki.find("OKR", "q4: GOALS (2026)")] == [made.id]
    assert wiki.find("OKR", "Goals") == wiki.find("OKR", "!?") == []
    people.trash_page(site, made.id)
    assert wiki.find("OKR", "Q4: Goals (2026)") == []


def test_pages_by_id_are_one_request_and_those_in_the_trash_are_told(site, wiki, space):
    one, two, gone = (made_page(wiki, space, title) for title in ("One", "Two", "Gone"))
    people.trash_page(site, two.id)
    site.store.table(PAGES).delete(gone.id)
    before = len(site.asked)
    found = wiki.pages([two.id, gone.id, one.id, two.id])
    assert [(page.id, page.status) for page in found] == [(two.id, "trashed"), (one.id, "current")]
    assert {page.parent_id for page in found} == {space.homepage_id}
    assert len(site.asked) - before == 2  # the list, and the one that did not come


def test_children_come_in_order_with_their_versions_over_several_pages_of_the_list(site, wiki, space):
    site.page_size_cap = 2
    made = [made_page(wiki, space, f"Child {number}") for number in range(5)]
    people.restrict_page(site, made[1].id, readers=[ADMIN])
    people.restrict_page(site, made[0].id, readers=[ADMIN])
    seen = wiki.children(space.homepage_id)
    assert [page.title for page in seen] == ["Child 2", "Child 3", "Child 4"]
    assert {(page.version, page.parent_id, page.space_id) for page in seen} == {(1, space.homepage_id, "OKR")}


def test_a_page_is_moved_as_it_stands_and_without_a_word_to_watchers(site, wiki, space):
    above, below = made_page(wiki, space, "Above"), made_page(wiki, space, "Below", "<p>kept</p>")
    wiki.move(below.id, above.id)
    moved = wiki.page(below.id)
    assert (moved.parent_id, moved.title, moved.version) == (above.id, "Below", 2)
    assert "kept" in moved.body and told_versions(site, below.id) == [1]
    wiki.move(below.id, above.id)
    assert wiki.page(below.id).version == 2


def test_a_page_in_the_trash_is_not_written(site, wiki, space):
    made = made_page(wiki, space)
    people.trash_page(site, made.id)
    with pytest.raises(Rejected, match="trashed"):
        wiki.update(wiki.page(made.id), made.title, "<p />", "")


def test_properties_and_labels_are_kept_beside_the_page(wiki, space):
    made = made_page(wiki, space)
    assert wiki.property(made.id, "plainsight") is None
    for value in ({"page": "company"}, {"page": "company"}, {"page": "team", "n": 1}):
        wiki.set_property(made.id, "plainsight", value)
        assert wiki.property(made.id, "plainsight") == value
    wiki.add_labels(made.id, ["okr", "2026 Q4"])
    wiki.add_labels(made.id, ["okr"])
    assert wiki.page(made.id).version == 1


def test_labels_of_others_stay(site, wiki, space):
    made = made_page(wiki, space)
    wiki.add_labels(made.id, ["theirs"])
    wiki.add_labels(made.id, ["OKR", "2026 Q4"])
    assert [label["name"] for label in kept.page_of(site, made.id)["labels"]] == ["theirs", "okr", "2026-q4"]


def test_a_file_is_added_once_and_replaced_after_that_without_a_word_to_watchers(site, wiki, space):
    made = made_page(wiki, space)
    first = wiki.attach(made.id, "trend.png", b"one", "image/png", "digest 1")
    second = wiki.attach(made.id, "trend.png", b"two", "image/png", "digest 2")
    assert first.id == second.id and (second.name, second.comment) == ("trend.png", "digest 2")
    assert wiki.attachments(made.id) == [second]
    assert told_files(site, made.id) == []
    assert kept.page_of(site, made.id)["version"] == 1


def test_a_file_that_somebody_added_in_between_is_replaced(site, wiki, space):
    made = made_page(wiki, space)
    people.attach_file(site, made.id, "trend.png", b"theirs")
    faults.add(site, {"status": 200, "body": {"results": []}, "path": "/attachment$", "method": "GET", "count": 1})
    assert wiki.attach(made.id, "trend.png", b"ours", "image/png", "ours").comment == "ours"
    assert len(wiki.attachments(made.id)) == 1


def test_restrictions_are_put_in_place_of_all_that_were_and_never_lock_us_out(site, wiki, reader, space):
    people.add_group(site, "leads", [READER])
    made = made_page(wiki, space)
    assert wiki.restrictions(made.id) == Restrictions()
    wiki.restrict(made.id, Restrictions(Audience(groups=("leads",)), Audience((ADMIN,))))
    assert wiki.restrictions(made.id) == Restrictions(Audience((BOT,), ("leads",)), Audience((ADMIN, BOT)))
    assert reader.page(made.id).title == "Q4"
    with pytest.raises(Forbidden):
        reader.update(reader.page(made.id), "Q4", "<p />", "")
    wiki.restrict(made.id, Restrictions(Audience((BOT,))))
    assert wiki.restrictions(made.id) == Restrictions(Audience((BOT,)))
    with pytest.raises(NotFound):
        reader.page(made.id)
    wiki.restrict(made.id, Restrictions())
    assert reader.page(made.id).version == 1


def test_no_page_is_promised_to_be_private_from_its_first_moment(site, wiki, space):
    before = len(site.asked)
    with pytest.raises(Unfitting, match="Data Center"):
        made_page(wiki, space, private=True)
    assert len(site.asked) == before


def test_comments_below_pages_are_read_and_answered(site, wiki, space):
    made = made_page(wiki, space, body="<p>one two</p>")
    people.comment_inline(site, made.id, "two")
    asked = people.comment_footer(site, made.id, "<p>why?</p>", by=READER)
    people.comment_footer(site, made.id, "<p>so</p>", parent_id=asked["id"])
    first, second = wiki.comments("OKR", timedelta(minutes=5))
    assert (first.id, first.page_id, first.author_id, first.parent_id) == (asked["id"], made.id, READER, None)
    assert first.body == "<p>why?</p>" and abs(first.created_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert second.parent_id == first.id
    answer = wiki.answer(first, "<p>noted</p>")
    assert (answer.page_id, answer.parent_id, answer.author_id) == (made.id, first.id, BOT)
    assert wiki.answers(first.id) == [second, answer]


def test_old_comments_cost_nothing_and_new_ones_one_request(site, wiki, space):
    before = len(site.asked)
    assert wiki.comments("OKR", timedelta(minutes=5)) == []
    assert len(site.asked) - before == 1


def test_what_the_account_may_do_follows_from_the_home_page(site, wiki, space):
    assert ("create", "page") in wiki.space_operations("OKR")
    assert ("update", "page") in wiki.page_operations(space.homepage_id)
    people.restrict_page(site, space.homepage_id, writers=[ADMIN])
    assert wiki.space_operations("OKR") == frozenset()
    people.restrict_page(site, space.homepage_id)
    people.restrict_space(site, site.store.table("wiki_pages").get(space.homepage_id)["spaceId"], editors=[ADMIN])
    assert wiki.space_operations("OKR") == {("read", "space")}
    assert ("update", "page") not in wiki.page_operations(space.homepage_id)
    with pytest.raises(Forbidden):
        made_page(wiki, space)


def test_a_create_whose_answer_is_lost_is_in_doubt_and_can_be_found(site, wiki, space):
    faults.add(site, {"lose_answer": True, "path": "/content$", "method": "POST", "count": 1})
    with pytest.raises(Transient) as caught:
        made_page(wiki, space)
    assert caught.value.sent
    (found,) = wiki.find(space.id, "Q4")
    assert (found.parent_id, found.author_id, found.version) == (space.homepage_id, BOT, 1)
    assert found.message == "[a1b2c3d4] first"


def test_what_is_missing_says_so(wiki):
    for call in (lambda: wiki.page("123456"), lambda: wiki.children("123456"), lambda: wiki.restrictions("123456")):
        with pytest.raises(NotFound):
            call()
    with pytest.raises(NotFound, match="NOPE"):
        wiki.space("NOPE")
