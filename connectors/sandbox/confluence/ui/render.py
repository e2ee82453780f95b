"""Storage format to HTML. A new element is one entry in `ELEMENTS`, a new macro one entry in macros.MACROS."""

import re
from collections.abc import Callable
from html import escape
from urllib.parse import quote

from lxml import etree

from connectors.sandbox.confluence.core.storage import MARKER, NAME, REF
from connectors.sandbox.confluence.ui.macros import MACROS, unknown
from connectors.sandbox.confluence.ui.view import (
    View,
    ac,
    framed,
    link,
    page_titled,
    page_url,
    ri,
    text_of,
    user_name,
    view_of,
)
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

_PLAIN = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li"),
    *("tbody", "thead", "tfoot", "tr", "th", "td", "colgroup", "col"),
    *("strong", "em", "b", "i", "u", "s", "del", "ins", "sub"),
    *("sup", "code", "pre", "blockquote", "hr", "br", "span", "div", "small", "time", "cite", "q"),
}
_VOID = {"br", "hr", "col"}
_ATTRIBUTES = {"colspan", "rowspan", "start", "title", "datetime", "scope", "lang"}
_STYLE = re.compile(r"(text-align|color|background-color|width|margin-left|vertical-align)\s*:\s*([\w#%., ()-]+)")
_WIDTH = re.compile(r"width\s*:\s*(\d+)(?:\.\d+)?px")


def to_html(site: Site, page: Document, stored: str) -> str:
    """The body as HTML, from storage format as it is kept."""
    view = view_of(site, page, stored)
    return inner(view, view.root)


def inner(view: View, element: etree._Element) -> str:
    parts = [escape(element.text or "", quote=False)]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(render(view, child))
        parts.append(escape(child.tail or "", quote=False))
    return "".join(parts)


def render(view: View, element: etree._Element) -> str:
    special = ELEMENTS.get(str(element.tag))
    if special:
        return special(view, element)
    tag = str(element.tag)
    if tag not in _PLAIN:
        return inner(view, element)
    attributes = _attributes(element)
    if element in view.headings:
        attributes += f' id="{escape(view.headings[element])}"'
    return f"<{tag}{attributes}>" if tag in _VOID else f"<{tag}{attributes}>{inner(view, element)}</{tag}>"


def _attributes(element: etree._Element) -> str:
    kept = {str(name): str(value) for name, value in element.attrib.items() if name in _ATTRIBUTES}
    style = [f"{name}:{value}" for name, value in _STYLE.findall(str(element.get("style", "")))]
    if colour := element.get("data-highlight-colour"):
        style += [f"background-color:{value}" for value in re.findall(r"^[\w#]+$", str(colour))]
    if style:
        kept["style"] = ";".join(style)
    return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


def _table(view: View, element: etree._Element) -> str:
    wide = " wide" if element.get("data-layout") in {"wide", "full-width"} else ""
    widths = [int(width) for column in element.iter("col") for width in _WIDTH.findall(str(column.get("style", "")))]
    columns = f' class="fixed" style="--columns:{sum(widths)}px"' if widths else ""
    return framed(f"<table{columns}>{inner(view, element)}</table>", wide)


def _a(view: View, element: etree._Element) -> str:
    url = str(element.get("href", ""))
    if element.get("data-card-appearance"):
        words = text_of(element).strip()
        words = url.rstrip("/").rsplit("/", 1)[-1] if not words or words == url else words
        return link(url, escape(words), "card")
    return link(url, inner(view, element))


def _macro(view: View, element: etree._Element) -> str:
    return MACROS.get(str(element.get(NAME)), unknown)(view, element, inner)


def _link(view: View, element: etree._Element) -> str:
    words, anchor = _link_words(view, element), element.get(ac("anchor"))
    fragment = f"#{quote(str(anchor))}" if anchor else ""
    user, page, file = (element.find(ri(name)) for name in ("user", "page", "attachment"))
    if user is not None:
        return f'<span class="mention">@{escape(user_name(view.site, user.get(ri("account-id"))))}</span>'
    if file is not None:
        name = str(file.get(ri("filename"), ""))
        return link(_file_url(view, name), words or escape(name))
    if page is not None:
        title, key = str(page.get(ri("content-title"), "")), page.get(ri("space-key"))
        target = page_titled(view, title, str(key) if key else None)
        if target is None:
            return f'<span class="missing" title="No page with this title">{words or escape(title)}</span>'
        return link(page_url(view.site, target) + fragment, words or escape(title))
    return link(fragment or "#", words or escape(str(anchor or "")))


def _link_words(view: View, element: etree._Element) -> str:
    for name in ("link-body", "plain-text-link-body"):
        body = element.find(ac(name))
        if body is not None:
            return inner(view, body)
    return ""


def _file_url(view: View, name: str) -> str:
    return f"/wiki/download/attachments/{view.page['id']}/{quote(name)}"


def _image(view: View, element: etree._Element) -> str:
    file, web, caption = element.find(ri("attachment")), element.find(ri("url")), element.find(ac("caption"))
    url = str(web.get(ri("value"), "")) if web is not None else ""
    if file is not None:
        url = _file_url(view, str(file.get(ri("filename"), "")))
    width = re.sub(r"\D", "", str(element.get(ac("width"), "")))
    size = f' width="{width}"' if width else ""
    alt = escape(str(element.get(ac("alt"), "")))
    shown = f'<img src="{escape(url)}" alt="{alt}"{size} loading="lazy">'
    words = f"<figcaption>{inner(view, caption)}</figcaption>" if caption is not None else ""
    align = {"center": " centre", "right": " right"}.get(str(element.get(ac("align"), "")), "")
    return f'<figure class="image{align}">{shown}{words}</figure>'


def _marker(view: View, element: etree._Element) -> str:
    return f'<mark class="comment" data-ref="{escape(str(element.get(REF, "")))}">{inner(view, element)}</mark>'


def _section(view: View, element: etree._Element) -> str:
    kind = re.sub(r"\W", "", str(element.get(ac("type"), "single")))
    cells = "".join(f'<div class="cell">{inner(view, cell)}</div>' for cell in element.findall(ac("layout-cell")))
    return f'<div class="section {kind}">{cells}</div>'


def _tasks(view: View, element: etree._Element) -> str:
    items = []
    for task in element.findall(ac("task")):
        status, body = task.findtext(ac("task-status"), ""), task.find(ac("task-body"))
        done = " checked" if status == "complete" else ""
        words = inner(view, body) if body is not None else ""
        items.append(
            f'<li class="task{" done" if done else ""}"><input type="checkbox" disabled{done}><span>{words}</span></li>'
        )
    return f'<ul class="tasks">{"".join(items)}</ul>'


def _emoji(view: View, element: etree._Element) -> str:
    return escape(str(element.get(ac("emoji-fallback")) or element.get(ac("name")) or ""))


def _nothing(view: View, element: etree._Element) -> str:
    return ""


ELEMENTS: dict[str, Callable[[View, etree._Element], str]] = {
    "table": _table,
    "a": _a,
    "script": _nothing,
    "style": _nothing,
    MARKER: _marker,
    ac("structured-macro"): _macro,
    ac("link"): _link,
    ac("image"): _image,
    ac("layout-section"): _section,
    ac("task-list"): _tasks,
    ac("emoticon"): _emoji,
    ac("placeholder"): _nothing,
    ac("parameter"): _nothing,
}
