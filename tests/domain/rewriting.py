"""What Confluence does to a body when it saves it, written here apart from the sandbox, so that neither flatters us."""

import random
import uuid

from lxml import etree

from app.domain.storage import AC, MACRO, MARKER, NAME, PARAMETER, REF, RI, RICH_BODY, parse, to_text

_BLOCKS = {"p", "h1", "h2", "h3", "li", "td", "th", "tr"}
_HOLDERS = {"storage", "table", "tbody", "tr", "ul", MACRO, RICH_BODY}
_NAMED = {"\u00a0": "&nbsp;", "“": "&ldquo;", "→": "&rarr;", "é": "&#233;", "가": "&#xAC00;"}


def rewritten(body: str, seed: int) -> str:
    """The same page, hardly a byte of it left: ids, order, entities, self-closing, indentation, attributes."""
    rng = random.Random(seed)
    root = parse(body)
    for element in list(root.iter(etree.Element)):
        _identify(element, rng)
        if element.tag == MACRO:
            _shuffle(element, rng)
        if element.tag in _HOLDERS:
            _indent(element, rng)
        _reorder_attributes(element, rng)
    text = to_text(root).replace("<br/>", "<br></br>")
    if "<![CDATA[" not in text:
        for character, entity in _NAMED.items():
            text = text.replace(character, rng.choice([character, entity]))
    return text


def _identify(element: etree._Element, rng: random.Random) -> None:
    fresh = str(uuid.UUID(int=rng.getrandbits(128)))
    if element.tag in _BLOCKS:
        element.set("local-id", fresh)
    if element.tag == "table":
        if "data-layout" not in element.attrib:
            element.set("data-layout", rng.choice(["default", "align-start"]))
        element.set(f"{{{AC}}}local-id", fresh)
    if element.tag == MACRO:
        element.set(f"{{{AC}}}macro-id", fresh)
        element.set(f"{{{AC}}}schema-version", "1")
        element.set(f"{{{AC}}}breakout-mode", "wide")
    if element.tag == f"{{{RI}}}page":
        element.set(f"{{{RI}}}version-at-save", str(rng.randrange(99)))
    if element.tag == f"{{{AC}}}task":
        task_id = etree.Element(f"{{{AC}}}task-uuid")
        task_id.text = fresh
        element.insert(0, task_id)


def _shuffle(macro: etree._Element, rng: random.Random) -> None:
    parameters = [child for child in macro if child.tag == PARAMETER]
    others = [child for child in macro if child.tag != PARAMETER]
    rng.shuffle(parameters)
    macro[:] = parameters + others


def _indent(element: etree._Element, rng: random.Random) -> None:
    gap = rng.choice([None, "\n", "\n    "])
    if not (element.text or "").strip():
        element.text = gap
    for child in element:
        if not (child.tail or "").strip() and (child.get(NAME) != "status"):
            child.tail = gap


def _reorder_attributes(element: etree._Element, rng: random.Random) -> None:
    items = list(element.items())
    rng.shuffle(items)
    element.attrib.clear()
    for name, value in items:
        element.set(name, value)


def commented(body: str, ref: str, words: str, number: int = 0) -> str:
    """The body as stored after somebody commented on the words (the `number`-th text node that holds them)."""
    root = parse(body)
    holders = [node for node in root.iter(etree.Element) if words in (node.text or "") and node.tag != PARAMETER]
    holder = holders[number]
    before, after = str(holder.text).split(words, 1)
    marker = etree.Element(MARKER, {REF: ref})
    marker.text, marker.tail = words, after
    holder.text = before
    holder.insert(0, marker)
    return to_text(root)
