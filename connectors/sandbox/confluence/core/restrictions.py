"""Who may view and who may change a page, as set on the page itself. Whoever leaves itself out is locked out."""

from dataclasses import dataclass

from connectors.sandbox.confluence.core.groups import audience, group_named
from connectors.sandbox.confluence.core.pages import page_of
from connectors.sandbox.confluence.core.refusal import bad_request
from connectors.sandbox.confluence.core.spaces import PAGES
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document


@dataclass(frozen=True)
class Audience:
    """People by account id and groups by name; both empty: everybody."""

    people: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def restrictions_of(page: Document) -> dict[str, Audience]:
    """By operation, `read` and `update`; what comes from above is not in it."""
    return {"read": _told(page["readers"]), "update": _told(page["writers"])}


def _told(kept: Document | None) -> Audience:
    return Audience(tuple(kept["people"]), tuple(kept["groups"])) if kept else Audience()


def restrict(site: Site, page_id: str, readers: Audience, editors: Audience) -> Document:
    """Put these in place of all that were. Refused (400): a person or a group that there is not."""
    with site.store.lock:
        for who in (readers, editors):
            _check(site, who)
        kept = {name: audience(who.people, who.groups) for name, who in (("readers", readers), ("writers", editors))}
        return site.store.table(PAGES).put(page_id, {**page_of(site, page_id), **kept})


def add(site: Site, page_id: str, readers: Audience, editors: Audience) -> Document:
    """Those beside the ones that there are."""
    with site.store.lock:
        kept = restrictions_of(page_of(site, page_id))
        return restrict(site, page_id, _joined(kept["read"], readers), _joined(kept["update"], editors))


def _joined(one: Audience, other: Audience) -> Audience:
    return Audience((*one.people, *other.people), (*one.groups, *other.groups))


def _check(site: Site, who: Audience) -> None:
    for person in who.people:
        if site.store.table("users").get(person) is None:
            raise bad_request(f"No user found with id: {person}")
    for name in who.groups:
        group_named(site, name)
