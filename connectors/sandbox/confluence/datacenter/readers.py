"""Restrictions of a page, by operation."""

from typing import Any

from connectors.sandbox.confluence.cloud.call import Call, Route
from connectors.sandbox.confluence.core.groups import among, audience
from connectors.sandbox.confluence.core.refusal import bad_request, not_found
from connectors.sandbox.confluence.core.restrictions import Audience, restrict, restrictions_of
from connectors.sandbox.confluence.datacenter.forms import API, SELF, base, user_form
from connectors.sandbox.store import Document

RESTRICTION = f"{API}/content/{{id}}/restriction"
OPERATIONS = ("read", "update")


def by_operation(call: Call) -> Document:
    """At the top, as real sites send it; the document has it below `restrictions`."""
    page = call.visible(call.path("id"))
    links = {"self": f"{base(call.site)}/{SELF}/content/{page['id']}/restriction/byOperation"}
    return {**{operation: _form(call, page, operation) for operation in OPERATIONS}, "_links": links}


def of_operation(call: Call) -> Document:
    page, operation = call.visible(call.path("id")), call.path("operation")
    if operation not in OPERATIONS:
        raise not_found(f"No such operation: {operation}")
    return _form(call, page, operation)


def _form(call: Call, page: Document, operation: str) -> Document:
    who = restrictions_of(page)[operation]
    people = [user_form(call.site, one) for one in who.people]
    groups = [{"type": "group", "name": name, "_links": {}, "_expandable": {}} for name in who.groups]
    where = f"{base(call.site)}/{SELF}/content/{page['id']}/restriction/byOperation/{operation}"
    return {
        "operation": operation,
        "restrictions": {"user": _several(people), "group": _several(groups)},
        "_links": {"self": where},
        "_expandable": {"content": f"/{SELF}/content/{page['id']}"},
    }


def _several(found: list[Document]) -> Document:
    return {"results": found, "start": 0, "limit": 200, "size": len(found)}


def put(call: Call) -> Document:
    """Operations, and users or groups, that are not sent stay as they are. Nobody may shut themselves out."""
    page, sent = call.editable(call.path("id"), hide=False), call.json()
    if not isinstance(sent, list) or not all(
        isinstance(one, dict) and one.get("operation") in OPERATIONS for one in sent
    ):
        raise bad_request("A list of restrictions with the operations read and update is required")
    kept = restrictions_of(page)
    told = {one["operation"]: _sent(call, one, kept[one["operation"]]) for one in sent}
    readers, editors = (told.get(operation, kept[operation]) for operation in OPERATIONS)
    for who in (readers, editors):
        if not among(call.site, audience(who.people, who.groups), call.user):
            raise bad_request("Modifying restrictions to revoke the requesting user's access is prohibited")
    fresh = restrict(call.site, page["id"], readers, editors)
    results = [_form(call, fresh, operation) for operation in OPERATIONS]
    return {"results": results, "start": 0, "limit": 100, "size": len(results), "_links": {"base": base(call.site)}}


def _sent(call: Call, one: Document, kept: Audience) -> Audience:
    told: Any = one.get("restrictions") or {}
    people, groups = told.get("user"), told.get("group")
    return Audience(
        kept.people if people is None else tuple(_key(call, person) for person in people),
        kept.groups if groups is None else tuple(str(group.get("name")) for group in groups),
    )


def _key(call: Call, person: Document) -> str:
    """By key or by name."""
    if person.get("userKey"):
        return str(person["userKey"])
    named = (user for user in call.site.store.table("users") if user["email"] == person.get("username"))
    return str((next(named, None) or {"accountId": person.get("username")})["accountId"])


ROUTES = (
    Route("GET", f"{RESTRICTION}/byOperation", by_operation),
    Route("GET", f"{RESTRICTION}/byOperation/{{operation}}", of_operation),
    Route("PUT", RESTRICTION, put),
)
