"""The labels of a page, by which people's searches and page property reports find it. Pure."""

import re

from app.domain.facts import PageDefinition

ALL = ("plainsight", "okr")
_NOT_IN_A_LABEL = re.compile(r"[^\w-]+")
LIMIT = 255


def labels(page: PageDefinition) -> tuple[str, ...]:
    """Of every page `plainsight` and `okr`; of its kind `okr-team`, and the like; of its cycle `okr-2026-q4`."""
    more = [page.kind.replace("_", "-"), *([page.cycle_id] if page.cycle_id else [])]
    return (*ALL, *(fitting(f"okr-{one}") for one in more))


def fitting(text: str) -> str:
    """Lower case, and without the blanks and signs that Confluence refuses in a label."""
    return _NOT_IN_A_LABEL.sub("-", text.lower()).strip("-")[:LIMIT]
