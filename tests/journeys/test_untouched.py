"""What belongs to people stays as they left it, on our pages and beside them, however often we write."""

from typing import Any

import pytest
from sqlalchemy import Engine

from connectors.sandbox.confluence import add_page, comment_footer, comment_inline, restrict_page, space_by_key
from connectors.sandbox.confluence.core.pages import VERSIONS, touch
from connectors.sandbox.confluence.core.spaces import PAGES
from connectors.sandbox.site import ADMIN
from tests.journeys.company import RED, SERVICE, SMALL, SPACE, TOKEN
from tests.journeys.conftest import Opening
from tests.journeys.place import Door, Place

UPDATES = 20
APPEARANCE = {
    "content-appearance-published": "full-width",
    "content-appearance-draft": "full-width",
    "emoji-title-published": "1f3af",
    "their-own-app": {"watchers": [ADMIN]},
}


@pytest.fixture(params=["Cloud", "Data Center"])
def place(request: pytest.FixtureRequest, opening: Opening, sqlite_engine: Engine, door: Door) -> Place:
    told = {"confluence_url": f"{door.url}/confluence", "confluence_token": TOKEN}
    place = opening(sqlite_engine, **(told if request.param == "Data Center" else {}))
    place.start(SMALL)
    place.listen()
    return place


def write_often(place: Place) -> None:
    before = place.page(RED).version
    for turn in range(UPDATES):
        place.transition("RED-4", "To Do" if turn % 2 else "Done")
        place.follow()
    assert place.page(RED).version == before + UPDATES


def document(place: Place) -> dict[str, Any]:
    found = place.site.store.table(PAGES).get(place.wiki_id(RED))
    assert found is not None
    return found


def rest_of(place: Place, ours: set[str]) -> dict[str, dict[str, Any]]:
    """Everything in the wiki that is not about these pages."""
    tables = (name for name in place.site.store._tables if name.startswith("wiki_") and name != "wiki_positions")
    return {
        name: {
            key: one
            for key, one in place.site.store.table(name)._documents.items()
            if key.partition(":")[0] not in ours and one.get("pageId") not in ours
        }
        for name in tables
    }


def test_how_people_dressed_our_page_outlives_twenty_updates(place: Place) -> None:
    wiki_id = place.wiki_id(RED)
    items = place.site.store.table("wiki_properties").get(wiki_id) or {"items": []}
    ours = list(items["items"])
    theirs = [
        {**ours[0], "id": f"9{number}", "key": key, "value": value}
        for number, (key, value) in enumerate(APPEARANCE.items())
    ]
    place.site.store.table("wiki_properties").put(wiki_id, {**items, "items": [*ours, *theirs]})
    labels = [*document(place)["labels"], {"prefix": "global", "name": "their-label", "id": "99"}]
    touch(place.site, ADMIN, wiki_id, labels=labels, state={"name": "In review", "color": "#ffc400"})
    restrict_page(place.site, wiki_id, None, [ADMIN, SERVICE])
    comment_footer(place.site, wiki_id, "<p>Well done</p>")
    before, properties = document(place), place.site.store.table("wiki_properties").get(wiki_id)
    comments = dict(place.site.store.table("wiki_comments")._documents)
    write_often(place)
    after = document(place)
    assert place.site.store.table("wiki_properties").get(wiki_id) == properties
    assert place.site.store.table("wiki_comments")._documents == comments
    for member in before.keys() - {"version"}:
        assert after[member] == before[member], member


def test_no_page_but_ours_is_ever_touched(place: Place) -> None:
    """Not the ones above and below ours either, nor those that look like ours."""
    space = space_by_key(place.site, SPACE)
    assert space is not None
    below = add_page(place.site, space["id"], "Minutes of Red", "<p>Thing 3</p>", parent_id=place.wiki_id(RED))
    twin = add_page(place.site, space["id"], "2026-Q4 · Red (old)", place.page(RED).body)
    comment_inline(place.site, below["id"], "Thing 3")
    place.site.store.table(PAGES).put(twin["id"], {**twin, "labels": document(place)["labels"]})
    place.site.store.table("wiki_properties").put(
        twin["id"], place.site.store.table("wiki_properties").get(place.wiki_id(RED)) or {}
    )
    ours = {row.wiki_id for row in place.rows() if row.wiki_id}
    before = rest_of(place, ours)
    assert {below["id"], twin["id"], space["homepageId"]} <= set(before[PAGES])
    assert f"{twin['id']}:1" in before[VERSIONS]
    write_often(place)
    place.apply(SMALL.replace("kind: team, team: red}", 'kind: team, team: red, title: "Minutes of red"}'))
    place.settle()
    assert rest_of(place, ours) == before
