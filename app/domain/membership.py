"""Which issues are evidence, as far as that can be told from the issues themselves; queries are asked of Jira."""

from collections.abc import Mapping

from app.domain.model import Evidence, EvidenceKind, Issue

LOCAL = frozenset(EvidenceKind) - {EvidenceKind.JQL}
_OPPOSITE = {"inward": "outward", "outward": "inward"}


def linked_ids(evidence: Evidence, anchor: Issue) -> set[str]:
    """Ids of the issues that hang on the issue which stands for the key result, by link type and direction."""
    return {
        link.other_id
        for link in anchor.links
        if evidence.link_type in (None, link.type_id) and evidence.direction in ("both", link.direction)
    }


def is_member(evidence: Evidence, issue: Issue, known: Mapping[str, Issue], was: bool) -> bool:
    """Whether an issue is evidence by its own state.

    `known` holds issues by id, to climb from an issue to the epic above it; `was` whether it has been evidence so
    far: an issue named by its key stays evidence when it is moved and its key changes.
    """
    match evidence.kind:
        case EvidenceKind.KEYS:
            return was or issue.key.upper() in evidence.value.upper().split()
        case EvidenceKind.PROJECT:
            return issue.project.upper() == evidence.value.upper()
        case EvidenceKind.LABEL:
            return evidence.value in issue.labels
        case EvidenceKind.EPIC:
            return _is_below(issue, evidence.anchor_id, known)
        case EvidenceKind.LINK:
            return any(
                link.other_id == evidence.anchor_id
                and evidence.link_type in (None, link.type_id)
                and evidence.direction in ("both", _OPPOSITE.get(link.direction))
                for link in issue.links
            )
        case EvidenceKind.JQL:
            return was


def _is_below(issue: Issue, anchor_id: str | None, known: Mapping[str, Issue]) -> bool:
    seen: set[str] = set()
    above = issue.parent_id
    while above and above not in seen:
        if above == anchor_id:
            return True
        seen.add(above)
        above = known[above].parent_id if above in known else None
    return False
