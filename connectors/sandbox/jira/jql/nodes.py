"""The words of a parsed JQL query, and the error for one that cannot be understood."""

from dataclasses import dataclass
from typing import Literal

Operator = Literal["=", "!=", "in", "not in", ">", ">=", "<", "<=", "is", "is not"]

OPPOSITE: dict[Operator, Operator] = {
    "=": "!=",
    "!=": "=",
    "in": "not in",
    "not in": "in",
    ">": "<=",
    ">=": "<",
    "<": ">=",
    "<=": ">",
    "is": "is not",
    "is not": "is",
}


class JqlError(Exception):
    """The query is refused; `messages` are what Jira shows in errorMessages."""

    def __init__(self, *messages: str) -> None:
        super().__init__("; ".join(messages))
        self.messages = list(messages)


@dataclass(frozen=True)
class Value:
    """A literal as written, without its quotes."""

    text: str


@dataclass(frozen=True)
class Function:
    """A function with its literal arguments."""

    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True)
class Empty:
    """The keyword EMPTY (or NULL)."""


Single = Value | Function | Empty


@dataclass(frozen=True)
class Listed:
    """Operands in parentheses."""

    items: tuple[Single, ...]


Operand = Single | Listed


@dataclass(frozen=True)
class Clause:
    """field operator operand"""

    field: str
    operator: Operator
    operand: Operand


@dataclass(frozen=True)
class Both:
    """All (and) or any (or) of the parts."""

    word: Literal["and", "or"]
    parts: "tuple[Node, ...]"


@dataclass(frozen=True)
class Not:
    """The opposite of one part."""

    part: "Node"


Node = Clause | Both | Not


@dataclass(frozen=True)
class Order:
    """One field to sort by."""

    field: str
    descending: bool


@dataclass(frozen=True)
class Query:
    """A whole query. `where` None is an unbounded query."""

    where: Node | None
    order_by: tuple[Order, ...]
