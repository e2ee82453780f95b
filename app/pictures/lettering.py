"""Letters in pictures: the fonts that come with the product, and texts cut to the room there is."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

from app.errors import Unfitting

FONTS = Path(__file__).parent / "pretendard-1.3.9"
REGULAR, STRONG = "Regular", "SemiBold"
MISSING = "□"
"""Stands for characters that the fonts do not have."""
MOST_CHARACTERS = 300
ELLIPSIS = "…"

Font = ImageFont.FreeTypeFont


@cache
def font(weight: str, size: int) -> Font:
    """Pretendard, `size` in pixels. Without a layout engine of its own, texts are the same on every machine."""
    path = FONTS / f"Pretendard-{weight}.woff2"
    try:
        return ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
    except OSError as error:
        raise Unfitting(
            f"Pictures cannot be drawn: Pillow cannot read the font {path.name} ({error}).",
            "Install Pillow as its project built it (it reads WOFF2), or set PLAINSIGHT_PICTURES=false.",
        ) from None


@lru_cache(maxsize=1024)
def clean(text: str) -> str:
    """The text without what cannot be drawn: control and format characters, and those that the font does not have."""
    composed = unicodedata.normalize("NFC", text[: 4 * MOST_CHARACTERS])
    spoken = re.sub(f"{MISSING}+", MISSING, "".join(_drawable(one) for one in composed))
    return " ".join(spoken.split())[:MOST_CHARACTERS]


@lru_cache(maxsize=8192)
def _drawable(character: str) -> str:
    if character.isspace():
        return " "
    if unicodedata.category(character).startswith(("C", "M")):
        return ""
    return character if _shape(character) != _shape("\U0010ffff") else MISSING


def _shape(character: str) -> bytes:
    return bytes(font(REGULAR, 28).getmask(character))


@lru_cache(maxsize=8192)
def width(text: str, face: Font) -> float:
    return face.getlength(text)


def cut(text: str, face: Font, room: float) -> str:
    """The text, or as much of its start as there is room for, and an ellipsis."""
    if width(text, face) <= room:
        return text
    kept = len(text)
    while kept and width(text[:kept].rstrip() + ELLIPSIS, face) > room:
        kept -= 1
    return text[:kept].rstrip() + ELLIPSIS


def wrap(text: str, face: Font, room: float, most: int) -> tuple[str, ...]:
    """At most so many lines, broken at blanks where that is possible; the last one is cut."""
    lines: list[str] = []
    rest = text
    while len(lines) < most - 1 and width(rest, face) > room:
        taken = _fits(rest, face, room)
        blank = rest.rfind(" ", 0, taken + 1)
        at = blank if blank > taken // 2 else taken
        lines.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return (*lines, cut(rest, face, room))


def _fits(text: str, face: Font, room: float) -> int:
    """How many characters of the text fit, one at least."""
    count = 1
    while count < len(text) and width(text[: count + 1], face) <= room:
        count += 1
    return count
