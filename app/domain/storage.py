"""Confluence storage format: read it strictly, check it before it is sent, and bring it to one form for comparison."""

import re
from html.entities import name2codepoint

from lxml import etree

from app.errors import Invalid

AC = "http://www.atlassian.com/schema/confluence/4/ac/"
RI = "http://www.atlassian.com/schema/confluence/4/ri/"
NAMESPACES = {
    "ac": AC,
    "ri": RI,
    "at": "http://www.atlassian.com/schema/confluence/4/at/",
    "acxhtml": "http://www.atlassian.com/schema/confluence/4/",
}
MACRO = f"{{{AC}}}structured-macro"
PARAMETER = f"{{{AC}}}parameter"
RICH_BODY = f"{{{AC}}}rich-text-body"
PLAIN_BODY = f"{{{AC}}}plain-text-body"
MARKER = f"{{{AC}}}inline-comment-marker"
NAME = f"{{{AC}}}name"
REF = f"{{{AC}}}ref"

_XML_OWN = {"amp", "lt", "gt", "quot"}
_ENTITIES = "".join(f'<!ENTITY {name} "&#{code};">' for name, code in name2codepoint.items() if name not in _XML_OWN)
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
# The body starts on a line of its own, so that the rows of an error are one more than the rows of the body.
_OPEN = f"<!DOCTYPE storage [{_ENTITIES}]><storage {_DECLARED}>\n"
_CLOSE = "</storage>"
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SPACE = re.compile(r"[ \t\r\n]+")

# What the store adds and nobody sees.
_UNSEEN_ATTRIBUTES = {
    "local-id",
    f"{{{AC}}}local-id",
    f"{{{AC}}}macro-id",
    f"{{{AC}}}schema-version",
    f"{{{AC}}}breakout-mode",
    f"{{{AC}}}breakout-width",
    f"{{{AC}}}original-height",
    f"{{{AC}}}original-width",
    f"{{{RI}}}version-at-save",
}
_LAYOUTS_OF_THE_STORE = {"default", "center", "align-start"}
_UNSEEN_ELEMENTS = (f"{{{AC}}}task-id", f"{{{AC}}}task-uuid")
_ADF_ATTRIBUTE = f"{{{AC}}}adf-attribute"

_JOINABLE = {"a", "b", "code", "del", "em", "i", "s", "span", "strong", "sub", "sup", "u"}
_VERBATIM = {"pre", PLAIN_BODY, f"{{{AC}}}plain-text-link-body"}
# Hold elements only: blank text in them is never seen.
_FRAMES = {"table", "thead", "tbody", "tfoot", "tr", "colgroup", "ul", "ol", "dl", MACRO, PARAMETER} | {
    f"{{{AC}}}{name}" for name in ("layout", "layout-section", "task-list", "task", "image", "link")
}
# Hold blocks or running text: blank text with a line break is indentation.
_FLOWS = {"storage", RICH_BODY, f"{{{AC}}}layout-cell"}
_BLOCKS = (
    {"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "div", "blockquote", "pre", "hr", "br", "dt", "dd"}
    | {"caption", "col", f"{{{AC}}}task-body", f"{{{AC}}}task-status"}
    | (_FRAMES - {MACRO, PARAMETER, f"{{{AC}}}image", f"{{{AC}}}link"})
    | _FLOWS
)


def parse(body: str) -> etree._Element:
    """The body below one root element `storage`; HTML's named entities and Confluence's prefixes are known.

    Nothing outside is ever loaded. Invalid names row and column (from 1) and the text around.
    """
    forbidden = _FORBIDDEN.search(body)
    if forbidden:
        row = body.count("\n", 0, forbidden.start()) + 1
        column = forbidden.start() - body.rfind("\n", 0, forbidden.start())
        raise _invalid(
            body, f"the character U+{ord(forbidden[0]):04X} is not allowed in XML; leave it out", row, column
        )
    # The stubs do not know "internal" yet: our own entities are resolved, files and addresses are never opened.
    parser = etree.XMLParser(
        strip_cdata=False,
        resolve_entities="internal",  # type: ignore[arg-type]
        no_network=True,
        load_dtd=False,
    )
    try:
        return etree.fromstring((_OPEN + body + _CLOSE).encode(), parser)
    except etree.XMLSyntaxError as error:
        row, column = error.position
        raise _invalid(body, _words(error.msg or "not well formed"), max(row - 1, 1), column) from None


def _words(libxml: str) -> str:
    """libxml2's reason, in rows of the body and without our wrapping."""
    text = re.sub(r", line \d+, column \d+.*$", "", libxml, flags=re.DOTALL)
    text = text.replace("xmlParseEntityRef: no name", "a bare & (write &amp;)")
    text = re.sub(r"(\S+) line (\d+) and storage$", lambda m: f"{m[1]} (row {int(m[2]) - 1}) is not closed", text)
    return re.sub(r"\bline (\d+)", lambda m: f"(row {int(m[1]) - 1})", text)


def _invalid(body: str, words: str, row: int, column: int) -> Invalid:
    lines = body.split("\n")
    line = lines[min(row, len(lines)) - 1]
    near = (
        line[max(column - 41, 0) : column + 40].encode("ascii", "backslashreplace") if _FORBIDDEN.search(line) else None
    )
    around = near.decode() if near is not None else line[max(column - 41, 0) : column + 40]
    return Invalid(f"Not valid storage format: {words}, at row {row}, column {column}, near «{around}».")


def check(body: str) -> None:
    """Raise Invalid unless a body that we rendered may be sent: well formed, no forbidden character, and no macro
    with a rich body inside another one (the new editor refuses the whole page)."""
    for inner in parse(body).iter(RICH_BODY):
        for outer in inner.iterancestors(RICH_BODY):
            names = f"{_macro_name(inner)!r} stands inside {_macro_name(outer)!r}"
            raise Invalid(
                f"Nested macros with bodies: {names}; put it below the other one (the new editor refuses it)."
            )


def _macro_name(body: etree._Element) -> str:
    macro = body.getparent()
    return "?" if macro is None else str(macro.get(NAME, "?"))


def to_text(root: etree._Element) -> str:
    """The body below a root that `parse` made: equal in meaning to what was parsed, not in bytes."""
    text = etree.tostring(root, encoding="unicode", with_tail=False)
    if len(root) == 0 and not root.text:
        return ""
    return text[text.index(">") + 1 : text.rindex("</")].removeprefix("\n")


def canonical(body: str) -> str:
    """One text for all bodies that a reader cannot tell apart: without what the store adds, comment markers unwrapped,
    parameters and attributes sorted, indentation gone. What can be seen stays: equal texts mean nobody edited."""
    root = parse(body)
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction, MARKER)
    for extension in [node for node in root.iter(_ADF_ATTRIBUTE) if node.get("key") == "local-id"]:
        extension.tag = _UNSEEN_ELEMENTS[0]
    etree.strip_elements(root, *_UNSEEN_ELEMENTS, with_tail=False)
    for element in root.iter(etree.Element):
        _drop_attributes(element)
    _normalise(root)
    return etree.tostring(root, method="c14n").decode()


