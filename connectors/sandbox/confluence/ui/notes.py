"""The part of a page between two anchors whose names speak of notes: what a person may edit without the rest."""

from lxml import etree

from connectors.sandbox.confluence.core.storage import MACRO, NAME, Root, parse, to_text
from connectors.sandbox.confluence.ui.view import parameter


def _edges(root: Root) -> list[int]:
    """Where among the top blocks the notes anchors stand."""
    return [
        index
        for index, block in enumerate(root)
        if any(macro.get(NAME) == "anchor" and "notes" in parameter(macro, "").lower() for macro in block.iter(MACRO))
    ]


def notes_of(body: str) -> str | None:
    """Their storage format, or None if the page has no notes zone."""
    root = parse(body)
    edges = _edges(root)
    if len(edges) != 2:
        return None
    zone = parse("")
    zone.extend(list(root)[edges[0] + 1 : edges[1]])
    return to_text(zone)


def readable(body: str) -> str:
    """For the form: a top block a line, without the ids that a save renews anyway."""
    root = parse(body)
    for element in root.iter(etree.Element):
        for name in [name for name in element.attrib if etree.QName(name).localname == "local-id"]:
            del element.attrib[name]
    for block in root:
        block.tail = block.tail or "\n"
    return to_text(root)


def with_notes(body: str, notes: str) -> str:
    root, zone = parse(body), parse(notes)
    first, last = _edges(root)
    blocks = list(zone)
    if zone.text and zone.text.strip():
        paragraph = etree.Element("p")
        paragraph.text = zone.text
        blocks.insert(0, paragraph)
    root[first + 1 : last] = blocks
    return to_text(root)
