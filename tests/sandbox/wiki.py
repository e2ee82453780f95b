"""A wiki to ask over HTTP in tests: one space with its homepage, a writer and a reader; without the Jira half."""

from dataclasses import dataclass
from typing import Any

import httpx
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from fastapi.testclient import TestClient

from connectors.sandbox.access import Refusal
from connectors.sandbox.confluence import add_space, create_router
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document

V2, V1 = "/wiki/api/v2", "/wiki/rest/api"
WRITER, READER, STRANGER = "712020:writer", "712020:reader", "712020:stranger"
PROBE = """<h2>Title</h2>
<ac:structured-macro ac:name="info">
  <ac:parameter ac:name="title">A &ldquo;b&rdquo;</ac:parameter>
  <ac:parameter ac:name="icon">false</ac:parameter>
  <ac:rich-text-body>
    <p>6 → 15&nbsp;%</p>
  </ac:rich-text-body>
</ac:structured-macro>
<table><tbody><tr><th>a</th><td></td></tr></tbody></table>"""


@dataclass(frozen=True)
class Wiki:
    site: Site
    http: TestClient
    space: Document

    def ask(self, method: str, path: str, by: str = WRITER, **sent: Any) -> httpx.Response:
        user = self.site.store.table("users").get(by) or {}
        return self.http.request(method, path, auth=(user["email"], user["token"]), **sent)

    def get(self, path: str, by: str = WRITER, **query: Any) -> Any:
        answer = self.ask("GET", path, by, params=query or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def create(self, title: str, body: str = "<p>x</p>", query: str = "", **more: Any) -> Any:
        sent = {"spaceId": self.space["id"], "status": "current", "title": title, "body": storage(body), **more}
        answer = self.ask("POST", f"{V2}/pages{query}", json=sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def try_create(self, title: str, body: str = "<p>x</p>", by: str = WRITER, **more: Any) -> httpx.Response:
        sent = {"spaceId": self.space["id"], "title": title, "body": storage(body), **more}
        return self.ask("POST", f"{V2}/pages", by, json=sent)

    def try_save(self, page_id: str, number: int, by: str = WRITER, **changes: Any) -> httpx.Response:
        page = self.site.store.table("wiki_pages").get(page_id) or {}
        sent = {
            "id": page_id,
            "status": "current",
            "title": page.get("title", "?"),
            "body": storage("<p>new</p>"),
            "version": {"number": number, "message": "why"},
            **changes,
        }
        kept = {name: value for name, value in sent.items() if value is not None}
        return self.ask("PUT", f"{V2}/pages/{page_id}", by, json=kept)

    def save(self, page_id: str, number: int, body: str, **changes: Any) -> Any:
        answer = self.try_save(page_id, number, body=storage(body), **changes)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def stored(self, page_id: str, **query: Any) -> str:
        page = self.get(f"{V2}/pages/{page_id}", **{"body-format": "storage", **query})
        return str(page["body"]["storage"]["value"])


def storage(value: str) -> Document:
    return {"representation": "storage", "value": value}


def open_wiki(**site: Any) -> Wiki:
    opened = Site(base_url="http://testserver", **site)
    opened.add_user("writer@example.com", "Writer", account_id=WRITER)
    opened.add_user("reader@example.com", "Reader", account_id=READER, rights=("wiki:read",))
    opened.add_user("stranger@example.com", "Stranger", account_id=STRANGER, rights=("jira:read",))
    space = add_space(opened, "OKR", "Objectives", homepage_title="OKR")
    app = FastAPI()
    app.include_router(create_router(opened))
    app.add_exception_handler(Refusal, _refused)
    return Wiki(opened, TestClient(app, follow_redirects=False), space)


def _refused(request: Request, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, Refusal)
    return JSONResponse(refusal.body, refusal.status, headers=refusal.headers)


def error_of(answer: httpx.Response) -> Document:
    """The one error of a v2 answer, in the envelope of the real site."""
    (error,) = answer.json()["errors"]
    assert set(error) == {"status", "code", "title", "detail"}
    assert error["status"] == answer.status_code
    return dict(error)
