"""Storage format in the sandbox wiki: strictly parsed, and written back as Confluence writes it."""

import re

import pytest
from lxml import etree

from connectors.sandbox.confluence.core.storage import parse
from tests.sandbox.wiki import PROBE, error_of, open_wiki

VOLATILE = re.compile(r"\}?(local-id|macro-id|schema-version|version-at-save|data-layout|breakout-mode)$")


def meaning(body: str) -> str:
    """The body without what Confluence adds: ids gone, parameters sorted, indentation inside macros gone."""
    root = parse(body)
    for element in root.iter(etree.Element):
        for name in [name for name in element.attrib if VOLATILE.search(str(name))]:
            del element.attrib[name]
        element.text = element.text if (element.text or "").strip() else None
        element.tail = element.tail if (element.tail or "").strip() else None
    for element in root.iter(etree.Element):
        parameters = sorted((child for child in element if "parameter" in str(child.tag)), key=etree.tostring)
        for parameter in reversed(parameters):
            element.insert(0, parameter)
    return etree.tostring(root, encoding="unicode")


@pytest.mark.parametrize(
    "body",
    [
        "a & b",
        "<br>",
        "<p>x",
        "<p>a ]]> b</p>",
        "<input disabled/>",
        "<p>&unknown;</p>",
        "<p>\x01</p>",
        "<x:p/>",
        "</storage><storage>",
        '<a href="1" href="2"/>',
        "<ac:structured-macro ac:name='info'><ac:rich-text-body></ac:structured-macro>",
    ],
)
def test_what_is_not_well_formed_is_refused_with_row_and_column(body: str) -> None:
    wiki = open_wiki()
    answer = wiki.try_create("Broken", body)
    assert answer.status_code == 400
    assert re.match(
        r"Error parsing xhtml: .+\n at \[row,col \{unknown-source\}\]: \[1,\d+\]$", error_of(answer)["title"], re.S
    )
    assert wiki.get("/wiki/api/v2/pages", title="Broken")["results"] == []


def test_the_row_is_counted_in_the_body_that_was_sent() -> None:
    answer = open_wiki().try_create("Broken", "<p>one</p>\n<p>two</p>\n<p>a & b</p>")
    assert "[row,col {unknown-source}]: [3," in error_of(answer)["title"]


def test_entities_of_html_and_unknown_macros_are_taken() -> None:
    wiki = open_wiki()
    page = wiki.create("Fine", '<p>&nbsp;&rarr;&hearts;&#9829;</p><ac:structured-macro ac:name="no-such"/>')
    assert meaning(wiki.stored(page["id"])) == meaning('<p>\u00a0→♥♥</p><ac:structured-macro ac:name="no-such"/>')


def test_a_bodied_macro_inside_another_is_refused() -> None:
    inner = '<ac:structured-macro ac:name="expand"><ac:rich-text-body><p/></ac:rich-text-body></ac:structured-macro>'
    outer = f'<ac:structured-macro ac:name="info"><ac:rich-text-body>{inner}</ac:rich-text-body></ac:structured-macro>'
    wiki = open_wiki()
    answer = wiki.try_create("Nested", outer)
    assert answer.status_code == 400
    assert "cannot be converted to new editor format" in error_of(answer)["title"]
    code = '<ac:structured-macro ac:name="code"><ac:plain-text-body>x</ac:plain-text-body></ac:structured-macro>'
    assert wiki.try_create("Plain body inside", outer.replace(inner, code)).status_code == 200


def test_what_is_stored_means_the_same_but_is_never_what_was_sent_nor_twice_the_same() -> None:
    wiki = open_wiki()
    page = wiki.create("Rewritten", PROBE)
    first = wiki.stored(page["id"])
    wiki.save(page["id"], 2, PROBE)
    second = wiki.stored(page["id"])
    assert len({PROBE, first, second}) == 3
    assert meaning(PROBE) == meaning(first) == meaning(second)


def test_the_rewriting_adds_ids_and_layout_and_drops_indentation_in_macros() -> None:
    wiki = open_wiki()
    stored = wiki.stored(wiki.create("Rewritten", PROBE)["id"])
    root = parse(stored)
    assert all(element.get("local-id") for element in root.iter("h2", "p", "tr", "th", "td", "table"))
    (macro,) = (element for element in root.iter() if "structured-macro" in element.tag)
    kept = {re.sub(r"\{.*\}", "", name) for name in macro.attrib}
    assert kept == {"name", "local-id", "macro-id", "schema-version"}
    assert 'data-layout="default"' in stored
    assert re.search(r"<td local-id=\"\w+\" />", stored)
    assert "\n  <" not in stored


def test_parameters_change_places() -> None:
    wiki = open_wiki()
    orders = set()
    page = wiki.create("Rewritten", PROBE)
    for number in range(2, 30):
        names = re.findall(
            r'ac:parameter ac:name="(\w+)"', wiki.save(page["id"], number, PROBE)["body"]["storage"]["value"]
        )
        orders.add(tuple(names))
    assert orders == {("title", "icon"), ("icon", "title")}


def test_plain_text_bodies_keep_every_character() -> None:
    text = '<![CDATA[ if a < b && c: \n   "“quoted”" /> ]]>'
    body = f'<ac:structured-macro ac:name="code"><ac:plain-text-body>{text}</ac:plain-text-body></ac:structured-macro>'
    wiki = open_wiki()
    assert text in wiki.stored(wiki.create("Code", body)["id"])


def test_links_say_at_which_version_they_were_saved_and_tasks_get_new_uuids() -> None:
    body = (
        '<p><ac:link><ri:page ri:content-title="Other"/></ac:link></p><ac:task-list><ac:task>'
        "<ac:task-status>complete</ac:task-status><ac:task-body>x</ac:task-body></ac:task></ac:task-list>"
    )
    wiki = open_wiki()
    page = wiki.create("Links", body)
    first = wiki.stored(page["id"])
    assert 'ri:version-at-save="1"' in first
    (uuid,) = re.findall(r"<ac:task-uuid>(.+?)</ac:task-uuid>", first)
    wiki.save(page["id"], 2, first)
    assert uuid not in wiki.stored(page["id"])


def test_hostile_text_comes_back_as_the_same_text() -> None:
    hostile = "& < > \" ' ]]&gt; 🙂 \u202eabc 한글".replace("& <", "&amp; &lt;")
    wiki = open_wiki()
    page = wiki.create("Hostile", f"<p>{hostile}</p>")
    assert parse(wiki.stored(page["id"]))[0].text == parse(f"<p>{hostile}</p>")[0].text
