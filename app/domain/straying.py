"""What people did to one of our pages, as the nightly audit sees it: findings of a kind, with where or what. Pure."""

from dataclasses import dataclass

from app.domain import publishing
from app.domain.publishing import Reason, StoredPage

MOVED = Reason.MOVED.value
RENAMED = "renamed"
EDITED = "edited"
"""Outside the notes, where people may write."""
WHERE_IT_IS = frozenset({MOVED, RENAMED})
"""What a write of ours leaves as it is."""
OPENED = Reason.OPENED.value
"""Others may read a private page than those it is for."""
STILL_PRIVATE = "still_private"
"""Its team is not private any more; who may read it is up to people now."""
TITLE_TAKEN = Reason.TITLE_TAKEN.value
"""It should have another title, which another page has."""
OF_PUBLISHING = frozenset({STILL_PRIVATE, TITLE_TAKEN})
"""What publishing finds, and the audit does not look for."""

ADVICE = {
    Reason.DELETED: "Let the account see it; or give it a new `id` under `pages` in okrs.yaml, to have it made anew.",
    Reason.TRASHED: "Restore it from the trash of its space.",
    Reason.ARCHIVED: "Restore it from the archive of its space.",
    Reason.UNPUBLISHED: "Publish it again in Confluence.",
    Reason.MOVED: "Nothing, if that was meant: it is kept up to date where it is.",
    RENAMED: "Nothing, if that was meant: the title is kept.",
    OPENED: "Restrict it again, or `plainsight publish --take-over`; until then nothing is written on it.",
    STILL_PRIVATE: "Lift its restrictions in Confluence, if everybody may read it now.",
    TITLE_TAKEN: "Rename or delete the page that has the title; ours is renamed with its next version.",
    EDITED: "Move what is worth keeping into the notes, then `plainsight publish --take-over`; see docs/operating.md.",
}
"""What to do, by the kind of finding."""
MOVE_BACK = "Move it back: pages are written in their space only."


@dataclass(frozen=True)
class Place:
    """Where and as what we know a page. `parent_id` None: any parent will do."""

    title: str
    space_id: str
    parent_id: str | None


@dataclass(frozen=True)
class Stray:
    """`kind` is a Reason why a page is lost, `moved` within the space too, `renamed` or `edited`; `detail` is where it
    is now, the new title, or the new version."""

    kind: str
    detail: str = ""


def why_lost(place: Place, page: StoredPage | None) -> Reason | None:
    """Why the page cannot be written where it is now; None: it can."""
    return publishing.why_lost(page, place.space_id) if page else Reason.DELETED


def strays(place: Place, page: StoredPage | None, *, is_edited: bool) -> list[Stray]:
    """What differs between the page (None: not to be seen) and what we know of it; nothing, if all is well."""
    reason = why_lost(place, page)
    if page is None or reason is not None:
        is_moved = page is not None and reason is Reason.MOVED
        return [Stray(str(reason), f"space {page.space_id}" if page and is_moved else "")]
    found = []
    if place.parent_id and page.parent_id != place.parent_id:
        found.append(Stray(MOVED, f"page {page.parent_id}" if page.parent_id else "top of the space"))
    if place.title and not publishing.same_title(page.title, place.title):
        found.append(Stray(RENAMED, page.title))
    if is_edited:
        found.append(Stray(EDITED, f"version {page.version}"))
    return found


def advice(kind: str, is_lost: bool) -> str:
    """What to do about a finding on a page that can no longer be written, or can."""
    return MOVE_BACK if is_lost and kind == Reason.MOVED else ADVICE.get(kind, "")
