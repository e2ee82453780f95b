"""API v2 for pages: list, make, read, save, delete."""

from typing import Any

from fastapi.responses import Response

from connectors.sandbox.confluence.cloud.call import Call, Route, listing, wrong_type
from connectors.sandbox.confluence.cloud.forms import (
    VIEWS,
    draft_form,
    page_form,
    version_form,
    with_base,
)
from connectors.sandbox.confluence.core import moves, pages
from connectors.sandbox.confluence.core.properties import properties_of
from connectors.sandbox.confluence.core.refusal import Refused, bad_request, not_found, too_large
from connectors.sandbox.confluence.core.spaces import PAGES, SPACES, may_edit_space, may_view, may_view_space
from connectors.sandbox.store import Document

SIZE_LIMIT = 5 * 1024 * 1024
BULK_FORMATS = ("storage", "atlas_doc_format")
SINGLE_FORMATS = (*BULK_FORMATS, *VIEWS, "editor")
STATUSES = ("current", "archived", "trashed", "deleted", "historical", "draft")
_SORTS = {"id": "id", "created-date": "createdAt", "modified-date": "modified", "title": "title"}


def body_format(call: Call, *, single: bool) -> str | None:
    """The enum differs between one page and many. The sandbox keeps storage format only and says so."""
    kind = "PrimaryBodyRepresentationSingle" if single else "PrimaryBodyRepresentation"
    wanted = call.one_of("body-format", SINGLE_FORMATS if single else BULK_FORMATS, kind)
    if wanted in {"atlas_doc_format", "editor"}:
        raise bad_request(f"This sandbox has no {wanted}: ask for storage or view")
    return wanted


def list_pages(call: Call) -> Response:
    statuses = set(call.several("status")) or set(pages.LISTED)
    if wrong := statuses - set(STATUSES):
        raise wrong_type("status", wrong.pop(), "ContentStatus")
    spaces, ids, title = call.ids("space-id"), call.ids("id"), call.request.query_params.get("title")
    wanted = body_format(call, single=False)
    found = [
        page
        for page in call.site.store.table(PAGES)
        if page["status"] in statuses
        and (not spaces or page["spaceId"] in spaces)
        and (not ids or page["id"] in ids)
        and (title is None or page["title"] == title)
        and may_view(call.site, page, call.user)
    ]
    return listing(call, _sorted(call, found), lambda page: page_form(call.site, page, wanted))


def _sorted(call: Call, found: list[Document]) -> list[Document]:
    order = call.query("sort", "id")
    field = order.lstrip("-")
    if field not in _SORTS:
        raise wrong_type("sort", order, "PageSortOrder")

    def key(page: Document) -> Any:
        if field == "id":
            return int(page["id"])
        return pages.present_version(call.site, page)["createdAt"] if field == "modified-date" else page[_SORTS[field]]

    return sorted(found, key=key, reverse=order.startswith("-"))


def list_space_pages(call: Call) -> Response:
    space = call.site.store.table(SPACES).get(call.number("id"))
    if space is None or not may_view_space(space, call.user):
        raise not_found()
    wanted = body_format(call, single=False)
    found = [page for page in pages.pages_in(call.site, space["id"]) if may_view(call.site, page, call.user)]
    return listing(call, _sorted(call, found), lambda page: page_form(call.site, page, wanted))


def create(call: Call) -> Document:
    _check_size(call)
    sent = call.json_object()
    space = call.site.store.table(SPACES).get(_text(sent, "spaceId"))
    if space is None or not may_edit_space(space, call.user):
        raise not_found()
    status = sent.get("status") or "current"
    if status not in {"current", "draft"}:
        raise wrong_type("status", str(status), "current or draft")
    parent_id = str(sent["parentId"]) if sent.get("parentId") else None
    if parent_id:
        call.visible(parent_id)
    new = pages.NewPage(
        space_id=space["id"],
        title=str(sent.get("title") or "") if status == "draft" else _text(sent, "title"),
        body=_body(sent.get("body")) if sent.get("body") is not None else "",
        parent_id=parent_id,
        at_root=call.flag("root-level"),
        status=status,
        private=call.flag("private"),
    )
    page = pages.create_page(call.site, call.user, new)
    return with_base(call.site, page_form(call.site, page, "storage"))


def read(call: Call) -> Document:
    wanted, page = body_format(call, single=True), call.visible(call.number("id"))
    number, statuses = call.integer("version"), call.several("status")
    if statuses and page["status"] not in statuses and not (number and "historical" in statuses):
        raise not_found()
    if call.flag("get-draft") and page["draft"]:
        return with_base(call.site, draft_form(call.site, page, wanted))
    if page["status"] == "draft" and not call.flag("get-draft") and "draft" not in statuses:
        raise not_found()
    version = pages.version_of(call.site, page["id"], number) if number else None
    if number and version is None:
        raise not_found()
    form = with_base(call.site, page_form(call.site, page, wanted, version))
    return {**form, **_included(call, page)}


