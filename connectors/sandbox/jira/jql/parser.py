"""Reads JQL text into its tree by recursive descent: OR binds less than AND, AND less than NOT."""

from typing import Literal

from connectors.sandbox.jira.jql.nodes import (
    Both,
    Clause,
    Empty,
    Function,
    JqlError,
    Listed,
    Node,
    Not,
    Operand,
    Operator,
    Order,
    Query,
    Single,
    Value,
)
from connectors.sandbox.jira.jql.tokens import RESERVED, Token, tokens

_SIGNS: dict[str, Operator] = {"=": "=", "!=": "!=", ">": ">", ">=": ">=", "<": "<", "<=": "<="}
MOST_ORDERS = 7


def parse(jql: str) -> Query:
    """The tree of a query. Raises JqlError with Jira's words. Fields and values are not looked up here."""
    return _Parser(tokens(jql)).query()


class _Parser:
    def __init__(self, pieces: list[Token]) -> None:
        self._pieces = pieces
        self._at = 0

    @property
    def _now(self) -> Token:
        return self._pieces[self._at]

    def _take(self) -> Token:
        token = self._now
        if token.kind != "end":
            self._at += 1
        return token

    def query(self) -> Query:
        where = None
        if self._now.kind != "end" and not self._now.is_word("order"):
            where = self._either()
        orders = self._order_by() if self._now.is_word("order") else ()
        if self._now.kind != "end":
            raise self._unexpected("Expecting either 'OR' or 'AND'")
        return Query(where, orders)

    def _either(self) -> Node:
        return self._joined("or", "||")

    def _all(self) -> Node:
        return self._joined("and", "&&")

    def _joined(self, word: Literal["and", "or"], sign: str) -> Node:
        part = self._all if word == "or" else self._one
        parts = [part()]
        while self._now.is_word(word) or (self._now.kind == "sign" and self._now.text in (sign, sign[0])):
            self._take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else Both(word, tuple(parts))

    def _one(self) -> Node:
        if self._now.is_word("not") or self._sign("!"):
            self._take()
            return Not(self._one())
        if self._sign("("):
            self._take()
            inner = self._either()
            self._expect(")")
            return inner
        return self._clause()

    def _clause(self) -> Clause:
        token = self._take()
        if token.kind not in ("word", "quoted"):
            raise self._unexpected("Expecting a field name", token)
        if token.kind == "word":
            self._not_reserved(token)
        operator = self._operator()
        operand = self._list() if operator in ("in", "not in") and self._sign("(") else self._single()
        return Clause(token.text, operator, self._checked(operator, operand))

    def _operator(self) -> Operator:
        token = self._take()
        if token.kind == "sign" and token.text in _SIGNS:
            return _SIGNS[token.text]
        if token.is_word("in"):
            return "in"
        if token.is_word("not") and self._now.is_word("in"):
            self._take()
            return "not in"
        if token.is_word("is"):
            if self._now.is_word("not"):
                self._take()
                return "is not"
            return "is"
        if token.text in ("~", "!~") or token.is_word("was", "changed"):
            raise JqlError(f"The operator '{token.text}' is not supported by this sandbox. {_at(token)}")
        valid = "The valid operators are '=', '!=', '<', '>', '<=', '>=', 'IN', 'NOT IN', 'IS' and 'IS NOT'."
        raise self._unexpected("Expecting operator", token, valid)

    def _checked(self, operator: Operator, operand: Operand) -> Operand:
        if operator in ("is", "is not") and not isinstance(operand, Empty):
            raise JqlError(f"Error in the JQL Query: The operator '{operator}' only takes 'EMPTY' or 'NULL'.")
        if operator in ("in", "not in") and not isinstance(operand, Listed | Function):
            raise JqlError(f"Error in the JQL Query: The operator '{operator}' needs a list in parentheses.")
        return operand

    def _list(self) -> Listed:
        self._take()
        items = [self._single()]
        while self._sign(","):
            self._take()
            items.append(self._single())
        self._expect(")")
        return Listed(tuple(items))

    def _single(self) -> Single:
        token = self._take()
        if token.kind == "quoted":
            return Value(token.text)
        if token.kind != "word":
            raise self._unexpected("Expecting either a value, list or function", token)
        if token.is_word("empty", "null"):
            return Empty()
        if self._sign("("):
            return self._function(token)
        self._not_reserved(token)
        return Value(token.text)

    def _function(self, name: Token) -> Function:
        self._take()
        arguments: list[str] = []
        while not self._sign(")"):
            token = self._take()
            if token.kind not in ("word", "quoted"):
                raise self._unexpected(f"Expecting ')' to end the arguments of '{name.text}'", token)
            arguments.append(token.text)
            if self._sign(","):
                self._take()
        self._take()
        return Function(name.text, tuple(arguments))

    def _order_by(self) -> tuple[Order, ...]:
        self._take()
        if not self._now.is_word("by"):
            raise self._unexpected("Expecting 'BY'")
        self._take()
        orders = [self._order()]
        while self._sign(","):
            self._take()
            orders.append(self._order())
        if len(orders) > MOST_ORDERS:
            raise JqlError(f"The orderBy clause can contain a maximum of {MOST_ORDERS} fields.")
        return tuple(orders)

    def _order(self) -> Order:
        token = self._take()
        if token.kind not in ("word", "quoted"):
            raise self._unexpected("Expecting a field name", token)
        descending = self._now.is_word("desc")
        if self._now.is_word("asc", "desc"):
            self._take()
        return Order(token.text, descending)

    def _sign(self, sign: str) -> bool:
        return self._now.kind == "sign" and self._now.text == sign

    def _expect(self, sign: str) -> None:
        if not self._sign(sign):
            raise self._unexpected(f"Expecting '{sign}'")
        self._take()

    def _not_reserved(self, token: Token) -> None:
        if token.text.lower() in RESERVED:
            raise JqlError(
                f"Error in the JQL Query: '{token.text}' is a reserved JQL word. "
                f"You must surround it in quotation marks to use it in a query. {_at(token)}"
            )

    def _unexpected(self, expecting: str, token: Token | None = None, more: str = "") -> JqlError:
        token = token or self._now
        got = "end of the query" if token.kind == "end" else f"'{token.text}'"
        return JqlError(f"Error in the JQL Query: {expecting} but got {got}. {more}{' ' if more else ''}{_at(token)}")


def _at(token: Token) -> str:
    return f"(line 1, character {token.at})"
