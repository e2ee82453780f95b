"""Comments on every single text of a page as we render it: none is lost silently, none changes its place."""

from dataclasses import replace
from fractions import Fraction

import pytest
from lxml import etree

from app.domain import comments, notes, storage
from app.domain.passages import passages, without_figures
from app.domain.storage import MARKER, REF
from app.domain.views import KeyResultView, ObjectiveView, Report
from app.render import render
from tests.domain.rewriting import rewritten
from tests.render.sample import team_report

LANGUAGES = [["en"], ["ko", "en"]]


def commented_everywhere(stored: str) -> str:
    """One comment around each text node outside the notes."""
    root = storage.parse(notes.without(stored))
    pieces = [piece for place in passages(root) for piece in place.pieces if piece.text.strip()]
    for number, piece in reversed(list(enumerate(pieces))):
        marker = etree.Element(MARKER, {REF: f"comment-{number}"})
        marker.text = piece.text
        if piece.is_tail:
            piece.holder.tail = None
            parent = piece.holder.getparent()
            assert parent is not None
            parent.insert(parent.index(piece.holder) + 1, marker)
        else:
            piece.holder.text = None
            piece.holder.insert(0, marker)
    return storage.to_text(root)


def a_week_later(report: Report) -> Report:
    """Every figure moved, and objectives and key results stand in another order."""

    def halved(key_result: KeyResultView) -> KeyResultView:
        now = None if key_result.now is None else key_result.now / 2
        return replace(key_result, now=now, progress=Fraction(1, 3), score=key_result.score and key_result.score / 2)

    def turned(objective: ObjectiveView) -> ObjectiveView:
        return replace(objective, key_results=tuple(halved(each) for each in reversed(objective.key_results)))

    return replace(report, objectives=tuple(turned(each) for each in reversed(report.objectives)))


@pytest.mark.parametrize("languages", LANGUAGES)
def test_a_page_written_again_keeps_every_comment(languages: list[str]) -> None:
    rendered = render(team_report(), languages).body
    stored = commented_everywhere(rewritten(rendered, 1))
    body, lost = comments.carry(stored, rendered)
    assert lost == ()
    assert comments.markers(body) == comments.markers(stored)
    assert len(comments.markers(body)) > 100


@pytest.mark.parametrize("languages", LANGUAGES)
def test_a_week_later_only_figures_that_are_gone_have_lost_their_comments(languages: list[str]) -> None:
    stored = commented_everywhere(rewritten(render(team_report(), languages).body, 2))
    body, lost = comments.carry(stored, render(a_week_later(team_report()), languages).body)
    before = {marker.ref: marker for marker in comments.markers(stored)}
    after = {marker.ref: marker for marker in comments.markers(body)}
    assert after.keys() | {comment.ref for comment in lost} == before.keys()
    assert 0 < len(lost) < len(before) / 20
    for ref, marker in after.items():
        assert marker.text == before[ref].text
        assert without_figures(marker.context) == without_figures(before[ref].context)
