"""What belongs to a page of a Confluence Cloud site beside its body: properties (API v2) and labels (API v1)."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from app.errors import Conflict
from connectors.confluence.cloud.site import CloudSite, content_path, page_path
from connectors.http.shapes import a_dict

SETTLE = 0.5
"""Seconds before a property is written again after a conflict: new pages answer 409 for a while (atlassian.md §5.2)."""


class Parts(CloudSite):
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
        path, known = f"{page_path(page_id)}/properties", self._property(page_id, key)
        if known is None:
            self._remote.post(path, {"key": key, "value": value})
        elif known.get("value") != value:
            version = {"number": int(a_dict(known.get("version")).get("number") or 1) + 1}
            body = {"key": key, "value": value, "version": version}
            self._remote.put(f"{path}/{quote(str(known['id']), safe='')}", body)

    def _property(self, page_id: str, key: str) -> dict[str, Any] | None:
        listed = self._listed(f"{page_path(page_id)}/properties", {"key": key})
        return next((sent for sent in listed if sent.get("key") == key), None)

    def add_labels(self, page_id: str, labels: Sequence[str]) -> None:
        """Add them and keep the others. Confluence has labels in lower case and without blanks."""
        names = dict.fromkeys("-".join(label.lower().split()) for label in labels)
        body = [{"prefix": "global", "name": name} for name in names if name]
        if body:
            self._remote.post(content_path(page_id, "label"), body)
