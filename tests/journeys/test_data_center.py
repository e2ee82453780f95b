"""The main journeys of publishing, on Confluence Cloud and on Data Center: what holds on one holds on the other."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine

from app.domain import notes
from app.jobs import RECONCILE
from app.services import audit, pages, publish
from connectors.sandbox.confluence import (
    add_page,
    add_space,
    archive_page,
    comment_inline,
    edit_page,
    move_page,
    trash_page,
)
from connectors.sandbox.confluence.core.comments import comments_of
from connectors.sandbox.confluence.core.pages import touch
from connectors.sandbox.confluence.core.spaces import PAGES
from connectors.sandbox.site import ADMIN
from tests.journeys import test_private_pages
from tests.journeys.company import BLUE, OKRS, RED, SERVICE, SMALL, TOKEN
from tests.journeys.conftest import Opening, start_once
from tests.journeys.place import Door, Place
from tests.journeys.snapshot import Snapshot


@dataclass(frozen=True)
class Deployment:
    """Where its pages are asked for, as regular expressions of paths, and what the settings say of it."""

    name: str
    pages: str
    settings: dict[str, object]

    @property
    def page(self) -> str:
        return self.pages.replace("$", r"/\d+$")


@pytest.fixture(params=["Cloud", "Data Center"])
def deployment(request: pytest.FixtureRequest, door: Door) -> Deployment:
    if request.param == "Cloud":
        return Deployment("Cloud", "/wiki/api/v2/pages$", {})
    told: dict[str, object] = {"confluence_url": f"{door.url}/confluence", "confluence_token": TOKEN}
    return Deployment("Data Center", "/confluence/rest/api/content$", told)


@pytest.fixture
def place(opening: Opening, sqlite_engine: Engine, deployment: Deployment) -> Place:
    return opening(sqlite_engine, **deployment.settings)


@pytest.fixture
def running(opening: Opening, sqlite_engine: Engine, started: dict[str, Snapshot], deployment: Deployment) -> Place:
    return start_once(opening, sqlite_engine, started, SMALL, **deployment.settings)


class Interrupted:
    """A wiki where somebody else saves between our reading and our first writing."""

    def __init__(self, wiki: Any, interrupt: Any) -> None:
        self._wiki, self._interrupt = wiki, interrupt

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wiki, name)

    def update(self, *given: Any, **how: Any) -> Any:
        interrupt, self._interrupt = self._interrupt, lambda: None
        interrupt()
        return self._wiki.update(*given, **how)


def news(place: Place) -> None:
    place.transition("RED-4", "Done")
    place.follow()


def asked_of_wiki(place: Place) -> set[str]:
    """Where the requests to Confluence went."""
    found = (re.match(r"/(wiki|confluence)/", one.path) for one in place.site.asked)
    return {one[1] for one in found if one}


def test_a_first_publish_makes_the_whole_tree(place: Place, deployment: Deployment) -> None:
    place.start(OKRS)
    ours = {row.id: row.wiki_id for row in place.rows()}
    parents = {page["id"]: page["parentId"] for page in place.site.store.table(PAGES)}
    for row in place.rows():
        assert row.parent_id is None or parents[row.wiki_id] == ours[row.parent_id]
    assert place.page("red-2026-Q4").cell("Four things", "Now") == "50%"
    assert asked_of_wiki(place) == {"wiki" if deployment.name == "Cloud" else "confluence"}
    assert f"/{ours['red-2026-Q4']}" in place.row("red-2026-Q4").wiki_url
    with place.counting() as asked:
        assert set(place.publish()) == {"unchanged"}
    assert not asked


def test_news_are_one_more_version_with_a_message(running: Place) -> None:
    before = running.page(RED)
    news(running)
    page = running.page(RED)
    assert (page.version, page.cell("Four things", "Now")) == (before.version + 1, "75%")
    assert page.message.startswith("[") and "RED-4" in page.message
    assert running.row(RED).state == "ok"


def test_an_edit_of_a_person_is_left_until_somebody_takes_over(running: Place) -> None:
    edit_page(running.site, running.wiki_id(RED), "<p>Mine now</p>" + running.page(RED).body)
    edited = running.page(RED)
    news(running)
    assert running.page(RED) == edited
    assert running.row(RED).state == "conflict"
    pages.take_over(running.world, [RED])
    running.publish()
    assert "Mine now" not in running.page(RED).words
    assert running.page(RED).cell("Four things", "Now") == "75%"


def test_notes_and_the_title_of_people_are_kept(running: Place) -> None:
    page = running.page(RED)
    edit_page(running.site, page.id, notes.replace(page.body, "</p><p>Friday &amp; cake</p><p>"))
    touch(running.site, ADMIN, page.id, title="The red ones")
    news(running)
    page = running.page(RED)
    assert "Friday &amp; cake" in page.body and page.title == "The red ones"
    assert page.cell("Four things", "Now") == "75%"


def test_an_inline_comment_is_carried_to_the_same_words(running: Place) -> None:
    comment_inline(running.site, running.wiki_id(RED), "Thing 3")
    running.transition("RED-5", "Done")
    running.follow()
    (comment,) = comments_of(running.site, running.wiki_id(RED), "inline")
    assert comment["resolution"] == "open"
    assert f'ac:ref="{comment["ref"]}">Thing 3<' in running.page(RED).body


def test_an_edit_saved_while_we_were_writing_is_not_overwritten(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.ring()
    running.work()
    body = "<p>Mine now</p>" + running.page(RED).body
    world = running.with_wiki(
        lambda wiki: Interrupted(wiki, lambda: edit_page(running.site, running.wiki_id(RED), body))
    )
    publish.publish(world, pages.claim(world, [RED]))
    assert 409 in {one.status for one in running.site.asked if one.method == "PUT"}
    assert "Mine now" in running.page(RED).words
    assert running.row(RED).state == "conflict"


def test_a_creation_whose_answer_was_lost_is_found_and_not_repeated(place: Place, deployment: Deployment) -> None:
    place.fault(deployment.pages, method="POST", lose_answer=True, count=1)
    place.apply(SMALL)
    place.settle()
    place.clock.move(60)
    place.tick(RECONCILE)
    assert {row.state for row in place.rows()} == {"ok"}
    assert place.titles() == ["2026-Q4 · Blue", "2026-Q4 · Red"]


def test_an_update_whose_answer_was_lost_is_recorded_without_another_version(
    running: Place, deployment: Deployment
) -> None:
    version = running.page(RED).version
    running.fault(deployment.page, method="PUT", lose_answer=True, count=1)
    news(running)
    assert running.row(RED).state == "failed"
    running.clock.move(60)
    running.tick(RECONCILE)
    assert (running.row(RED).state, running.page(RED).version) == ("ok", version + 1)


def test_a_title_that_is_taken_is_reported(place: Place) -> None:
    home = next(page for page in place.site.store.table(PAGES) if not page["parentId"])
    add_page(place.site, home["spaceId"], "2026-Q4 · RED", "<p>Mine</p>")
    place.apply(SMALL)
    place.settle()
    assert (place.row(RED).state, place.row(RED).wiki_id) == ("conflict", None)
    assert place.row(RED).problem.startswith("title_taken")
    assert place.row(BLUE).state == "ok"


def test_pages_that_people_put_away_are_reported_and_not_made_anew(running: Place) -> None:
    titles = running.titles()
    trash_page(running.site, running.wiki_id(RED))
    archive_page(running.site, running.wiki_id(BLUE))
    running.transition("BLU-2", "Done")
    news(running)
    assert (running.row(RED).state, running.row(RED).problem) == ("lost", "trashed")
    assert (running.row(BLUE).state, running.row(BLUE).problem) == ("lost", "archived")
    assert running.titles() == titles


def test_the_nightly_audit_tells_what_was_moved_and_what_is_gone(running: Place) -> None:
    elsewhere = add_space(running.site, "ELSE", "Elsewhere")
    move_page(running.site, running.wiki_id(RED), elsewhere["homepageId"])
    running.site.store.table(PAGES).delete(running.wiki_id(BLUE))
    running.clock.move(24 * 3600)
    audit.audit(running.world)
    assert [one["kind"] for one in running.row(RED).strayed] == ["moved"]
    assert (running.row(BLUE).state, running.row(BLUE).problem) == ("lost", "deleted")


def test_a_page_of_a_private_team_is_readable_for_others_at_no_moment(
    opening: Opening, sqlite_engine: Engine, deployment: Deployment
) -> None:
    place = opening(sqlite_engine, test_private_pages.fill, **deployment.settings)
    place.apply(test_private_pages.PRIVATE)
    place.sync()
    for _ in range(2):
        test_private_pages.publish_watched(place)
    assert test_private_pages.SECRET in place.page(RED).words
    who = test_private_pages.restricted_to(place)
    assert who == {"people": sorted([test_private_pages.BO, SERVICE]), "groups": ["leads"]}


def test_a_rate_limit_postpones_the_rest_without_another_request(running: Place) -> None:
    running.fault("/(wiki|confluence)/", status=429, headers={"Retry-After": "120"})
    running.transition("BLU-2", "Done")
    running.site.asked.clear()
    news(running)
    assert len([one for one in running.site.asked if re.match("/(wiki|confluence)/", one.path)]) == 1
    running.mend()
    running.clock.move(121)
    running.tick(RECONCILE)
    assert {running.row(one).state for one in (RED, BLUE)} == {"ok"}
    assert running.page(RED).cell("Four things", "Now") == "75%"
