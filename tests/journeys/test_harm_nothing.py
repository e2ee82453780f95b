"""People and accidents, many times over: nothing overwritten, nothing doubled, all of it told.

The doses are small, so that this is quick; `FULL_DOSE=1` gives those of the issue (500 edits, 500 lost answers, 500
conflicts, 100 pages put away, 50 updates under comments, 100 runs over 200 pages).
"""

import os
import random
from collections import Counter
from functools import partial
from itertools import pairwise
from typing import Any

from lxml import etree
from sqlalchemy import Engine

from app.domain import notes, storage
from app.domain.version_message import has_any_tag
from app.services import audit, pages, publish, status
from connectors.sandbox.confluence import (
    add_page,
    archive_page,
    comment_inline,
    edit_page,
    move_page,
    space_by_key,
    trash_page,
)
from connectors.sandbox.confluence.core.comments import comments_of
from connectors.sandbox.confluence.core.pages import VERSIONS, touch
from connectors.sandbox.confluence.core.spaces import PAGES
from connectors.sandbox.jira.seed import add_issue
from connectors.sandbox.site import ADMIN, Site
from tests.journeys import company
from tests.journeys.company import RED, SERVICE, SPACE
from tests.journeys.conftest import Opening
from tests.journeys.place import Place
from tests.journeys.test_people import Interrupted

IS_FULL = bool(os.environ.get("FULL_DOSE"))


def dose(full: int, quick: int) -> int:
    return full if IS_FULL else quick


def team_pages(opening: Opening, engine: Engine, count: int, **given: object) -> Place:
    """As many teams, each with a page and one issue that its key result is measured by."""

    def fill(site: Site) -> None:
        company.empty_site(site)
        for number in range(count):
            add_issue(site, "RED", f"Work {number}")

    place = opening(engine, fill, **given)
    place.start(company.many_teams(count))
    place.listen()
    return place


def bring_news(place: Place, numbers: list[int], turn: int) -> None:
    """To the pages with these numbers."""
    place.clock.move(60)
    for number in numbers:
        place.edit(f"RED-{number + 1}", summary=f"Work {number}, {turn}")
    place.sync()


def latest(place: Place, page_id: str) -> Any:
    """The newest version: number, author, message, title and body."""
    wiki_id = place.wiki_id(page_id)
    page = place.site.store.table(PAGES).get(wiki_id)
    assert page is not None
    return place.site.store.table(VERSIONS).get(f"{wiki_id}:{page['version']}")


def tags_of(place: Place, page_id: str) -> list[str]:
    """The tags of all versions that we wrote, oldest first; on Cloud the creation has none."""
    wiki_id = place.wiki_id(page_id)
    versions = [
        one for key, one in place.site.store.table(VERSIONS)._documents.items() if key.startswith(f"{wiki_id}:")
    ]
    ours = [one for one in versions if one["authorId"] == SERVICE and has_any_tag(one["message"])]
    return [one["message"][:10] for one in sorted(ours, key=lambda one: int(one["number"]))]


def assert_nothing_is_doubled(place: Place, count: int) -> None:
    assert len(place.titles()) == count
    for row in place.rows():
        tags = tags_of(place, row.id)
        assert all(one != after for one, after in pairwise(tags)), row.id


def edit_ours(place: Place, page_id: str, turn: int) -> str:
    body = place.page(page_id).body
    edit_page(place.site, place.wiki_id(page_id), f"<p>Mine {turn}</p>" + body)
    return "edited"


def edit_the_notes(place: Place, page_id: str, turn: int) -> str:
    shown = place.page(page_id)
    edit_page(place.site, shown.id, notes.replace(shown.body, f"</p><p>Note {turn} &amp; more</p><p>"))
    return "noted"


def rename(place: Place, page_id: str, turn: int) -> str:
    touch(place.site, ADMIN, place.wiki_id(page_id), title=f"{page_id}, named {turn}")
    return "renamed"


def set_a_state(place: Place, page_id: str, turn: int) -> str:
    touch(place.site, ADMIN, place.wiki_id(page_id), state={"name": f"State {turn}"})
    return "state"


EDITS = (edit_ours, edit_the_notes, rename, set_a_state)


