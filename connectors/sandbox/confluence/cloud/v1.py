"""API v1, as far as it lives on beside v2: labels, attachments, move, archive, content state; the rest is 410 Gone."""

import hashlib
import uuid
from typing import Any

from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.datastructures import UploadFile

from connectors.sandbox.confluence.cloud.call import Call, Route
from connectors.sandbox.confluence.cloud.forms import attachment_form
from connectors.sandbox.confluence.core import attachments, moves, pages, properties
from connectors.sandbox.confluence.core.refusal import Refused, bad_request, forbidden, not_found
from connectors.sandbox.confluence.core.spaces import may_edit, space_of
from connectors.sandbox.confluence.core.time import stamp
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

ARCHIVE_LIMIT = 300
STATE_NAME_LIMIT = 20


def gone(call: Call) -> Response:
    """What v2 has replaced."""
    raise Refused(410, "GONE", "This deprecated endpoint has been removed. Use the v2 API instead.")


def add_labels(call: Call) -> Document:
    page, sent = call.editable(call.path("id"), hide=False), call.json()
    wanted = sent if isinstance(sent, list) else [sent]
    if not all(isinstance(label, dict) and isinstance(label.get("name"), str) for label in wanted):
        raise bad_request("Labels must be objects with prefix and name")
    pairs = [(str(label.get("prefix") or "global"), label["name"]) for label in wanted]
    labels = properties.add_labels(call.site, page["id"], pairs)["labels"]
    results = [{**label, "label": label["name"]} for label in labels]
    links = {"base": f"{call.site.base_url}/wiki", "context": "/wiki"}
    return {"results": results, "start": 0, "limit": 200, "size": len(results), "_links": links}


def remove_label(call: Call) -> Response:
    page = call.editable(call.path("id"), hide=False)
    name = call.request.path_params.get("label") or call.query("name")
    if not name:
        raise bad_request("name is required")
    properties.remove_label(call.site, page["id"], name)
    return Response(status_code=204)


def upload(call: Call) -> Response:
    """PUT: create or new version; POST: create only."""
    if call.request.headers.get("x-atlassian-token", "").lower() not in {"no-check", "nocheck"}:
        return Response("XSRF check failed", 403, media_type="text/plain")
    page, form = call.editable(call.path("id"), hide=False), call.arrived.form
    files = [part for part in form.getlist("file") if isinstance(part, UploadFile)] if form else []
    if form is None or not files:
        raise bad_request("No file was sent: a multipart part named file is required")
    remarks = [_words(part) for part in form.getlist("comment")]
    minor = _words(form.get("minorEdit")) == "true"
    kept = [
        attachments.attach(
            call.site,
            call.user,
            page["id"],
            file.filename or "file",
            file.file.read(),
            comment=remarks[index] if index < len(remarks) else "",
            minor=minor,
            replace=call.request.method == "PUT",
            media_type=file.content_type or "",
        )
        for index, file in enumerate(files)
    ]
    results = [_attachment(call, item) for item in kept]
    links = {"base": f"{call.site.base_url}/wiki", "context": "/wiki"}
    return JSONResponse({"results": results, "start": 0, "limit": 25, "size": len(results), "_links": links})


def _words(part: Any) -> str:
    """Parts with a content type of their own arrive as files."""
    return part.file.read().decode() if isinstance(part, UploadFile) else str(part or "")


def _attachment(call: Call, item: Document) -> Document:
    version = item["version"]
    links = attachment_form(item)["_links"]
    api = f"{call.site.base_url}/wiki/rest/api/content"
    return {
        "id": item["id"],
        "type": "attachment",
        "status": "current",
        "title": item["title"],
        "version": {
            "number": version["number"],
            "message": version["message"],
            "minorEdit": version["minorEdit"],
            "when": version["createdAt"],
        },
        "metadata": {"mediaType": item["mediaType"], "comment": item["comment"]},
        "extensions": {
            "mediaType": item["mediaType"],
            "fileSize": item["fileSize"],
            "comment": item["comment"],
            "fileId": item["fileId"],
        },
        "_links": {**links, "self": f"{api}/{item['id']}"},
    }


def download(call: Call) -> Response:
    page = call.visible(call.path("id"))
    item, number = attachments.attachment_of(call.site, page["id"], call.path("attachment")), call.integer("version")
    attachments.content_of(call.site, item, number)
    target = f"/wiki{attachment_form(item)['_links']['download']}"
    if number:
        target = target.replace(f"version={item['version']['number']}&", f"version={number}&")
    return RedirectResponse(call.site.base_url + target, 302)


def move(call: Call) -> Document:
    position = call.path("position")
    if position not in {"before", "after", "append"}:
        raise bad_request(f"position {position!r} is not before, after or append")
    page, target = call.editable(call.path("id"), hide=False), call.visible(call.path("target"))
    if not may_edit(call.site, target, call.user):
        raise forbidden("User is not permitted to create a page there")
    moves.move(call.site, page["id"], position, target["id"])
    return {"pageId": page["id"]}


