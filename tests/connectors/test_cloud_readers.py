"""Who may see and change a page on Confluence Cloud: set, replaced, lifted, inherited, and never without ourselves."""

import pytest

from app.errors import NotFound, Rejected, Transient
from app.ports import Audience, Restrictions
from connectors.sandbox import faults
from connectors.sandbox.confluence import add_group, restrict_page
from connectors.sandbox.site import ADMIN
from tests.connectors.conftest import BOT

KIM = "712020:kim"


@pytest.fixture
def page(site, wiki, space):
    site.add_user("kim@example.com", "Kim", account_id=KIM)
    add_group(site, "okr-hr", [KIM])
    add_group(site, "okr-hr-leads", [ADMIN])
    return wiki.create(space.id, space.homepage_id, "HR", "<p />", "")


def test_people_and_groups_are_set_and_our_own_account_is_added(wiki, page):
    wiki.restrict(page.id, Restrictions(Audience((KIM,), ("okr-hr",)), Audience((KIM,))))
    assert wiki.restrictions(page.id) == Restrictions(Audience((KIM, BOT), ("okr-hr",)), Audience((KIM, BOT)))
    assert wiki.update(page, "HR", "<p>still ours</p>", "").version == 2


def test_our_own_account_is_there_once_and_alone_where_only_groups_are_named(wiki, page):
    wiki.restrict(page.id, Restrictions(Audience((BOT,)), Audience((), ("okr-hr-leads",))))
    assert wiki.restrictions(page.id) == Restrictions(Audience((BOT,)), Audience((BOT,), ("okr-hr-leads",)))


def test_what_is_set_takes_the_place_of_all_that_was(wiki, page):
    wiki.restrict(page.id, Restrictions(Audience((KIM,)), Audience((KIM,))))
    wiki.restrict(page.id, Restrictions(editors=Audience((ADMIN,))))
    assert wiki.restrictions(page.id) == Restrictions(editors=Audience((ADMIN, BOT)))
    wiki.restrict(page.id, Restrictions())
    assert wiki.restrictions(page.id) == Restrictions()


def test_a_private_page_is_opened_to_its_readers(site, wiki, space):
    site.add_user("kim@example.com", "Kim", account_id=KIM)
    made = wiki.create(space.id, space.homepage_id, "Secret", "<p />", "", private=True)
    wiki.restrict(made.id, Restrictions(Audience((KIM,)), Audience((BOT,))))
    assert wiki.restrictions(made.id) == Restrictions(Audience((KIM, BOT)), Audience((BOT,)))


def test_what_is_inherited_from_above_is_not_told_as_the_pages_own(wiki, space, page):
    below = wiki.create(space.id, page.id, "Below", "<p />", "")
    wiki.restrict(page.id, Restrictions(Audience((KIM,))))
    assert wiki.restrictions(below.id) == Restrictions()


def test_long_lists_are_read_to_their_end(site, wiki, page):
    everybody = [site.add_user(f"p{number}@example.com", f"P{number}")["accountId"] for number in range(250)]
    restrict_page(site, page.id, readers=[BOT, *everybody], writing_groups=["okr-hr"], writers=[BOT])
    assert wiki.restrictions(page.id) == Restrictions(Audience((BOT, *everybody)), Audience((BOT,), ("okr-hr",)))


def test_a_site_that_gives_fewer_at_a_time_is_read_to_its_end_too(site, wiki, page):
    """Else whoever stands behind the first ones would read a private page unseen."""
    site.page_size_cap = 3
    everybody = [site.add_user(f"p{number}@example.com", f"P{number}")["accountId"] for number in range(7)]
    restrict_page(site, page.id, readers=[BOT, *everybody], writing_groups=["okr-hr"])
    assert wiki.restrictions(page.id) == Restrictions(Audience((BOT, *everybody)), Audience((), ("okr-hr",)))


def test_a_group_is_found_behind_two_hundred_others_that_have_its_name_in_theirs(site, wiki, page):
    for number in range(200):
        add_group(site, f"okr-leads-{number}", [])
    add_group(site, "okr-leads", [KIM])
    wiki.restrict(page.id, Restrictions(Audience((), ("okr-leads",))))
    assert wiki.restrictions(page.id).readers == Audience((BOT,), ("okr-leads",))


def test_the_readers_of_a_page_out_of_sight_are_neither_told_nor_changed(site, wiki, page):
    restrict_page(site, page.id, readers=[ADMIN])
    for call in (wiki.restrictions, lambda page_id: wiki.restrict(page_id, Restrictions(Audience((KIM,))))):
        with pytest.raises(NotFound):
            call(page.id)


def test_a_page_that_we_may_not_change_keeps_its_readers(site, wiki, page):
    restrict_page(site, page.id, writers=[ADMIN])
    with pytest.raises(NotFound):
        wiki.restrict(page.id, Restrictions(Audience((KIM,))))
    assert wiki.restrictions(page.id) == Restrictions(editors=Audience((ADMIN,)))


def test_a_group_or_a_person_that_there_is_not_changes_nothing(wiki, page):
    wiki.restrict(page.id, Restrictions(Audience((KIM,))))
    with pytest.raises(Rejected, match="no group named 'okr'"):
        wiki.restrict(page.id, Restrictions(Audience((), ("okr",))))
    with pytest.raises(Rejected, match="nobody"):
        wiki.restrict(page.id, Restrictions(Audience(("nobody",))))
    assert wiki.restrictions(page.id).readers == Audience((KIM, BOT))


def test_a_restriction_whose_answer_is_lost_is_in_doubt(site, wiki, page):
    faults.add(site, {"lose_answer": True, "path": "/restriction$", "method": "PUT", "count": 1})
    with pytest.raises(Transient) as caught:
        wiki.restrict(page.id, Restrictions(Audience((KIM,))))
    assert caught.value.sent
    assert wiki.restrictions(page.id).readers == Audience((KIM, BOT))
