"""The JSON forms of REST v1 as Data Center has them, and its lists."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, quote_plus, urlencode

from connectors.sandbox.confluence.cloud.call import Call
from connectors.sandbox.confluence.core.comments import comment_of
from connectors.sandbox.confluence.core.pages import ancestors_of, page_of, present_version
from connectors.sandbox.confluence.core.spaces import may_edit, space_of
from connectors.sandbox.confluence.ui.render import to_html
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

CONTEXT = "/confluence"
API = f"{CONTEXT}/rest/api"
SELF = "rest/api"
LIMIT = 200
"""Items on a page of a list, whatever is asked for."""

Item = TypeVar("Item")


def expanded(call: Call, default: str = "") -> set[str]:
    """What is to be expanded, with what it is part of: `body.storage` names `body` as well."""
    wanted = call.query("expand", default).split(",")
    return {".".join(parts[:length]) for parts in (one.split(".") for one in wanted) for length in range(1, 9)}


def listing(call: Call, items: Sequence[Item], form: Callable[[Item], Document | None], default: int = 25) -> Document:
    """One page of a list, cut before what may not be seen (None) is left out of it: so a page can be short, or empty,
    and not the last."""
    asked = call.integer("limit")
    start, limit = call.integer("start") or 0, min(default if asked is None else asked, LIMIT, call.site.page_size_cap)
    results = [made for item in items[start : start + limit] if (made := form(item)) is not None]
    links = {"self": _address(call, start, limit), "base": base(call.site), "context": CONTEXT}
    if start + limit < len(items):
        links["next"] = _address(call, start + limit, limit).removeprefix(call.site.base_url)
    return {"results": results, "start": start, "limit": limit, "size": len(results), "_links": links}


def _address(call: Call, start: int, limit: int) -> str:
    kept = [(key, value) for key, value in call.request.query_params.multi_items() if key not in {"start", "limit"}]
    return f"{call.site.base_url}{call.request.url.path}?{urlencode([*kept, ('limit', limit), ('start', start)])}"


def base(site: Site) -> str:
    return f"{site.base_url}{CONTEXT}"


def with_base(site: Site, form: Document) -> Document:
    return {**form, "_links": {**form["_links"], "base": base(site), "context": CONTEXT}}


def page_form(call: Call, page: Document, wanted: set[str], version: Document | None = None) -> Document:
    """A page as it is, or with `version` as it was: then it has an id of its own."""
    site, shown = call.site, version or present_version(call.site, page)
    past = shown["number"] != page["version"]
    own_id = f"{page['id']}{shown['number']:04d}" if past else page["id"]
    parts: dict[str, Callable[[], Any]] = {
        "space": lambda: space_form(site, space_of(site, page)),
        "version": lambda: version_form(site, page["id"], shown),
        "history": lambda: history_form(site, page, latest=not past),
        "ancestors": lambda: [] if past else [page_form(call, above, set()) for above in ancestors_of(site, page)],
        "body": lambda: body_form(site, page, shown["body"], wanted),
        "operations": lambda: _operations(call, page),
        "container": lambda: space_form(site, space_of(site, page)),
    }
    return {
        "id": own_id,
        "type": "page",
        "status": "historical" if past else page["status"],
        "title": shown["title"] if past else page["title"],
        "position": int(page["position"]),
        "extensions": {"position": int(page["position"])},
        **{name: make() for name, make in parts.items() if name in wanted},
        "_links": page_links(site, page),
        "_expandable": {name: "" for name in parts if name not in wanted},
    }


def page_links(site: Site, page: Document) -> Document:
    return {
        "webui": f"/spaces/{space_of(site, page)['key']}/pages/{page['id']}/{quote_plus(page['title'])}",
        "edit": f"/pages/resumedraft.action?draftId={page['id']}",
        "tinyui": f"/x/{int(page['id']):x}",
        "self": f"{base(site)}/{SELF}/content/{page['id']}",
    }


def _operations(call: Call, page: Document) -> list[Document]:
    """What the caller may do; the document says no more of it than the form."""
    may = [("read", "page")]
    if call.may_write and may_edit(call.site, page, call.user):
        may += [("update", "page"), ("delete", "page"), ("create", "attachment"), ("create", "comment")]
    return [{"operation": operation, "targetType": kind} for operation, kind in may]


def space_form(site: Site, space: Document) -> Document:
    return {
        "id": int(space["id"]),
        "key": space["key"],
        "name": space["name"],
        "status": "CURRENT",
        "type": "global",
        "_links": {"webui": f"/display/{space['key']}", "self": f"{base(site)}/{SELF}/space/{space['key']}"},
        "_expandable": {},
    }


def version_form(site: Site, content_id: str, version: Document) -> Document:
    number = version["number"]
    return {
        "by": user_form(site, version["authorId"]),
        "when": version["createdAt"],
        "message": version["message"],
        "number": number,
        "minorEdit": version["minorEdit"],
        "hidden": False,
        "_links": {"self": f"{base(site)}/rest/experimental/content/{content_id}/version/{number}"},
        "_expandable": {"content": f"/{SELF}/content/{content_id}"},
    }


def history_form(site: Site, made: Document, *, latest: bool = True) -> Document:
    by = user_form(site, made["authorId"])
    return {"latest": latest, "createdBy": by, "createdDate": made["createdAt"], "_links": {}, "_expandable": {}}


def user_form(site: Site, account_id: str) -> Document:
    """Known by its key, which in the sandbox is the account's id on Cloud; the name for logins is the e-mail."""
    user = site.store.table("users").get(account_id)
    if user is None:
        return {"type": "unknown", "displayName": f"Unknown User ({account_id})"}
    return {
        "type": "known",
        "username": user["email"],
        "userKey": user["accountId"],
        "displayName": user["displayName"],
        "profilePicture": {"path": f"{CONTEXT}/images/icons/profilepics/default.svg", "width": 48, "height": 48}
        | {"isDefault": True},
        "_links": {"self": f"{base(site)}/{SELF}/user?key={quote(user['accountId'])}"},
        "_expandable": {"status": ""},
    }