def archive(call: Call) -> Response:
    wanted = call.json_object().get("pages")
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= ARCHIVE_LIMIT:
        raise bad_request(f"pages must be a list of 1 to {ARCHIVE_LIMIT} objects with an id")
    found = [call.editable(str(item.get("id")) if isinstance(item, dict) else "", hide=False) for item in wanted]
    if any(page["status"] != "current" for page in found):
        raise bad_request("One of the pages is archived already or is not current")
    for page in found:
        moves.archive(call.site, page["id"])
    task = str(uuid.uuid4())
    return JSONResponse({"id": task, "links": {"status": f"/rest/api/longtask/{task}"}}, 202)


def current_user(call: Call) -> Document:
    return user_v1_form(call.site, call.site.store.table("users").get(call.user) or {})


def user_v1_form(site: Site, user: Document) -> Document:
    base = f"{site.base_url}/wiki"
    return {
        "type": "known",
        "accountId": user["accountId"],
        "accountType": "atlassian",
        "email": user["email"],
        "publicName": user["displayName"],
        "displayName": user["displayName"],
        "timeZone": user["timeZone"],
        "profilePicture": {"path": "/wiki/aa-avatar/default", "width": 48, "height": 48, "isDefault": True},
        "isExternalCollaborator": False,
        "_expandable": {"operations": "", "personalSpace": ""},
        "_links": {"self": f"{base}/rest/api/user?accountId={user['accountId']}", "base": base, "context": "/wiki"},
    }


def read_state(call: Call) -> Document:
    return call.visible(call.path("id"))["state"] or {}


def set_state(call: Call) -> Document:
    """Makes a new version of the page, with the body it has."""
    page, sent = call.editable(call.path("id"), hide=False), call.json_object()
    name, color = sent.get("name"), sent.get("color")
    if call.query("status") not in {"current", "draft"}:
        raise bad_request("status must be current or draft")
    if not isinstance(name, str) or not 1 <= len(name) <= STATE_NAME_LIMIT or not isinstance(color, str):
        raise bad_request(f"name (up to {STATE_NAME_LIMIT} characters) and color are required")
    number = int(hashlib.sha256(f"{space_of(call.site, page)['id']}{name}".encode()).hexdigest()[:8], 16)
    state = {"contentState": {"id": number, "name": name, "color": color}, "lastUpdated": stamp(call.site)}
    pages.touch(call.site, call.user, page["id"], state=state)
    return state


def remove_state(call: Call) -> Document:
    page = call.editable(call.path("id"), hide=False)
    if page["state"] is None:
        raise not_found()
    pages.touch(call.site, call.user, page["id"], state=None)
    return {"lastUpdated": stamp(call.site)}


V1 = "/wiki/rest/api"
CONTENT = f"{V1}/content/{{id}}"
ROUTES = (
    Route("GET", f"{V1}/user/current", current_user),
    Route("POST", f"{V1}/content/archive", archive),
    Route("POST", f"{CONTENT}/label", add_labels),
    Route("DELETE", f"{CONTENT}/label", remove_label),
    Route("DELETE", f"{CONTENT}/label/{{label}}", remove_label),
    Route("PUT", f"{CONTENT}/child/attachment", upload),
    Route("POST", f"{CONTENT}/child/attachment", upload),
    Route("GET", f"{CONTENT}/child/attachment/{{attachment}}/download", download),
    Route("PUT", f"{CONTENT}/move/{{position}}/{{target}}", move),
    Route("GET", f"{CONTENT}/state", read_state),
    Route("PUT", f"{CONTENT}/state", set_state),
    Route("DELETE", f"{CONTENT}/state", remove_state),
    Route("GET", f"{V1}/content", gone),
    Route("POST", f"{V1}/content", gone),
    Route("GET", CONTENT, gone),
    Route("PUT", CONTENT, gone),
    Route("DELETE", CONTENT, gone),
    Route("GET", f"{CONTENT}/label", gone),
    Route("GET", f"{CONTENT}/child/attachment", gone),
    Route("GET", f"{CONTENT}/child/page", gone),
    Route("GET", f"{CONTENT}/child/comment", gone),
    Route("GET", f"{CONTENT}/property", gone),
    Route("POST", f"{CONTENT}/property", gone),
    Route("GET", f"{CONTENT}/property/{{key}}", gone),
    Route("PUT", f"{CONTENT}/property/{{key}}", gone),
    Route("DELETE", f"{CONTENT}/property/{{key}}", gone),
    Route("GET", f"{CONTENT}/history", gone),
    Route("GET", f"{V1}/space", gone),
    Route("GET", f"{V1}/space/{{key}}", gone),
)
