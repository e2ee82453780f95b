"""What a comment in storage format says, line by line, as its reader sees it."""

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from app.domain.storage import AC, MACRO, NAME, PARAMETER, PLAIN_BODY, RI, parse

LINE = "\n"
_ENDS_LINES = {
    "p",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "td",
    "th",
    "tr",
    "div",
    "pre",
    "hr",
    "br",
} | {f"{{{AC}}}{name}" for name in ("task", "task-body", "rich-text-body", "layout-cell")}
_NOT_SAID = {
    "blockquote",
    "code",
    "del",
    "pre",
    "s",
    "strike",
    PARAMETER,
    PLAIN_BODY,
    etree.Comment,
    etree.ProcessingInstruction,
} | {f"{{{AC}}}{name}" for name in ("image", "placeholder", "task-id", "task-uuid", "task-status", "adf-extension")}
"""Quoted, struck out, shown as code, or never shown."""
_STRUCK_OUT = re.compile(r"text-decoration[^;]*line-through", re.IGNORECASE)
"""How Confluence's own document of the format writes what is struck out: as the style of a span."""
_LINK, _EMOTICON = f"{{{AC}}}link", f"{{{AC}}}emoticon"
_USER_IDS = (f"{{{RI}}}account-id", f"{{{RI}}}userkey")
_NAMES = (f"{{{RI}}}content-title", f"{{{RI}}}filename", f"{{{RI}}}value", f"{{{RI}}}space-key")


def lines(body: str, people: Mapping[str, str]) -> tuple[str, ...]:
    """The lines that are not empty, each with single blanks. `people`: names by account id (Data Center: user key), for
    mentions. Invalid: not storage format."""
    told = "".join(_inside(parse(body), people)).split(LINE)
    return tuple(line for line in (" ".join(one.split()) for one in told) if line)


def _inside(element: etree._Element, people: Mapping[str, str]) -> Iterator[str]:
    """Line breaks of the markup itself are blanks."""
    yield _flat(element.text)
    for child in element:
        ends = child.tag in _ENDS_LINES
        yield LINE if ends else ""
        yield from _said(child, people)
        yield LINE if ends else ""
        yield _flat(child.tail)


def _flat(text: str | None) -> str:
    return (text or "").replace(LINE, " ")


def _said(element: etree._Element, people: Mapping[str, str]) -> Iterator[str]:
    if element.tag in _NOT_SAID or _STRUCK_OUT.search(element.get("style", "")):
        return
    if element.tag == MACRO and element.get(NAME) == "quote":
        return
    if element.tag == _LINK:
        yield _link(element, people)
    elif element.tag == "time":
        yield element.get("datetime", "")
    elif element.tag == _EMOTICON:
        yield element.get(f"{{{AC}}}emoji-fallback", "")
    elif element.tag == MACRO and element.get(NAME) == "status":
        yield "".join(str(one.text or "") for one in element.findall(PARAMETER) if one.get(NAME) == "title")
    else:
        yield from _inside(element, people)


def _link(link: etree._Element, people: Mapping[str, str]) -> str:
    """A mention by name, else the words of the link, else the name of what it leads to."""
    aims = [child for child in link if str(child.tag).startswith(f"{{{RI}}}")]
    for aim in aims:
        known = [value for value in (aim.get(name) for name in _USER_IDS) if value]
        if known:
            return "@" + people.get(known[0], "…")
    words = "".join("".join(map(str, child.itertext())) for child in link if child not in aims)
    named = (value for aim in aims for value in (aim.get(name) for name in _NAMES) if value)
    return _flat(words) or next(named, "")
