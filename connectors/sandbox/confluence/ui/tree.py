"""The page tree of a space, opened on the way to one page."""

from collections import defaultdict
from dataclasses import dataclass

from connectors.sandbox.confluence.core.pages import ancestors_of, pages_in
from connectors.sandbox.confluence.ui.view import page_url
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document


@dataclass(frozen=True)
class Branch:
    title: str
    url: str
    here: bool
    open: bool
    below: tuple["Branch", ...]


def tree_of(site: Site, space_id: str, page: Document | None) -> tuple[Branch, ...]:
    below: defaultdict[str | None, list[Document]] = defaultdict(list)
    present = sorted(pages_in(site, space_id, frozenset({"current"})), key=lambda each: each["position"])
    known = {each["id"] for each in present}
    for each in present:
        below[each["parentId"] if each["parentId"] in known else None].append(each)
    way = {above["id"] for above in ancestors_of(site, page)} | {page["id"]} if page else set()
    here = page["id"] if page else ""

    def branch(each: Document) -> Branch:
        opened = each["id"] in way or each["parentId"] is None
        return Branch(
            each["title"],
            page_url(site, each),
            each["id"] == here,
            opened,
            tuple(branch(child) for child in below[each["id"]]),
        )

    return tuple(branch(each) for each in below[None])
