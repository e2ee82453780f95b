"""Writing JQL: every name and text is quoted, so that reserved words and quotes do no harm (atlassian.md §2.3)."""

import re
from collections.abc import Iterable

from app.domain.model import Evidence, EvidenceKind

_ORDER_BY = re.compile(r"\border\s+by\b(?=(?:[^\"']|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')*$)", re.IGNORECASE)

_PROJECTS = re.compile(r"\bproject\s*(?:=\s*([\w-]+|\"[^\"]*\"|'[^']*')|in\s*\(([^)]*)\))", re.IGNORECASE)


def quote(text: str) -> str:
    """A JQL string literal."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def one_of(field: str, values: Iterable[str]) -> str:
    """`field in (…)`, sorted, so that the same question is the same text."""
    return f"{field} in ({', '.join(quote(value) for value in sorted(values))})"


def without_order(jql: str) -> str:
    """The query without its ORDER BY, which must not stand inside parentheses."""
    return _ORDER_BY.split(jql, maxsplit=1)[0].strip()


def clause(evidence: Evidence) -> str:
    """The query that shows a person the same issues in Jira. An epic's covers the level right below it."""
    match evidence.kind:
        case EvidenceKind.JQL:
            return without_order(evidence.value)
        case EvidenceKind.KEYS:
            return one_of("key", evidence.value.split())
        case EvidenceKind.PROJECT:
            return f"project = {quote(evidence.value)}"
        case EvidenceKind.LABEL:
            return f"labels = {quote(evidence.value)}"
        case EvidenceKind.EPIC:
            return f"parent = {quote(evidence.value)}"
        case EvidenceKind.LINK:
            return f"issue in linkedIssues({quote(evidence.value)})"


def any_of(clauses: Iterable[str]) -> str:
    """The clauses joined by OR, each in parentheses."""
    return " OR ".join(f"({clause})" for clause in clauses)


def projects_named(jql: str) -> set[str]:
    """Project keys or names after `project =` and `project in (…)`, as far as a look at the text tells."""
    found: set[str] = set()
    for one, several in _PROJECTS.findall(jql):
        found |= {name.strip().strip("\"'").upper() for name in (one or several).split(",")}
    return found - {""}


def changed_since(projects: Iterable[str], epoch_ms: int) -> str:
    """Issues of these projects updated at or after a time; epoch milliseconds, because date literals are read in
    the account's own time zone."""
    return f"{one_of('project', projects)} AND updated >= {epoch_ms} ORDER BY updated ASC, key ASC"
