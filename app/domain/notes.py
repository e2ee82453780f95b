"""The notes zone: the part of a page, between two anchors, that belongs to people and is never rewritten by us."""

import re
from html import unescape
from typing import NamedTuple

from app.errors import Invalid

NOTES_BEGIN = "plainsight-notes-begin"
NOTES_END = "plainsight-notes-end"

# A `<` in well-formed XML always opens markup, outside of these:
_OPAQUE = r"<!\[CDATA\[.*?\]\]>|<!--.*?-->|<\?.*?\?>"
_REST = r"""(?:[^>"']|"[^"]*"|'[^']*')*"""
_ANCHOR = re.compile(
    rf"""{_OPAQUE}|<ac:structured-macro\s(?=(?:[^>"']|"[^"]*"|'[^']*')*?\bac:name\s*=\s*["']anchor["'])"""
    rf"""{_REST}(?<!/)>(?P<inside>.*?)</ac:structured-macro\s*>""",
    re.DOTALL,
)
_TAG = re.compile(rf"{_OPAQUE}|<(?P<close>/?)(?P<name>[^\s>/]+){_REST}>", re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]*>")


class Parts(NamedTuple):
    """A stored body in three; joined again they are the body, byte for byte."""

    before: str
    notes: str
    after: str


class _Loose(NamedTuple):
    """Tags of a fragment without their counterparts: closing ones at its start, opening ones at its end."""

    closing: tuple[str, ...]
    opening: tuple[str, ...]

    def names(self) -> list[list[str]]:
        return [[re.split(r"[\s>]", tag.strip("</"))[0] for tag in tags] for tags in self]


def split(body: str) -> Parts | None:
    """What stands between the end of the first anchor's macro and the start of the second's; where the anchors have
    a paragraph each, the notes begin with its `</p>` and end with a `<p>`. None unless each anchor stands exactly
    once and in order."""
    anchors = [(_label(match), match) for match in _ANCHOR.finditer(body) if match["inside"] is not None]
    ours = [(label, match) for label, match in anchors if label in (NOTES_BEGIN, NOTES_END)]
    if [label for label, _ in ours] != [NOTES_BEGIN, NOTES_END]:
        return None
    start, end = ours[0][1].end(), ours[1][1].start()
    return Parts(body[:start], body[start:end], body[end:])


def _label(anchor: re.Match[str]) -> str:
    return unescape(_ANY_TAG.sub("", anchor["inside"])).strip()


def replace(new_body: str, notes: str) -> str:
    """The new body with these notes (from `split`) in its notes zone, byte for byte.

    Where the new body's anchors stand in other blocks than the stored ones, the stored block's own two tags give way.
    Invalid if the new body has no notes zone, or the notes do not fit into it.
    """
    parts = split(new_body)
    if parts is None:
        raise Invalid(
            "The new body has no notes zone: each of its two anchors must stand in it exactly once, in order."
        )
    stored, ours = _loose(notes), _loose(parts.notes)
    if stored.names() != ours.names():
        notes = "".join(ours.closing) + _inner(notes, stored) + "".join(ours.opening)
    return parts.before + notes + parts.after


def without(body: str) -> str:
    """The body with nothing in its notes zone, still well formed; a body without the zone stays as it is."""
    parts = split(body)
    if parts is None:
        return body
    loose = _loose(parts.notes)
    return parts.before + "".join(loose.closing) + "".join(loose.opening) + parts.after


def _loose(fragment: str) -> _Loose:
    closing: list[str] = []
    opening: list[str] = []
    for match in _TAG.finditer(fragment):
        if match["name"] is None or match[0].endswith("/>"):
            continue
        if not match["close"]:
            opening.append(match[0])
        elif opening:
            opening.pop()
        else:
            closing.append(match[0])
    return _Loose(tuple(closing), tuple(opening))


def _inner(notes: str, loose: _Loose) -> str:
    head, tail = "".join(loose.closing), "".join(loose.opening)
    if not (notes.startswith(head) and notes.endswith(tail)):
        raise Invalid("The notes run into the paragraphs of their anchors; move them into paragraphs of their own.")
    return notes[len(head) : len(notes) - len(tail)]
