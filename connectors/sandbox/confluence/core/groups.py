"""Groups of people, and audiences: who may, as people by account id and groups by name; None lets everybody."""

from collections.abc import Iterable

from connectors.sandbox.confluence.core.refusal import not_found
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

GROUPS = "wiki_groups"


def put_group(site: Site, name: str, members: Iterable[str] = ()) -> Document:
    """Make the group, or give it these members instead: `{id, name, members}`."""
    with site.store.lock:
        known = site.store.table(GROUPS).get(name) or {"id": _group_id(site)}
        return site.store.table(GROUPS).put(name, {**known, "name": name, "members": list(members)})


def _group_id(site: Site) -> str:
    return f"00000000-0000-4000-9000-{site.store.next_id('wiki_groups', 1):012d}"


def group_named(site: Site, name: str) -> Document:
    found = site.store.table(GROUPS).get(name)
    if found is None:
        raise not_found(f"No group found with name: {name}")
    return found


def group_by_id(site: Site, group_id: str) -> Document:
    found = next((group for group in site.store.table(GROUPS) if group["id"] == group_id), None)
    if found is None:
        raise not_found(f"No group found with id: {group_id}")
    return found


def audience(people: Iterable[str] = (), groups: Iterable[str] = ()) -> Document | None:
    """`{people, groups}`, without doubles; None where both are empty."""
    named = {"people": list(dict.fromkeys(people)), "groups": list(dict.fromkeys(groups))}
    return named if any(named.values()) else None


def among(site: Site, who: Document | None, user: str) -> bool:
    if who is None or user in who["people"]:
        return True
    groups = site.store.table(GROUPS)
    return any(user in (groups.get(name) or {"members": []})["members"] for name in who["groups"])
