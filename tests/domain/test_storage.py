"""Storage format is read strictly, and two bodies are the same when a reader cannot tell them apart."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain import storage
from app.errors import Invalid
from tests.domain.rewriting import commented, rewritten

STATUS = (
    '<ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">{}</ac:parameter>{}</ac:structured-macro>'
)

SAME = {
    "local and macro ids": (
        '<p local-id="a">x</p>'
        '<ac:structured-macro ac:name="toc" ac:macro-id="1" ac:local-id="2" ac:schema-version="1" />',
        '<p>x</p><ac:structured-macro ac:name="toc"></ac:structured-macro>',
    ),
    "the order of parameters": (
        STATUS.format("Red", '<ac:parameter ac:name="title">A</ac:parameter>'),
        '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">A</ac:parameter>\n'
        '  <ac:parameter ac:name="colour">Red</ac:parameter></ac:structured-macro>',
    ),
    "the order of attributes": ('<a href="h" title="t">x</a>', '<a title="t" href="h">x</a>'),
    "entities and characters": ("<p>a&nbsp;&rarr;&#233;&amp;</p>", "<p>a\u00a0→é&#38;</p>"),
    "self-closing elements": ("<p>a<br/>b</p><p />", "<p>a<br></br>b</p><p></p>"),
    "indentation": (
        "<table>\n <tbody><tr>\n<td>\n <p>a</p></td></tr></tbody></table>\n",
        "<table><tbody><tr><td><p>a</p></td></tr></tbody></table>",
    ),
    "indentation between lozenges on top": (
        STATUS.format("Red", "") + "\n  " + STATUS.format("Green", ""),
        STATUS.format("Red", "") + STATUS.format("Green", ""),
    ),
    "line breaks inside a paragraph": ("<p>a\n   b</p>", "<p>a b</p>"),
    "the layout that the store adds": ('<table data-layout="default"><tbody /></table>', "<table><tbody /></table>"),
    "breakout": (
        '<ac:layout-section ac:type="single" ac:breakout-mode="wide" />',
        '<ac:layout-section ac:type="single" />',
    ),
    "version at save": ('<ri:page ri:content-title="x" ri:version-at-save="3" />', '<ri:page ri:content-title="x" />'),
    "task ids": (
        "<ac:task-list><ac:task><ac:task-id>4</ac:task-id><ac:task-uuid>u</ac:task-uuid><ac:task-body>x</ac:task-body></ac:task></ac:task-list>",
        "<ac:task-list>\n<ac:task><ac:task-body>x</ac:task-body></ac:task></ac:task-list>",
    ),
    "a comment marker": (
        '<p>a <ac:inline-comment-marker ac:ref="r">b</ac:inline-comment-marker> c</p>',
        "<p>a b c</p>",
    ),
    "a marker that cuts formatting in two": (
        '<p><strong>a</strong><ac:inline-comment-marker ac:ref="r"><strong>b</strong></ac:inline-comment-marker></p>',
        "<p><strong>ab</strong></p>",
    ),
    "CDATA and escaped text": (
        "<ac:plain-text-body><![CDATA[a<b]]></ac:plain-text-body>",
        "<ac:plain-text-body>a&lt;b</ac:plain-text-body>",
    ),
    "XML comments": ("<p>a<!-- hidden -->b</p>", "<p>ab</p>"),
}

DIFFERENT = {
    "a word": ("<p>a</p>", "<p>b</p>"),
    "a space between words": ("<p>a b</p>", "<p>ab</p>"),
    "a space before a lozenge": (
        "<p>a " + STATUS.format("Red", "") + "</p>",
        "<p>a" + STATUS.format("Red", "") + "</p>",
    ),
    "a colour": (STATUS.format("Red", ""), STATUS.format("Green", "")),
    "formatting": ("<p><strong>a</strong></p>", "<p><em>a</em></p>"),
    "a link's target": ('<a href="x">a</a>', '<a href="y">a</a>'),
    "two links side by side": ('<p><a href="x">a</a><a href="y">b</a></p>', '<p><a href="x">ab</a></p>'),
    "one paragraph or two": ("<p>a</p><p>b</p>", "<p>ab</p>"),
    "a line break": ("<p>a<br/>b</p>", "<p>a b</p>"),
    "an empty paragraph": ("<p>a</p><p />", "<p>a</p>"),
    "the order of rows": ("<ul><li>a</li><li>b</li></ul>", "<ul><li>b</li><li>a</li></ul>"),
    "lines of code": (
        "<ac:plain-text-body><![CDATA[a\n b]]></ac:plain-text-body>",
        "<ac:plain-text-body><![CDATA[a\nb]]></ac:plain-text-body>",
    ),
    "a table made full-width by hand": ('<table data-layout="full-width" />', "<table />"),
    "a ticked task": ("<ac:task-status>complete</ac:task-status>", "<ac:task-status>incomplete</ac:task-status>"),
    "a space that must not break": ("<p>a&nbsp;b</p>", "<p>a b</p>"),
    "a heading's level": ("<h2>a</h2>", "<h3>a</h3>"),
}


@pytest.mark.parametrize("what", SAME)
def test_a_reader_sees_no_difference_in(what: str) -> None:
    one, other = SAME[what]
    assert storage.canonical(one) == storage.canonical(other)


@pytest.mark.parametrize("what", DIFFERENT)
def test_a_reader_sees_a_difference_in(what: str) -> None:
    one, other = DIFFERENT[what]
    assert storage.canonical(one) != storage.canonical(other)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<p>a & b</p>", ["bare &", "row 1", "column 7", "a & b"]),
        ("<p>one</p>\n<p>two<br></p>", ["row 2", "<p>two<br></p>"]),
        ("<p>open", ["p (row 1) is not closed"]),
        ("<p>a</p></storage><storage>", ["Extra content"]),
        ("<p>&unheardof;</p>", ["unheardof", "row 1"]),
        ("<p>a</p>\n<p>b\x07c</p>", ["U+0007", "row 2", "column 5"]),
        ("<p>\ud800</p>", ["U+D800", "row 1"]),
        ("<p>\uffff</p>", ["U+FFFF"]),
        ("<xx:y>a</xx:y>", ["xx", "row 1"]),
        ("<p a=b>c</p>", ["row 1"]),
    ],
)
def test_what_is_not_well_formed_is_named_with_its_place(body: str, says: list[str]) -> None:
    with pytest.raises(Invalid) as caught:
        storage.parse(body)
    for word in says:
        assert word in caught.value.message


def test_entities_of_the_body_are_never_loaded_from_elsewhere() -> None:
    with pytest.raises(Invalid):
        storage.parse('<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]><p>&secret;</p>')


def test_a_macro_with_a_body_inside_another_one_is_refused_by_name() -> None:
    def macro(name: str, body: str) -> str:
        rich = f"<ac:rich-text-body>{body}</ac:rich-text-body>"
        return f'<ac:structured-macro ac:name="{name}">{rich}</ac:structured-macro>'

    storage.check(macro("expand", "<p>a</p>" + STATUS.format("Red", "")) + macro("info", "<p>b</p>"))
    with pytest.raises(Invalid, match="'expand' stands inside 'info'"):
        storage.check(
            macro("info", "<table><tbody><tr><td>" + macro("expand", "<p>a</p>") + "</td></tr></tbody></table>")
        )


def test_a_body_comes_back_as_text_with_its_code_untouched() -> None:
    body = "<p>a &lt; b</p><ac:plain-text-body><![CDATA[<p>]]]]><![CDATA[>]]></ac:plain-text-body>"
    assert storage.to_text(storage.parse(body)) == body
    assert storage.to_text(storage.parse("")) == ""


words = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=12
)
escaped = words.map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
)
status = st.builds(
    '<ac:structured-macro ac:name="status"><ac:parameter ac:name="colour">Red</ac:parameter>'
    '<ac:parameter ac:name="title">{}</ac:parameter></ac:structured-macro>'.format,
    escaped,
)
inline = st.one_of(
    escaped,
    status,
    st.just("<br/>"),
    st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["strong", "em", "code"]), escaped),
    st.builds('<a title="{0}" href="{0}">{1}</a>'.format, escaped, escaped),
)
runs = st.lists(inline, min_size=1, max_size=4).map("".join)
paragraph = st.builds("<{0}>{1}</{0}>".format, st.sampled_from(["p", "h2"]), runs)
table = st.lists(
    st.lists(st.builds("<td>{}</td>".format, st.one_of(runs, paragraph)), min_size=1), min_size=1, max_size=3
).map(lambda rows: "<table><tbody>" + "".join(f"<tr>{''.join(cells)}</tr>" for cells in rows) + "</tbody></table>")
items = st.lists(runs, min_size=1, max_size=3).map(
    lambda all_: "<ul>" + "".join(f"<li>{i}</li>" for i in all_) + "</ul>"
)
expand = st.builds(
    '<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">{}</ac:parameter>'
    '<ac:parameter ac:name="breakout">x</ac:parameter>'
    "<ac:rich-text-body>{}</ac:rich-text-body></ac:structured-macro>".format,
    escaped,
    st.one_of(paragraph, table, items),
)
bodies = st.lists(st.one_of(paragraph, table, items, expand), min_size=1, max_size=4).map("".join)


@settings(max_examples=60, deadline=None)
@given(bodies, st.integers(0, 2**32))
def test_whatever_the_store_rewrites_is_the_same_page(body: str, seed: int) -> None:
    assert storage.canonical(rewritten(body, seed)) == storage.canonical(body)


@settings(max_examples=60, deadline=None)
@given(bodies, st.integers(0, 2**32), st.data())
def test_a_changed_letter_anywhere_is_another_page(body: str, seed: int, data: st.DataObject) -> None:
    text_nodes = list(re.finditer(r"(?<=>)[^<>&]*[^<>&\s][^<>&]*(?=<)", body))
    if not text_nodes:
        return
    node = data.draw(st.sampled_from(text_nodes))
    changed = body[: node.end()] + "Ω" + body[node.end() :]
    assert storage.canonical(rewritten(changed, seed)) != storage.canonical(body)


@settings(max_examples=60, deadline=None)
@given(bodies, st.integers(0, 2**32))
def test_the_canonical_form_is_canonical(body: str, seed: int) -> None:
    once = storage.canonical(rewritten(body, seed))
    inner = once[once.index(">") + 1 : once.rindex("</")]
    assert storage.canonical(inner) == once


def test_a_comment_leaves_the_page_the_same() -> None:
    body = "<p>Search <strong>rank rises</strong> slowly</p>"
    assert storage.canonical(commented(body, "r", "rank")) == storage.canonical(body)
