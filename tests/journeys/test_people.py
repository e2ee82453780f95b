"""People write on the pages, too: what is theirs is kept byte for byte, and nothing of theirs is overwritten."""

from typing import Any

from app.domain import notes
from app.services import pages, publish
from connectors.sandbox.confluence import comment_inline, edit_page
from connectors.sandbox.confluence.core.comments import comments_of
from connectors.sandbox.confluence.core.pages import touch
from connectors.sandbox.site import ADMIN
from tests.journeys.company import BLUE, RED
from tests.journeys.place import Place

MINUTES = "</p><p>Friday, 3 pm &amp; <strong>cake</strong></p><ul><li>Bo &ndash; slides</li></ul><p>"


def write_notes(place: Place, page_id: str) -> str:
    """Somebody writes between the anchors; returns what Confluence stores of it."""
    page = place.page(page_id)
    edit_page(place.site, page.id, notes.replace(page.body, MINUTES))
    written = notes.split(place.page(page_id).body)
    assert written is not None
    return written.notes


def notes_sent(place: Place) -> str:
    """The notes in the last body that we sent: Confluence gives elements other ids when it stores it again."""
    body = next(sent["body"]["value"] for sent in reversed(place.door.sent) if "version" in sent)
    kept = notes.split(body)
    assert kept is not None
    return kept.notes


class Interrupted:
    """A wiki where somebody else saves between our reading and our first writing."""

    def __init__(self, wiki: Any, interrupt: Any) -> None:
        self._wiki, self._interrupt = wiki, interrupt

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wiki, name)

    def update(self, *given: Any, **named: Any) -> Any:
        interrupt, self._interrupt = self._interrupt, lambda: None
        interrupt()
        return self._wiki.update(*given, **named)


def publish_interrupted(place: Place, interrupt: Any) -> None:
    world = place.with_wiki(lambda wiki: Interrupted(wiki, interrupt))
    publish.publish(world, pages.claim(world, [RED]))


def test_a_page_that_a_person_edited_is_left_and_reported_until_somebody_takes_over(running: Place) -> None:
    edit_page(running.site, running.wiki_id(RED), "<p>Mine now</p>" + running.page(RED).body)
    edited = running.page(RED)
    running.transition("RED-4", "Done")
    running.transition("BLU-2", "Done")
    running.follow()
    assert running.page(RED) == edited
    assert running.row(RED).state == "conflict"
    assert running.row(RED).problem.startswith("edited")
    assert running.page(BLUE).cell("Ready to launch", "Now") == "50%"
    running.publish()
    assert running.page(RED) == edited
    pages.take_over(running.world, [RED])
    running.publish()
    assert running.page(RED).cell("Four things", "Now") == "75%"
    assert "Mine now" not in running.page(RED).words
    assert running.row(RED).state == "ok"


def test_an_edit_of_the_notes_is_carried_byte_for_byte(running: Place) -> None:
    written = write_notes(running, RED)
    for status, value in (("Done", "75%"), ("To Do", "50%")):
        running.transition("RED-4", status)
        running.follow()
        page = running.page(RED)
        assert page.cell("Four things", "Now") == value
        assert notes_sent(running) == written
        assert "Friday, 3 pm &amp; <strong>cake</strong>" in page.body
        stored = notes.split(page.body)
        assert stored is not None
        written = stored.notes


def test_an_edit_of_the_notes_alone_makes_us_write_nothing(running: Place) -> None:
    write_notes(running, RED)
    version = running.page(RED).version
    with running.counting() as asked:
        assert running.publish() == {"unchanged": 2}
    assert not asked
    assert running.page(RED).version == version


def test_a_page_that_was_renamed_keeps_the_title_that_people_gave(running: Place) -> None:
    touch(running.site, ADMIN, running.wiki_id(RED), title="The red ones")
    running.transition("RED-4", "Done")
    running.follow()
    running.transition("RED-5", "Done")
    running.follow()
    page = running.page(RED)
    assert page.title == "The red ones"
    assert page.cell("Four things", "Now") == "100%"


def test_an_inline_comment_is_carried_to_the_same_words(running: Place) -> None:
    comment_inline(running.site, running.wiki_id(RED), "Thing 3")
    version = running.page(RED).version
    running.transition("RED-5", "Done")
    running.follow()
    page = running.page(RED)
    assert page.version == version + 1
    (comment,) = comments_of(running.site, page.id, "inline")
    assert comment["resolution"] == "open"
    assert f'ac:ref="{comment["ref"]}">Thing 3<' in page.body


def test_a_comment_whose_words_are_gone_is_listed_on_the_page(running: Place) -> None:
    comment_inline(running.site, running.wiki_id(RED), "Thing 3")
    running.edit("RED-4", summary="Something quite different")
    running.follow()
    page = running.page(RED)
    assert "Comments that lost their place" in page.words
    assert "Thing 3" in page.words
    version = page.version
    running.publish()
    assert running.page(RED).version == version


def test_notes_saved_while_we_were_writing_are_kept(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.ring()
    running.work()
    written: list[str] = []
    with running.counting() as asked:
        publish_interrupted(running, lambda: written.append(write_notes(running, RED)))
    assert asked["PUT pages/#"] == 2  # the first met a 409
    page = running.page(RED)
    assert page.cell("Four things", "Now") == "75%"
    assert [notes_sent(running)] == written


def test_an_edit_saved_while_we_were_writing_is_not_overwritten(running: Place) -> None:
    running.transition("RED-4", "Done")
    running.ring()
    running.work()
    body = "<p>Mine now</p>" + running.page(RED).body
    with running.counting() as asked:
        publish_interrupted(running, lambda: edit_page(running.site, running.wiki_id(RED), body))
    assert asked["PUT pages/#"] == 1
    assert "Mine now" in running.page(RED).words
    assert running.page(RED).cell("Four things", "Now") == "50%"
    assert running.row(RED).state == "conflict"
