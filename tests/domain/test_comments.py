"""A comment stays with its text in its row, or is named as lost: never dropped, never moved to another row."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import comments, storage
from app.domain.notes import NOTES_BEGIN, NOTES_END
from tests.domain.rewriting import commented, rewritten

STATUS = (
    '<ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">{}</ac:parameter>'
    '<ac:parameter ac:name="title">{}</ac:parameter></ac:structured-macro>'
)
LOZENGE = STATUS.format("Green", "ON TRACK")


def marked(ref: str, text: str) -> str:
    return f'<ac:inline-comment-marker ac:ref="{ref}">{text}</ac:inline-comment-marker>'


def rows(*cells: tuple[str, ...]) -> str:
    lines = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in cells)
    head = (
        "<tr>"
        + "".join(f"<th><p>{name}</p></th>" for name in ("Key result", "Now", "Owner")[: len(cells[0])])
        + "</tr>"
    )
    return f"<table><tbody>{head}{lines}</tbody></table>"


CARRIED = {
    "a word in a paragraph": (f"<p>All is {marked('r', 'well')}.</p>", "<p>All is well.</p>", ["well"]),
    "a figure in the same row, though the rows changed places": (
        rows(("KR1", marked("r", "0.4")), ("KR2", "0.4")),
        rows(("KR2", "0.4"), ("KR1", "0.4")),
        ["0.4"],
    ),
    "a word in a row whose figures changed": (
        rows(("Search rank <br/>Kim", "0.4", marked("r", "by Lee"))),
        rows(("Search rank <br/>Choi", "0.9", "by Lee")),
        ["by Lee"],
    ),
    "the name of a row that was renamed around it": (
        rows((marked("r", "Conversion") + " to 3%", "1")),
        rows(("Web Conversion up", "1")),
        ["Conversion"],
    ),
    "a heading whose score changed": (
        f"<h3>{LOZENGE} 0.6 Win {marked('r', 'customers')}</h3>",
        f"<h3>{STATUS.format('Red', 'OFF TRACK')} 0.2 Win customers</h3>",
        ["customers"],
    ),
    "text across formatting": (
        f"<p>{marked('r', 'a ')}<strong>{marked('r', 'bold')}</strong>{marked('r', ' word')}</p>",
        "<p>So: a <strong>bold</strong> word</p>",
        ["a ", "bold", " word"],
    ),
    "text on both sides of a lozenge": (
        f"<p>{marked('r', 'KR2 is')}{LOZENGE}{marked('r', 'today')}</p>",
        f"<p>KR2 is{LOZENGE}today</p>",
        ["KR2 is", "today"],
    ),
    "two paragraphs of one cell, without the indentation between them": (
        f"<table><tbody><tr><td>\n<p>{marked('r', 'one')}</p>\n<p>{marked('r', 'two')}</p></td></tr></tbody></table>",
        "<table><tbody><tr><td>\n<p>one</p>\n<p>two</p></td></tr></tbody></table>",
        ["one", "two"],
    ),
    "formatting inside the marker": (
        f"<p>{marked('r', 'so <em>very</em> good')}</p>",
        "<p>so very good</p>",
        ["so very good"],
    ),
    "the second of three equal words": (
        f"<p>done, then {marked('r', 'done')}, at last done</p>",
        "<p>done, then done, at last done</p>",
        ["done"],
    ),
    "an item whose text the store put into a paragraph": (
        f"<ul><li><p>{marked('r', 'HR-12')} done</p></li></ul>",
        "<ul><li>HR-12 done</li></ul>",
        ["HR-12"],
    ),
    "words that only differ in space and entities": (
        f"<p>{marked('r', 'a&nbsp;b  c')}</p>",
        "<p>a b\nc</p>",
        ["a b\nc"],
    ),
    "a paragraph with hostile text": (
        f"<p>{marked('r', '&lt;b&gt; &amp; ]]&gt;')}</p>",
        "<p>&lt;b&gt; &amp; ]]&gt;</p>",
        ["&lt;b&gt; &amp; ]]&gt;"],
    ),
}

LOST = {
    "a figure that is gone, though another row has the same": (
        rows(("KR1", marked("r", "0.4")), ("KR2", "0.7")),
        rows(("KR1", "0.6"), ("KR2", "0.4")),
        "0.4",
    ),
    "a row that is gone, though another has the same owner": (
        rows(("KR1", "1", marked("r", "Kim")), ("KR2", "1", "Lee")),
        rows(("KR2", "1", "Lee"), ("KR3", "1", "Kim")),
        "Kim",
    ),
    "a score that a neighbouring heading has now": (
        f"<h3>{marked('r', '0.6')} Win</h3><h3>0.2 Grow</h3>",
        "<h3>0.7 Win</h3><h3>0.6 Grow</h3>",
        "0.6",
    ),
    "a paragraph that is gone": (f"<p>Old {marked('r', 'news')}</p>", "<p>Nothing</p>", "news"),
    "a figure that another new paragraph has": (f"<p>All {marked('r', '0.4')}</p>", "<p>Expected 0.4</p>", "0.4"),
    "a picture": (f"<p>{marked('r', '<ac:image />')}</p>", "<p><ac:image /></p>", ""),
    "text that is a lozenge now": (f"<p>x {marked('r', 'ON TRACK')}</p>", f"<p>x {LOZENGE}</p>", "ON TRACK"),
}


@pytest.mark.parametrize("what", CARRIED)
def test_a_comment_is_carried_on(what: str) -> None:
    stored, new, texts = CARRIED[what]
    body, lost = comments.carry(stored, new)
    assert lost == ()
    assert storage.canonical(body) == storage.canonical(new)
    assert (
        re.findall(r'<ac:inline-comment-marker ac:ref="r">(.*?)</ac:inline-comment-marker>', body, re.DOTALL) == texts
    )


@pytest.mark.parametrize("what", LOST)
def test_a_comment_is_listed_as_lost_on(what: str) -> None:
    stored, new, text = LOST[what]
    body, lost = comments.carry(stored, new)
    assert body == storage.to_text(storage.parse(new))
    assert [(comment.ref, comment.text) for comment in lost] == [("r", text)]


def test_a_figure_stays_in_its_row_when_the_rows_change_places() -> None:
    stored = rows(("KR1", marked("r", "0.4")), ("KR2", "0.4"))
    body, _ = comments.carry(stored, rows(("KR2", "0.4"), ("KR1", "0.4")))
    assert body == rows(("KR2", "0.4"), ("KR1", marked("r", "0.4")))


def test_the_second_of_three_equal_words_stays_the_second() -> None:
    stored = f"<p>done, then {marked('r', 'done')}, at last done</p>"
    assert comments.carry(stored, "<p>done, then done, at last done</p>")[0] == stored


def test_several_comments_in_one_cell_overlapping_or_not_stay_apart() -> None:
    stored = rows((f"{marked('a', 'Search')} {marked('b', 'rank ' + marked('c', 'rises'))} fast", "1"))
    body, lost = comments.carry(stored, rows(("Search rank rises fast", "2")))
    assert lost == ()
    assert [(m.ref, m.text) for m in comments.markers(body)] == [("a", "Search"), ("b", "rank rises"), ("c", "rises")]


def test_comments_that_cross_each_other_still_give_valid_markup() -> None:
    stored = f"<p>{marked('a', 'one ' + marked('b', 'two'))}{marked('b', ' three')}</p>"
    body, lost = comments.carry(stored, "<p>one two three</p>")
    assert lost == ()
    assert {(m.ref, m.text) for m in comments.markers(body)} == {("a", "one two"), ("b", "two three")}


def test_the_same_row_in_two_sections_is_told_apart_by_its_heading() -> None:
    def page(first: str, second: str) -> str:
        return f"<h3>0.3 Sales</h3>{rows(('HR-12', first))}<h3>0.6 Marketing</h3>{rows(('HR-12', second))}"

    body, lost = comments.carry(page("Done", marked("r", "Done")), page("Done", "Done"))
    assert (body, lost) == (page("Done", marked("r", "Done")), ())
    swapped = f"<h3>0.7 Marketing</h3>{rows(('HR-12', 'Done'))}<h3>0.3 Sales</h3>{rows(('HR-12', 'Done'))}"
    body, lost = comments.carry(page("Done", marked("r", "Done")), swapped)
    assert (body, lost) == (swapped.replace("Done", marked("r", "Done"), 1), ())


def test_markers_in_the_notes_are_left_to_the_notes() -> None:
    def anchor(name: str) -> str:
        parameter = f'<ac:parameter ac:name="">{name}</ac:parameter>'
        return f'<p><ac:structured-macro ac:name="anchor">{parameter}</ac:structured-macro></p>'

    def page(outside: str, inside: str) -> str:
        return f"<p>{outside}</p>{anchor(NOTES_BEGIN)}<p>{inside}</p>{anchor(NOTES_END)}"

    stored = page("ours " + marked("a", "text"), marked("b", "theirs"))
    new = page("ours text", "Write here: text theirs")
    assert comments.carry(stored, new) == (page("ours " + marked("a", "text"), "Write here: text theirs"), ())


def test_a_comment_never_lands_in_the_hint_of_the_notes_zone() -> None:
    def anchor(name: str) -> str:
        parameter = f'<ac:parameter ac:name="">{name}</ac:parameter>'
        return f'<p><ac:structured-macro ac:name="anchor">{parameter}</ac:structured-macro></p>'

    new = f"{anchor(NOTES_BEGIN)}<p>Write here</p>{anchor(NOTES_END)}"
    body, lost = comments.carry(f"<p>{marked('r', 'Write here')}</p>", new)
    assert (body, [comment.ref for comment in lost]) == (new, ["r"])


def test_without_comments_not_a_byte_changes() -> None:
    new = "<p>a&nbsp;b<br/></p>"
    assert comments.carry("<p>old</p>", new) == (new, ())


def test_where_a_comment_stood_is_told_in_words() -> None:
    stored = "<h3>Win customers</h3>" + rows(("Search rank", marked("r", "0.4")))
    assert comments.markers(stored) == (comments.Marker("r", "0.4", "Win customers › Search rank"),)


def page_at(week: int, count: int) -> str:
    """A page whose order, figures and rows move from week to week; every seventh week one row is missing."""
    names = [f"Key result number-{index}" for index in range(count) if (week + index) % 7 or week == 0]
    shift = week % len(names)
    listed = names[shift:] + names[:shift]
    table = rows(*((name, f"0.{(week + place) % 10}", "Kim") for place, name in enumerate(listed)))
    return f"<p>Week {week} of 50</p><h3>{LOZENGE} 0.{week % 10} Win</h3>{table}"


@pytest.mark.parametrize("number", [0, 3])
def test_over_fifty_updates_no_comment_of_any_row_is_lost_silently(number: int) -> None:
    stored = page_at(0, 12)
    refs = set()
    for index in range(12):
        refs.add(f"kr-{index}")
        stored = commented(stored, f"kr-{index}", f"number-{index}", 0)
    for index, digits in enumerate(re.findall(r"<p>(0\.\d)</p>", stored)[:10]):
        refs.add(f"now-{index}")
        stored = commented(stored, f"now-{index}", digits, 0)
    listed: set[str] = set()
    for week in range(1, 51):
        stored = rewritten(stored, week * 10 + number)
        body, lost = comments.carry(stored, page_at(week, 12))
        gone = {comment.ref for comment in lost}
        here = {marker.ref for marker in comments.markers(body)}
        assert not gone & here
        listed |= gone
        assert here | listed == refs
        for index in range(12):
            assert f"kr-{index}" not in here or f"{marked(f'kr-{index}', f'number-{index}')}</p>" in body
        stored = body


letters = st.text("ab <&한", min_size=1, max_size=10).filter(str.strip)


@settings(max_examples=60, deadline=None)
@given(letters, letters, letters, letters, letters)
def test_whatever_the_texts_the_result_is_the_new_page_with_comments(
    before: str, text: str, after: str, name: str, other: str
) -> None:
    def escaped(words: str) -> str:
        return words.replace("&", "&amp;").replace("<", "&lt;")

    stored = rows((escaped(name), escaped(before) + marked("r", escaped(text)) + escaped(after)))
    new = rows((escaped(other), escaped(before)), (escaped(name), escaped(text + after + text)))
    body, lost = comments.carry(stored, new)
    assert storage.canonical(body) == storage.canonical(new)
    assert len(lost) + len(comments.markers(body)) == 1
