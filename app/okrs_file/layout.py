"""Plain values as YAML that people like to read, the same bytes whatever the version of a library.

Everything that a reader of YAML 1.1 or 1.2 could take for something else than a text stands in quotes.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

WIDTH = 120
STEP = 2
INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`")
JOINER = "\u200d"
"""Not printable by itself, and part of many emoji."""
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}

WORDS = "~|null|true|false|yes|no|on|off|y|n|=|<<|[-+]?\\.inf|\\.nan"
NUMBERS = "[-+]?[0-9._][0-9a-fox_.,:+-]*"  # more than are: what 1.1 takes for one is hard to tell
TIMES = "[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?([t \\t].*)?"
NOT_TEXT = re.compile(f"{WORDS}|{NUMBERS}|{TIMES}", re.IGNORECASE)


class Tall(dict[str, object]):
    """A mapping that is never written in one line."""


def document(value: Mapping[str, object], head: str) -> str:
    """The file: `head`, a comment, then each key as a section of its own."""
    sections = ["\n".join(_entry(f"{_key(key)}:", inner, 0)) for key, inner in value.items()]
    return head + "".join(f"\n{section}\n" for section in sections)


def _key(name: str) -> str:
    """As a person writes it: `n` is a name here, whatever YAML 1.1 says."""
    return name if re.fullmatch("[A-Za-z_]+", name) else scalar(name, True)


def scalar(value: object, inside: bool = False) -> str:
    """One value in one line; `inside` braces or brackets, where more has a meaning."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime):
        spec = "microseconds" if value.microsecond else "seconds" if value.second else "minutes"
        return value.isoformat(timespec=spec)
    if isinstance(value, date | int):
        return str(value)
    text = str(value)
    return text if _is_plain(text, inside) else _quoted(text)


def _is_plain(text: str, inside: bool) -> bool:
    return (
        bool(text)
        and text[0] not in INDICATORS
        and text == text.strip()
        and all(map(_is_shown, text))
        and not text.endswith(":")
        and not any(pair in text for pair in (": ", " #"))
        and not (inside and any(sign in text for sign in ",[]{}:?"))
        and not text.startswith("...")
        and not NOT_TEXT.fullmatch(text)
    )


def _is_shown(sign: str) -> bool:
    return sign.isprintable() or sign == JOINER


def _quoted(text: str) -> str:
    return '"' + "".join(ESCAPES.get(sign) or (sign if _is_shown(sign) else _escape(sign)) for sign in text) + '"'


def _escape(sign: str) -> str:
    code = ord(sign)
    return f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}" if code < 0x10000 else f"\\U{code:08X}"


def _in_line(value: object, inside: bool = False) -> str | None:
    """The value in one line; None where that would not be liked."""
    if (value and isinstance(value, Tall)) or (isinstance(value, str) and _is_lines(value)):
        return None
    if isinstance(value, Mapping):
        parts = [(_key(key), _in_line(inner, True)) for key, inner in value.items()]
        return None if any(part is None for _, part in parts) else f"{{{', '.join(f'{k}: {p}' for k, p in parts)}}}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        if any(_has_parts(item) for item in value):
            return None
        return f"[{', '.join(scalar(item, True) for item in value)}]"
    return scalar(value, inside)


def _has_parts(value: object) -> bool:
    return isinstance(value, Mapping | Sequence) and not isinstance(value, str)


def _entry(head: str, value: object, indent: int) -> list[str]:
    """`head` with the value behind it if there is room, else below; `head` stands at `indent`."""
    one = _in_line(value)
    if one is not None and len(head) + 1 + len(one) <= WIDTH:
        return [f"{head} {one}"]
    if isinstance(value, Mapping) and value:
        return [head, *_mapping(value, indent + STEP)]
    if isinstance(value, str):
        return _long(head, value, indent + STEP)
    if isinstance(value, Sequence) and value:
        return [head, *_items(value, indent + STEP)]
    return [f"{head} {one}"]


def _mapping(value: Mapping[str, object], indent: int) -> list[str]:
    pad = " " * indent
    return [line for key, inner in value.items() for line in _entry(f"{pad}{_key(key)}:", inner, indent)]


def _items(value: Iterable[object], indent: int) -> list[str]:
    return [line for item in value for line in _item(item, indent)]


def _item(item: object, indent: int) -> list[str]:
    dash = f"{' ' * indent}-"
    one = _in_line(item)
    if not item or not isinstance(item, Mapping):
        return _entry(dash, item, indent)
    if len(item) > 1 and one is not None and len(dash) + 1 + len(one) <= WIDTH:
        return [f"{dash} {one}"]
    first, *others = _mapping(item, indent + STEP)
    return [f"{dash} {first[indent + STEP :]}", *others]


def _is_lines(text: str) -> bool:
    """Whether it may stand line by line, without any blank that nobody sees."""
    body = text.removesuffix("\n")
    return (
        "\n" in text
        and body != ""
        and body[0] not in " \n"
        and body[-1] != "\n"
        and all(line == line.rstrip(" ") and all(map(_is_shown, line)) for line in body.split("\n"))
    )


def _long(head: str, text: str, indent: int) -> list[str]:
    """A text of several lines as it is, a long line folded where it has blanks."""
    pad = " " * indent
    if _is_lines(text):
        lines = [f"{pad}{line}" if line else "" for line in text.removesuffix("\n").split("\n")]
        return [f"{head} |" if text.endswith("\n") else f"{head} |-", *lines]
    words = text.split(" ")
    if len(words) == 1 or not all(words) or not all(map(_is_shown, text)):
        return [f"{head} {scalar(text)}"]
    return [f"{head} >-", *_folded(words, pad)]


def _folded(words: Iterable[str], pad: str) -> Iterable[str]:
    line = ""
    for word in words:
        if line and len(pad) + len(line) + 1 + len(word) > WIDTH:
            yield pad + line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield pad + line
