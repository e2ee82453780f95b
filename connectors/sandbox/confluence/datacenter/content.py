"""Pages, and comments as content: found, read, made, changed, trashed."""

from typing import Any

from fastapi.responses import JSONResponse, Response

from connectors.sandbox.confluence.cloud.call import Call, Route
from connectors.sandbox.confluence.core import comments, moves, pages
from connectors.sandbox.confluence.core.refusal import bad_request, conflict, forbidden, not_found
from connectors.sandbox.confluence.core.search import Hit, search
from connectors.sandbox.confluence.core.spaces import PAGES, may_edit_space, may_view, may_view_space, space_by_key
from connectors.sandbox.confluence.datacenter.forms import (
    API,
    comment_form,
    expanded,
    listing,
    page_form,
    with_base,
)
from connectors.sandbox.store import Document

ANY = frozenset({"current", "trashed", "archived"})
WRITTEN = "body.storage,history,space,container.history,container.version,version,ancestors"


def _statuses(call: Call) -> frozenset[str]:
    told = call.several("status") or ["current"]
    return ANY if "any" in told else frozenset(told)


def list_content(call: Call) -> Document:
    """By title, or by ids: then of any kind, in no certain order."""
    statuses, ids, title = _statuses(call), call.several("ids"), call.request.query_params.get("title")
    space = space_by_key(call.site, call.query("spaceKey")) if call.query("spaceKey") else None
    if call.query("spaceKey") and (space is None or not may_view_space(space, call.user)):
        raise not_found(f"No space with key : {call.query('spaceKey')}")
    found = [
        page
        for page in call.site.store.table(PAGES)
        if page["status"] in statuses
        and (space is None or page["spaceId"] == space["id"])
        and (not ids or page["id"] in ids)
        and (title is None or page["title"] == title)
    ]
    return listing(call, found, lambda page: _shown(call, page, expanded(call)))


def _shown(call: Call, page: Document, wanted: set[str]) -> Document | None:
    return page_form(call, page, wanted) if may_view(call.site, page, call.user) else None


def find(call: Call) -> Document:
    wanted = expanded(call)

    def form(hit: Hit) -> Document:
        make = comment_form if hit.type == "comment" else page_form
        return make(call, hit.document, wanted)

    return listing(call, search(call.site, call.query("cql"), call.user), form)


def read(call: Call) -> Document:
    """An older version only under the status that it has, which the newest one has not."""
    page, number, statuses = call.visible(call.path("id")), call.integer("version"), _statuses(call)
    wanted = expanded(call, "history,space,version")
    if number:
        version = pages.version_of(call.site, page["id"], number)
        if version is None or number == page["version"] or "historical" not in statuses:
            raise not_found(f"No content found with id: ContentId{{id={page['id']}}}")
        return with_base(call.site, page_form(call, page, wanted, version))
    if page["status"] not in statuses:
        raise not_found(f"No content found with id: ContentId{{id={page['id']}}}")
    return with_base(call.site, page_form(call, page, wanted))


def create(call: Call) -> Document:
    sent = call.json_object()
    if sent.get("type") == "comment":
        return _create_comment(call, sent)
    if sent.get("type") != "page":
        raise bad_request("A type of page or comment is required: this sandbox has no other content")
    space = space_by_key(call.site, str(_object(sent, "space").get("key") or ""))
    if space is None or not may_view_space(space, call.user):
        raise not_found("Space is null or does not exist")
    parent_id = _parent(call, sent)
    if not may_edit_space(space, call.user):
        raise forbidden('Could not create content with type page: the user lacks the permission "Add Page"')
    new = pages.NewPage(
        space_id=space["id"],
        title=str(sent.get("title") or ""),
        body=_storage(sent) or "",
        parent_id=parent_id,
        at_root=parent_id is None,
        status=str(sent.get("status") or call.query("status") or "current"),
        message=str(_object(sent, "version").get("message") or ""),
    )
    page = pages.create_page(call.site, call.user, new)
    return with_base(call.site, page_form(call, page, expanded(call, WRITTEN)))


def _create_comment(call: Call, sent: Document) -> Document:
    page = call.visible(str(_object(sent, "container").get("id") or ""))
    above = sent.get("ancestors") or [{}]
    parent_id = str(above[-1]["id"]) if above[-1].get("id") else None
    made = comments.add_footer(call.site, call.user, page["id"], page["title"], _storage(sent) or "", parent_id)
    return with_base(call.site, comment_form(call, made, expanded(call, WRITTEN)))


def update(call: Call) -> Document:
    """`restrictions` are ignored here as when creating; a title, a body or a parent that is not sent stays."""
    page, sent = call.editable(call.path("id"), hide=False), call.json_object()
    version = _object(sent, "version")
    if sent.get("type") != "page" and page["status"] != "trashed":
        raise bad_request("The type of content cannot be changed, and must be sent")
    number = version.get("number")
    if not isinstance(number, int) or isinstance(number, bool):
        raise bad_request("Must supply an incremented version when updating Content. No version supplied.")
    if page["status"] != "draft" and number != page["version"] + 1:
        raise conflict(f"Version must be incremented on update. Current version is: {page['version']}")
    body = _storage(sent)
    edit = pages.Edit(
        title=str(sent.get("title") or page["title"]),
        body=pages.present_version(call.site, page)["body"] if body is None else body,
        number=number,
        message=str(version.get("message") or ""),
        parent_id=_parent(call, sent),
        minor=version.get("minorEdit") is True,
    )
    saved = pages.save(call.site, call.user, page["id"], edit)
    return with_base(call.site, page_form(call, saved, expanded(call, WRITTEN)))


def delete(call: Call) -> Response:
    page = call.editable(call.path("id"), hide=False)
    if call.query("status") == "trashed":
        moves.purge(call.site, page["id"])
        return Response(status_code=204)
    moves.trash(call.site, page["id"])
    return JSONResponse({}, 200)


def _parent(call: Call, sent: Document) -> str | None:
    """The last of the ancestors that are sent, which must be visible."""
    above = sent.get("ancestors")
    if not isinstance(above, list) or not above:
        return None
    return str(call.visible(str(above[-1].get("id") or ""))["id"])


def _object(sent: Document, name: str) -> Document:
    value: Any = sent.get(name)
    return value if isinstance(value, dict) else {}


def _storage(sent: Document) -> str | None:
    told = _object(_object(sent, "body"), "storage")
    if told and told.get("representation", "storage") != "storage":
        raise bad_request("body.storage must have the representation storage")
    return str(told["value"]) if isinstance(told.get("value"), str) else None


ROUTES = (
    Route("GET", f"{API}/content", list_content),
    Route("POST", f"{API}/content", create),
    Route("GET", f"{API}/content/search", find),
    Route("GET", f"{API}/content/{{id}}", read),
    Route("PUT", f"{API}/content/{{id}}", update),
    Route("DELETE", f"{API}/content/{{id}}", delete),
)
