"""Inline comments: their markers are carried from the stored body into a new one, or named as lost."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from app.domain import notes
from app.domain.passages import Passage, Piece, common_start, occurrences, passages, plain, same_place
from app.domain.storage import MARKER, REF, parse, to_text

_NEARBY = 40


class Marker(NamedTuple):
    """A commented text: the comment's reference, the text, and in words where it stands (`section › row`)."""

    ref: str
    text: str
    context: str


@dataclass(frozen=True)
class LostComment:
    """A comment whose text is gone from its place; the comment itself still exists in the wiki, unanchored."""

    ref: str
    text: str
    context: str


@dataclass(frozen=True)
class _Span:
    """The text from `start` to `end` of a passage that carries one comment."""

    ref: str
    place: Passage
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.place.text[self.start : self.end]


def markers(stored_body: str) -> tuple[Marker, ...]:
    """Every comment that is anchored in the body, once each, in the order of the page; also those in the notes."""
    return _markers(parse(stored_body))


def _markers(root: etree._Element) -> tuple[Marker, ...]:
    if next(root.iter(MARKER), None) is None:
        return ()
    context = {span.ref: _context(span.place) for span in reversed(_spans(passages(root)))}
    texts: dict[str, str] = {}
    for element in root.iter(MARKER):
        ref = element.get(REF)
        if ref:
            texts[ref] = texts.get(ref, "") + "".join(map(str, element.itertext()))
    return tuple(Marker(ref, " ".join(text.split()), context.get(ref, "")) for ref, text in texts.items())


def _context(place: Passage) -> str:
    words = place.name if place.kind in ("cell", "heading") else ""
    return " › ".join(part for part in (place.section, words) if part)


def carry(stored_body: str, new_body: str) -> tuple[str, tuple[LostComment, ...]]:
    """The new body with the stored body's comment markers around the same texts in the same rows and paragraphs.

    Comments inside the notes zone are left to `notes.replace`, if both bodies have the zone. Without comments the new
    body comes back as it is, byte for byte. Invalid if a body is not well formed.
    """
    zone = notes.split(new_body)
    if zone and notes.split(stored_body):
        stored_body = notes.without(stored_body)
    stored = parse(stored_body)
    wanted = _markers(stored)
    if not wanted:
        return new_body, ()
    root = parse(notes.without(new_body))
    anchored = _anchor_all(stored, root)
    lost = tuple(LostComment(*marker) for marker in wanted if marker.ref not in anchored)
    body = to_text(root)
    return (notes.replace(body, zone.notes) if zone else body), lost


def _anchor_all(stored: etree._Element, root: etree._Element) -> set[str]:
    old, new = passages(stored), passages(root)
    old_names = {(place.kind, place.name) for place in old}
    anchored = set()
    for span in _spans(old):
        place = same_place(span.place, span.text, old_names, new) if span.text.strip() else None
        where = _occurrence(span, place) if place else None
        if place and where and _wrap(place, span.ref, *where):
            anchored.add(span.ref)
    return anchored


def _spans(places: list[Passage]) -> list[_Span]:
    """A comment over formatted text has several markers with one ref; over several paragraphs, a span in each."""
    spans = []
    for place in places:
        ends: dict[str, tuple[int, int]] = {}
        for start, piece in _offsets(place.pieces):
            for ref in piece.refs:
                ends[ref] = (ends.get(ref, (start, 0))[0], start + len(piece.text))
        spans += [_Span(ref, place, *limits) for ref, limits in ends.items()]
    return spans


def _offsets(pieces: list[Piece]) -> Iterator[tuple[int, Piece]]:
    start = 0
    for piece in pieces:
        yield start, piece
        start += len(piece.text)


def _occurrence(span: _Span, place: Passage) -> tuple[int, int] | None:
    """Which of several occurrences: the one whose neighbourhood is most alike, then the one of the same number."""
    old, new, pattern = span.place.text, place.text, occurrences(span.text)
    number = sum(match.start() < span.start for match in pattern.finditer(old))

    def likeness(candidate: tuple[int, re.Match[str]]) -> tuple[int, int]:
        index, match = candidate
        before = common_start(_before(old, span.start), _before(new, match.start(1)))
        after = common_start(_after(old, span.end), _after(new, match.end(1)))
        return before + after, -abs(index - number)

    best = max(enumerate(pattern.finditer(new)), key=likeness, default=None)
    return best[1].span(1) if best else None


def _before(text: str, at: int) -> str:
    """What stands before, from near to far."""
    return plain(text[max(at - _NEARBY, 0) : at])[::-1]


def _after(text: str, at: int) -> str:
    return plain(text[at : at + _NEARBY])


def _wrap(place: Passage, ref: str, start: int, end: int) -> bool:
    """Put a marker around each text node's share, so that no marker ever crosses a tag. False if there was none."""
    shares = []
    for offset, piece in _offsets(place.pieces):
        first, last = max(start - offset, 0), min(end - offset, len(piece.text))
        if first < last and piece.text[first:last].strip():
            shares.append((piece, first, last))
    for piece, first, last in reversed(shares):
        _wrap_share(piece, ref, first, last)
    return bool(shares)


def _wrap_share(piece: Piece, ref: str, first: int, last: int) -> None:
    marker = etree.Element(MARKER, {REF: ref})
    marker.text, marker.tail = piece.text[first:last], piece.text[last:]
    if not piece.is_tail:
        piece.holder.text = piece.text[:first]
        piece.holder.insert(0, marker)
        return
    parent = piece.holder.getparent()
    if parent is None:
        raise ValueError("a root has no tail")
    piece.holder.tail = piece.text[:first]
    parent.insert(parent.index(piece.holder) + 1, marker)
