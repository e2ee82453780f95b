"""The function linkedIssues: the issues linked to one issue, of one kind and direction if it is named."""

from connectors.sandbox.jira.catalogue import LINK_TYPES
from connectors.sandbox.jira.jql.context import Context
from connectors.sandbox.jira.jql.nodes import JqlError


def linked_issues(arguments: tuple[str, ...], context: Context) -> set[str]:
    """Ids of the issues that the index knows as linked.

    The second argument is `blocks` (what the issue blocks), `is blocked by` (what blocks it), or the type's name as
    it is written, `Blocks` (both).
    Raises JqlError for an issue that is not there or a link type that does not exist.
    """
    if len(arguments) not in (1, 2):
        raise JqlError(
            f"Function 'linkedIssues' expected between '1' and '2' arguments but received '{len(arguments)}'."
        )
    issue = context.issue(arguments[0])
    if issue is None:
        raise JqlError(f"Issue '{arguments[0]}' could not be found in function 'linkedIssues'.")
    wanted = _directions(arguments[1]) if len(arguments) == 2 else None
    entry = context.tracker.index.get(issue["id"])
    ends = entry.links if entry else ()
    return {end.other for end in ends if wanted is None or (end.type, end.outward) in wanted}


def _directions(text: str) -> set[tuple[str, bool]]:
    wanted = text.lower()
    found: set[tuple[str, bool]] = set()
    for kind in LINK_TYPES:
        named = text == kind.name
        if named or wanted == kind.outward.lower():
            found.add((kind.id, True))
        if named or wanted == kind.inward.lower():
            found.add((kind.id, False))
    if not found:
        raise JqlError(f"Issue link type '{text}' could not be found in function 'linkedIssues'.")
    return found
