"""JQL, a named subset: parse the text, look its names up, test issues. Whatever it does not know is refused.

Operators = != in, not in > >= < <= is [not] empty, AND OR NOT and parentheses, ORDER BY. Fields are in `fields.py`;
functions linkedIssues, currentUser, now and startOfDay.
"""

from connectors.sandbox.jira.jql.context import Context, context_of
from connectors.sandbox.jira.jql.evaluate import UNBOUNDED, Test, matcher, sort
from connectors.sandbox.jira.jql.nodes import JqlError, Query
from connectors.sandbox.jira.jql.parser import parse
from connectors.sandbox.jira.jql.structure import structure

__all__ = ["UNBOUNDED", "Context", "JqlError", "Query", "Test", "context_of", "matcher", "parse", "sort", "structure"]
