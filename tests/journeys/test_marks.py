"""Our property and labels: set once, tried again with the next version, and never against what people do to them."""

from typing import Any

from connectors.sandbox.confluence.core.properties import properties_of
from connectors.sandbox.confluence.core.spaces import PAGES
from tests.journeys.company import RED, SMALL
from tests.journeys.place import Place

OURS = {"plainsight", "okr", "okr-team", "okr-2026-q4"}


def labels(place: Place, page_id: str = RED) -> set[str]:
    return {one["name"] for one in page(place, page_id)["labels"]}


def page(place: Place, page_id: str = RED) -> Any:
    return place.site.store.table(PAGES).get(place.wiki_id(page_id))


def properties(place: Place) -> dict[str, Any]:
    return {one["key"]: one["value"] for one in properties_of(place.site, place.wiki_id(RED))}


def set_labels(place: Place, *names: str) -> None:
    kept = [{"prefix": "global", "name": name, "id": str(number)} for number, name in enumerate(names)]
    place.site.store.table(PAGES).put(place.wiki_id(RED), {**page(place), "labels": kept})


def test_a_page_tells_whose_it_is_and_what_it_is_about(running: Place) -> None:
    assert labels(running) == OURS
    assert properties(running)["plainsight"] == {"page": RED}
    assert running.row(RED).marked


def test_labels_of_others_stay_and_what_people_take_away_stays_away(running: Place) -> None:
    set_labels(running, "okr", "ours-too")
    for status in ("Done", "To Do"):
        running.transition("RED-4", status)
        with running.counting() as asked:
            running.follow()
        assert not any("label" in what or "properties" in what for what in asked)
    assert labels(running) == {"okr", "ours-too"}


def test_marks_that_could_not_be_set_are_set_with_the_next_version(place: Place) -> None:
    place.fault("/label$", method="POST", status=403)
    place.apply(SMALL)
    place.settle()
    row = place.row(RED)
    assert (row.state, row.marked, row.published_at is not None) == ("ok", False, True)
    assert labels(place) == set()
    place.mend()
    with place.counting() as asked:
        place.publish()
    assert not asked
    place.listen()
    place.transition("RED-4", "Done")
    place.follow()
    assert labels(place) == OURS
    assert place.row(RED).marked
