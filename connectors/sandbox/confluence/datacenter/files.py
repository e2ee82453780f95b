"""Files of a page: listed, added by one call, replaced by another."""

from fastapi.responses import JSONResponse, Response
from starlette.datastructures import UploadFile

from connectors.sandbox.confluence.cloud.call import Call, Route
from connectors.sandbox.confluence.core import attachments
from connectors.sandbox.confluence.core.refusal import bad_request
from connectors.sandbox.confluence.datacenter.forms import API, attachment_form, expanded, listing
from connectors.sandbox.store import Document

ATTACHMENT = f"{API}/content/{{id}}/child/attachment"
XSRF = Response("XSRF check failed", 403, media_type="text/plain")


def list_files(call: Call) -> Document:
    page, name = call.visible(call.path("id")), call.query("filename")
    wanted, kind = expanded(call), call.query("mediaType")
    found = [
        item
        for item in attachments.attachments_of(call.site, page["id"])
        if (not name or item["title"] == name) and (not kind or item["mediaType"] == kind)
    ]
    return listing(call, found, lambda item: attachment_form(call.site, item, wanted), default=50)


def add(call: Call) -> Response:
    """400 where the page has a file of this name."""
    if _unprotected(call):
        return XSRF
    page = call.editable(call.path("id"), hide=False)
    kept = _keep(call, page["id"], _file(call), replace=False)
    results = [attachment_form(call.site, kept, expanded(call))]
    return JSONResponse({"results": results, "start": 0, "limit": 25, "size": 1, "_links": {}})


def replace(call: Call) -> Response:
    """A new version of the file, which keeps its name."""
    if _unprotected(call):
        return XSRF
    page = call.editable(call.path("id"), hide=False)
    known = attachments.attachment_of(call.site, page["id"], call.path("attachment"))
    sent = _file(call)
    sent.filename = known["title"]
    return JSONResponse(attachment_form(call.site, _keep(call, page["id"], sent, replace=True), {"version"}))


def _keep(call: Call, page_id: str, file: UploadFile, *, replace: bool) -> Document:
    return attachments.attach(
        call.site,
        call.user,
        page_id,
        file.filename or "file",
        file.file.read(),
        comment=_words(call, "comment"),
        minor=_words(call, "minorEdit") == "true",
        replace=replace,
        media_type=file.content_type or "",
    )


def _unprotected(call: Call) -> bool:
    return call.request.headers.get("x-atlassian-token", "").lower() not in {"no-check", "nocheck"}


def _file(call: Call) -> UploadFile:
    part = call.arrived.form.get("file") if call.arrived.form else None
    if not isinstance(part, UploadFile):
        raise bad_request("No file was sent: a multipart part named file is required")
    return part


def _words(call: Call, name: str) -> str:
    """Parts with a content type of their own may arrive as files."""
    part = call.arrived.form.get(name) if call.arrived.form else None
    return part.file.read().decode() if isinstance(part, UploadFile) else str(part or "")


ROUTES = (
    Route("GET", ATTACHMENT, list_files),
    Route("POST", ATTACHMENT, add),
    Route("POST", f"{ATTACHMENT}/{{attachment}}/data", replace),
)
