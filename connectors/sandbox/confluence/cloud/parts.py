"""API v2 for what belongs to a page (children, properties, labels, comments, attachments), for spaces and people."""

from typing import Any

from fastapi.responses import JSONResponse, Response

from connectors.sandbox.confluence.cloud.call import Call, Route, listing, wrong_type
from connectors.sandbox.confluence.cloud.forms import (
    attachment_form,
    child_form,
    comment_form,
    space_form,
    user_form,
    with_base,
)
from connectors.sandbox.confluence.cloud.pages import V2, body_format
from connectors.sandbox.confluence.core import attachments, comments, pages, properties
from connectors.sandbox.confluence.core.refusal import Refused, bad_request, not_found
from connectors.sandbox.confluence.core.spaces import SPACES, may_edit, may_edit_space, may_view, may_view_space
from connectors.sandbox.store import Document

RESOLUTIONS = ("open", "reopened", "resolved", "dangling")


def list_spaces(call: Call) -> Response:
    keys, ids = call.several("keys"), call.ids("ids")
    status = call.one_of("status", ("current", "archived"), "SpaceStatus")
    found = [
        space
        for space in call.site.store.table(SPACES)
        if may_view_space(space, call.user)
        and (not keys or space["key"] in keys)
        and (not ids or space["id"] in ids)
        and (status is None or space["status"] == status)
    ]
    return listing(call, sorted(found, key=lambda space: int(space["id"])), space_form)


def read_space(call: Call) -> Document:
    space = call.site.store.table(SPACES).get(call.number("id"))
    if space is None or not may_view_space(space, call.user):
        raise not_found()
    return with_base(call.site, space_form(space))


def space_operations(call: Call) -> Document:
    """What the caller may do in the space."""
    space = call.site.store.table(SPACES).get(call.number("id"))
    if space is None or not may_view_space(space, call.user):
        raise not_found()
    written = [("create", kind) for kind in ("page", "blogpost", "comment", "attachment")]
    return _operations([("read", "space")], written if call.may_write and may_edit_space(space, call.user) else [])


def page_operations(call: Call) -> Document:
    page = call.visible(call.number("id"))
    written = [("update", "page"), ("delete", "page"), ("create", "comment"), ("create", "attachment")]
    return _operations([("read", "page")], written if call.may_write and may_edit(call.site, page, call.user) else [])


def _operations(*several: list[tuple[str, str]]) -> Document:
    return {"operations": [{"operation": what, "targetType": kind} for some in several for what, kind in some]}


def children(call: Call) -> Response:
    page = call.visible(call.number("id"))
    found = [below for below in pages.children_of(call.site, page["id"]) if may_view(call.site, below, call.user)]
    return listing(call, found, child_form)


def direct_children(call: Call) -> Response:
    page = call.visible(call.number("id"))
    found = [below for below in pages.children_of(call.site, page["id"]) if may_view(call.site, below, call.user)]
    return listing(call, found, lambda below: {**child_form(below), "type": "page"})


def ancestors(call: Call) -> Response:
    page = call.visible(call.number("id"))
    return listing(call, pages.ancestors_of(call.site, page), lambda above: {"id": above["id"], "type": "page"})


def list_properties(call: Call) -> Response:
    page, key = call.visible(call.number("id")), call.query("key")
    found = [item for item in properties.properties_of(call.site, page["id"]) if not key or item["key"] == key]
    return listing(call, found, dict)


def create_property(call: Call) -> Document:
    page, sent = call.editable(call.number("id")), call.json_object()
    key = sent.get("key")
    if not isinstance(key, str) or "value" not in sent:
        raise Refused(400, "INVALID_REQUEST_BODY", "key and value are required")
    return properties.add_property(call.site, call.user, page["id"], key, sent["value"])


def read_property(call: Call) -> Document:
    page = call.visible(call.number("id"))
    return properties.property_of(call.site, page["id"], call.number("property"))


def update_property(call: Call) -> Document:
    page, property_id, sent = call.editable(call.number("id")), call.number("property"), call.json_object()
    key, version = sent.get("key"), sent.get("version")
    number = version.get("number") if isinstance(version, dict) else None
    if not isinstance(key, str) or "value" not in sent or not isinstance(version, dict) or not isinstance(number, int):
        raise Refused(400, "INVALID_REQUEST_BODY", "key, value and version.number are required")
    message = str(version.get("message") or "")
    return properties.change_property(
        call.site, call.user, page["id"], property_id, key, sent["value"], number, message
    )


def delete_property(call: Call) -> Response:
    page = call.editable(call.number("id"))
    properties.remove_property(call.site, page["id"], call.number("property"))
    return Response(status_code=204)


def labels(call: Call) -> Response:
    page, prefix = call.visible(call.number("id")), call.query("prefix")
    return listing(call, [label for label in page["labels"] if not prefix or label["prefix"] == prefix], dict)


