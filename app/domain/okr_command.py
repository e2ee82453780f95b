"""Check-ins in comments: `/okr KR-3 410 c=7 note`, with `blocked: …` on a line below.

A command begins its line; the lines below it, up to the next one, belong to it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from unicodedata import normalize

from app.domain.amounts import NotANumber, leading
from app.domain.lines import N_, Line

EXAMPLE = "/okr KR-3 410 c=7 …"
MOST_CONFIDENT = 10
_COMMAND = re.compile(r"[/／]okr(?:\s+(?P<key>[^\s:,]+)[:,]?)?(?:\s+(?P<rest>.*))?", re.IGNORECASE)
_CONFIDENCE = re.compile(
    r"(?<!\S)(?:c\s*=|(?:conf|confidence|자신감|확신도?|신뢰도)\s*[=:])\s*(?P<value>[^\s,;]+)[,;]?", re.IGNORECASE
)
_OUT_OF_TEN = re.compile(r"(?P<value>[0-9]{1,3})(?:/10|점)?\.?")
_NOTE = re.compile(r"(?:note|메모|노트)\s*[:：]\s*", re.IGNORECASE)
_BLOCKED = re.compile(r"(?:blocked|blockers?|막힘|장애(?:물|\s*요인)?|걸림돌)\s*[:：]\s*(?P<what>.*)", re.IGNORECASE)


class NotUnderstood(ValueError):
    """`line` says what about a command is wrong and how to write it, in the words of the page."""

    def __init__(self, line: Line) -> None:
        super().__init__(line.message)
        self.line = line


@dataclass(frozen=True)
class Command:
    """As it was written: `key` of a key result (or nothing), the `rest` of its line, and the lines `below`."""

    key: str
    rest: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """What a command says of its key result; `value` in the metric's unit."""

    value: Decimal | None
    confidence: int | None
    note: str
    blockers: str


def commands(lines: Iterable[str]) -> tuple[Command, ...]:
    """Those in a comment, in order; what stands above the first one is nobody's."""
    found: list[Command] = []
    for line in (normalize("NFC", one) for one in lines):
        begins = _COMMAND.fullmatch(line)
        if begins is not None:
            found.append(Command(begins["key"] or "", (begins["rest"] or "").strip()))
        elif found:
            found[-1] = Command(found[-1].key, found[-1].rest, (*found[-1].below, line))
    return tuple(found)


def statement(command: Command, unit: str) -> Statement:
    """What it says, its value read in the unit. Raises NotUnderstood."""
    confidence, rest = _confidence(command.rest)
    value, rest = _value(rest, unit)
    note = [_NOTE.sub("", rest.lstrip(" ,;"), count=1)]
    blockers: list[str] = []
    for line in command.below:
        blocked = _BLOCKED.fullmatch(line)
        (blockers if blocked else note).append(blocked["what"] if blocked else line)
    said = Statement(value, confidence, *("\n".join(filter(None, some)) for some in (note, blockers)))
    if said == Statement(None, None, "", ""):
        raise NotUnderstood(
            Line(N_("Nothing is said: write a value, a confidence or a note, like {example}"), {"example": EXAMPLE})
        )
    return said


def _confidence(rest: str) -> tuple[int | None, str]:
    """Anywhere in the line, since people write it at its end as well."""
    found = list(_CONFIDENCE.finditer(rest))
    if not found:
        return None, rest
    number = _OUT_OF_TEN.fullmatch(found[0]["value"])
    if len(found) > 1 or number is None or int(number["value"]) > MOST_CONFIDENT:
        raise NotUnderstood(
            Line(
                N_("“{written}” is no confidence: write a whole number from 0 to 10 once, like c=7."),
                {"written": ", ".join(one[0].strip(" ,;") for one in found)},
            )
        )
    return int(number["value"]), (rest[: found[0].start()] + rest[found[0].end() :]).strip()


def _value(rest: str, unit: str) -> tuple[Decimal | None, str]:
    try:
        return leading(rest, unit)
    except NotANumber as error:
        if unit:
            wrong = N_(
                "“{written}” cannot be read as a value in {unit}: write it like 410, 1,200, 41.5 or 12억. "
                "Before a note that begins with a number write note:"
            )
        else:
            wrong = N_(
                "“{written}” cannot be read as a value: write it like 410, 1,200, 41.5 or 12억. "
                "Before a note that begins with a number write note:"
            )
        raise NotUnderstood(Line(wrong, {"written": str(error), "unit": unit})) from None
