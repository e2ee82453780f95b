"""The kinds of pages and the sections that each has from top to bottom, unless `okrs.yaml` chooses others.

A new kind is an entry here; a new section a file in templates/confluence/sections/ and its name here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.sync_health import SYNC_HEALTH

FIRST = ("trust",)
"""No page goes without: can I trust this?"""
LAST = ("lost_comments", "properties")
"""Nor without these: comments that lost their place, and what reports collect. Neither is seen without a cause."""
NOTES = ("notes", "session_notes", "decisions")
"""What people write. A page has the one of its kind, whatever is chosen: without it, what they wrote would be lost."""


@dataclass(frozen=True)
class PageKind:
    """What a page of this kind is, in a sentence, and its usual sections.

    `about` are the keys of the file that say what it is about (`team`, `cycle`, `objective`); of these `needs` must be
    given, others have a usual value or may be left out. `heads` are the sections that no choice can leave out, at the
    top; `more` are those that may be chosen beside the usual ones. `of_drafts`: published while its cycle is a draft.
    """

    says: str
    sections: tuple[str, ...]
    about: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    heads: tuple[str, ...] = FIRST
    more: tuple[str, ...] = ()
    of_drafts: bool = False

    @property
    def offers(self) -> tuple[str, ...]:
        """The sections that a page of this kind may choose from; what every page has anyhow is not among them."""
        return tuple(dict.fromkeys((*self.sections, *self.more)))


_OF_A_TEAM = frozenset({"team", "cycle"})
_TEAM = ("counts", "news", "objectives", "trend", "kpis", "kpi_history", "alignment", "notes", "history", "legend")

PAGE_KINDS: Mapping[str, PageKind] = {
    "index": PageKind("The top of the tree: all pages and how each stands.", ("pages", "notes", "legend")),
    "cycle": PageKind(
        "A cycle: how it stands as a whole, what needs attention, and its pages.",
        ("counts", "news", "attention", "pages", "notes", "legend"),
        frozenset({"cycle"}),
        more=("history",),
    ),
    "company": PageKind("The organisation in one cycle.", _TEAM, _OF_A_TEAM, more=("attention", "pages")),
    "team": PageKind("A team in one cycle.", _TEAM, _OF_A_TEAM, needs=frozenset({"team"}), more=("attention", "pages")),
    "objective": PageKind(
        "One objective in detail: all its evidence and check-ins, what stands above and below, its whole history.",
        ("objective", "trend", "chain", "news", "notes", "history", "legend"),
        frozenset({"objective"}),
        needs=frozenset({"objective"}),
    ),
    "session": PageKind(
        "The session in which objectives for a cycle are set, in five steps; mostly written by people.",
        ("agenda", "align", "last_results", "session_notes"),
        _OF_A_TEAM,
        more=("legend",),
        of_drafts=True,
    ),
    "close_out": PageKind(
        "The end of a cycle: proposed grades, what changed on the way, what stayed unmeasured, and what people decide.",
        ("grades", "unmeasured", "decisions", "history", "grades_legend"),
        _OF_A_TEAM,
    ),
    "kpi_board": PageKind(
        "All KPIs on one page; it belongs to no cycle.",
        ("kpi_counts", "news", "board", "kpi_history", "notes", "history", "legend"),
    ),
    "archive": PageKind(
        "The closed cycles, each with how it ended; their pages stand below it.",
        ("closed_cycles", "notes", "grades_legend"),
    ),
    SYNC_HEALTH: PageKind(
        "How the service itself fares: everything that failed, and the signs of life; the only page that is written "
        "without news, once an hour.",
        ("sync_sites", "sync_webhooks", "sync_pages", "sync_evidence", "sync_jobs", "notes", "sync_legend"),
        heads=("sync_summary",),
    ),
}
OF_TEAMS = ("company", "team")
"""The kinds that show all objectives of one team in one cycle."""
OF_DRAFTS = frozenset(name for name, kind in PAGE_KINDS.items() if kind.of_drafts)
"""The kinds that are published while their cycle is a draft; others of a draft are never written."""
SECTIONS = tuple(dict.fromkeys(section for kind in PAGE_KINDS.values() for section in kind.offers))
"""All sections that a page can choose from."""


def sections_of(kind: str, chosen: Sequence[str] = ()) -> tuple[str, ...]:
    """What stands on a page of that kind, from top to bottom. KeyError for a kind that is not in the table."""
    of_kind = PAGE_KINDS[kind]
    fixed = {*of_kind.heads, *LAST}
    notes = tuple(one for one in of_kind.sections if one in NOTES and one not in chosen)
    middle = tuple(one for one in (*chosen, *notes) if one not in fixed) if chosen else of_kind.sections
    return (*of_kind.heads, *middle, *LAST)
