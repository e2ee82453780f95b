"""A number as people write it in Korean and English: with separators, signs of currencies, units, 만 and 억.

A unit that people write in other ways than its name is one entry in `UNIT_WORDS`.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

COUNTED = ("건", "개", "명", "회", "번", "곳", "팀")
UNIT_WORDS: Mapping[str, tuple[str, ...]] = {
    "": COUNTED,
    "count": COUNTED,
    "%": ("%", "퍼센트", "percent"),
    "pp": ("%p", "%포인트", "pp"),
    "KRW": ("원",),
    "USD": ("달러", "dollars"),
    "EUR": ("유로", "euros"),
    "JPY": ("엔", "yen"),
    "GBP": ("파운드", "pounds"),
    "minutes": ("분", "min", "minute", "minutes"),
    "hours": ("시간", "h", "hour", "hours"),
    "days": ("일", "day", "days"),
    "weeks": ("주", "week", "weeks"),
    "months": ("개월", "달", "month", "months"),
    "rank": ("위", "등"),
}
SYMBOLS = {"₩": "KRW", "$": "USD", "€": "EUR", "¥": "JPY", "£": "GBP", "#": "rank"}
STEPS = {"조": 10**12, "억": 10**8, "만": 10**4, "k": 10**3, "K": 10**3, "M": 10**6, "B": 10**9}
SMALL_STEPS = {"천": 1000, "백": 100, "십": 10}
_WIDE = str.maketrans("０１２３４５６７８９，．％－＋", "0123456789,.%-+")
_BEGINS = re.compile(r"[-−+]?[₩$€¥£#]?[-−+]?\.?[0-9]")
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_SIGNED = re.compile(r"(?P<minus>[-−])?(?P<symbol>[₩$€¥£#])?(?P<late_minus>[-−])?")
_PIECE = re.compile(rf"(?P<number>{_NUMBER})(?P<step>[십백천]?[만억조]|[백천]|[kKMB])?")
_ENDS = r"(?=$|\s|[,.;:!?)](?:\s|$))"
_SCALED_UNIT = re.compile(r"[조억만천백]|thousand|million|billion", re.IGNORECASE)


class NotANumber(ValueError):
    """What stands there begins like a number and is none in this unit; the text is as it was written."""


def leading(text: str, unit: str) -> tuple[Decimal | None, str]:
    """The amount that the text begins with, in the unit, and what stands behind it; None: it begins with no number.

    `1,200`, `41.5%`, `₩3,000`, `12억`, `1억 2,000만원`, `1.2M`, `−3`. 만, 억, k and M multiply, unless the unit itself
    counts in such steps (`12억` in the unit `억원` is 12). NotANumber: another unit, a decimal comma, `+5`, `3-4`, …"""
    text = text.translate(_WIDE)
    if not _BEGINS.match(text):
        return None, text
    opening = _SIGNED.match(text)
    assert opening is not None  # all of it is optional
    if opening["symbol"] and SYMBOLS[opening["symbol"]] != unit:
        raise NotANumber(_word(text))
    value, rest = _value(text, opening.end(), unit)
    return (-value if opening["minus"] or opening["late_minus"] else value), rest


def _value(text: str, at: int, unit: str) -> tuple[Decimal, str]:
    """With the unit's own word right behind the first number, if that reads so; else with all its pieces."""
    first = _PIECE.match(text, at)
    if first is None:
        raise NotANumber(_word(text))
    unscaled = _behind(text, first.end("number"), unit)
    if unscaled is not None:
        return _decimal(first["number"]), text[unscaled:]
    whole, end = _scaled(text, at, unit)
    behind = _behind(text, end, unit)
    if behind is None:
        raise NotANumber(_word(text))
    return whole, text[behind:]


def _scaled(text: str, at: int, unit: str) -> tuple[Decimal, int]:
    """`1억 2,000만`: pieces whose steps become smaller."""
    whole, before, end = Decimal(0), None, at
    while (piece := _PIECE.match(text, at)) is not None:
        step = _step(piece["step"] or "")
        if step > 1 and (_SCALED_UNIT.search(unit) or (before is not None and step >= before)):
            raise NotANumber(_word(text))
        if before is not None and step == 1 and at > end:
            break
        whole, before, end = whole + _decimal(piece["number"]) * step, step, piece.end()
        at = end + 1 if text[end : end + 1] == " " else end
    return whole, end


def _step(written: str) -> int:
    """`천만`: a thousand times ten thousand."""
    step = 1
    for sign in written:
        step *= STEPS.get(sign) or SMALL_STEPS[sign]
    return step


def _behind(text: str, at: int, unit: str) -> int | None:
    """Where the amount ends, its unit's word included; None: something else is stuck to it, or another unit."""
    mine = {unit.replace(" ", ""), unit.removesuffix("원"), *UNIT_WORDS.get(unit, ())}
    told = "|".join(_escaped(mine, r"\s*"))
    found = re.compile(rf"(?:\s*(?:{told}))?{_ENDS}", re.IGNORECASE).match(text, at)
    if found is None or _GOES_ON.match(text, found.end()) or (found.end() == at and _OTHER_UNIT.match(text, at)):
        return None
    return found.end()


def _escaped(words: Iterable[str], between: str = "") -> list[str]:
    """As patterns, the longest first."""
    return [between.join(map(re.escape, word)) for word in sorted(words, key=len, reverse=True) if word]


_OTHER_UNIT = re.compile(
    rf"\s+(?:{'|'.join(_escaped({word for words in UNIT_WORDS.values() for word in words}))}){_ENDS}", re.IGNORECASE
)
"""`7 days` where percentages are measured is no 7 %."""
_GOES_ON = re.compile(
    rf"\s*(?:→|⇒|->|=>|~|～)|\s+(?:{_NUMBER}\s*)?(?:[십백천]?[만억조]|[백천]|[kKMB]|(?i:thousand|million|billion))"
    rf"(?:{'|'.join(_escaped({word for words in UNIT_WORDS.values() for word in words}))})?{_ENDS}"
)
"""`3 만원` is not 3, `1억 2,000 만원` not 1억, and `10 → 7` says two numbers."""


def _decimal(written: str) -> Decimal:
    return Decimal(written.replace(",", ""))


def _word(text: str) -> str:
    return text.split(maxsplit=1)[0]