def _included(call: Call, page: Document) -> Document:
    """What `include-…=true` adds."""
    parts: Document = {
        "labels": page["labels"],
        "properties": properties_of(call.site, page["id"]),
        "versions": [version_form(version) for version in pages.versions_of(call.site, page)],
    }
    links = {"self": f"{call.site.base_url}/wiki/api/v2/pages/{page['id']}"}
    return {
        name: {"results": results, "meta": {"hasMore": False}, "_links": {"self": f"{links['self']}/{name}"}}
        for name, results in parts.items()
        if call.flag(f"include-{name}")
    }


def update(call: Call) -> Document:
    _check_size(call)
    page, sent = call.editable(call.number("id")), call.json_object()
    missing = [name for name in ("id", "status", "title", "body", "version") if sent.get(name) is None]
    if missing:
        raise Refused(400, "INVALID_REQUEST_BODY", f"Missing required members: {', '.join(missing)}")
    if str(sent["id"]) != page["id"]:
        raise bad_request(f"The id in the body ({sent['id']}) is not the id in the path ({page['id']})")
    if sent.get("spaceId") and str(sent["spaceId"]) != page["spaceId"]:
        raise bad_request("Moving a page to another space is not supported")
    if sent["status"] not in {"current", "draft"}:
        raise wrong_type("status", str(sent["status"]), "current or draft")
    edit = _edit(sent)
    if edit.parent_id and edit.parent_id != page["parentId"]:
        call.visible(edit.parent_id)
    write = pages.save_draft if sent["status"] == "draft" else pages.save
    saved = write(call.site, call.user, page["id"], edit)
    if sent["status"] == "draft" and saved["status"] != "draft":
        return with_base(call.site, draft_form(call.site, saved, "storage"))
    return with_base(call.site, page_form(call.site, saved, "storage"))


def _edit(sent: Document) -> pages.Edit:
    version = sent["version"]
    number = version.get("number") if isinstance(version, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        raise Refused(400, "INVALID_REQUEST_BODY", "version.number is required and must be an integer")
    return pages.Edit(
        title=_text(sent, "title"),
        body=_body(sent["body"]),
        number=number,
        message=str(version.get("message") or ""),
        parent_id=str(sent["parentId"]) if sent.get("parentId") else None,
    )


def delete(call: Call) -> Response:
    page = call.editable(call.number("id"))
    if call.flag("draft"):
        moves.discard_draft(call.site, page["id"])
    elif call.flag("purge"):
        moves.purge(call.site, page["id"])
    else:
        moves.trash(call.site, page["id"])
    return Response(status_code=204)


def rename(call: Call) -> Document:
    page, sent = call.editable(call.number("id")), call.json_object()
    if page["status"] != "current":
        raise bad_request("Only current pages can be renamed")
    saved = pages.touch(call.site, call.user, page["id"], title=_text(sent, "title"))
    return with_base(call.site, page_form(call.site, saved))


def versions(call: Call) -> Response:
    page = call.visible(call.number("id"))
    wanted = body_format(call, single=False)
    found = pages.versions_of(call.site, page)
    if call.query("sort") == "modified-date":
        found.reverse()

    def form(version: Document) -> Document:
        shown: Document = {"id": page["id"], "title": version["title"]}
        if wanted:
            shown["body"] = {wanted: {"representation": wanted, "value": version["body"]}}
        return {**version_form(version), "page": shown}

    return listing(call, found, form)


def one_version(call: Call) -> Document:
    page = call.visible(call.number("id"))
    number = int(call.number("number"))
    version = pages.version_of(call.site, page["id"], number)
    if version is None:
        raise not_found()
    neighbours = {"prevVersion": number - 1} if number > 1 else {}
    if number < page["version"]:
        neighbours["nextVersion"] = number + 1
    return {**version_form(version), "contentTypeModified": False, "collaborators": [version["authorId"]], **neighbours}


def _check_size(call: Call) -> None:
    if len(call.arrived.body) > SIZE_LIMIT:
        raise too_large("The request is too large: a page may have up to 5 MB")


def _text(sent: Document, name: str) -> str:
    value = sent.get(name)
    if not isinstance(value, str | int) or not str(value).strip():
        raise Refused(400, "INVALID_REQUEST_BODY", f"{name} is required")
    return str(value)


def _body(sent: Any) -> str:
    """`{representation, value}`, or the same nested below its representation."""
    if isinstance(sent, dict) and isinstance(sent.get("storage"), dict):
        sent = sent["storage"]
    if not isinstance(sent, dict) or not isinstance(sent.get("value"), str):
        raise Refused(400, "INVALID_REQUEST_BODY", "body must have representation and value")
    if sent.get("representation", "storage") != "storage":
        raise bad_request(f"This sandbox has no {sent['representation']}: send the storage representation")
    return str(sent["value"])


V2 = "/wiki/api/v2"
ROUTES = (
    Route("GET", f"{V2}/pages", list_pages),
    Route("POST", f"{V2}/pages", create),
    Route("GET", f"{V2}/pages/{{id}}", read),
    Route("PUT", f"{V2}/pages/{{id}}", update),
    Route("DELETE", f"{V2}/pages/{{id}}", delete),
    Route("PUT", f"{V2}/pages/{{id}}/title", rename),
    Route("GET", f"{V2}/pages/{{id}}/versions", versions),
    Route("GET", f"{V2}/pages/{{id}}/versions/{{number}}", one_version),
    Route("GET", f"{V2}/spaces/{{id}}/pages", list_space_pages),
)
