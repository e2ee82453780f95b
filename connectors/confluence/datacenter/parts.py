"""What belongs to a page of a Confluence Data Center site beside its body: properties and labels."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from app.errors import Conflict, NotFound
from connectors.confluence.datacenter.site import DataCenterSite, content_path
from connectors.http.shapes import a_dict

SETTLE = 0.5
"""Seconds before a property is written again after a conflict: new pages answer 409 for a while (atlassian.md §5.2)."""


class Parts(DataCenterSite):
    """Properties and labels."""

    def property(self, page_id: str, key: str) -> Mapping[str, object] | None:
        sent = self._property(page_id, key)
        value = sent.get("value") if sent else None
        return value if isinstance(value, dict) else None

    def set_property(self, page_id: str, key: str, value: Mapping[str, object]) -> None:
        """Write it if it differs; a conflict is read and tried once more."""
        try:
            self._write_property(page_id, key, dict(value))
        except Conflict:
            self._remote.sleep(SETTLE)
            self._write_property(page_id, key, dict(value))

    def _write_property(self, page_id: str, key: str, value: dict[str, object]) -> None:
        known = self._property(page_id, key)
        if known is None:
            self._remote.post(f"{content_path(page_id)}/property", {"key": key, "value": value})
        elif known.get("value") != value:
            version = {"number": int(a_dict(known.get("version")).get("number") or 1) + 1}
            self._remote.put(_property_path(page_id, key), {"key": key, "value": value, "version": version})

    def _property(self, page_id: str, key: str) -> dict[str, Any] | None:
        """None, too, for a page that is not there: Confluence answers both alike."""
        path = _property_path(page_id, key)
        try:
            return self._object(self._remote.get(path, {"expand": "version"}), path)
        except NotFound:
            return None

    def add_labels(self, page_id: str, labels: Sequence[str]) -> None:
        """Add them and keep the others. Confluence has labels in lower case and without blanks."""
        names = dict.fromkeys("-".join(label.lower().split()) for label in labels)
        body = [{"prefix": "global", "name": name} for name in names if name]
        if body:
            self._remote.post(f"{content_path(page_id)}/label", body)


def _property_path(page_id: str, key: str) -> str:
    return f"{content_path(page_id)}/property/{quote(key, safe='')}"
