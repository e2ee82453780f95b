"""What is the matter with a page of ours: one finding a row, in the words of codes. A new reason is an entry here.

What stands here is told on the sync-health page, by `plainsight status`, the API and `/metrics` alike.
"""

from collections.abc import Iterable, Mapping

from app.domain.straying import MOVED, OPENED, RENAMED, STILL_PRIVATE, TITLE_TAKEN
from app.domain.sync_health.facts import PublishedPage
from app.domain.sync_health.views import PageTrouble

LEFT_ALONE = ("conflict", "lost")
STRAYED = "strayed"
INCOMPLETE = "incomplete"
"""Written and right, but not with everything that belongs to it."""
PICTURES = "pictures"
MARKS = "marks"

FINDING_OF: Mapping[str, str] = {
    MOVED: "pages_displaced",
    RENAMED: "pages_displaced",
    OPENED: "pages_opened",
    STILL_PRIVATE: "pages_still_private",
    TITLE_TAKEN: "titles_taken",
    PICTURES: "pages_without_pictures",
    MARKS: "pages_unmarked",
}
"""The finding that a reason counts for, whatever the page's state; all others count for the state."""


def troubles(page: PublishedPage) -> Iterable[PageTrouble]:
    """What the last publishing met, what the audit found that publishing did not say already, and what is missing."""
    reason = ""
    if page.state == "failed":
        # What stands around the place is left out: it may be anything that people wrote.
        yield PageTrouble(page.id, page.title, page.state, "", page.problem.partition(", near «")[0])
    elif page.state in LEFT_ALONE:
        reason, _, detail = page.problem.partition(": ")
        yield PageTrouble(page.id, page.title, page.state, reason, _told(detail))
    for kind, detail in page.strayed:
        if kind != reason:
            yield PageTrouble(page.id, page.title, STRAYED, kind, _told(detail))
    if page.pictures_problem:
        yield PageTrouble(page.id, page.title, INCOMPLETE, PICTURES, page.pictures_problem)
    if not page.marked:
        yield PageTrouble(page.id, page.title, INCOMPLETE, MARKS, "")


def _told(detail: str) -> str:
    """Without an address: it has the title of the page in it, which not everybody may see."""
    return detail.partition(", http")[0]


def finding_of(trouble: PageTrouble) -> str:
    """The code of the finding that it counts for."""
    known = FINDING_OF.get(trouble.reason)
    return known or f"pages_{trouble.state}"
