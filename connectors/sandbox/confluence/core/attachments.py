"""Files of a page: one name, many versions."""

import base64
import mimetypes
import uuid

from connectors.sandbox.confluence.core.refusal import bad_request, not_found
from connectors.sandbox.confluence.core.time import stamp
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

ATTACHMENTS = "wiki_attachments"
FILES = "wiki_files"


def attachments_of(site: Site, page_id: str) -> list[Document]:
    return list((site.store.table(ATTACHMENTS).get(page_id) or {"items": []})["items"])


def attachment_named(site: Site, page_id: str, name: str) -> Document | None:
    return next((item for item in attachments_of(site, page_id) if item["title"] == name), None)


def attachment_of(site: Site, page_id: str, attachment_id: str) -> Document:
    wanted = attachment_id if attachment_id.startswith("att") else f"att{attachment_id}"
    found = next((item for item in attachments_of(site, page_id) if item["id"] == wanted), None)
    if found is None:
        raise not_found(f"No attachment with id {attachment_id} on content {page_id}")
    return found


def content_of(site: Site, attachment: Document, number: int | None = None) -> bytes:
    kept = site.store.table(FILES).get(f"{attachment['id']}:{number or attachment['version']['number']}")
    if kept is None:
        raise bad_request(f"Attachment {attachment['id']} has no version {number}")
    return base64.b64decode(kept["base64"])


def files_of(site: Site, page_id: str) -> list[Document]:
    """Every version of every file, in the order of upload: `{pageId, name, number, minor, base64}`."""
    return [kept for kept in site.store.table(FILES) if kept["pageId"] == page_id]


def attach(
    site: Site,
    by: str,
    page_id: str,
    name: str,
    content: bytes,
    *,
    comment: str,
    minor: bool,
    replace: bool,
    media_type: str = "",
) -> Document:
    """A new file, or with `replace` a new version of the file with this name. The media type follows from the name
    where none was sent."""
    with site.store.lock:
        kept, old = attachments_of(site, page_id), attachment_named(site, page_id, name)
        if old and not replace:
            raise bad_request(f"Cannot add a new attachment with same file name as an existing attachment: {name}")
        number = old["version"]["number"] + 1 if old else 1
        fresh = {
            "id": old["id"] if old else f"att{site.store.next_id('wiki', 65537)}",
            "pageId": page_id,
            "title": name,
            "status": "current",
            "createdAt": old["createdAt"] if old else stamp(site),
            "mediaType": media_type or mimetypes.guess_type(name)[0] or "application/octet-stream",
            "comment": comment,
            "fileId": str(uuid.uuid4()),
            "fileSize": len(content),
            "version": {
                "number": number,
                "message": comment,
                "minorEdit": minor,
                "authorId": by,
                "createdAt": stamp(site),
            },
        }
        kept_file = {"pageId": page_id, "name": name, "number": number, "minor": minor}
        kept_file["base64"] = base64.b64encode(content).decode()
        site.store.table(FILES).put(f"{fresh['id']}:{number}", kept_file)
        items = [item for item in kept if item is not old]
        site.store.table(ATTACHMENTS).put(page_id, {"items": [*items, fresh]})
        return fresh
