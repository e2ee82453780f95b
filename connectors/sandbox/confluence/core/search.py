"""The search: pages and comments that fit a CQL query, that the index has, and that the asking person may view."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import ge, gt, le, lt

from connectors.sandbox.confluence.core import cql
from connectors.sandbox.confluence.core.comments import comments_of
from connectors.sandbox.confluence.core.spaces import PAGES, may_view, space_of
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

_COMPARE = {">": gt, ">=": ge, "<": lt, "<=": le}
_CURRENT = frozenset({"current"})


@dataclass(frozen=True)
class Hit:
    """A page (`page` is the document itself), or a comment with `page` below which it stands and its `kind` there."""

    type: str
    document: Document
    page: Document
    kind: str = ""


def search(site: Site, query: str, user: str, statuses: frozenset[str] = _CURRENT) -> list[Hit]:
    """In the order asked for, else oldest first. `statuses` are those of pages; archived ones are not found unless they
    are asked for."""
    wanted = cql.parse(query)
    seen = site.now() - timedelta(seconds=site.index_delay)
    found = [
        hit
        for hit in _all(site, statuses)
        if _created(hit) <= seen
        and all(_TESTS[one.field](site, hit, one) for one in wanted.clauses)
        and may_view(site, hit.page, user)
    ]
    return sorted(found, key=lambda hit: (_created(hit), int(hit.document["id"])), reverse=wanted.descending)


def _all(site: Site, statuses: frozenset[str]) -> Iterator[Hit]:
    for page in site.store.table(PAGES):
        if page["status"] not in statuses:
            continue
        yield Hit("page", page, page)
        for kind in ("footer", "inline"):
            yield from (Hit("comment", comment, page, kind) for comment in comments_of(site, page["id"], kind))


def _created(hit: Hit) -> datetime:
    return datetime.fromisoformat(hit.document["createdAt"])


def _is_type(site: Site, hit: Hit, clause: cql.Clause) -> bool:
    return hit.type in {value.lower() for value in clause.values}


def _in_space(site: Site, hit: Hit, clause: cql.Clause) -> bool:
    return space_of(site, hit.page)["key"].casefold() in {value.casefold() for value in clause.values}


def _titled(site: Site, hit: Hit, clause: cql.Clause) -> bool:
    """`~` finds all the words, wherever they stand; between quotes of their own they must stand together."""
    title, (wanted,) = str(hit.document["title"]), clause.values
    if clause.operator == "=":
        return title == wanted
    there, words = _words(title), _words(wanted)
    if wanted.startswith('"'):
        return any(there[at : at + len(words)] == words for at in range(len(there)))
    return bool(words) and set(words) <= set(there)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _created_when(site: Site, hit: Hit, clause: cql.Clause) -> bool:
    return bool(_COMPARE[clause.operator](_created(hit), site.now() + clause.moment))


def _created_by(site: Site, hit: Hit, clause: cql.Clause) -> bool:
    return (clause.values[0] == str(hit.document["authorId"])) == (clause.operator == "=")


def _labelled(site: Site, hit: Hit, clause: cql.Clause) -> bool:
    labels = hit.document.get("labels", [])
    return any(label["name"] == clause.values[0].lower() for label in labels)


_TESTS: dict[str, Callable[[Site, Hit, cql.Clause], bool]] = {
    "type": _is_type,
    "space": _in_space,
    "title": _titled,
    "created": _created_when,
    "creator": _created_by,
    "label": _labelled,
}