def _drop_attributes(element: etree._Element) -> None:
    for name in list(element.attrib):
        layout = name == "data-layout" and element.get("data-layout") in _LAYOUTS_OF_THE_STORE
        if name in _UNSEEN_ATTRIBUTES or layout:
            del element.attrib[name]


def _normalise(element: etree._Element) -> None:
    _join_children(element)
    for child in element:
        _normalise(child)
    leaf_parameter = element.tag == PARAMETER and len(element) == 0
    if element.tag not in _VERBATIM and not leaf_parameter:
        _normalise_space(element)
    if element.tag == MACRO:
        # The name alone: which of two parameters with one name comes first may matter. sorted() keeps their order.
        element[:] = sorted(element, key=lambda c: (c.tag != PARAMETER, c.get(NAME, "") if c.tag == PARAMETER else ""))


def _join_children(element: etree._Element) -> None:
    """`<b>a</b><b>b</b>` looks like `<b>ab</b>`; a comment marker between them, now unwrapped, leaves the former."""
    for child in list(element):
        before = child.getprevious()
        if before is None or before.tail or child.tag not in _JOINABLE or child.tag != before.tag:
            continue
        if sorted(child.items()) == sorted(before.items()):
            _append_text(before, child.text or "")
            for grandchild in list(child):
                before.append(grandchild)
            before.tail = child.tail
            child.tail = None
            element.remove(child)


def _append_text(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _normalise_space(element: etree._Element) -> None:
    children = list(element)
    edge = _is_block(element)
    first_right = _is_block(children[0]) if children else edge
    element.text = _collapse(element, element.text, edge, first_right)
    for index, child in enumerate(children):
        right = _is_block(children[index + 1]) if index + 1 < len(children) else edge
        child.tail = _collapse(element, child.tail, _is_block(child), right)


def _collapse(parent: etree._Element, text: str | None, left: bool, right: bool) -> str | None:
    """One run of text in `parent`; a side next to a block, or to the edge of a parent that is one, loses its space."""
    if not text:
        return None
    if _SPACE.fullmatch(text) and (parent.tag in _FRAMES or (parent.tag in _FLOWS and "\n" in text)):
        return None
    text = _SPACE.sub(" ", text)
    text = text.removeprefix(" ") if left else text
    return (text.removesuffix(" ") if right else text) or None


def _is_block(element: etree._Element) -> bool:
    bodied = element.tag == MACRO and any(child.tag in (RICH_BODY, PLAIN_BODY) for child in element)
    return element.tag in _BLOCKS or bodied
