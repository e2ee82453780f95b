"""The addresses that people open: page, history, forms to edit and comment, files, and the sign of life of a page."""

import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from connectors.sandbox.confluence import people
from connectors.sandbox.confluence.core import attachments, comments, pages
from connectors.sandbox.confluence.core.properties import properties_of
from connectors.sandbox.confluence.core.refusal import Refused, not_found
from connectors.sandbox.confluence.core.spaces import SPACES, space_by_key, space_of
from connectors.sandbox.confluence.ui.notes import notes_of, readable, with_notes
from connectors.sandbox.confluence.ui.render import to_html
from connectors.sandbox.confluence.ui.tree import tree_of
from connectors.sandbox.confluence.ui.view import limits_of, page_url, user_name
from connectors.sandbox.site import ADMIN, Site
from connectors.sandbox.store import Document

_HERE = Path(__file__).parent
_TEMPLATES = Environment(
    loader=FileSystemLoader(_HERE), autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False
)
_SHOWN_IN_BROWSER = {"image/png", "image/jpeg", "image/gif", "image/webp"}


@dataclass(frozen=True)
class Visit:
    site: Site
    request: Request
    form: dict[str, str]

    def page(self) -> Document:
        return pages.page_of(self.site, str(self.request.path_params["id"]))

    def show(self, template: str, status: int = 200, **values: Any) -> HTMLResponse:
        given = {"site": self.site, "visit": self, "assets": _assets(), "who": lambda one: user_name(self.site, one)}
        html = _TEMPLATES.get_template(template).render({**given, "when": _when, "url": self._url, **values})
        return HTMLResponse(html, status, headers={"Cache-Control": "no-store"})

    def _url(self, page: Document) -> str:
        return page_url(self.site, page)


def _assets() -> dict[str, Markup]:
    """Style and script stand in the page itself: it needs nothing else."""
    return {name: Markup((_HERE / name).read_text("utf-8")) for name in ("wiki.css", "live.js")}


def _when(stamp: str) -> Markup:
    words = f"{stamp[:10]} {stamp[11:16]} UTC"
    return Markup('<time datetime="{}">{}</time>').format(stamp, words)


def show_home(visit: Visit) -> Response:
    spaces = sorted(visit.site.store.table(SPACES), key=lambda space: space["name"])
    return visit.show("home.html.j2", spaces=spaces)


def show_space(visit: Visit) -> Response:
    space = space_by_key(visit.site, str(visit.request.path_params["key"]))
    if space is None or not space["homepageId"]:
        raise not_found("No such space")
    return RedirectResponse(page_url(visit.site, pages.page_of(visit.site, space["homepageId"])), 302)


def show_by_id(visit: Visit) -> Response:
    page = pages.page_of(visit.site, visit.request.query_params.get("pageId", ""))
    return RedirectResponse(page_url(visit.site, page), 302)


def show_tiny(visit: Visit) -> Response:
    number = str(visit.request.path_params["number"])
    page_id = str(int(number, 16)) if all(digit in "0123456789abcdef" for digit in number) else ""
    return RedirectResponse(page_url(visit.site, pages.page_of(visit.site, page_id)), 302)


def show_page(visit: Visit) -> Response:
    site, page = visit.site, visit.page()
    version = _version_asked(visit, page)
    full = any(
        item["key"] == "content-appearance-published" and item["value"] in {"full-width", "max"}
        for item in properties_of(site, page["id"])
    )
    return visit.show(
        "page.html.j2",
        **_frame(site, page),
        version=version,
        past=version["number"] != page["version"],
        body=Markup(to_html(site, page, version["body"])),
        has_notes=notes_of(version["body"]) is not None,
        full=full,
        stamp=_stamp(site, page),
        limits=limits_of(site, page),
        footer=comments.comments_of(site, page["id"], "footer"),
        inline=comments.comments_of(site, page["id"], "inline"),
        words_of=lambda comment: Markup(to_html(site, page, comment["body"])),
        people=_people(site),
    )


def _version_asked(visit: Visit, page: Document) -> Document:
    asked = visit.request.query_params.get("pageVersion", "")
    version = pages.version_of(visit.site, page["id"], int(asked)) if asked.isascii() and asked.isdigit() else None
    return version or pages.present_version(visit.site, page)


def _frame(site: Site, page: Document) -> Document:
    """What every template around a page shows."""
    space = space_of(site, page)
    return {
        "page": page,
        "space": space,
        "above": [each for each in pages.ancestors_of(site, page) if each["id"] != space["homepageId"]],
        "tree": tree_of(site, space["id"], page),
        "here": page_url(site, page),
    }


def _people(site: Site) -> list[Document]:
    """Those who may write, the site's admin first: the sandbox asks nobody to log in."""
    people = [user for user in site.store.table("users") if user["active"] and "wiki:write" in user["rights"]]
    return sorted(people, key=lambda user: (user["accountId"] != ADMIN, user["displayName"]))


def show_history(visit: Visit) -> Response:
    page = visit.page()
    return visit.show("history.html.j2", **_frame(visit.site, page), versions=pages.versions_of(visit.site, page))


