"""What belongs to a page (properties by key, labels), spaces, who is asking, and what the site says of itself."""

from typing import Any

from fastapi.responses import Response

from connectors.sandbox.confluence.cloud.call import Call, Route
from connectors.sandbox.confluence.core import pages, properties
from connectors.sandbox.confluence.core.refusal import bad_request, not_found
from connectors.sandbox.confluence.core.spaces import may_view_space, space_by_key
from connectors.sandbox.confluence.datacenter.forms import (
    API,
    SELF,
    base,
    expanded,
    listing,
    page_form,
    space_form,
    user_form,
    version_form,
    with_base,
)
from connectors.sandbox.store import Document

VERSION = "10.0.3"
PROPERTY = f"{API}/content/{{id}}/property"


def _named(call: Call, page_id: str) -> Document | None:
    kept = properties.properties_of(call.site, page_id)
    return next((one for one in kept if one["key"] == call.path("key")), None)


def _property_form(call: Call, page_id: str, kept: Document) -> Document:
    return {
        "id": kept["id"],
        "key": kept["key"],
        "value": kept["value"],
        "version": version_form(call.site, page_id, kept["version"]),
        "_links": {"self": f"{base(call.site)}/{SELF}/content/{page_id}/property/{kept['key']}"},
        "_expandable": {"content": f"/{SELF}/content/{page_id}"},
    }


def list_properties(call: Call) -> Document:
    page = call.visible(call.path("id"))
    kept = properties.properties_of(call.site, page["id"])
    return listing(call, kept, lambda one: _property_form(call, page["id"], one), default=10)


def read_property(call: Call) -> Document:
    page = call.visible(call.path("id"))
    kept = _named(call, page["id"])
    if kept is None:
        raise not_found(f"Cannot find a content property with key {call.path('key')}")
    return _property_form(call, page["id"], kept)


def create_property(call: Call) -> Document:
    page, sent = call.editable(call.path("id"), hide=False), call.json_object()
    key = str(call.request.path_params.get("key") or sent.get("key") or "")
    if "value" not in sent:
        raise bad_request("A value is required")
    if any(one["key"] == key for one in properties.properties_of(call.site, page["id"])):
        raise bad_request(f"A property with the key {key} already exists")
    made = properties.add_property(call.site, call.user, page["id"], key, sent["value"])
    return _property_form(call, page["id"], made)


def update_property(call: Call) -> Document:
    """With version number 1 it is made anew."""
    page, sent, key = call.editable(call.path("id"), hide=False), call.json_object(), call.path("key")
    version: Any = sent.get("version")
    number = version.get("number") if isinstance(version, dict) else None
    if not isinstance(number, int) or "value" not in sent or sent.get("key", key) != key:
        raise bad_request("value and version.number are required, and the key is that of the path")
    kept = _named(call, page["id"])
    if kept is None and number == 1:
        return create_property(call)
    if kept is None:
        raise not_found(f"Cannot find a content property with key {key}")
    made = properties.change_property(call.site, call.user, page["id"], kept["id"], key, sent["value"], number)
    return _property_form(call, page["id"], made)


def delete_property(call: Call) -> Response:
    page = call.editable(call.path("id"), hide=False)
    kept = _named(call, page["id"])
    if kept is None:
        raise not_found()
    properties.remove_property(call.site, page["id"], kept["id"])
    return Response(status_code=204)


def list_labels(call: Call) -> Document:
    return _labels(call, call.visible(call.path("id")))


def add_labels(call: Call) -> Document:
    page, sent = call.editable(call.path("id"), hide=False), call.json()
    wanted = sent if isinstance(sent, list) else [sent]
    if not all(isinstance(label, dict) and isinstance(label.get("name"), str) for label in wanted):
        raise bad_request("Labels must be objects with prefix and name")
    pairs = [(str(label.get("prefix") or "global"), label["name"]) for label in wanted]
    return _labels(call, properties.add_labels(call.site, page["id"], pairs))


def _labels(call: Call, page: Document) -> Document:
    return listing(call, page["labels"], lambda label: {**label, "label": label["name"]}, default=200)


def remove_label(call: Call) -> Response:
    page = call.editable(call.path("id"), hide=False)
    properties.remove_label(call.site, page["id"], call.path("label"))
    return Response(status_code=204)


def read_space(call: Call) -> Document:
    space = space_by_key(call.site, call.path("key"))
    if space is None or not may_view_space(space, call.user):
        raise not_found(f"No space with key : {call.path('key')}")
    form = with_base(call.site, space_form(call.site, space))
    if "homepage" in expanded(call) and space["homepageId"]:
        form["homepage"] = page_form(call, pages.page_of(call.site, space["homepageId"]), set())
    return form


def current_user(call: Call) -> Document:
    return with_base(call.site, user_form(call.site, call.user))


def find_user(call: Call) -> Document:
    """By key or by name."""
    name, key = call.query("username"), call.query("key")
    found = (
        one for one in call.site.store.table("users") if one["accountId"] == key or (name and one["email"] == name)
    )
    user = next(found, None)
    if user is None:
        raise not_found(f"No user found with key : {key}, username : {name}")
    return with_base(call.site, user_form(call.site, str(user["accountId"])))


def server_information(call: Call) -> Document:
    built = {"buildNumber": 10003, "marketplaceBuildNumber": 1000300, "buildDate": "2025-09-01"}
    return {"baseUrl": base(call.site), "version": VERSION, **built}


ROUTES = (
    Route("GET", PROPERTY, list_properties),
    Route("POST", PROPERTY, create_property),
    Route("GET", f"{PROPERTY}/{{key}}", read_property),
    Route("POST", f"{PROPERTY}/{{key}}", create_property),
    Route("PUT", f"{PROPERTY}/{{key}}", update_property),
    Route("DELETE", f"{PROPERTY}/{{key}}", delete_property),
    Route("GET", f"{API}/content/{{id}}/label", list_labels),
    Route("POST", f"{API}/content/{{id}}/label", add_labels),
    Route("DELETE", f"{API}/content/{{id}}/label/{{label}}", remove_label),
    Route("GET", f"{API}/space/{{key}}", read_space),
    Route("GET", f"{API}/user/current", current_user),
    Route("GET", f"{API}/user", find_user),
    Route("GET", f"{API}/server-information", server_information),
)
