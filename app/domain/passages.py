"""Where text stands on a page: paragraphs, headings, list items and table cells, and how to find one again later."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from app.domain.storage import AC, MACRO, MARKER, NAME, PARAMETER, REF, RICH_BODY

_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_CELLS = {"td", "th"}
_INLINE = {"a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "q", "s", "small", "span"} | {
    *("strong", "sub", "sup", "time", "u", MARKER)
}
_TEXT_BLOCKS = (
    _HEADINGS
    | {"p", "li", "pre", "blockquote", "div", "dt", "dd", "caption"}
    | {*("storage", RICH_BODY, f"{{{AC}}}layout-cell", f"{{{AC}}}task-body")}
)
# Stands for the end of a line or block inside a text; Python counts it as space.
_BREAK = "\u2028"
# A figure that stands alone; the digits of `HR-12`, `KR2` and `2026-Q4` are names.
_FIGURE = re.compile(r"(?<![\w-])[-+]?\d[\d.,]*%?(?![\w-])")


@dataclass(frozen=True)
class Piece:
    """One text node: the `text` of `holder`, or its `tail`; `refs` are the comments whose markers it stands in."""

    holder: etree._Element
    is_tail: bool
    text: str
    refs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Passage:
    """One place of running text.

    `name` says which one it is: the first line of the row's first cell for a table cell, else the text itself;
    `column` is the column's heading (or its number, from 0); `whole` is the text of the row or block; `section` the
    heading and titles above.
    """

    element: etree._Element
    kind: str
    name: str
    column: str
    section: str
    whole: str
    order: int

    @property
    def key(self) -> str:
        """The name without its figures, which change from week to week."""
        return without_figures(self.name) or self.name

    @property
    def leads_its_row(self) -> bool:
        """The text is itself what the place is known by."""
        return self.kind != "cell" or self.element.getprevious() is None

    @property
    def pieces(self) -> list[Piece]:
        return list(_pieces(self.element, (), into_blocks=self.kind == "cell"))

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


def plain(text: str) -> str:
    return " ".join(text.split())


def without_figures(text: str) -> str:
    return " ".join(_FIGURE.sub(" ", text).split())


def passages(root: etree._Element) -> list[Passage]:
    """All places with text, in the order of the page. Texts inside parameters and code are not running text."""
    found: list[Passage] = []
    heading = ""
    for element in root.iter(etree.Element):
        if element.tag not in _TEXT_BLOCKS and element.tag not in _CELLS:
            continue
        if next(element.iterancestors("td", "th"), None) is not None:
            continue
        kind = _kind(element)
        text = _text(element, into_blocks=kind == "cell")
        if not text.strip():
            continue
        heading = text if kind == "heading" else heading
        section = plain(" › ".join([*_titles(element), heading])) if kind != "heading" else ""
        name, column, whole = _in_table(element) if kind == "cell" else (plain(text), "", plain(text))
        found.append(Passage(element, kind, name, column, section, whole, len(found)))
    return found


def _kind(element: etree._Element) -> str:
    if element.tag in _HEADINGS:
        return "heading"
    if element.tag in _CELLS:
        return "cell"
    parent = element.getparent()
    # The store may put an item's text into a paragraph.
    return "li" if parent is not None and parent.tag == "li" else str(element.tag)


def _titles(element: etree._Element) -> list[str]:
    return [
        parameter.text or ""
        for macro in element.iterancestors(MACRO)
        for parameter in macro.iterchildren(PARAMETER)
        if parameter.get(NAME) == "title"
    ]


def _in_table(cell: etree._Element) -> tuple[str, str, str]:
    """The row's name, the column's heading and the whole row's text."""
    row = cell.getparent()
    if row is None or row.tag != "tr":
        return plain(_text(cell, into_blocks=True)), "", ""
    texts = [_text(other, into_blocks=True) for other in row]
    column = row.index(cell)
    table = next(row.iterancestors("table"), row)
    top = next(table.iter("tr"), row)
    heads = [plain(_text(head, into_blocks=True)) for head in top if head.tag == "th"]
    named = len(heads) == len(top) and column < len(heads) and heads[column]
    first_line = texts[0].strip().split(_BREAK)[0]
    return plain(first_line), heads[column] if named else str(column), plain(" | ".join(texts))


def _text(element: etree._Element, into_blocks: bool) -> str:
    return "".join(piece.text for piece in _pieces(element, (), into_blocks))


def _pieces(element: etree._Element, refs: tuple[str, ...], into_blocks: bool) -> Iterator[Piece]:
    if element.text:
        yield Piece(element, False, element.text, refs)
    for child in element:
        inner = (*refs, str(child.get(REF))) if child.tag == MARKER and child.get(REF) else refs
        if child.tag in _INLINE:
            yield from _pieces(child, inner, into_blocks)
        elif child.tag == "br" or (isinstance(child.tag, str) and into_blocks and not child.tag.startswith("{")):
            yield Piece(child, False, _BREAK)
            if child.tag != "br":
                yield from _pieces(child, inner, into_blocks)
                yield Piece(child, False, _BREAK)
        if child.tail:
            yield Piece(child, True, child.tail, refs)


def occurrences(text: str) -> re.Pattern[str]:
    """Finds the text with any space between its words; in a look-ahead, so that overlapping ones are all found."""
    words = r"\s+".join(map(re.escape, text.split()))
    return re.compile(f"(?=({words}))")


def same_place(old: Passage, text: str, old_names: set[tuple[str, str]], places: list[Passage]) -> Passage | None:
    """Where `old` stands on the new page: the row or block of that name, else the one whose name differs in figures
    only, else (renamed) one that is new and holds `text`. A place that was another one before is never taken, nor is
    a new one for a mere figure."""
    holds, says_more = occurrences(text), bool(without_figures(text))
    alike = [place for place in places if (place.kind, place.column) == (old.kind, old.column)]
    named = [place for place in alike if place.name == old.name]
    fresh = [place for place in alike if (place.kind, place.name) not in old_names]
    similar = [place for place in fresh if place.key == old.key]
    renamed = [place for place in fresh if old.leads_its_row and says_more and holds.search(place.text)]
    return max(named or similar or renamed, key=lambda place: _likeness(old, place), default=None)


def _likeness(old: Passage, new: Passage) -> tuple[bool, bool, bool, int, int]:
    return (
        old.section == new.section,
        without_figures(old.section) == without_figures(new.section),
        old.whole == new.whole,
        common_start(old.whole, new.whole),
        -abs(old.order - new.order),
    )


def common_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))
