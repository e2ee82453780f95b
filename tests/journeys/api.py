"""The REST API as a script has it: with a token, through the application itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from httpx import Response

from app.services import tokens
from tests.journeys.place import Place

PLACES = {
    "objectives": "/objectives",
    "kpis": "/kpis",
    "metrics": "/metrics",
    "pages": "/pages",
    "runs": "/runs",
}
"""Where the ids of a kind of thing are listed."""
KPIS = """kpis:
  - id: KPI-1
    title: {ko: 통화, en: Calls}
    team: blue
    metric: {id: calls, unit: count}
    progress: {mode: from_to, baseline: 0, target: 9}
    period: month
    corridor: {healthy: 6, watch: 3}
    action: Call more
  - id: KPI-2
    title: Payroll
    person: ada
    metric: {id: payroll, unit: "%"}
    progress: {mode: from_to, baseline: 42.4242, target: 37.1717}
    corridor: {healthy: 39.3939, watch: 40.4040}
    action: {en: Freeze hiring}
    confidential: true
measurements:
  - {metric: calls, at: 2026-11-17T09:00, value: 4.5, by: ada}
  - {metric: payroll, at: 2026-11-17T09:00, value: 41.0625, by: ada}
"""
"""Added to the small company: a KPI of Blue's, and a confidential one of Ada's."""


@dataclass
class Script:
    """`get` and `post` take what follows /api/v1 and give the answer."""

    place: Place
    token: str

    def get(self, path: str, **query: Any) -> Response:
        return self._ask("GET", path, params=query)

    def post(self, path: str, told: Any = None, **given: Any) -> Response:
        return self._ask("POST", path, json=told, **given) if told is not None else self._ask("POST", path, **given)

    def read(self, path: str, **query: Any) -> Any:
        """What a call that must succeed answers."""
        answer = self.get(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def items(self, path: str, **query: Any) -> list[Any]:
        """A whole list, part by part."""
        found: list[Any] = []
        cursor: int | None = 0
        while cursor is not None:
            part = self.read(path, cursor=cursor, **query)
            found += part["items"]
            assert len(part["items"]) <= query.get("limit", 100)
            cursor = part["next_cursor"]
        return found

    def everything(self) -> Iterator[str]:
        """The answer of every path that can be read, for everything there is, in both languages."""
        paths = self.place.web.get("/openapi.json").json()["paths"]
        for whole, known in paths.items():
            if "get" in known and whole.startswith("/api/v1"):
                path = whole.removeprefix("/api/v1")
                has_language = any(one["name"] == "language" for one in known["get"].get("parameters", ()))
                for key in self._ids(path) if "{id}" in path else [""]:
                    for query in ({"language": "en"}, {"language": "ko"}) if has_language else ({},):
                        yield self.get(path.replace("{id}", str(key)), **query).text

    def _ids(self, path: str) -> list[Any]:
        kind = path.split("/")[1]
        if kind == "key-results":
            return [one["id"] for objective in self.items("/objectives") for one in objective["key_results"]]
        if kind == "check-ins":
            return [
                one["id"] for key in self._ids("/key-results") for one in self.items(f"/key-results/{key}/check-ins")
            ]
        return [one["id"] for one in self.items(PLACES[kind])]

    def _ask(self, method: str, path: str, headers: dict[str, str] | None = None, **given: Any) -> Response:
        asked = {"authorization": f"Bearer {self.token}", **(headers or {})}
        answer: Response = self.place.web.request(method, f"/api/v1{path}", headers=asked, **given)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert re.search(r"\w", answer.json()["detail"])
        return answer


def script(place: Place) -> Script:
    """A script with a token of its own."""
    return Script(place, tokens.create(place.world, "script"))
