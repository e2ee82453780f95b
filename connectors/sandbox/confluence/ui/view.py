"""One page being shown: what the macros need to know, and the few lookups they share."""

import re
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote, quote_plus

from lxml import etree

from connectors.sandbox.confluence.core.pages import pages_in
from connectors.sandbox.confluence.core.spaces import space_by_key, space_of
from connectors.sandbox.confluence.core.storage import AC, NAME, PARAMETER, RI, Root, parse
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass(frozen=True)
class View:
    """`headings` gives every heading element its anchor; `trail` holds the ids of pages included on the way."""

    site: Site
    page: Document
    root: Root
    headings: dict[etree._Element, str] = field(default_factory=dict)
    trail: frozenset[str] = frozenset()


def view_of(site: Site, page: Document, stored: str, trail: frozenset[str] = frozenset()) -> View:
    root = parse(stored)
    headings: dict[etree._Element, str] = {}
    for element in root.iter(*HEADINGS):
        slug = re.sub(r"\s+", "-", text_of(element).strip()) or "heading"
        taken = sum(1 for anchor in headings.values() if anchor == slug or anchor.startswith(f"{slug}."))
        headings[element] = f"{slug}.{taken}" if taken else slug
    return View(site, page, root, headings, trail | {page["id"]})


def ac(name: str) -> str:
    return f"{{{AC}}}{name}"


def ri(name: str) -> str:
    return f"{{{RI}}}{name}"


def text_of(element: etree._Element) -> str:
    """What a reader sees of it, with the titles of status lozenges."""
    parts = [element.text or ""]
    for child in element:
        if child.tag == ac("structured-macro"):
            parts.append(parameter(child, "title"))
        elif isinstance(child.tag, str):
            parts.append(text_of(child))
        parts.append(child.tail or "")
    return "".join(parts)


def parameter(macro: etree._Element, name: str, default: str = "") -> str:
    for child in macro.findall(PARAMETER):
        if child.get(NAME) == name:
            return "".join(str(part) for part in child.itertext()) or default
    return default


def page_url(site: Site, page: Document) -> str:
    """Where people read the page; without the site's address."""
    return f"/wiki/spaces/{quote(space_of(site, page)['key'])}/pages/{page['id']}/{quote_plus(page['title'])}"


def page_titled(view: View, title: str, space_key: str | None) -> Document | None:
    space = space_by_key(view.site, space_key) if space_key else space_of(view.site, view.page)
    if space is None:
        return None
    return next((page for page in pages_in(view.site, space["id"]) if page["title"] == title), None)


def user_name(site: Site, account_id: str | None) -> str:
    user = site.store.table("users").get(account_id or "")
    return str(user["displayName"]) if user else "Former user"


def link(url: str, words: str, css: str = "") -> str:
    """`words` is HTML already. Only addresses that a browser may safely follow become links."""
    if not re.match(r"(https?:|mailto:|/|#)", url.strip(), re.IGNORECASE):
        return f"<span>{words}</span>"
    css = f' class="{css}"' if css else ""
    return f'<a{css} href="{escape(url)}">{words}</a>'


def framed(table: str, css: str = "") -> str:
    """A table that may be wider than the page; the keyboard reaches it, to move what does not fit."""
    return f'<div class="table{css}" tabindex="0" role="group" aria-label="Table">{table}</div>'


def limits_of(site: Site, page: Document) -> str:
    """Who may view and who may edit, where that is restricted on this page itself."""
    told = (("Viewed", page.get("readers")), ("Edited", page.get("writers")))
    return "; ".join(f"{verb} by {', '.join(_named(site, who)) or 'nobody else'}" for verb, who in told if who)


def _named(site: Site, who: Document) -> list[str]:
    return [*(user_name(site, person) for person in who["people"]), *who["groups"]]
