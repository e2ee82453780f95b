"""The tree of a query as `jql/parse` answers it."""

import re

from connectors.sandbox.jira.jql.nodes import Both, Clause, Empty, Function, Listed, Node, Not, Operand, Query
from connectors.sandbox.jira.jql.tokens import RESERVED
from connectors.sandbox.store import Document


def structure(query: Query) -> Document:
    """`where` and `orderBy` of the wire, each left out if the query has none."""
    found: Document = {}
    if query.where is not None:
        found["where"] = _node(query.where)
    if query.order_by:
        found["orderBy"] = {
            "fields": [
                {"field": _field(order.field), "direction": "desc" if order.descending else "asc"}
                for order in query.order_by
            ]
        }
    return found


def _node(node: Node) -> Document:
    if isinstance(node, Clause):
        return {"field": _field(node.field), "operator": node.operator, "operand": _operand(node.operand)}
    if isinstance(node, Not):
        return {"operator": "not", "clauses": [_node(node.part)]}
    assert isinstance(node, Both)
    return {"operator": node.word, "clauses": [_node(part) for part in node.parts]}


def _field(name: str) -> Document:
    return {"name": name, "encodedName": _encoded(name)}


def _operand(operand: Operand) -> Document:
    if isinstance(operand, Empty):
        return {"keyword": "empty"}
    if isinstance(operand, Function):
        called = f"{operand.name}({', '.join(operand.arguments)})"
        return {"function": operand.name, "arguments": list(operand.arguments), "encodedOperand": called}
    if isinstance(operand, Listed):
        return {"values": [_operand(item) for item in operand.items]}
    return {"value": operand.text, "encodedValue": _encoded(operand.text)}


def _encoded(text: str) -> str:
    if re.fullmatch(r"[\w.\-:/+\[\]]+", text) and text.lower() not in RESERVED:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
