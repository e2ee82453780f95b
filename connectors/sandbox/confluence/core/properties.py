"""Content properties (any JSON by key, with a version of their own) and labels of a page."""

import json
import re
from typing import Any

from connectors.sandbox.confluence.core.pages import page_of
from connectors.sandbox.confluence.core.refusal import bad_request, conflict, not_found, too_large
from connectors.sandbox.confluence.core.spaces import PAGES
from connectors.sandbox.confluence.core.time import stamp
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

PROPERTIES = "wiki_properties"
KEY_LIMIT = 255
VALUE_LIMIT = 32_768
LABEL_LIMIT = 255
_LABEL = re.compile(r"[^\s:;,.?&\[\]()#^*!<>@\\/|\"'`~{}=+%]+")
_PREFIXES = ("global", "my", "team")


def properties_of(site: Site, page_id: str) -> list[Document]:
    return list((site.store.table(PROPERTIES).get(page_id) or {"items": []})["items"])


def property_of(site: Site, page_id: str, property_id: str) -> Document:
    found = next((item for item in properties_of(site, page_id) if item["id"] == property_id), None)
    if found is None:
        raise not_found()
    return found


def add_property(site: Site, by: str, page_id: str, key: str, value: Any) -> Document:
    with site.store.lock:
        _check(key, value)
        kept = properties_of(site, page_id)
        if any(item["key"] == key for item in kept):
            raise conflict(f"Property with key [{key}] already exists on content with id [{page_id}]")
        fresh = {"id": str(site.store.next_id("wiki", 65537)), "key": key, "value": value}
        fresh["version"] = {"number": 1, "message": "", "minorEdit": False, "authorId": by, "createdAt": stamp(site)}
        site.store.table(PROPERTIES).put(page_id, {"items": [*kept, fresh]})
        return fresh


def change_property(
    site: Site, by: str, page_id: str, property_id: str, key: str, value: Any, number: int, message: str = ""
) -> Document:
    """A new value; does not touch the version of the page. The key may not change."""
    with site.store.lock:
        _check(key, value)
        old = property_of(site, page_id, property_id)
        if old["key"] != key:
            raise bad_request(f"Property {property_id} has the key [{old['key']}], not [{key}]")
        present = old["version"]["number"]
        if number != present + 1:
            raise conflict(
                "Version must be incremented when updating a content property. "
                f"Current Version: [{present}]. Provided version: [{number}]"
            )
        version = {**old["version"], "number": number, "message": message, "authorId": by, "createdAt": stamp(site)}
        fresh = {**old, "value": value, "version": version}
        items = [fresh if item["id"] == property_id else item for item in properties_of(site, page_id)]
        site.store.table(PROPERTIES).put(page_id, {"items": items})
        return fresh


def remove_property(site: Site, page_id: str, property_id: str) -> None:
    with site.store.lock:
        property_of(site, page_id, property_id)
        items = [item for item in properties_of(site, page_id) if item["id"] != property_id]
        site.store.table(PROPERTIES).put(page_id, {"items": items})


def _check(key: str, value: Any) -> None:
    if not key or len(key) > KEY_LIMIT:
        raise bad_request(f"Property key must have 1 to {KEY_LIMIT} characters")
    if len(json.dumps(value, ensure_ascii=False).encode()) > VALUE_LIMIT:
        raise too_large(f"Property value is longer than {VALUE_LIMIT} bytes")


def add_labels(site: Site, page_id: str, wanted: list[tuple[str, str]]) -> Document:
    """Add `(prefix, name)` to those the page has. Names come out in lower case."""
    with site.store.lock:
        page = page_of(site, page_id)
        labels = list(page["labels"])
        for prefix, name in wanted:
            if prefix not in _PREFIXES:
                raise bad_request(f"Label prefix {prefix!r} is not one of {', '.join(_PREFIXES)}")
            if not _LABEL.fullmatch(name) or len(name) > LABEL_LIMIT:
                raise bad_request(f"Label {name!r} has characters that are not allowed, is empty or too long")
            if not any(label["prefix"] == prefix and label["name"] == name.lower() for label in labels):
                labels.append({"id": _label_id(site, name.lower()), "prefix": prefix, "name": name.lower()})
        return site.store.table(PAGES).put(page_id, {**page, "labels": labels})


def _label_id(site: Site, name: str) -> str:
    known = site.store.table("wiki_labels").get(name)
    if known is None:
        known = site.store.table("wiki_labels").put(name, {"id": str(site.store.next_id("wiki", 65537))})
    return str(known["id"])


def remove_label(site: Site, page_id: str, name: str) -> None:
    with site.store.lock:
        page = page_of(site, page_id)
        kept = [label for label in page["labels"] if label["name"] != name.lower()]
        if len(kept) == len(page["labels"]):
            raise not_found(f"No label {name!r} on this page")
        site.store.table(PAGES).put(page_id, {**page, "labels": kept})
