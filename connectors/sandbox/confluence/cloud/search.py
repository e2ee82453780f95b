"""API v1's search by CQL: pages and comments, with what is expanded of them."""

import json
from typing import Any

from fastapi.responses import Response

from connectors.sandbox.confluence.cloud.call import Call, Route, listing
from connectors.sandbox.confluence.cloud.forms import page_links
from connectors.sandbox.confluence.cloud.v1 import V1, user_v1_form
from connectors.sandbox.confluence.core.pages import present_version
from connectors.sandbox.confluence.core.refusal import bad_request
from connectors.sandbox.confluence.core.search import Hit, search
from connectors.sandbox.confluence.core.spaces import space_of
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document


def search_content(call: Call) -> Response:
    query = call.query("cql")
    if not query:
        raise bad_request("cql is required")
    found = search(call.site, query, call.user, _statuses(call))
    expanded = frozenset(call.several("expand"))
    return listing(call, found, lambda hit: _form(call.site, hit, expanded), sized=True)


def _statuses(call: Call) -> frozenset[str]:
    """`cqlcontext` is JSON; of it only `contentStatuses` matters here."""
    try:
        context: Any = json.loads(call.query("cqlcontext") or "{}")
        return frozenset(map(str, context.get("contentStatuses") or ["current"]))
    except (ValueError, AttributeError):
        raise bad_request("cqlcontext is not a JSON object") from None


def _form(site: Site, hit: Hit, expanded: frozenset[str]) -> Document:
    """What is not asked for is named in `_expandable`."""
    document, parts = hit.document, _parts(site, hit)
    told = {name: part for name, part in parts.items() if name in {one.partition(".")[0] for one in expanded}}
    form: Document = {"id": document["id"], "type": hit.type, "status": document["status"], "title": document["title"]}
    if hit.type == "comment":
        form["extensions"] = _extensions(hit, "extensions.inlineProperties" in expanded)
    return {
        **form,
        **told,
        "_expandable": {name: "" for name in parts if name not in told},
        "_links": page_links(site, hit.page),
    }


def _parts(site: Site, hit: Hit) -> dict[str, Any]:
    space, document = space_of(site, hit.page), hit.document
    above = document.get("parentCommentId")
    in_space = {"id": int(space["id"]), "key": space["key"], "name": space["name"], "type": "global"}
    page = {"id": hit.page["id"], "type": "page", "status": hit.page["status"], "title": hit.page["title"]}
    stored = document["body"] if hit.type == "comment" else present_version(site, document)["body"]
    return {
        "container": page if hit.type == "comment" else in_space,
        "ancestors": [{"id": above, "type": "comment", "status": "current"}] if above else [],
        "history": {
            "latest": True,
            "createdBy": user_v1_form(site, site.store.table("users").get(document["authorId"]) or {}),
            "createdDate": document["createdAt"],
        },
        "body": {"storage": {"value": stored, "representation": "storage"}},
    }


def _extensions(hit: Hit, inline: bool) -> Document:
    if hit.kind == "footer":
        return {"location": "footer"}
    told = {"originalSelection": hit.document["selection"], "markerRef": hit.document["ref"]}
    return {"location": "inline"} | ({"inlineProperties": told} if inline else {})


ROUTES = (Route("GET", f"{V1}/content/search", search_content),)
