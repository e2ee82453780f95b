"""Markup for what stands on a page a thousand times: links, muted words, sentences below each other, without macros.

Macros of Confluence are in templates/confluence/macros.xml.j2; here is plain XHTML, and Jinja's calls cut short.
"""

from collections.abc import Callable, Sequence
from functools import partial

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import Markup, escape

try:  # the same in C, which spares a page two thousand objects
    from markupsafe import _escape_inner as _escape  # type: ignore[attr-defined]
except ImportError:

    def _escape(text: str, /) -> str:
        return str(escape(text))


BREAK = "<br />"
_markup: Callable[[str], Markup] = partial(str.__new__, Markup)  # of text that is plain: no `__html__` to look for


def escaped(value: object) -> str:
    """As `markupsafe.escape`, but for the class of the answer: whoever calls this writes it down at once."""
    if type(value) is str:
        return _escape(value)
    return value if type(value) is Markup else str(escape(value))


class Code(CodeGenerator):
    """Templates write down what they escape; so they need no object of its own for each value."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        super().visit_Template(node, frame)
        self.writeline(f"from {__name__} import {escaped.__name__} as escape")
        self.writeline("from operator import call")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802
        self.write("call(")
        self.visit(node.node, frame)
        self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
        self.write(")")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        self.write("getattr(")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r})")


def muted(words: object) -> Markup:
    return _markup(_muted(words))


def _muted(words: object) -> str:
    return f'<span style="color: rgb(68,84,111);">{escaped(words)}</span>'


def stacked(sentences: Sequence[str]) -> Markup:
    """Sentences below each other, one per language; the first leads."""
    if len(sentences) == 1:
        return _markup(_escape(sentences[0]))
    return _markup(BREAK.join([escaped(sentences[0]), *map(_muted, sentences[1:])]))


def strong_stacked(sentences: Sequence[str]) -> Markup:
    """The same with the first in bold."""
    first = f"<strong>{escaped(sentences[0])}</strong>"
    return _markup(BREAK.join([first, *map(_muted, sentences[1:])]))


def trend(columns: str) -> Markup:
    """Small columns of text: blue, since in the colour of words they read as a bar."""
    return _markup(f'<span style="color: rgb(12,102,228);">{escaped(columns)}</span>')


def is_web_address(url: str | None) -> bool:
    """What may stand in a link; anything else is shown as text."""
    return url is not None and url.startswith(("https://", "http://"))


def link(url: str | None, words: object) -> Markup:
    if not is_web_address(url):
        return _markup(escaped(words))
    return _markup(f'<a href="{escaped(url)}">{escaped(words)}</a>')


def table(head: str, rows: str, inside: bool = False) -> Markup:
    """Of the macro `head` and ready rows, a row a line. `inside` an expander it is as wide as that."""
    layout = "" if inside else ' data-layout="wide"'
    return _markup(f"<table{layout}>{escaped(head)}\n{escaped(rows)}</tbody></table>\n")


PIECES: dict[str, Callable[..., Markup]] = {
    "muted": muted,
    "stacked": stacked,
    "strong_stacked": strong_stacked,
    "trend": trend,
    "link": link,
}
"""What templates call as `m.…` beside the macros."""
