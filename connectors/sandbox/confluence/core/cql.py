"""CQL as far as the sandbox speaks it: clauses joined by AND over a few fields; anything else is refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from connectors.sandbox.confluence.core.refusal import Refused, bad_request

FIELDS = {
    "type": ("=", "in"),
    "space": ("=", "in"),
    "title": ("=", "~"),
    "created": (">", ">=", "<", "<="),
    "creator": ("=", "!="),
    "label": ("=",),
}
"""What each field may be compared with."""
_UNITS = {
    "y": timedelta(days=365),
    "M": timedelta(days=30),
    "w": timedelta(weeks=1),
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}
_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(!=|>=|<=|[=~<>(),])|([^\s"=~<>(),!]+))')


@dataclass(frozen=True)
class Clause:
    """`values` are texts; of `created` the one value is a time, told as its distance from now."""

    field: str
    operator: str
    values: tuple[str, ...] = ()
    moment: timedelta = timedelta(0)


@dataclass(frozen=True)
class Query:
    """All clauses must hold. `order` is `created` or none, `descending` from the newest."""

    clauses: tuple[Clause, ...]
    order: str = ""
    descending: bool = False


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def parse(cql: str) -> Query:
    """Refused (400): it cannot be parsed, or has something that this sandbox does not know."""
    reader = _Reader(list(_tokens(cql)))
    clauses = [_clause(reader)]
    while reader.takes("and"):
        clauses.append(_clause(reader))
    order, descending = _order(reader)
    if reader.left:
        raise _no_such(reader.next().text)
    return Query(tuple(clauses), order, descending)


def _tokens(cql: str) -> Iterator[_Token]:
    at, cql = 0, cql.strip()
    while at < len(cql):
        found = _TOKEN.match(cql, at)
        if found is None:
            raise _no_such(cql[at:])
        at = found.end()
        quoted, sign, word = found.groups()
        if quoted is not None:
            yield _Token("quoted", re.sub(r"\\(.)", r"\1", quoted))
        else:
            yield _Token("sign", sign) if sign else _Token("word", word)


class _Reader:
    """Tokens one after another."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at = tokens, 0

    @property
    def left(self) -> bool:
        return self._at < len(self._tokens)

    def next(self, kind: str = "") -> _Token:
        if not self.left:
            raise bad_request("Could not parse cql: it ends too early")
        token = self._tokens[self._at]
        if kind and token.kind not in kind:
            raise _no_such(token.text)
        self._at += 1
        return token

    def takes(self, text: str) -> bool:
        """Pass the word or sign if it is the next one."""
        fits = self.left and self._tokens[self._at].kind != "quoted" and self._tokens[self._at].text.lower() == text
        self._at += fits
        return fits

    def must(self, text: str) -> None:
        if not self.takes(text):
            raise bad_request(f"Could not parse cql: expected {text}")


def _clause(reader: _Reader) -> Clause:
    field, operator = reader.next("word").text.lower(), reader.next().text.lower()
    if operator not in FIELDS.get(field, ()):
        raise _no_such(f"{field} {operator}")
    if field == "created":
        return Clause(field, operator, moment=_moment(reader))
    if operator != "in":
        return Clause(field, operator, (reader.next("word quoted").text,))
    reader.must("(")
    values = [reader.next("word quoted").text]
    while reader.takes(","):
        values.append(reader.next("word quoted").text)
    reader.must(")")
    return Clause(field, operator, tuple(values))


def _moment(reader: _Reader) -> timedelta:
    """`now()` or `now("-90m")`."""
    reader.must("now")
    reader.must("(")
    shift = "0m" if reader.takes(")") else reader.next("quoted").text
    if shift != "0m":
        reader.must(")")
    found = re.fullmatch(r"([+-]?)(\d+)([yMwdhm])", shift)
    if found is None:
        raise _no_such(f'now("{shift}")')
    return _UNITS[found[3]] * int(found[2]) * (-1 if found[1] == "-" else 1)


def _order(reader: _Reader) -> tuple[str, bool]:
    if not reader.takes("order"):
        return "", False
    reader.must("by")
    reader.must("created")
    descending = reader.takes("desc")
    if not descending:
        reader.takes("asc")
    return "created", descending


def _no_such(text: str) -> Refused:
    return bad_request(f"Could not parse cql: this sandbox does not know {text!r} there")