def show_editor(visit: Visit) -> Response:
    page = visit.page()
    version = pages.present_version(visit.site, page)
    notes = notes_of(version["body"]) if visit.request.query_params.get("part") == "notes" else None
    return _editor(visit, page, readable(version["body"] if notes is None else notes), notes is not None)


def _editor(visit: Visit, page: Document, text: str, notes: bool, problem: str = "", title: str = "") -> Response:
    return visit.show(
        "edit.html.j2",
        400 if problem else 200,
        **_frame(visit.site, page),
        text=text,
        notes=notes,
        problem=problem,
        title=title or page["title"],
        number=int(visit.form.get("number") or page["version"] + 1),
        people=_people(visit.site),
        message=visit.form.get("message", ""),
    )


def save_edit(visit: Visit) -> Response:
    page, form, notes = visit.page(), visit.form, visit.form.get("part") == "notes"
    text, title = form.get("body", "").replace("\r\n", "\n"), form.get("title", "") or visit.page()["title"]
    try:
        body = with_notes(pages.present_version(visit.site, page)["body"], text) if notes else text
        edit = pages.Edit(title, body, int(form.get("number") or 0), form.get("message", ""))
        saved = pages.save(visit.site, form.get("by", ADMIN), page["id"], edit)
    except Refused as refused:
        return _editor(visit, page, text, notes, refused.title, title)
    return RedirectResponse(page_url(visit.site, saved), 303)


def save_comment(visit: Visit) -> Response:
    """Below the page, or with `selection` (and the `run` of text it stands in) on the text."""
    page, words, by = visit.page(), visit.form.get("words", "").strip(), visit.form.get("by", ADMIN)
    body = "".join(f"<p>{escape(line)}</p>" for line in words.splitlines() if line.strip())
    if body and (selection := visit.form.get("selection", "").strip()):
        people.comment_inline(visit.site, page["id"], selection, body, by, visit.form.get("run", ""))
    elif body:
        people.comment_footer(visit.site, page["id"], body, by)
    return RedirectResponse(page_url(visit.site, page) + "#comments", 303)


def live(visit: Visit) -> Response:
    """`{stamp, version}`: the stamp changes with the text, the title, the status and the comments."""
    page = visit.page()
    headers = {"Cache-Control": "no-store"}
    return JSONResponse({"stamp": _stamp(visit.site, page), "version": page["version"]}, headers=headers)


def _stamp(site: Site, page: Document) -> str:
    facts = [page["title"], page["status"], page["parentId"], [label["name"] for label in page["labels"]]]
    facts += [pages.present_version(site, page)["body"], comments.comments_of(site, page["id"], "footer")]
    facts += [comments.comments_of(site, page["id"], "inline")]
    return f"{page['version']}-{zlib.crc32(repr(facts).encode()):08x}"


def send_file(visit: Visit) -> Response:
    """Pictures are shown; everything else is handed over as a file, so that no upload runs as a page of this site."""
    page, name = visit.page(), str(visit.request.path_params["name"])
    item, asked = attachments.attachment_named(visit.site, page["id"], name), visit.request.query_params.get("version")
    if item is None:
        raise not_found("No such file")
    number = int(asked) if asked and asked.isascii() and asked.isdigit() else None
    content = attachments.content_of(visit.site, item, number)
    shown = item["mediaType"] in _SHOWN_IN_BROWSER
    headers = {"X-Content-Type-Options": "nosniff"}
    if not shown:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=item["mediaType"], headers=headers)


_SPACE = "/wiki/spaces/{key}"
ROUTES: tuple[tuple[str, str, Callable[[Visit], Response]], ...] = (
    ("GET", "/wiki", show_home),
    ("GET", "/wiki/home", show_home),
    ("GET", _SPACE, show_space),
    ("GET", f"{_SPACE}/overview", show_space),
    ("GET", f"{_SPACE}/history/{{id}}", show_history),
    ("GET", f"{_SPACE}/pages/edit-v2/{{id}}", show_editor),
    ("POST", f"{_SPACE}/pages/edit-v2/{{id}}", save_edit),
    ("POST", f"{_SPACE}/comment/{{id}}", save_comment),
    ("GET", f"{_SPACE}/pages/{{id}}", show_page),
    ("GET", f"{_SPACE}/pages/{{id}}/{{title:path}}", show_page),
    ("GET", "/wiki/pages/viewpage.action", show_by_id),
    ("GET", "/wiki/x/{number}", show_tiny),
    ("GET", "/wiki/live/{id}", live),
    ("GET", "/wiki/download/attachments/{id}/{name}", send_file),
)


def create_ui(site: Site) -> APIRouter:
    router = APIRouter()
    for method, path, answer in ROUTES:
        router.add_route(path, _endpoint(site, answer), methods=[method], include_in_schema=False)
    return router


async def _form(request: Request) -> dict[str, str]:
    body = (await request.body()).decode("utf-8", "replace") if request.method == "POST" else ""
    return dict(parse_qsl(body, keep_blank_values=True))


def _endpoint(site: Site, answer: Callable[[Visit], Response]) -> Callable[[Request], Awaitable[Response]]:
    def show(visit: Visit) -> Response:
        try:
            return answer(visit)
        except Refused as refused:
            return visit.show("missing.html.j2", refused.status, refused=refused)

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(show, Visit(site, request, await _form(request)))

    return endpoint
