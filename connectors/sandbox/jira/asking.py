"""One request to the Jira REST API: who asks, under the lock of the site, and how the answer goes out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

from connectors.sandbox import access
from connectors.sandbox.jira.errors import not_found
from connectors.sandbox.jira.show import Show
from connectors.sandbox.jira.tracker import Tracker, tracker_of
from connectors.sandbox.store import Document

JSON = "application/json;charset=UTF-8"


@dataclass(frozen=True)
class Call:
    """`user` None is an anonymous caller, or one whose credentials failed where Jira does not say so."""

    tracker: Tracker
    user: Document | None
    show: Show
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def actor(self) -> str:
        """The account id of a caller who had to log in."""
        assert self.user is not None
        return str(self.user["accountId"])

    def issue(self, key_or_id: str) -> Document:
        """The issue as the store has it. Raises 404 if it is not there or not visible."""
        found = self.tracker.issue(key_or_id)
        if found is None or not self.tracker.sees(self.user, found):
            raise not_found()
        return found

    def project(self, key_or_id: str) -> Document:
        found = self.tracker.project(key_or_id)
        if found is None or not self.tracker.may_browse(self.user, found):
            raise not_found(f"No project could be found with key '{key_or_id}'.")
        return found

    def answer(self, body: Any, status: int = 200) -> JSONResponse:
        return JSONResponse(body, status, self.headers, media_type=JSON)


@contextmanager
def asking(request: Request, right: str, *, anonymous: bool = False) -> Iterator[Call]:
    """The call behind a request, while the block lasts. `anonymous` lets failed credentials in, to see nothing."""
    site = request.app.state.site
    with site.store.lock:
        user, headers = (
            access.allow_anonymous(site, request, right) if anonymous else (access.require(site, request, right), {})
        )
        tracker = tracker_of(site)
        api = int(request.path_params.get("api", 3))
        yield Call(tracker, user, Show(tracker, api, user["timeZone"] if user else "UTC"), headers)
