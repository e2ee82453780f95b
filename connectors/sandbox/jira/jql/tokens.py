"""Cuts JQL text into words, quoted strings and signs."""

import re
from dataclasses import dataclass
from typing import Literal

from connectors.sandbox.jira.jql.nodes import JqlError

Kind = Literal["word", "quoted", "sign", "end"]

# the words Jira keeps for itself; used as values they must be quoted
_RESERVED = """
abort access add after alias all alter and any as asc audit avg before begin between boolean break by byte catch
cf char character check checkpoint collate collation column commit connect continue count create current date
decimal declare decrement default defaults define delete delimiter desc difference distinct divide do double
drop else empty encoding end equals escape exclusive exec execute exists explain false fetch field file first
float for from function go goto grant greater group having identified if immediate in increment index initial
inner inout input insert int integer intersect intersection into is isempty isnull join last left less like
limit lock long max min minus mode modify modulo more multiply next noaudit not notin nowait null number object
of on option or order outer output power previous prior privileges public raise raw remainder rename resource
return returns revoke right row rowid rownum rows select session set share size sqrt start strict string
subtract sum synonym table then to trans transaction trigger true uid union unique update user validate values
view when whenever where while with
"""
RESERVED = frozenset(_RESERVED.split())

_CUSTOM = re.compile(r"cf\[\d+\]", re.IGNORECASE)
_SIGN = re.compile(r"!=|>=|<=|!~|&&|\|\||[=<>~!()&|,]")
_WORD = re.compile(r"[^\s=!<>~()\[\]{};,&|\"'?@#$%^*`\\]+")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True)
class Token:
    """A piece of the query; `at` is its position, counted from 1."""

    kind: Kind
    text: str
    at: int

    def is_word(self, *words: str) -> bool:
        """Whether this is one of these unquoted words, in any case."""
        return self.kind == "word" and self.text.lower() in words


def tokens(jql: str) -> list[Token]:
    """The pieces of the query, ending with one of kind `end`. Raises JqlError."""
    found: list[Token] = []
    at = 0
    while at < len(jql):
        if jql[at].isspace():
            at += 1
            continue
        kind, text, end = _next(jql, at)
        found.append(Token(kind, text, at + 1))
        at = end
    return [*found, Token("end", "", len(jql) + 1)]


def _next(jql: str, at: int) -> tuple[Kind, str, int]:
    if jql[at] in "\"'":
        return _quoted(jql, at)
    if custom := _CUSTOM.match(jql, at):
        return "word", custom.group(), custom.end()
    if sign := _SIGN.match(jql, at):
        return "sign", sign.group(), sign.end()
    if word := _WORD.match(jql, at):
        return "word", word.group(), word.end()
    raise JqlError(
        f"Error in the JQL Query: The character '{jql[at]}' is a reserved JQL character. "
        f"You must enclose it in a string or use the escape '\\u{ord(jql[at]):04x}' instead. "
        f"(line 1, character {at + 1})"
    )


def _quoted(jql: str, at: int) -> tuple[Kind, str, int]:
    quote, end = jql[at], at + 1
    while end < len(jql) and jql[end] != quote:
        end += 2 if jql[end] == "\\" else 1
    if end >= len(jql):
        raise JqlError(
            f"Error in the JQL Query: The quoted string '{jql[at + 1 :]}' has not been completed. "
            f"(line 1, character {at + 1})"
        )
    return "quoted", _ESCAPE.sub(_unescape, jql[at + 1 : end]), end + 1


def _unescape(found: re.Match[str]) -> str:
    code = found.group(1)
    return chr(int(code[1:], 16)) if len(code) == 5 else _PLAIN.get(code, code)
