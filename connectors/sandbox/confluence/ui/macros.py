"""Macros to HTML. A new macro is one function and one entry in `MACROS`; all others show as a box with their name."""

import re
from collections.abc import Callable
from html import escape

from lxml import etree

from connectors.sandbox.confluence.core.pages import children_of, page_of, pages_in, present_version
from connectors.sandbox.confluence.core.refusal import Refused
from connectors.sandbox.confluence.core.storage import BODY, MACRO, NAME
from connectors.sandbox.confluence.ui.view import (
    View,
    ac,
    framed,
    link,
    page_titled,
    page_url,
    parameter,
    ri,
    text_of,
    view_of,
)

Inner = Callable[[View, etree._Element], str]
Macro = Callable[[View, etree._Element, Inner], str]

COLOURS = ("green", "yellow", "red", "blue", "purple", "grey")
_PANELS = {
    "info": ("info", "i"),
    "note": ("note", "!"),
    "warning": ("warning", "!"),
    "tip": ("tip", "✓"),
    "panel": ("plain", ""),
}


def _body(view: View, macro: etree._Element, inner: Inner) -> str:
    body = macro.find(BODY)
    return inner(view, body) if body is not None else ""


def _name(macro: etree._Element) -> str:
    return str(macro.get(NAME, "?"))


def _status(view: View, macro: etree._Element, inner: Inner) -> str:
    colour = parameter(macro, "colour", "Grey").lower()
    words = escape(parameter(macro, "title", colour))
    return f'<span class="lozenge {colour if colour in COLOURS else "grey"}">{words}</span>'


def _panel(view: View, macro: etree._Element, inner: Inner) -> str:
    kind, sign = _PANELS[_name(macro)]
    title = parameter(macro, "title")
    head = f'<p class="title">{escape(title)}</p>' if title else ""
    icon = f'<span class="icon" role="img" aria-label="{kind}">{sign}</span>' if sign else ""
    return f'<div class="panel {kind}">{icon}<div class="words">{head}{_body(view, macro, inner)}</div></div>'


def _expand(view: View, macro: etree._Element, inner: Inner) -> str:
    title = escape(parameter(macro, "title", "Click here to expand..."))
    return f'<details class="expand"><summary>{title}</summary><div>{_body(view, macro, inner)}</div></details>'


def _toc(view: View, macro: etree._Element, inner: Inner) -> str:
    lowest, highest = (_level(parameter(macro, name), given) for name, given in (("minLevel", 1), ("maxLevel", 6)))
    shown = [(int(str(element.tag)[1]), element, slug) for element, slug in view.headings.items()]
    shown = [(level, element, slug) for level, element, slug in shown if lowest <= level <= highest]
    top = min((level for level, _, _ in shown), default=1)
    items = [
        f'<li class="level{level - top}">{link("#" + slug, escape(text_of(element)))}</li>'
        for level, element, slug in shown
    ]
    return f'<nav class="toc" aria-label="On this page"><ul>{"".join(items)}</ul></nav>'


def _level(words: str, otherwise: int) -> int:
    return int(words) if words.isdigit() else otherwise


def _details(view: View, macro: etree._Element, inner: Inner) -> str:
    if parameter(macro, "hidden") == "true":
        return ""
    return f'<div class="details">{_body(view, macro, inner)}</div>'


def _excerpt(view: View, macro: etree._Element, inner: Inner) -> str:
    return "" if parameter(macro, "hidden") == "true" else _body(view, macro, inner)


def _excerpt_include(view: View, macro: etree._Element, inner: Inner) -> str:
    named = next(macro.iter(ri("page")), None)
    title = str(named.get(ri("content-title"), "")) if named is not None else ""
    page = page_titled(view, title, None)
    if page is None or page["id"] in view.trail:
        return f'<div class="unknown">No excerpt: {escape(title)}</div>'
    other = view_of(view.site, page, present_version(view.site, page)["body"], view.trail)
    found = next((each for each in other.root.iter(MACRO) if _name(each) == "excerpt"), None)
    words = _body(other, found, inner) if found is not None else ""
    return f'<div class="panel plain"><div class="words"><p class="title">{escape(title)}</p>{words}</div></div>'


