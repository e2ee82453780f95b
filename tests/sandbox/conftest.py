"""A sandbox site that really listens on a port, with one project and a person who may read and write."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from connectors.sandbox.jira import seed
from connectors.sandbox.run import end
from connectors.sandbox.server import create_app
from connectors.sandbox.site import Site
from tests.conftest import Door


@dataclass(frozen=True)
class Sandbox:
    """The site as a program sees it. Paths that start with / are taken as they are, others are below /rest/api/3/."""

    site: Site
    url: str
    email: str
    token: str

    def ask(self, method: str, path: str, **sent: Any) -> requests.Response:
        sent.setdefault("auth", (self.email, self.token))
        where = path if path.startswith("/") else f"/rest/api/3/{path}"
        return requests.request(method, self.url + where, timeout=10, **sent)

    def get(self, path: str, **sent: Any) -> Any:
        answer = self.ask("GET", path, **sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any, status: int = 200) -> Any:
        answer = self.ask("POST", path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = requests.request(method, f"{self.url}/_sandbox/{path}", json=body, timeout=10)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def search(self, jql: str, *fields: str, size: int = 50) -> list[Any]:
        """All pages of a search."""
        found: list[Any] = []
        asked: dict[str, Any] = {"jql": jql, "fields": list(fields), "maxResults": size}
        while True:
            page = self.post("search/jql", asked)
            found += page["issues"]
            if "nextPageToken" not in page:
                return found
            asked["nextPageToken"] = page["nextPageToken"]

    def keys(self, jql: str) -> list[str]:
        return [issue["key"] for issue in self.search(jql, "key")]


@pytest.fixture
def site() -> Site:
    site = Site(retry_delay=0.005)
    seed.add_project(site, "MKT", "Marketing", components=["web"], versions=["2026.4"])
    return site


@pytest.fixture
def sandbox(site: Site, door: Door) -> Iterator[Sandbox]:
    site.add_user("minsu@example.com", "김민수", account_id="712020:minsu", token="open sesame")
    door.app, site.base_url = create_app(site), door.url
    yield Sandbox(site, door.url, "minsu@example.com", "open sesame")
    end(site)
