"""Storage format: the strict parser with Confluence's error text, the macro rules, and back to text."""

import re
from html.entities import name2codepoint

from lxml import etree

from connectors.sandbox.confluence.core.refusal import Refused, bad_request

AC = "http://www.atlassian.com/schema/confluence/4/ac/"
RI = "http://www.atlassian.com/schema/confluence/4/ri/"
MACRO = f"{{{AC}}}structured-macro"
BODY = f"{{{AC}}}rich-text-body"
PARAMETER = f"{{{AC}}}parameter"
MARKER = f"{{{AC}}}inline-comment-marker"
Root = etree._Element

NAME = f"{{{AC}}}name"
REF = f"{{{AC}}}ref"

_XML_OWN = {"amp", "lt", "gt", "quot", "apos"}
_ENTITIES = "".join(f'<!ENTITY {name} "&#{code};">' for name, code in name2codepoint.items() if name not in _XML_OWN)
_OPEN = f'<!DOCTYPE storage [{_ENTITIES}]><storage xmlns:ac="{AC}" xmlns:ri="{RI}">\n'
_CLOSE = "</storage>"
_OPAQUE_OR_EMPTY = re.compile(r"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)|(?<! )/>", re.DOTALL)


def parse(body: str) -> etree._Element:
    """The body below one root element. Anything not well formed refuses the whole page, as on the real site."""
    parser = etree.XMLParser(strip_cdata=False, resolve_entities=True, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring((_OPEN + body + _CLOSE).encode("utf-8", "surrogatepass"), parser)
    except etree.XMLSyntaxError as error:
        raise _refusal(error) from None
    root.text = (root.text or "")[1:]
    return root


def _refusal(error: etree.XMLSyntaxError) -> Refused:
    row, column = error.position
    words = re.sub(r", line \d+, column \d+.*$", "", error.msg or "not well formed")
    words = re.sub(r" line \d+ and storage$", " and the end of the body", words)
    return bad_request(f"Error parsing xhtml: {words}\n at [row,col {{unknown-source}}]: [{max(row - 1, 1)},{column}]")


def refuse_nested_macros(root: etree._Element) -> None:
    """The new editor has no place for a macro with a body inside the body of another."""
    for body in root.iter(BODY):
        for outer in body.iterancestors(BODY):
            names = f"{_macro_of(body)} in {_macro_of(outer)}"
            raise bad_request(f"Content body cannot be converted to new editor format: nested bodied macros ({names})")


def _macro_of(body: etree._Element) -> str:
    parent = body.getparent()
    return str(parent.get(NAME, "?")) if parent is not None else "?"


def to_text(root: etree._Element) -> str:
    """The children of the root as Confluence writes them: empty elements as `<br />`."""
    text = etree.tostring(root, encoding="unicode")
    if text.endswith("/>") and len(root) == 0 and not root.text:
        return ""
    text = text[text.index(">") + 1 : text.rindex("</")]
    return _OPAQUE_OR_EMPTY.sub(lambda match: match[1] or " />", text)


def marker_refs(root: etree._Element) -> set[str]:
    return {str(marker.get(REF)) for marker in root.iter(MARKER) if marker.get(REF)}