def body_form(site: Site, page: Document, stored: str, wanted: set[str]) -> Document:
    made: Document = {}
    if "body.storage" in wanted:
        made["storage"] = {"value": stored, "representation": "storage", "_expandable": {}}
    if "body.view" in wanted:
        made["view"] = {"value": to_html(site, page, stored), "representation": "view", "_expandable": {}}
    return made


def comment_form(call: Call, comment: Document, wanted: set[str]) -> Document:
    """Of inline comments those that are resolved have a place of their own."""
    site, page = call.site, page_of(call.site, comment["pageId"])
    resolved = comment.get("resolution") in {"resolved", "dangling"}
    location = "footer" if "ref" not in comment else "resolved" if resolved else "inline"
    written = {"number": 1, "message": "", "minorEdit": False} | {n: comment[n] for n in ("authorId", "createdAt")}
    parts: dict[str, Callable[[], Any]] = {
        "container": lambda: page_form(call, page, set()),
        "history": lambda: history_form(site, comment),
        "version": lambda: version_form(site, comment["id"], written),
        "ancestors": lambda: [comment_form(call, one, set()) for one in _answered(site, comment)],
        "body": lambda: body_form(site, page, comment["body"], wanted),
    }
    where = f"/pages/viewpage.action?pageId={page['id']}&focusedCommentId={comment['id']}"
    return {
        "id": comment["id"],
        "type": "comment",
        "status": "current",
        "title": comment["title"],
        "extensions": {"location": location, "_expandable": {"inlineProperties": "", "resolution": ""}},
        **{name: make() for name, make in parts.items() if name in wanted},
        "_links": {"webui": where, "self": f"{base(site)}/{SELF}/content/{comment['id']}"},
        "_expandable": {name: "" for name in parts if name not in wanted},
    }


def _answered(site: Site, comment: Document) -> list[Document]:
    """The comments above this one, from the top down."""
    above: list[Document] = []
    while parent_id := comment.get("parentCommentId"):
        comment = comment_of(site, parent_id)
        above.insert(0, comment)
    return above


def attachment_form(site: Site, attachment: Document, wanted: set[str]) -> Document:
    """Ids are plain numbers here."""
    number, page_id = attachment["id"].removeprefix("att"), attachment["pageId"]
    where = f"/download/attachments/{page_id}/{quote_plus(attachment['title'])}"
    form: Document = {
        "id": number,
        "type": "attachment",
        "status": "current",
        "title": attachment["title"],
        "metadata": {"mediaType": attachment["mediaType"]},
        "extensions": {name: attachment[name] for name in ("mediaType", "fileSize", "comment")},
        "_links": {
            "download": f"{where}?version={attachment['version']['number']}&api=v2",
            "webui": f"/pages/viewpageattachments.action?pageId={page_id}",
            "self": f"{base(site)}/{SELF}/content/{number}",
        },
        "_expandable": {},
    }
    return form | ({"version": version_form(site, number, attachment["version"])} if "version" in wanted else {})
