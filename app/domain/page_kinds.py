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


@dataclass(frozen=True)
class PageKind:
    """What a page of this kind is, in a sentence, and its usual sections. `about` tells what it must name in the file:
    a `team`, a `cycle`, an `objective`. `heads` are the sections that no choice can leave out, at the top."""

    says: str
    sections: tuple[str, ...]
    about: frozenset[str] = frozenset()
    heads: tuple[str, ...] = FIRST


_OF_A_TEAM = frozenset({"team", "cycle"})
_TEAM = ("counts", "news", "objectives", "kpis", "alignment", "notes", "history", "legend")

PAGE_KINDS: Mapping[str, PageKind] = {
    "index": PageKind(
        "The top of the tree: all pages and how each stands.", ("counts", "news", "pages", "notes", "legend")
    ),
    "company": PageKind("The organisation in one cycle.", _TEAM, _OF_A_TEAM),
    "team": PageKind("A team in one cycle.", _TEAM, _OF_A_TEAM),
    "kpi_board": PageKind(
        "All KPIs on one page; it belongs to no cycle.",
        ("kpi_counts", "news", "board", "notes", "history", "legend"),
    ),
    SYNC_HEALTH: PageKind(
        "How the service itself fares: everything that failed, and the signs of life; the only page that is written "
        "without news, once an hour.",
        ("sync_sites", "sync_webhooks", "sync_pages", "sync_evidence", "sync_jobs", "notes", "sync_legend"),
        heads=("sync_summary",),
    ),
}


def sections_of(kind: str, chosen: Sequence[str] = ()) -> tuple[str, ...]:
    """What stands on a page of that kind, from top to bottom. KeyError for a kind that is not in the table."""
    of_kind = PAGE_KINDS[kind]
    fixed = {*of_kind.heads, *LAST}
    middle = tuple(one for one in chosen or of_kind.sections if one not in fixed)
    return (*of_kind.heads, *middle, *LAST)
