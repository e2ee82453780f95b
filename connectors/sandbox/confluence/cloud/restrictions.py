"""API v1 for who may view and change a page, and for the groups of people that may stand there."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from fastapi.responses import JSONResponse, Response

from connectors.sandbox.confluence.cloud.call import Call, Route
from connectors.sandbox.confluence.cloud.v1 import CONTENT, V1, user_v1_form
from connectors.sandbox.confluence.core import groups, restrictions
from connectors.sandbox.confluence.core.refusal import bad_request, forbidden
from connectors.sandbox.confluence.core.restrictions import Audience
from connectors.sandbox.confluence.core.spaces import may_edit
from connectors.sandbox.store import Document

LIMIT = 100
Change = Callable[..., Document]


def read(call: Call) -> Response:
    page = call.visible(call.path("id"))
    return _answer(call, page)


def replace(call: Call) -> Response:
    return _change(call, restrictions.restrict)


def add(call: Call) -> Response:
    return _change(call, restrictions.add)


def _change(call: Call, change: Change) -> Response:
    """404, not 403, for who may not change them; so says the document."""
    page = call.editable(call.path("id"))
    told = _told(call)
    changed = change(call.site, page["id"], told.get("read", Audience()), told.get("update", Audience()))
    return _answer(call, changed)


def remove(call: Call) -> Response:
    page = call.visible(call.path("id"))
    if not may_edit(call.site, page, call.user):
        raise forbidden("User is not permitted to alter the restrictions of this content")
    return _answer(call, restrictions.restrict(call.site, page["id"], Audience(), Audience()))


def _told(call: Call) -> dict[str, Audience]:
    """What was sent, by operation: a list, or an object with `results`."""
    sent = call.json()
    several = sent.get("results") if isinstance(sent, dict) else sent
    if not isinstance(several, list) or not all(isinstance(one, dict) for one in several):
        raise bad_request("The body must be a list of restrictions, or an object with results")
    told: dict[str, Audience] = {}
    for one in several:
        if one.get("operation") not in {"read", "update"}:
            raise bad_request(f"Cannot restrict the operation {one.get('operation')!r}")
        told[one["operation"]] = _audience(call, one.get("restrictions"))
    return told


def _audience(call: Call, sent: Any) -> Audience:
    """At least one person or group; a list of groups may not be empty."""
    sent = sent if isinstance(sent, dict) else {}
    people = sent.get("user") or []
    people = people.get("results", []) if isinstance(people, dict) else people
    if sent.get("group") == [] or not (people or sent.get("group")):
        raise bad_request("Restrictions must name at least one user or group; leave an empty list of groups out")
    found = [groups.group_by_id(call.site, str(one.get("id"))) for one in sent.get("group") or []]
    return Audience(tuple(str(one.get("accountId")) for one in people), tuple(group["name"] for group in found))


def _answer(call: Call, page: Document) -> Response:
    """Both operations, each with at most `limit` people and groups from `start` on."""
    start = call.integer("start") or 0
    limit = min(call.integer("limit") or LIMIT, LIMIT, call.site.page_size_cap)
    kept = restrictions.restrictions_of(page)
    results = [_operation_form(call, page, name, who, start, limit) for name, who in kept.items()]
    told = json.dumps({name: [who.people, who.groups] for name, who in kept.items()})
    form = {
        "results": results,
        "start": start,
        "limit": limit,
        "size": len(results),
        "restrictionsHash": hashlib.sha256(told.encode()).hexdigest()[:16],
        "_links": _links(call, page, ""),
    }
    return JSONResponse(form)


def _links(call: Call, page: Document, below: str) -> dict[str, str]:
    base = f"{call.site.base_url}/wiki"
    return {"self": f"{base}/rest/api/content/{page['id']}/restriction{below}", "base": base, "context": "/wiki"}


def _operation_form(call: Call, page: Document, name: str, who: Audience, start: int, limit: int) -> Document:
    users = call.site.store.table("users")
    people = [user_v1_form(call.site, user) for one in who.people if (user := users.get(one))]
    named = [group_form(groups.group_named(call.site, one)) for one in who.groups]
    return {
        "operation": name,
        "restrictions": {"user": _part(people, start, limit), "group": _part(named, start, limit)},
        "_expandable": {"content": f"/rest/api/content/{page['id']}"},
        "_links": _links(call, page, f"/byOperation/{name}"),
    }


def _part(every: list[Document], start: int, limit: int) -> Document:
    results = every[start : start + limit]
    return {"results": results, "start": start, "limit": limit, "size": len(results)}


def group_form(group: Document) -> Document:
    return {"type": "group", "name": group["name"], "id": group["id"]}


def pick_groups(call: Call) -> Document:
    """Groups whose name has the text in it."""
    wanted = call.query("query").casefold()
    if not wanted:
        raise bad_request("query is required")
    found = [group for group in call.site.store.table(groups.GROUPS) if wanted in group["name"].casefold()]
    part = _part([group_form(group) for group in found], call.integer("start") or 0, call.integer("limit") or 200)
    return {**part, "_links": {"base": f"{call.site.base_url}/wiki", "context": "/wiki"}}


ROUTES = (
    Route("GET", f"{CONTENT}/restriction", read),
    Route("PUT", f"{CONTENT}/restriction", replace),
    Route("POST", f"{CONTENT}/restriction", add),
    Route("DELETE", f"{CONTENT}/restriction", remove),
    Route("GET", f"{V1}/group/picker", pick_groups),
)