def test_edits_of_people_are_never_overwritten(opening: Opening, sqlite_engine: Engine) -> None:
    """Outside the notes: left and told, until they are taken back or somebody agrees. Notes, titles, states: kept."""
    count, wanted, chance = dose(50, 8), dose(500, 24), random.Random(4)
    place, done, conflicts = team_pages(opening, sqlite_engine, count), Counter[str](), 0
    turn = 0
    while sum(done.values()) < wanted:
        turn += 1
        edited = {f"p{n}": chance.choice(EDITS) for n in chance.sample(range(count), count // 2)}
        kinds = {page_id: edit(place, page_id, turn) for page_id, edit in edited.items()}
        done += Counter(kinds.values())
        before = {page_id: latest(place, page_id) for page_id in kinds}
        bring_news(place, list(range(count)), turn)
        outcome = place.publish()
        assert "failed" not in outcome
        for page_id, kind in kinds.items():
            now, row = latest(place, page_id), place.row(page_id)
            if kind == "edited":
                conflicts += 1
                assert (now, row.state) == (before[page_id], "conflict")
                told = next(one for one in status.read(place.world)["pages"] if one["page"] == page_id)
                assert told["problem"].startswith("edited")
                undo(place, page_id, before[page_id], chance)
            else:
                assert (now["authorId"], row.state) == (SERVICE, "ok"), (page_id, kind)
                assert now["title"] == before[page_id]["title"]
                assert notes_of(now["body"]) == notes_of(before[page_id]["body"])
        place.publish()
        assert {row.state for row in place.rows()} == {"ok"}
    assert conflicts == done["edited"] > 0
    assert min(done.values()) > 0
    assert_nothing_is_doubled(place, count)


def notes_of(body: str) -> str:
    parts = notes.split(body)
    assert parts is not None
    return " ".join(storage.canonical(f"<p>{parts.notes}</p>").split())


def undo(place: Place, page_id: str, edited: Any, chance: random.Random) -> None:
    """Either whoever edited takes it back, or somebody agrees to a take-over."""
    if chance.random() < 0.5:
        pages.take_over(place.world, [page_id])
    else:
        before = place.site.store.table(VERSIONS).get(f"{place.wiki_id(page_id)}:{edited['number'] - 1}")
        assert before is not None
        edit_page(place.site, place.wiki_id(page_id), before["body"])


def test_lost_answers_double_nothing(opening: Opening, sqlite_engine: Engine) -> None:
    """Of creations, updates, labels and properties alike: half of all answers to what we write never come."""
    count, wanted = dose(50, 6), dose(500, 24)

    def fill(site: Site) -> None:
        company.empty_site(site)
        for number in range(count):
            add_issue(site, "RED", f"Work {number}")

    place = opening(sqlite_engine, fill)
    place.apply(company.many_teams(count))
    place.sync()
    random.seed(4)
    turn = 0
    while lost(place) < wanted:
        turn += 1
        for method in ("POST", "PUT"):
            place.fault("^/wiki/", method=method, lose_answer=True, probability=0.5)
        bring_news(place, list(range(count)), turn)
        for _ in range(3):
            place.publish()
            place.clock.move(60)
        place.mend()
        place.publish()
        place.publish()
        assert {row.state for row in place.rows()} == {"ok"}
        assert {row.attempt_version for row in place.rows()} == {None}
        assert place.publish() == {"unchanged": count}
        assert_nothing_is_doubled(place, count)
    written = [f"Work {number}, {turn}" in place.page(f"p{number}").words for number in range(count)]
    assert all(written)


def lost(place: Place) -> int:
    return sum(one.status == 0 for one in place.site.asked)


class Busy(Interrupted):
    """A wiki where somebody saves, beside each first write of a page, between our reading and our writing."""

    def __init__(self, place: Place, wiki: Any, edits: dict[str, Any]) -> None:
        self._place, self._wiki, self._edits = place, wiki, edits

    def update(self, page: Any, *given: Any, **named: Any) -> Any:
        edit = self._edits.pop(page.id, None)
        if edit:
            edit()
        return self._wiki.update(page, *given, **named)


def test_whoever_saves_while_we_write_is_not_overwritten(opening: Opening, sqlite_engine: Engine) -> None:
    """A 409 makes the whole decision anew."""
    count, wanted, chance = dose(50, 6), dose(500, 24), random.Random(4)
    place, met, turn = team_pages(opening, sqlite_engine, count), 0, 0
    while met < wanted:
        turn += 1
        kinds = {f"p{number}": chance.choice((edit_ours, edit_the_notes, rename)) for number in range(count)}
        edits = {place.wiki_id(page_id): partial(edit, place, page_id, turn) for page_id, edit in kinds.items()}
        bring_news(place, list(range(count)), turn)
        before = refused(place)
        world = place.with_wiki(lambda wiki, edits=edits: Busy(place, wiki, edits))
        publish.publish(world, pages.claim(world, pages.known(world, None)))
        assert refused(place) - before == count
        met += count
        for page_id, edit in kinds.items():
            now, row = latest(place, page_id), place.row(page_id)
            theirs = place.site.store.table(VERSIONS).get(f"{place.wiki_id(page_id)}:{now['number'] - 1}")
            if edit is edit_ours:
                assert (now["authorId"], row.state) == (ADMIN, "conflict")
                undo(place, page_id, now, chance)
            else:
                assert (now["authorId"], theirs["authorId"], row.state) == (SERVICE, ADMIN, "ok")  # type: ignore[index]
                assert notes_of(now["body"]) == notes_of(theirs["body"])  # type: ignore[index]
                assert now["title"] == theirs["title"]  # type: ignore[index]
        place.publish()
    assert_nothing_is_doubled(place, count)


def refused(place: Place) -> int:
    return sum(one.status == 409 for one in place.site.asked)


def test_pages_that_people_put_elsewhere_or_away_are_all_told(opening: Opening, sqlite_engine: Engine) -> None:
    count = dose(100, 10)
    place = team_pages(opening, sqlite_engine, count)
    space = space_by_key(place.site, SPACE)
    assert space is not None
    elsewhere = add_page(place.site, space["id"], "Elsewhere", "<p />")
    acts: dict[str, Any] = {
        "moved": lambda wiki_id: move_page(place.site, wiki_id, elsewhere["id"]),
        "renamed": lambda wiki_id: touch(place.site, ADMIN, wiki_id, title=f"Ours no more {wiki_id}"),
        "archived": lambda wiki_id: archive_page(place.site, wiki_id),
        "trashed": lambda wiki_id: trash_page(place.site, wiki_id),
        "deleted": lambda wiki_id: place.site.store.table(PAGES).delete(wiki_id),
    }
    kinds = {row.id: list(acts)[number % len(acts)] for number, row in enumerate(place.rows())}
    for page_id, kind in kinds.items():
        acts[kind](place.wiki_id(page_id))
    bring_news(place, list(range(count)), 1)
    before, gone = Counter(kinds.values()), ("archived", "trashed", "deleted")
    outcome = place.publish()
    assert outcome == {"updated": before["moved"] + before["renamed"], "lost": sum(before[kind] for kind in gone)}
    place.clock.move(3600)
    counts = audit.audit(place.world)
    assert {kind: counts[kind] for kind in acts} == dict(before)
    told = {one["page"]: one for one in status.read(place.world)["pages"]}
    for page_id, kind in kinds.items():
        assert [one["kind"] for one in told[page_id]["strayed"]] == [kind]
        assert told[page_id]["state"] == ("lost" if kind in gone else "ok")
    assert len(place.titles()) == count + 1 - before["deleted"]
    assert place.site.store.table(PAGES).get(elsewhere["id"])["version"] == 1  # type: ignore[index]


def test_comments_on_every_row_outlive_all_updates_or_are_listed(running: Place) -> None:
    """Each second one on words that change sooner or later."""
    page = running.page(RED)
    for number, (run, text) in enumerate(rows_of(page.root)):
        comment_inline(running.site, page.id, text, words=f"<p>Row {number}?</p>", run=run)
    comments = comments_of(running.site, page.id, "inline")
    assert len(comments) > 15
    keys = [f"RED-{number}" for number in range(2, 6)]
    for turn in range(dose(50, 8)):
        running.clock.move(3600)
        running.edit(keys[turn % 4], summary=f"Thing {turn}" if turn % 3 else f"Another thing {turn}")
        running.transition(keys[(turn + 1) % 4], "Done" if turn % 2 else "To Do")
        running.follow()
        assert running.row(RED).state == "ok"
        assert running.page(RED).version > page.version + turn
    page = running.page(RED)
    anchored = {element.get(storage.REF) for element in page.root.iter(storage.MARKER)}
    listed = {one["ref"]: one["text"] for one in running.row(RED).lost_comments}
    for comment in comments:
        assert comment["ref"] in anchored or comment["ref"] in listed, comment["selection"]
    assert len(anchored & {comment["ref"] for comment in comments}) > len(comments) / 2
    assert all(" ".join(text.split()) in page.words for text in listed.values())


def rows_of(root: etree._Element) -> list[tuple[str, str]]:
    """Of each row of each table a text that one run holds: the run and the text."""
    found = []
    for row in root.iter("tr"):
        for cell in row.iter("td", "th"):
            runs = [text.strip() for text in map(str, cell.itertext()) if text.strip()]
            macros = list(cell.iter(storage.MACRO))
            if runs and not macros:
                found.append((runs[0], runs[0]))
                break
    return list(dict.fromkeys(found))


def test_pages_without_news_cost_nothing(opening: Opening, sqlite_engine: Engine) -> None:
    count = dose(200, 12)
    place = team_pages(opening, sqlite_engine, count)
    versions = place.versions()
    with place.counting() as asked:
        for _ in range(dose(100, 10)):
            place.clock.move(60)
            assert place.publish() == {"unchanged": count}
    assert not asked
    assert place.versions() == versions


def test_ten_pages_with_news_cost_ten_reads_and_ten_writes(opening: Opening, sqlite_engine: Engine) -> None:
    count = dose(200, 24)
    place = team_pages(opening, sqlite_engine, count)
    bring_news(place, list(range(0, count, count // 10))[:10], 1)
    with place.counting() as asked:
        assert place.publish() == {"updated": 10, "unchanged": count - 10}
    assert asked == {"GET pages/#": 10, "PUT pages/#": 10}
