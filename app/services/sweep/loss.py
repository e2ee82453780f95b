"""What a sweep no longer finds, and whether that is too much at once to be believed (atlassian.md §2.1)."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.model import Evidence, EvidenceKind
from app.services.sweep.look import Before

A_FEW = 10
"""So many issues may be gone at once before anybody is asked."""


@dataclass(frozen=True)
class Loss:
    """What Jira no longer shows: `lost` issues out of `visible` ones, and queries that `emptied`, with how many issues
    they had. If that is too much at once to be believed, and nobody accepted it, it is kept back."""

    lost: set[str]
    visible: set[str]
    emptied: Mapping[Evidence, set[str]]
    accepted: bool

    @property
    def is_too_much(self) -> bool:
        return len(self.lost) > A_FEW and 2 * len(self.lost) > len(self.visible)

    def keeps_back(self, item: Evidence) -> bool:
        return item in self.emptied and not self.accepted

    @property
    def to_hide(self) -> set[str]:
        if self.accepted:
            return self.lost
        return set() if self.is_too_much else self.lost.difference(*self.emptied.values())

    @property
    def alarm(self) -> str:
        """One sentence or none."""
        told = [f"{len(self.lost)} of {len(self.visible)} issues are no longer shown"] if self.is_too_much else []
        told += [
            f"the query of {item.key_result_id}, which had {len(had)} issues, finds none"
            for item, had in self.emptied.items()
        ]
        if not told or self.accepted:
            return ""
        return (
            f"Much is gone from Jira at once: {'; '.join(told)}. Did the account lose a right? "
            "Nothing of that was taken over; the values stay as they were."
        )


def loss_of(stored: Before, matching: Mapping[str, set[str]], found: set[str], accepted: bool) -> Loss:
    """`matching` are the ids that queries find now, by evidence; `found` the issues that Jira shows.

    A query that finds none while Jira shows its issues has moved on, as `openSprints()` does; unless no query finds
    anything any more."""
    visible = stored.visible
    queried = [item for item in stored.evidence if item.kind is EvidenceKind.JQL and item.id in matching]
    had = {item: issues for item in queried if (issues := stored.members[item.id] & visible)}
    none_finds = len(had) > 1 and not any(matching[item.id] for item in had) and sum(map(len, had.values())) > A_FEW
    emptied = {
        item: issues
        for item, issues in had.items()
        if none_finds or (not matching[item.id] and len(issues) > A_FEW and 2 * len(issues - found) > len(issues))
    }
    return Loss(visible - found, visible, emptied, accepted)