def _anchor(view: View, macro: etree._Element, inner: Inner) -> str:
    return f'<span class="anchor" id="{escape(parameter(macro, ""))}"></span>'


def _code(view: View, macro: etree._Element, inner: Inner) -> str:
    title = parameter(macro, "title")
    head = f"<figcaption>{escape(title)}</figcaption>" if title else ""
    text = escape(macro.findtext(ac("plain-text-body"), ""))
    return f'<figure class="code">{head}<pre><code>{text}</code></pre></figure>'


def _children(view: View, macro: etree._Element, inner: Inner) -> str:
    named = next(macro.iter(ri("page")), None)
    page = page_titled(view, str(named.get(ri("content-title"))), None) if named is not None else view.page
    if page is None:
        return ""
    depth = 9 if parameter(macro, "all") == "true" else _level(parameter(macro, "depth"), 1)
    return _branch(view, page["id"], depth) or '<p class="quiet">No pages below this one yet.</p>'


def _branch(view: View, page_id: str, depth: int) -> str:
    below = children_of(view.site, page_id, frozenset({"current"})) if depth else []
    items = "".join(
        f"<li>{link(page_url(view.site, page), escape(page['title']))}{_branch(view, page['id'], depth - 1)}</li>"
        for page in below
    )
    return f'<ul class="children">{items}</ul>' if items else ""


def _details_summary(view: View, macro: etree._Element, inner: Inner) -> str:
    """A table of the page properties of all pages in this space with the labels that its CQL names."""
    labels = set(
        re.findall(r'label\s*(?:=|in)\s*\(?\s*"?([\w-]+)', parameter(macro, "cql") or parameter(macro, "label"))
    )
    rows: list[tuple[str, dict[str, str]]] = []
    for page in pages_in(view.site, view.page["spaceId"], frozenset({"current"})):
        if page["id"] not in view.trail and labels & {label["name"] for label in page["labels"]}:
            words = link(page_url(view.site, page), escape(page["title"]))
            rows.append((words, _page_properties(view, page["id"], inner)))
    wanted = [part.strip() for part in parameter(macro, "headings").split(",") if part.strip()]
    columns = wanted or list(dict.fromkeys(name for _, values in rows for name in values))
    head = "".join(
        f'<th scope="col">{escape(name)}</th>' for name in [parameter(macro, "firstcolumn", "Title"), *columns]
    )
    body = "".join(_row([title, *(values.get(name, "") for name in columns)]) for title, values in rows)
    return framed(f"<table><tbody><tr>{head}</tr>{body}</tbody></table>")


def _row(cells: list[str]) -> str:
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"


def _page_properties(view: View, page_id: str, inner: Inner) -> dict[str, str]:
    page = page_of(view.site, page_id)
    try:
        other = view_of(view.site, page, present_version(view.site, page)["body"], view.trail)
    except Refused:
        return {}
    macros = [each for each in other.root.iter(MACRO) if _name(each) == "details"]
    rows = [[cell for cell in row if cell.tag in {"th", "td"}] for macro in macros for row in macro.iter("tr")]
    return {text_of(row[0]).strip(): inner(other, row[1]) for row in rows if len(row) == 2}


def _jira(view: View, macro: etree._Element, inner: Inner) -> str:
    key, jql = parameter(macro, "key"), parameter(macro, "jqlQuery")
    return link(f"/browse/{key}", escape(key), "card") if key else f'<div class="unknown">Jira: {escape(jql)}</div>'


def unknown(view: View, macro: etree._Element, inner: Inner) -> str:
    """What a reader sees of a macro that is not there."""
    return f'<div class="unknown">Unknown macro: <code>{escape(_name(macro))}</code>{_body(view, macro, inner)}</div>'


MACROS: dict[str, Macro] = {
    "status": _status,
    "info": _panel,
    "note": _panel,
    "warning": _panel,
    "tip": _panel,
    "panel": _panel,
    "expand": _expand,
    "toc": _toc,
    "details": _details,
    "detailssummary": _details_summary,
    "excerpt": _excerpt,
    "excerpt-include": _excerpt_include,
    "anchor": _anchor,
    "children": _children,
    "code": _code,
    "jira": _jira,
}
