"""Teams that become private, or public, when it is awkward: a cycle is closed, a page is half made, or in the trash."""

import json
import threading
from collections.abc import ItemsView
from typing import Any

import pytest
from sqlalchemy import Engine

from app.domain.comment_check_ins import people_of
from app.services import audit, status
from app.services.prepare import facts_of
from app.services.writing import Ground, Writing
from connectors.sandbox.confluence import add_group, add_page, restrict_page, space_by_key
from connectors.sandbox.confluence.core.spaces import PAGES, may_edit, may_view
from tests.journeys.company import BLUE, RED, SERVICE, SMALL, SPACE, TOKEN
from tests.journeys.conftest import Opening
from tests.journeys.place import Door, Place
from tests.journeys.test_private_pages import (
    BO,
    EVE,
    NAMED,
    PRIVATE,
    eve_sees,
    fill,
    readable_for_eve,
    restricted_to,
)
from tests.journeys.test_seldom_pages import in_state

OBJECTIVE = "  - {id: own, kind: objective, objective: O-2}\n"


@pytest.fixture(params=["Cloud", "Data Center"])
def place(request: pytest.FixtureRequest, opening: Opening, sqlite_engine: Engine, door: Door) -> Place:
    told = {"confluence_url": f"{door.url}/confluence", "confluence_token": TOKEN}
    return opening(sqlite_engine, fill, **(told if request.param == "Data Center" else {}))


def shown(place: Place, page_id: str = RED) -> Any:
    return place.site.store.table(PAGES).get(place.wiki_id(page_id))


def test_the_final_pages_of_a_team_that_becomes_private_are_restricted_too(place: Place) -> None:
    place.start(NAMED)
    place.apply(in_state("closed", NAMED))
    place.settle()
    final = place.page(RED)
    assert place.row(RED).final_at is not None
    assert eve_sees(place, shown(place))
    place.apply(in_state("closed", PRIVATE))
    place.settle()
    assert restricted_to(place) == {"people": sorted([BO, SERVICE]), "groups": ["leads"]}
    assert not readable_for_eve(place)
    assert (place.page(RED), place.row(RED).state) == (final, "ok")
    assert [place.row(key).final_at is not None for key in (RED, BLUE)] == [True, True]


def test_other_readers_of_a_private_team_are_other_readers_of_its_final_pages(place: Place) -> None:
    add_group(place.site, "board", [EVE])
    place.start(PRIVATE.replace("[leads]", "[leads, board]"))
    place.apply(in_state("closed", PRIVATE.replace("[leads]", "[leads, board]")))
    place.settle()
    assert eve_sees(place, shown(place))
    place.apply(in_state("closed", PRIVATE))
    place.settle()
    assert not readable_for_eve(place)
    assert place.row(RED).final_at is not None
    with place.counting() as asked:
        place.apply(in_state("closed", PRIVATE.replace("en: Blue}, parent", "en: Blues}, parent")))
        place.settle()
    assert not [what for what in asked if "restriction" in what]


def test_a_page_that_was_made_for_us_alone_is_opened_when_its_team_is_private_no_longer(
    place: Place,
) -> None:
    place.apply(PRIVATE.replace("leads", "nobodies"))
    place.settle()
    assert place.row(RED).state == "failed"
    assert "nobodies" in place.row(RED).problem
    place.apply(NAMED)
    place.settle()
    assert place.row(RED).state == "ok"
    assert may_view(place.site, shown(place), EVE)
    assert may_edit(place.site, shown(place), BO)


def test_a_public_page_that_becomes_private_is_restricted_even_if_a_reader_has_no_account(place: Place) -> None:
    place.start(NAMED)
    version = place.page(RED).version
    assert eve_sees(place, shown(place))
    place.apply(PRIVATE.replace("people: [bo]", "people: [bo, ada]"))
    place.settle()
    assert not readable_for_eve(place)
    assert restricted_to(place) == {"people": sorted([BO, SERVICE]), "groups": ["leads"]}
    place.transition("RED-4", "Done")
    place.sync()
    place.settle()
    assert (place.row(RED).state, place.page(RED).version) == ("failed", version)
    assert "ada" in place.row(RED).problem


def test_a_private_page_whose_readers_are_not_told_does_not_end_the_audit(place: Place) -> None:
    """Of pages in the trash Confluence may tell nothing."""
    place.start(PRIVATE)
    place.fault("/restriction", method="GET", status=404)
    counts = audit.audit(place.world)
    assert (counts["pages"], counts["opened"]) == (2, 0)
    place.mend()
    restrict_page(place.site, place.wiki_id(RED))
    assert audit.audit(place.world)["opened"] == 1


def test_a_title_that_is_taken_is_not_told_of_a_private_page(place: Place) -> None:
    space = space_by_key(place.site, SPACE)
    assert space is not None
    taken = add_page(
        place.site, space["id"], "2026-Q4 · O-2 Red delivers", "<p>mine</p>", parent_id=space["homepageId"]
    )
    place.apply(PRIVATE + OBJECTIVE)
    place.settle()
    row = place.row("own")
    assert row.state == "conflict"
    assert taken["id"] in row.problem
    told = next(one for one in status.read(place.world, to_everybody=True)["pages"] if one["page"] == "own")
    assert "delivers" not in json.dumps(told)


def test_nobody_is_not_a_person_without_an_account(opening: Opening, sqlite_engine: Engine) -> None:
    place = opening(sqlite_engine)
    place.apply(SMALL.replace("en: Ada}, team: company}", 'en: Ada}, team: company, account_id: ""}'))
    assert people_of(facts_of(place.world), "") == frozenset()


class Growing(dict[str, str]):
    """Addresses to which another thread adds one whenever somebody goes through them."""

    def items(self) -> Any:
        view: ItemsView[str, str] = super().items()
        for number, item in enumerate(view):
            adding = threading.Thread(target=self.__setitem__, args=(f"new {number} {len(self)}", "http://x"))
            adding.start()
            adding.join()
            yield item


def test_a_page_is_rendered_while_others_get_their_addresses(opening: Opening, sqlite_engine: Engine) -> None:
    place = opening(sqlite_engine, fill)
    place.start(PRIVATE + OBJECTIVE)
    ground = Ground(place.world)
    before = Writing(ground, ground.facts.pages[BLUE]).rendered
    ground.addresses = Growing(ground.addresses)
    assert Writing(ground, ground.facts.pages[BLUE]).rendered == before
