"""Turns a parsed query into a test of one issue: names are looked up once, then every issue is only compared."""

import operator as op
from collections.abc import Callable
from typing import Any

from connectors.sandbox.jira.index import Entry
from connectors.sandbox.jira.jql import dates
from connectors.sandbox.jira.jql.context import Context
from connectors.sandbox.jira.jql.fields import ASSIGNEE, ISSUE, RESOLUTION, Choice, Field, Moment, Number, field
from connectors.sandbox.jira.jql.functions import linked_issues
from connectors.sandbox.jira.jql.nodes import (
    OPPOSITE,
    Both,
    Clause,
    Empty,
    Function,
    JqlError,
    Listed,
    Node,
    Not,
    Operand,
    Query,
    Single,
    Value,
)

Test = Callable[[Entry], bool]

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": op.eq,
    "!=": op.ne,
    ">": op.gt,
    ">=": op.ge,
    "<": op.lt,
    "<=": op.le,
}
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."


def matcher(query: Query, context: Context) -> Test:
    """Whether an issue is found by the query. Raises JqlError for fields, values and functions that do not exist."""
    for order in query.order_by:
        field(order.field)
    if query.where is None:
        return lambda entry: True
    return _test(query.where, context, negated=False)


def sort(entries: list[Entry], query: Query, context: Context) -> list[Entry]:
    """Entries in the order the query asks for, newest issue first without one; empty values come last."""
    entries = sorted(entries, key=lambda entry: -int(entry.issue["id"]))
    for order in reversed(query.order_by):
        rank = _rank(field(order.field), context)
        there = [entry for entry in entries if rank(entry) is not None]
        absent = [entry for entry in entries if rank(entry) is None]
        entries = sorted(there, key=rank, reverse=order.descending) + absent
    return entries


def _rank(asked: Field, context: Context) -> Callable[[Entry], Any]:
    if isinstance(asked, Moment | Number):
        return asked.read
    if asked.ordered:
        return lambda entry: _place(entry.issue["key"])
    return lambda entry: min(asked.read(entry, context), default=None)


def _place(key: str) -> tuple[str, int]:
    project, _, number = key.rpartition("-")
    return project, int(number)


def _test(node: Node, context: Context, *, negated: bool) -> Test:
    """As Jira does, NOT is pushed down to the operators, so that empty fields match neither `= x` nor `NOT = x`."""
    if isinstance(node, Not):
        return _test(node.part, context, negated=not negated)
    if isinstance(node, Both):
        tests = [_test(part, context, negated=negated) for part in node.parts]
        every = (node.word == "and") != negated
        return (lambda e: all(t(e) for t in tests)) if every else (lambda e: any(t(e) for t in tests))
    clause = Clause(node.field, OPPOSITE[node.operator], node.operand) if negated else node
    return _clause(clause, field(clause.field), context)


def _clause(clause: Clause, asked: Field, context: Context) -> Test:
    if isinstance(clause.operand, Empty):
        return _emptiness(clause, asked, context)
    if isinstance(asked, Choice):
        if clause.operator in ("=", "!=", "in", "not in"):
            return _chosen(clause, asked, context)
        if asked.ordered and isinstance(clause.operand, Value):
            return _ordered(clause, clause.operand, context)
        raise _unsupported(clause)
    return _measured(clause, asked, context)


def _emptiness(clause: Clause, asked: Field, context: Context) -> Test:
    if clause.operator not in ("is", "is not", "=", "!="):
        raise _unsupported(clause)
    wanted = clause.operator in ("is", "=")
    if isinstance(asked, Choice):
        return lambda entry: (not asked.read(entry, context)) == wanted
    return lambda entry: (asked.read(entry) is None) == wanted


def _chosen(clause: Clause, asked: Choice, context: Context) -> Test:
    keys = _keys(clause, asked, context)
    positive = clause.operator in ("=", "in")
    unresolved = asked is RESOLUTION and "" in keys

    def test(entry: Entry) -> bool:
        values = asked.read(entry, context)
        if not values:
            # an empty field matches neither = nor !=, but "Unresolved" is the name of an empty resolution
            return unresolved and positive
        return (not keys.isdisjoint(values)) == positive

    return test


def _keys(clause: Clause, asked: Choice, context: Context) -> set[str]:
    keys: set[str] = set()
    for item in _items(clause.operand):
        if isinstance(item, Empty):
            raise JqlError(f"EMPTY is not supported in a list for the field '{asked.name}'. Use 'is EMPTY'.")
        keys |= asked.find(context, item.text) if isinstance(item, Value) else _called(clause, item, asked, context)
    return keys


def _called(clause: Clause, function: Function, asked: Choice, context: Context) -> set[str]:
    name = function.name.lower()
    if name == "linkedissues" and asked is ISSUE:
        if clause.operator not in ("in", "not in"):
            raise JqlError(f"A list of values cannot be used with the operator '{clause.operator}': use 'in'.")
        return linked_issues(function.arguments, context)
    if name == "currentuser" and asked is ASSIGNEE:
        return {context.user["accountId"]} if context.user else set()
    raise JqlError(
        f"Unable to find JQL function '{function.name}({', '.join(function.arguments)})' for '{asked.name}'."
    )


def _ordered(clause: Clause, value: Value, context: Context) -> Test:
    (issue_id,) = ISSUE.find(context, value.text)
    found = context.tracker.issues.get(issue_id)
    assert found is not None
    project, number = _place(found["key"])
    compare = _COMPARE[clause.operator]

    def test(entry: Entry) -> bool:
        own_project, own_number = _place(entry.issue["key"])
        return own_project == project and compare(own_number, number)

    return test


def _measured(clause: Clause, asked: Moment | Number, context: Context) -> Test:
    wanted = [_amount(item, asked, context) for item in _items(clause.operand)]
    if clause.operator in ("in", "not in"):
        positive = clause.operator == "in"
        return lambda entry: (value := asked.read(entry)) is not None and (value in wanted) == positive
    compare = _COMPARE.get(clause.operator)
    if compare is None or isinstance(clause.operand, Listed):
        raise _unsupported(clause)
    return lambda entry: (value := asked.read(entry)) is not None and compare(value, wanted[0])


def _amount(item: Single, asked: Moment | Number, context: Context) -> float:
    if isinstance(item, Value):
        return _moment_or_number(item.text, asked, context)
    if isinstance(item, Function) and isinstance(asked, Moment):
        if item.name.lower() == "now" and not item.arguments:
            return dates.to_ms(context.now)
        if item.name.lower() == "startofday":
            return dates.start_of_day(item.arguments, context.now, context.zone)
    named = item.name if isinstance(item, Function) else "EMPTY"
    raise JqlError(f"Unable to find JQL function '{named}' for the field '{asked.name}'.")


def _moment_or_number(text: str, asked: Moment | Number, context: Context) -> float:
    if isinstance(asked, Moment):
        return dates.moment(text, asked.name, context.now, context.zone)
    try:
        return float(text)
    except ValueError:
        raise JqlError(f"Value '{text}' is invalid for the number field '{asked.name}'.") from None


def _items(operand: Operand) -> tuple[Single, ...]:
    return operand.items if isinstance(operand, Listed) else (operand,)


def _unsupported(clause: Clause) -> JqlError:
    return JqlError(f"The operator '{clause.operator}' is not supported by the '{clause.field}' field.")