def footer_comments(call: Call) -> Response:
    page, wanted = call.visible(call.number("id")), body_format(call, single=False)
    found = [one for one in comments.comments_of(call.site, page["id"], "footer") if not one["parentCommentId"]]
    return listing(call, found, lambda comment: comment_form(call.site, comment, wanted))


def _visible_comment(call: Call) -> Document:
    comment = comments.comment_of(call.site, call.number("id"))
    call.visible(comment["pageId"])
    return comment


def footer_comment(call: Call) -> Document:
    wanted, comment = body_format(call, single=True), _visible_comment(call)
    return with_base(call.site, comment_form(call.site, comment, wanted))


def comment_children(call: Call) -> Response:
    """They do not tell the page; so says the document."""
    wanted, comment = body_format(call, single=False), _visible_comment(call)
    found = comments.answers_of(call.site, comment)
    return listing(call, found, lambda one: {**comment_form(call.site, one, wanted), "pageId": None})


def inline_comments(call: Call) -> Response:
    page, wanted = call.visible(call.number("id")), body_format(call, single=False)
    states = call.several("resolution-status")
    if wrong := set(states) - set(RESOLUTIONS):
        raise wrong_type("resolution-status", wrong.pop(), "InlineCommentResolutionStatus")
    found = [
        comment
        for comment in comments.comments_of(call.site, page["id"], "inline")
        if not states or comment["resolution"] in states
    ]
    return listing(call, found, lambda comment: comment_form(call.site, comment, wanted))


def create_footer_comment(call: Call) -> Response:
    sent = call.json_object()
    body: Any = sent.get("body")
    body = body.get("storage", body) if isinstance(body, dict) else None
    if not isinstance(body, dict) or not isinstance(body.get("value"), str):
        raise Refused(400, "INVALID_REQUEST_BODY", "body must have representation and value")
    page, parent_id = _commented(call, sent)
    comment = comments.add_footer(call.site, call.user, page["id"], page["title"], body["value"], parent_id)
    form = with_base(call.site, comment_form(call.site, comment, "storage"))
    location = f"{call.site.base_url}{V2}/footer-comments/{comment['id']}"
    return JSONResponse(form, 201, headers={"Location": location})


def _commented(call: Call, sent: Document) -> tuple[Document, str | None]:
    """The page, and the comment that is answered; either is told, not both."""
    page_id, parent_id = sent.get("pageId"), sent.get("parentCommentId")
    if bool(page_id) == bool(parent_id):
        raise bad_request("Either pageId or parentCommentId is required: this sandbox has comments on pages only")
    if not parent_id:
        return call.visible(str(page_id)), None
    return call.visible(comments.comment_of(call.site, str(parent_id))["pageId"]), str(parent_id)


def list_attachments(call: Call) -> Response:
    page = call.visible(call.number("id"))
    name, media_type = call.query("filename"), call.query("mediaType")
    found = [
        item
        for item in attachments.attachments_of(call.site, page["id"])
        if (not name or item["title"] == name) and (not media_type or item["mediaType"] == media_type)
    ]
    return listing(call, found, attachment_form, default=50)


def users(call: Call) -> Response:
    wanted = call.json_object().get("accountIds")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= 250:
        raise Refused(400, "INVALID_REQUEST_BODY", "accountIds must be a list of 1 to 250 ids")
    table = call.site.store.table("users")
    found = [user for account_id in wanted if (user := table.get(str(account_id)))]
    return JSONResponse({"results": [user_form(user) for user in found], "_links": {}})


ROUTES = (
    Route("GET", f"{V2}/spaces", list_spaces),
    Route("GET", f"{V2}/spaces/{{id}}", read_space),
    Route("GET", f"{V2}/spaces/{{id}}/operations", space_operations),
    Route("GET", f"{V2}/pages/{{id}}/operations", page_operations),
    Route("GET", f"{V2}/pages/{{id}}/children", children),
    Route("GET", f"{V2}/pages/{{id}}/direct-children", direct_children),
    Route("GET", f"{V2}/pages/{{id}}/ancestors", ancestors),
    Route("GET", f"{V2}/pages/{{id}}/properties", list_properties),
    Route("POST", f"{V2}/pages/{{id}}/properties", create_property),
    Route("GET", f"{V2}/pages/{{id}}/properties/{{property}}", read_property),
    Route("PUT", f"{V2}/pages/{{id}}/properties/{{property}}", update_property),
    Route("DELETE", f"{V2}/pages/{{id}}/properties/{{property}}", delete_property),
    Route("GET", f"{V2}/pages/{{id}}/labels", labels),
    Route("GET", f"{V2}/pages/{{id}}/footer-comments", footer_comments),
    Route("GET", f"{V2}/pages/{{id}}/inline-comments", inline_comments),
    Route("POST", f"{V2}/footer-comments", create_footer_comment),
    Route("GET", f"{V2}/footer-comments/{{id}}", footer_comment),
    Route("GET", f"{V2}/footer-comments/{{id}}/children", comment_children),
    Route("GET", f"{V2}/pages/{{id}}/attachments", list_attachments),
    Route("POST", f"{V2}/users-bulk", users, right="wiki:read"),
)
