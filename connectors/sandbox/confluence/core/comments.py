"""Comments below a page and on its text. An inline comment lives on a marker in the body; without it, it dangles."""

import uuid
from typing import TypeGuard

from lxml import etree

from connectors.sandbox.confluence.core.refusal import bad_request, not_found
from connectors.sandbox.confluence.core.storage import MARKER, REF, Root, parse
from connectors.sandbox.confluence.core.time import stamp
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

COMMENTS = "wiki_comments"
_NO_TEXT = {
    "plain-text-body",
    "plain-text-link-body",
    "parameter",
    "task-id",
    "task-uuid",
    "task-status",
    "placeholder",
}


def comments_of(site: Site, page_id: str, kind: str) -> list[Document]:
    """`kind` is `footer` or `inline`; oldest first."""
    return list(_kept(site, page_id)[kind])


def comment_of(site: Site, comment_id: str, kind: str = "footer") -> Document:
    found = (one for kept in site.store.table(COMMENTS) for one in kept[kind] if one["id"] == comment_id)
    comment: Document | None = next(found, None)
    if comment is None:
        raise not_found(f"No comment found with id {comment_id}")
    return comment


def answers_of(site: Site, comment: Document) -> list[Document]:
    """The answers to a footer comment, oldest first; not what answers them in turn."""
    below = comments_of(site, comment["pageId"], "footer")
    return [one for one in below if one["parentCommentId"] == comment["id"]]


def _kept(site: Site, page_id: str) -> Document:
    return site.store.table(COMMENTS).get(page_id) or {"footer": [], "inline": []}


def add_footer(site: Site, by: str, page_id: str, title: str, body: str, parent_id: str | None = None) -> Document:
    """`parent_id`: the footer comment below the same page that this one answers."""
    parse(body)
    if parent_id and comment_of(site, parent_id)["pageId"] != page_id:
        raise not_found(f"No comment with id {parent_id} on content {page_id}")
    return _add(site, by, page_id, "footer", {"title": f"Re: {title}", "body": body, "parentCommentId": parent_id})


def add_inline(site: Site, by: str, page_id: str, title: str, body: str, ref: str, selection: str) -> Document:
    extra = {"title": f"Re: {title}", "body": body, "ref": ref, "selection": selection, "resolution": "open"}
    return _add(site, by, page_id, "inline", extra)


def _add(site: Site, by: str, page_id: str, kind: str, extra: Document) -> Document:
    with site.store.lock:
        kept = _kept(site, page_id)
        comment = {
            "id": str(site.store.next_id("wiki", 65537)),
            "pageId": page_id,
            "status": "current",
            "authorId": by,
            "createdAt": stamp(site),
            **extra,
        }
        site.store.table(COMMENTS).put(page_id, {**kept, kind: [*kept[kind], comment]})
        return comment


def reanchor(site: Site, page_id: str, refs: set[str]) -> None:
    """After a save: comments whose marker is gone dangle, those whose marker has come back are open again."""
    kept = _kept(site, page_id)
    if not kept["inline"]:
        return
    inline = [{**comment, "resolution": _resolution(comment, refs)} for comment in kept["inline"]]
    if inline != kept["inline"]:
        site.store.table(COMMENTS).put(page_id, {**kept, "inline": inline})


def _resolution(comment: Document, refs: set[str]) -> str:
    present, resolution = comment["ref"] in refs, str(comment["resolution"])
    if resolution in {"open", "reopened"} and not present:
        return "dangling"
    if resolution == "dangling" and present:
        return "open"
    return resolution


def mark_text(body: str, text: str, run: str = "") -> tuple[Root, str]:
    """The parsed body with a marker around the first occurrence of the text, and the marker's reference.

    The text must stand in one run of text; `run` names that run where the text alone would be found too early.
    """
    root, ref = parse(body), str(uuid.uuid4())
    for element in root.iter(etree.Element):
        if etree.QName(element).localname in _NO_TEXT:
            continue
        if _holds(element.text, text, run):
            element.text, marker = _cut(element.text, text, ref)
            element.insert(0, marker)
            return root, ref
        for child in element:
            if _holds(child.tail, text, run):
                child.tail, marker = _cut(child.tail, text, ref)
                element.insert(element.index(child) + 1, marker)
                return root, ref
    raise bad_request(f"The text {text!r} is not in one run of text on this page")


def _holds(found: str | None, text: str, run: str) -> TypeGuard[str]:
    return found is not None and text in found and run.strip() in {"", found.strip()}


def _cut(run: str, text: str, ref: str) -> tuple[str, etree._Element]:
    before, _, after = run.partition(text)
    marker = etree.Element(MARKER, {REF: ref})
    marker.text, marker.tail = text, after
    return before, marker
