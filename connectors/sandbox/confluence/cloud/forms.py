"""The JSON forms of API v2."""

from typing import Any
from urllib.parse import quote_plus

from connectors.sandbox.confluence.core.pages import present_version
from connectors.sandbox.confluence.core.spaces import space_of
from connectors.sandbox.confluence.ui.render import to_html
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

VIEWS = ("view", "export_view", "anonymous_export_view", "styled_view")


def space_form(space: Document) -> Document:
    return {
        "id": space["id"],
        "key": space["key"],
        "name": space["name"],
        "type": "global",
        "status": space["status"],
        "authorId": space["authorId"],
        "currentActiveAlias": space["key"],
        "createdAt": space["createdAt"],
        "homepageId": space["homepageId"],
        "description": None,
        "icon": None,
        "_links": {"webui": f"/spaces/{space['key']}"},
    }


def page_form(site: Site, page: Document, body_format: str | None = None, version: Document | None = None) -> Document:
    """A page as it is, or with `version` as it was."""
    shown = version or present_version(site, page)
    past = shown["number"] != page["version"]
    return {
        "id": page["id"],
        "status": "historical" if past else page["status"],
        "title": shown["title"] if past else page["title"],
        "spaceId": page["spaceId"],
        "parentId": page["parentId"],
        "parentType": "page" if page["parentId"] else None,
        "position": int(page["position"]),
        "authorId": page["authorId"],
        "ownerId": page["ownerId"],
        "lastOwnerId": None,
        "createdAt": page["createdAt"],
        "version": version_form(shown),
        "body": body_form(site, page, shown["body"], body_format),
        "_links": page_links(site, page),
    }


def draft_form(site: Site, page: Document, body_format: str | None) -> Document:
    """The unpublished draft of a page: version 1 of itself."""
    kept = page["draft"]
    shown = {**kept, "number": 1, "message": "", "minorEdit": False}
    form = page_form(site, {**page, "title": kept["title"], "version": 1}, body_format, shown)
    return {**form, "status": "draft"}


def page_links(site: Site, page: Document) -> dict[str, str]:
    where = f"/spaces/{space_of(site, page)['key']}/pages"
    return {
        "webui": f"{where}/{page['id']}/{quote_plus(page['title'])}",
        "editui": f"{where}/edit-v2/{page['id']}",
        "tinyui": f"/x/{int(page['id']):x}",
    }


def with_base(site: Site, form: Document) -> Document:
    return {**form, "_links": {**form["_links"], "base": f"{site.base_url}/wiki"}}


def version_form(version: Document) -> Document:
    return {
        "number": version["number"],
        "message": version["message"],
        "minorEdit": version["minorEdit"],
        "authorId": version["authorId"],
        "createdAt": version["createdAt"],
        "ncsStepVersion": None,
    }


def body_form(site: Site, page: Document, stored: str, body_format: str | None) -> Document:
    if body_format is None:
        return {}
    value = to_html(site, page, stored) if body_format in VIEWS else stored
    return {body_format: {"representation": body_format, "value": value}}


def child_form(page: Document) -> Document:
    return {
        "id": page["id"],
        "status": page["status"],
        "title": page["title"],
        "spaceId": page["spaceId"],
        "childPosition": int(page["position"]),
    }


def comment_form(site: Site, comment: Document, body_format: str | None) -> Document:
    stored = comment["body"]
    form: dict[str, Any] = {
        "id": comment["id"],
        "status": comment["status"],
        "title": comment["title"],
        "pageId": comment["pageId"],
        "parentCommentId": comment.get("parentCommentId"),
        "version": {
            "number": 1,
            "message": "",
            "minorEdit": False,
            "authorId": comment["authorId"],
            "createdAt": comment["createdAt"],
        },
        "body": {body_format: {"representation": body_format, "value": stored}} if body_format else {},
        "_links": {"webui": f"/pages/viewpage.action?pageId={comment['pageId']}&focusedCommentId={comment['id']}"},
    }
    if "ref" in comment:
        form["resolutionStatus"] = comment["resolution"]
        form["properties"] = {
            "inlineMarkerRef": comment["ref"],
            "inlineOriginalSelection": comment["selection"],
        }
    return form


def attachment_form(attachment: Document) -> Document:
    where = f"/download/attachments/{attachment['pageId']}/{quote_plus(attachment['title'])}"
    download = f"{where}?version={attachment['version']['number']}&api=v2"
    webui = f"/pages/viewpageattachments.action?pageId={attachment['pageId']}"
    return {
        **attachment,
        "mediaTypeDescription": attachment["mediaType"],
        "webuiLink": webui,
        "downloadLink": download,
        "_links": {"webui": webui, "download": download},
    }


def user_form(user: Document) -> Document:
    return {
        "accountId": user["accountId"],
        "accountType": "atlassian",
        "accountStatus": "active" if user["active"] else "inactive",
        "displayName": user["displayName"],
        "publicName": user["displayName"],
        "email": user["email"],
        "timeZone": user["timeZone"],
        "isExternalCollaborator": False,
        "profilePicture": {"path": "/wiki/aa-avatar/default", "isDefault": True},
    }
