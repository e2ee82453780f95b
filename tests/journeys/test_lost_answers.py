"""Writes whose answer never came, and processes that died beside one: recorded or repeated, never made twice."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from app.jobs import RECONCILE
from app.services import pages, publish
from tests.journeys.company import BLUE, RED, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

PUT = r"/wiki/api/v2/pages/\d+$"


class Died(BaseException):
    """The process ends here: nothing of ours catches it."""


class Mortal:
    """A wiki that kills the process beside one of its calls, before or after it was carried out."""

    def __init__(self, wiki: Any, call: str, after: bool) -> None:
        self._wiki, self._call, self._after = wiki, call, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._wiki, name)
        return found if name != self._call else self._dying(found)

    def _dying(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def die(*given: Any, **named: Any) -> Any:
            if self._after:
                call(*given, **named)
            raise Died

        return die


def die_in(place: Place, call: str, *, after: bool) -> None:
    world = place.with_wiki(lambda wiki: Mortal(wiki, call, after))
    with pytest.raises(Died):
        publish.publish(world, pages.claim(world, [RED]))


def restart(place: Place) -> None:
    """Another process finds what the dead one left behind."""
    place.clock.move(pages.CLAIM_LASTS.total_seconds())
    with place.another_process() as other:
        other.tick(RECONCILE)
        other.settle()


def test_a_creation_whose_answer_was_lost_is_found_and_not_repeated(place: Place) -> None:
    place.fault("/wiki/api/v2/pages$", method="POST", lose_answer=True, count=1)
    place.apply(SMALL)
    place.settle()
    place.clock.move(60)
    place.tick(RECONCILE)
    assert {row.state for row in place.rows()} == {"ok"}
    assert place.titles() == ["2026-Q4 · Blue", "2026-Q4 · Red"]
    assert set(place.versions().values()) <= {1, 2}  # at most the links between them came after


def test_an_update_whose_answer_was_lost_is_recorded_without_another_version(running: Place) -> None:
    version = running.page(RED).version
    running.fault(PUT, method="PUT", lose_answer=True, count=1)
    running.transition("RED-4", "Done")
    running.follow()
    assert running.row(RED).state == "failed"
    assert running.page(RED).version == version + 1
    running.clock.move(60)
    with running.counting() as asked:
        running.tick(RECONCILE)
    assert (asked["GET pages/#"], asked["PUT pages/#"]) == (1, 0)
    row = running.row(RED)
    assert (row.state, row.wiki_version, row.attempt_version) == ("ok", version + 1, None)
    with running.counting() as asked:
        running.publish()
    assert not asked


def test_news_after_a_lost_answer_are_written_as_one_more_version(running: Place) -> None:
    version = running.page(RED).version
    running.fault(PUT, method="PUT", lose_answer=True, count=1)
    running.transition("RED-4", "Done")
    running.follow()
    running.transition("RED-5", "Done")
    running.clock.move(60)
    running.follow()
    assert running.page(RED).version == version + 2
    assert running.page(RED).cell("Four things", "Now") == "100%"
    assert running.row(RED).state == "ok"


def test_a_process_that_died_between_writing_and_noting_it_leaves_one_version(running: Place) -> None:
    version = running.page(RED).version
    running.transition("RED-4", "Done")
    running.ring()
    running.work()
    die_in(running, "update", after=True)
    assert running.row(RED).wiki_version == version
    with running.counting() as asked:
        restart(running)
    assert asked["PUT pages/#"] == 0
    row = running.row(RED)
    assert (row.state, row.wiki_version, row.attempt_version, row.claimed_at) == ("ok", version + 1, None, None)
    assert running.page(RED).version == version + 1


def test_a_process_that_died_before_writing_leaves_the_write_to_the_next(running: Place) -> None:
    version = running.page(RED).version
    running.transition("RED-4", "Done")
    running.ring()
    running.work()
    die_in(running, "update", after=False)
    assert running.row(RED).attempt_version == version
    restart(running)
    assert running.page(RED).version == version + 1
    assert running.page(RED).cell("Four things", "Now") == "75%"
    assert running.row(RED).attempt_version is None


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
def test_a_process_that_died_beside_a_creation_leaves_one_page(opening: Opening, engine: Engine, after: bool) -> None:
    place = opening(engine)
    place.apply(SMALL)
    place.work()
    die_in(place, "create", after=after)
    restart(place)
    assert place.titles() == ["2026-Q4 · Blue", "2026-Q4 · Red"]
    assert {row.state for row in place.rows()} == {"ok"}
    assert place.row(BLUE).wiki_id != place.row(RED).wiki_id
