"""People's notes are found, kept byte for byte, and put back only where they fit."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import notes, storage
from app.errors import Invalid
from tests.domain.rewriting import rewritten


def anchor(name: str, extra: str = "") -> str:
    parameter = f'<ac:parameter ac:name="">{name}</ac:parameter>'
    return f'<ac:structured-macro{extra} ac:name="anchor">{parameter}</ac:structured-macro>'


BEGIN, END = anchor(notes.NOTES_BEGIN), anchor(notes.NOTES_END)
IN_PARAGRAPHS = f"<h2>Notes</h2><p>{BEGIN}</p>{{}}<p>{END}</p><p>after</p>"
BARE = f"<h2>Notes</h2>{BEGIN}{{}}{END}<p>after</p>"
TEXT = '<p local-id="1">Kim: caf&eacute;  <br /> ask&nbsp;Lee</p>\n<ul><li>a</li></ul>'


@pytest.mark.parametrize("shape", [IN_PARAGRAPHS, BARE])
def test_the_three_parts_are_the_body_byte_for_byte(shape: str) -> None:
    body = shape.format(TEXT)
    parts = notes.split(body)
    assert parts is not None
    assert "".join(parts) == body
    assert TEXT in parts.notes
    assert "after" not in parts.notes


@pytest.mark.parametrize(
    "body",
    [
        "<p>no anchors</p>",
        f"<p>{BEGIN}</p><p>only the first</p>",
        f"<p>{END}</p><p>wrong order</p><p>{BEGIN}</p>",
        f"<p>{BEGIN}</p><p>{BEGIN}</p><p>{END}</p>",
        f"<p>{BEGIN}</p><p>{END}</p><p>{END}</p>",
        f"<p>{notes.NOTES_BEGIN} {notes.NOTES_END}</p>",
        f"<ac:plain-text-body><![CDATA[{BEGIN}{END}]]></ac:plain-text-body>",
        f"<!-- {BEGIN} --><p>{END}</p>",
        f"<p>{BEGIN.replace('anchor', 'expand')}</p><p>{END}</p>",
    ],
)
def test_without_each_anchor_exactly_once_and_in_order_there_is_no_zone(body: str) -> None:
    assert notes.split(body) is None
    assert notes.without(body) == body


def test_anchors_are_found_as_the_store_writes_them() -> None:
    begin = anchor("\n " + notes.NOTES_BEGIN, ' ac:schema-version="1" ac:macro-id="a>b"')
    other = anchor("elsewhere")
    code = f"<ac:plain-text-body><![CDATA[{END}]]></ac:plain-text-body>"
    parts = notes.split(f'<p local-id="x">{other}{begin}</p>{code}<p>mine</p><p>{END}</p>')
    assert parts is not None
    assert parts.notes == f"</p>{code}<p>mine</p><p>"


@pytest.mark.parametrize("old", [IN_PARAGRAPHS, BARE])
@pytest.mark.parametrize("new", [IN_PARAGRAPHS, BARE])
def test_notes_fit_whether_their_anchors_have_paragraphs_or_not(old: str, new: str) -> None:
    stored = notes.split(old.format(TEXT))
    assert stored is not None
    body = notes.replace(new.format("<p>Write here</p>"), stored.notes)
    assert body == new.format(TEXT)


def test_a_note_typed_into_the_anchors_own_paragraphs_stays_too() -> None:
    stored = notes.split(f"<p>{BEGIN}typed here</p><p>and</p><p>there {END}</p>")
    assert stored is not None
    body = notes.replace(IN_PARAGRAPHS.format("<p>Write here</p>"), stored.notes)
    assert body == f"<h2>Notes</h2><p>{BEGIN}typed here</p><p>and</p><p>there {END}</p><p>after</p>"
    with pytest.raises(Invalid, match="paragraphs of their own"):
        notes.replace(BARE.format(""), stored.notes)


def test_a_new_body_without_a_zone_is_refused() -> None:
    with pytest.raises(Invalid, match="no notes zone"):
        notes.replace("<p>x</p>", "<p>mine</p>")


@pytest.mark.parametrize(
    "zone", ["", TEXT, "<p>a</p>", "<table><tbody><tr><td>1</td></tr></tbody></table>", "<hr /><p>a<br/>b</p>"]
)
def test_an_emptied_zone_is_the_same_whatever_was_in_it(zone: str) -> None:
    emptied = notes.without(IN_PARAGRAPHS.format(zone))
    assert emptied == IN_PARAGRAPHS.format("")
    storage.parse(emptied)


lines = st.lists(st.text("aé<&>\"'\u00a0 한🙂", max_size=8), max_size=4)


@settings(max_examples=60, deadline=None)
@given(lines, st.lists(st.integers(0, 2**32), min_size=1, max_size=5))
def test_notes_survive_update_after_update(texts: list[str], seeds: list[int]) -> None:
    escaped = [t.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for t in texts]
    zone = "".join(f"<p>{line}</p>" for line in escaped)
    stored = IN_PARAGRAPHS.format(zone)
    first = storage.canonical(stored)
    for seed in seeds:
        stored = rewritten(stored, seed)
        parts = notes.split(stored)
        assert parts is not None
        stored = notes.replace(IN_PARAGRAPHS.format("<p>Write here</p>"), parts.notes)
        assert notes.split(stored) is not None
        assert parts.notes in stored
    assert storage.canonical(stored) == first
