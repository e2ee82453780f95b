"""The sandbox rewrites what it stores by rules of its own; to us it must still be the same page."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import comments, notes, storage
from connectors.sandbox.confluence.core import rewrite
from connectors.sandbox.confluence.core import storage as sandbox
from tests.domain.test_comments import page_at
from tests.domain.test_notes import IN_PARAGRAPHS
from tests.domain.test_storage import bodies


def saved(body: str, seed: int) -> str:
    random.seed(seed)
    return rewrite.rewrite(sandbox.parse(body), 7)


@settings(max_examples=60, deadline=None)
@given(bodies, st.integers(0, 2**32))
def test_whatever_the_sandbox_rewrites_is_the_same_page(body: str, seed: int) -> None:
    assert storage.canonical(saved(body, seed)) == storage.canonical(body)


def test_saved_again_and_again_a_page_keeps_its_notes_and_comments() -> None:
    marker = '<ac:inline-comment-marker ac:ref="r">number-3</ac:inline-comment-marker>'
    zone = "<p>Kim: caf&eacute;<br /> ask</p>"
    stored = saved(page_at(0, 6).replace("number-3", marker) + IN_PARAGRAPHS.format(zone), 0)
    for week in (1, 2, 3):
        body, lost = comments.carry(stored, page_at(week, 6) + IN_PARAGRAPHS.format("<p>Write here</p>"))
        zone_now = notes.split(stored)
        assert zone_now is not None
        assert lost == ()
        stored = saved(notes.replace(body, zone_now.notes), week)
        assert [(m.ref, m.text) for m in comments.markers(stored)] == [("r", "number-3")]
    final = page_at(3, 6) + IN_PARAGRAPHS.format(zone)
    assert storage.canonical(stored) == storage.canonical(final)
