"""Pages of private teams: made blank, restricted, then written; readable for others at no moment, whatever happens."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from app.jobs import RECONCILE
from app.services import audit, pages, publish, status
from connectors.sandbox.confluence import add_group, restrict_page
from connectors.sandbox.confluence.core.pages import VERSIONS
from connectors.sandbox.confluence.core.spaces import PAGES, may_edit, may_view
from connectors.sandbox.site import Site
from tests.journeys import company
from tests.journeys.company import BLUE, RED, SERVICE, SMALL, TOKEN
from tests.journeys.conftest import Opening
from tests.journeys.place import Door, Place
from tests.journeys.test_lost_answers import Died

BO, EVE, LEAD = "712020:bo", "712020:eve", "712020:lead"
SECRET = "Red delivers"
NAMED = SMALL.replace("{id: bo, ", f'{{id: bo, account_id: "{BO}", ')
RED_TEAM = "en: Red}, parent: company"
PRIVATE = NAMED.replace(RED_TEAM, f"{RED_TEAM}, readers: {{people: [bo], groups: [leads]}}")


def fill(site: Site) -> None:
    company.fill(site)
    for name, account in (("Bo", BO), ("Eve", EVE), ("Lead", LEAD)):
        site.add_user(f"{name.lower()}@example.com", name, account_id=account, token=name)
    add_group(site, "leads", [LEAD])


class Watchman:
    """A wiki beside which somebody looks, before and after each call, whether Eve may read the secret."""

    def __init__(self, place: Place, wiki: Any) -> None:
        self._place, self._wiki = place, wiki

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._wiki, name)
        return self._watched(found) if callable(found) else found

    def _watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*given: Any, **named: Any) -> Any:
            assert not readable_for_eve(self._place)
            answer = call(*given, **named)
            assert not readable_for_eve(self._place)
            return answer

        return watched


def readable_for_eve(place: Place) -> list[str]:
    """The ids of pages that she may view and that tell, or told in a version before, what is secret."""
    versions = place.site.store.table(VERSIONS)
    telling = {
        page["id"]
        for page in place.site.store.table(PAGES)
        for number in range(1, page["version"] + 1)
        if (one := versions.get(f"{page['id']}:{number}")) and (SECRET in one["body"] or "Red" in one["title"])
    }
    return [page["id"] for page in place.site.store.table(PAGES) if page["id"] in telling and eve_sees(place, page)]


def eve_sees(place: Place, page: Any) -> bool:
    return may_view(place.site, page, EVE)


def publish_watched(place: Place, *ids: str) -> dict[str, int]:
    world = place.with_wiki(lambda wiki: Watchman(place, wiki))
    done = publish.publish(world, pages.claim(world, pages.known(world, ids or None)))
    return {outcome: count for outcome, count in done.items() if count}


def restricted_to(place: Place, page_id: str = RED) -> dict[str, list[str]] | None:
    page = place.site.store.table(PAGES).get(place.wiki_id(page_id))
    assert page is not None
    return page["readers"] and {name: sorted(who) for name, who in page["readers"].items()}


@pytest.fixture(params=["Cloud", "Data Center"])
def place(request: pytest.FixtureRequest, opening: Opening, sqlite_engine: Engine, door: Door) -> Place:
    told = {"confluence_url": f"{door.url}/confluence", "confluence_token": TOKEN}
    return opening(sqlite_engine, fill, **(told if request.param == "Data Center" else {}))


@pytest.fixture
def private(opening: Opening, sqlite_engine: Engine) -> Place:
    """With the private page published."""
    place = opening(sqlite_engine, fill)
    place.start(PRIVATE)
    place.listen()
    return place


def test_a_private_page_is_at_no_moment_readable_for_others(place: Place) -> None:
    place.apply(PRIVATE)
    place.sync()
    assert publish_watched(place)["created"] == 2
    assert restricted_to(place) == {"people": sorted([BO, SERVICE]), "groups": ["leads"]}
    page = place.site.store.table(PAGES).get(place.wiki_id(RED))
    assert page is not None
    assert [may_view(place.site, page, who) for who in (BO, LEAD, EVE)] == [True, True, False]
    assert may_edit(place.site, page, BO)  # the notes are theirs to write
    shown = place.page(RED)
    assert (shown.title, SECRET in shown.words) == ("2026-Q4 · Red", True)
    assert "Write here" in shown.words
    assert place.row(RED).state == "ok"
    place.sync()
    with place.counting() as asked:
        assert publish_watched(place) == {"unchanged": 2}
    assert not asked


CALLS = ["create", "restrict", "restrictions", "update", "set_property", "add_labels"]


class Deadly:
    """A wiki beside one of whose calls, counted from 1, the process dies; with a watchman beside it."""

    def __init__(self, place: Place, wiki: Any, name: str, after: bool) -> None:
        self._wiki, self._name, self._after = Watchman(place, wiki), name, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._wiki, name)
        if name != self._name:
            return found

        def die(*given: Any, **named: Any) -> Any:
            if self._after:
                found(*given, **named)
            raise Died

        return die


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", CALLS)
def test_wherever_the_process_dies_it_goes_on_and_nothing_is_readable(
    opening: Opening, engine: Engine, call: str, after: bool
) -> None:
    place = opening(engine, fill)
    place.apply(PRIVATE)
    place.work()
    world = place.with_wiki(lambda wiki: Deadly(place, wiki, call, after))
    with pytest.raises(Died):
        publish.publish(world, pages.claim(world, [RED]))
    assert not readable_for_eve(place)
    place.clock.move(pages.CLAIM_LASTS.total_seconds())
    with place.another_process() as other:
        assert publish_watched(other)["created"] >= 1
        assert other.publish() == {"unchanged": 2}
    assert place.titles() == ["2026-Q4 · Blue", "2026-Q4 · Red"]
    assert SECRET in place.page(RED).words
    assert restricted_to(place) == {"people": sorted([BO, SERVICE]), "groups": ["leads"]}
    assert place.page(RED).version == 2


def test_a_lost_answer_to_making_a_private_page_makes_no_second_one(place: Place) -> None:
    place.fault("/pages$|/content$", method="POST", lose_answer=True, count=1)
    place.apply(PRIVATE)
    place.settle()
    assert not readable_for_eve(place)
    place.clock.move(60)
    place.tick(RECONCILE)
    assert place.titles() == ["2026-Q4 · Blue", "2026-Q4 · Red"]
    assert {row.state for row in place.rows()} == {"ok"}
    assert not readable_for_eve(place)


def test_where_restrictions_are_refused_the_page_stays_blank(place: Place) -> None:
    place.fault("/restriction", method="PUT", status=403)
    place.apply(PRIVATE)
    place.sync()
    assert publish_watched(place)["failed"] >= 1
    assert place.row(RED).state == "failed"
    assert SECRET not in place.everything_written()
    place.mend()
    publish_watched(place)
    assert SECRET in place.page(RED).words
    assert not readable_for_eve(place)


def test_restrictions_that_confluence_only_pretends_to_set_are_not_believed(place: Place) -> None:
    place.fault("/restriction", method="PUT", status=200, body={"results": []})
    place.apply(PRIVATE)
    place.sync()
    publish_watched(place)
    assert not readable_for_eve(place)
    if "confluence" in place.world.settings.confluence_url:  # on Cloud the page is private to us from the start
        assert "did not restrict" in place.row(RED).problem
        assert SECRET not in place.everything_written()


def test_a_page_that_somebody_opened_is_left_until_somebody_agrees(private: Place) -> None:
    restrict_page(private.site, private.wiki_id(RED), [BO, SERVICE, EVE], reading_groups=["leads"])
    before = private.page(RED)
    private.transition("RED-4", "Done")
    private.follow()
    assert private.page(RED) == before
    assert (private.row(RED).state, private.row(RED).problem) == ("conflict", "opened")
    pages.take_over(private.world, [RED])
    publish_watched_after(private)
    assert restricted_to(private) == {"people": sorted([BO, SERVICE]), "groups": ["leads"]}
    assert private.page(RED).cell("Four things", "Now") == "75%"
    assert private.row(RED).state == "ok"


def publish_watched_after(place: Place) -> None:
    """As people left it Eve may read it; nothing new is written before that is put right."""
    place.publish(RED)
    assert not readable_for_eve(place)


def test_a_page_opened_for_everybody_is_told_by_the_nightly_audit(private: Place) -> None:
    restrict_page(private.site, private.wiki_id(RED))
    assert audit.audit(private.world)["opened"] == 1
    (one,) = private.row(RED).strayed
    assert one == {"kind": "opened", "detail": "everybody"}
    told = next(page for page in status.read(private.world)["pages"] if page["page"] == RED)
    assert "--take-over" in told["strayed"][0]["advice"]
    restrict_page(private.site, private.wiki_id(RED), [BO, SERVICE])
    assert audit.audit(private.world)["opened"] == 0
    assert private.row(RED).strayed == []


def test_a_page_that_people_keep_for_fewer_stays_so(private: Place) -> None:
    restrict_page(private.site, private.wiki_id(RED), [SERVICE, BO])
    private.transition("RED-4", "Done")
    private.follow()
    assert private.page(RED).cell("Four things", "Now") == "75%"
    assert restricted_to(private) == {"people": sorted([BO, SERVICE]), "groups": []}


def test_other_readers_in_the_file_are_other_readers_of_the_page_at_once(private: Place) -> None:
    version = private.page(RED).version
    private.apply(PRIVATE.replace("groups: [leads]}", "groups: [LEADS, board]}"))
    add_group(private.site, "board", [EVE])
    private.settle()
    assert restricted_to(private) == {"people": sorted([BO, SERVICE]), "groups": ["board", "leads"]}
    private.apply(PRIVATE.replace(", groups: [leads]}", "}"))
    private.settle()
    assert restricted_to(private) == {"people": sorted([BO, SERVICE]), "groups": []}
    assert private.page(RED).version == version


def test_a_reader_without_an_account_keeps_the_page_unpublished(place: Place) -> None:
    place.apply(PRIVATE.replace(f'account_id: "{BO}", ', ""))
    place.settle()
    red = place.row(RED)
    assert (red.state, red.wiki_id) == ("failed", None)
    assert "bo" in red.problem
    assert "account_id" in red.problem
    assert place.titles() == ["2026-Q4 · Blue"]
    place.apply(PRIVATE)
    place.settle()
    assert place.row(RED).state == "ok"
    assert not readable_for_eve(place)


def test_a_page_that_becomes_private_is_restricted_before_it_is_written_again(private: Place) -> None:
    open_again = private.page(BLUE)
    assert may_view(private.site, private.site.store.table(PAGES).get(open_again.id), EVE)
    blue = "en: Blue}, parent: company"
    private.apply(PRIVATE.replace(blue, f"{blue}, readers: {{groups: [leads]}}"))
    private.settle()
    assert restricted_to(private, BLUE) == {"people": [SERVICE], "groups": ["leads"]}
    assert private.row(BLUE).state == "ok"
    private.transition("BLU-2", "Done")
    private.follow()
    assert private.page(BLUE).cell("Ready to launch", "Now") == "50%"
    assert restricted_to(private, BLUE) == {"people": [SERVICE], "groups": ["leads"]}


def test_a_page_that_is_private_no_longer_keeps_its_restrictions_and_says_so(private: Place) -> None:
    before = restricted_to(private)
    private.apply(NAMED)
    private.settle()
    assert restricted_to(private) == before
    assert private.row(RED).strayed == [{"kind": "still_private", "detail": "restricted"}]
    assert private.row(RED).state == "ok"
    private.transition("RED-4", "Done")
    private.follow()
    assert private.page(RED).cell("Four things", "Now") == "75%"
    audit.audit(private.world)
    assert [one["kind"] for one in private.row(RED).strayed] == ["still_private"]
    restrict_page(private.site, private.wiki_id(RED))
    audit.audit(private.world)
    assert private.row(RED).strayed == []
