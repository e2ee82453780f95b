"""The whole product in one place: a sandbox site over HTTP, a house beside it, and one hand-moved clock for both."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.db.models import IssueRow, MembershipRow, PageRow
from app.db.session import open_engine
from app.house import House
from app.main import put_together
from app.okrs_file.read import read_text
from app.ports import Wiki
from app.services import okrs, pages, publish, sync
from app.services.sources import SOURCES
from app.web.main import create_app
from app.world import World
from connectors.sandbox import faults
from connectors.sandbox.confluence import stored_body
from connectors.sandbox.confluence.core import pages as wiki
from connectors.sandbox.confluence.core.spaces import PAGES
from connectors.sandbox.jira import changes, hooks, linking
from connectors.sandbox.jira.catalogue import LINK_TYPES
from connectors.sandbox.jira.postman import Delivery, signature
from connectors.sandbox.jira.tracker import Tracker, tracker_of
from connectors.sandbox.site import ADMIN, Site
from connectors.sandbox.store import Document
from tests.conftest import HandClock
from tests.journeys.shown import Shown

MAILBOX = "/mailbox"
SECRET = "It's a Secret to Everybody"
THROTTLE = 3.0
ROOT = re.compile(r"^/(?:rest/api/3|wiki/api/v2|wiki/rest/api|confluence/rest/api)/")


@dataclass
class Door:
    """One server for all sites of a process, since starting one costs more than most tests. It keeps every body that
    was sent to the site (JSON as values, files as bytes), and lets the site's webhooks fall into a mailbox that tests
    empty when they like."""

    app: ASGIApp
    url: str = ""
    sent: list[Any] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == MAILBOX:
            await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
            await send({"type": "http.response.body"})
        elif scope.get("method") in ("POST", "PUT"):
            await self.app(scope, self._listening(receive), send)
        else:
            await self.app(scope, receive, send)

    def _listening(self, receive: Receive) -> Receive:
        heard = bytearray()

        async def listen() -> Message:
            message = await receive()
            heard.extend(message.get("body", b""))
            if heard and not message.get("more_body") and message["type"] == "http.request":
                self.sent.append(json.loads(heard) if heard[:1] in (b"{", b"[") else bytes(heard))
            return message

        return listen


@dataclass
class Place:
    """What a test can do to the product and to the world around it. Issues are named by key, pages by our id."""

    site: Site
    door: Door
    clock: HandClock
    house: House
    stack: ExitStack
    read: int = 0
    client: TestClient | None = None

    @property
    def world(self) -> World:
        return self.house.world

    @property
    def tracker(self) -> Tracker:
        return tracker_of(self.site)

    # What the service does

    def apply(self, text: str, reason: str = "") -> okrs.Plan:
        sources = {name: source.parse for name, source in SOURCES.items()}
        definitions = read_text(text, time_zone=self.world.settings.time_zone, sources=sources)
        return okrs.apply(self.world, definitions, reason=reason)

    def sync(self) -> dict[str, int]:
        return sync.poll(self.world)

    def publish(self, *ids: str) -> dict[str, int]:
        """By hand, all pages unless some are named; what became of them, without the outcomes that did not occur."""
        done = publish.publish(self.world, pages.claim(self.world, pages.known(self.world, ids or None)))
        return {outcome: count for outcome, count in done.items() if count}

    def work(self) -> int:
        """Run the jobs that are due."""
        return self.house.queue.run_pending()

    def tick(self, kind: str) -> int:
        """The clock strikes for this kind of job; then run what is due."""
        self.house.queue.tick(kind, self.clock())
        return self.work()

    def settle(self) -> None:
        """Run what is due, let the throttle pass, and run what that made due."""
        self.work()
        self.clock.move(THROTTLE)
        self.work()

    def start(self, text: str) -> None:
        """Apply, sync and publish by the jobs themselves; afterwards nothing is due."""
        self.apply(text)
        self.settle()
        assert {row.state for row in self.rows()} == {"ok"}

    # What people do

    def transition(self, key: str, status: str) -> None:
        with self.site.store.lock:
            issue = self.issue(key)
            project = self.tracker.projects.get(issue["project"])
            assert project is not None
            by_name = {self.tracker.statuses.get(one)["name"]: one for one in project["statuses"]}  # type: ignore[index]
            changes.transition(self.tracker, ADMIN, issue, by_name[status])

    def edit(self, key: str, **given: Any) -> None:
        with self.site.store.lock:
            changes.edit(self.tracker, ADMIN, self.issue(key), given)

    def create(self, project: str, summary: str, **given: Any) -> str:
        """The key of a new task."""
        with self.site.store.lock:
            home = self.tracker.project(project)
            assert home is not None
            task = next(one for one in home["types"] if self.tracker.types.get(one)["name"] == "Task")  # type: ignore[index]
            return str(changes.create(self.tracker, ADMIN, home, task, {"summary": summary, **given})["key"])

    def delete(self, key: str) -> None:
        with self.site.store.lock:
            changes.delete(self.tracker, ADMIN, self.issue(key), subtasks=True)

    def link(self, source: str, target: str, kind: str = "Contributes") -> None:
        with self.site.store.lock:
            one = next(one for one in LINK_TYPES if one.name == kind)
            linking.link(self.tracker, one, self.issue(source), self.issue(target))

    def unlink(self, source: str, target: str) -> None:
        with self.site.store.lock:
            ends = self.issue(source)["id"], self.issue(target)["id"]
            found = next(one for one in self.tracker.links if (one["source"], one["destination"]) == ends)
            linking.unlink(self.tracker, found)

    # Webhooks

    @property
    def web(self) -> TestClient:
        """The web application, its committing thread running."""
        if self.client is None:
            self.client = self.stack.enter_context(TestClient(create_app(self.world)))
        return self.client

    def listen(self, url: str = "") -> None:
        """Register a webhook as an admin does; into the mailbox unless an address is given."""
        told = {"name": "Plainsight", "url": url or self.door.url + MAILBOX, "secret": SECRET}
        with self.site.store.lock:
            hooks.register(self.tracker, told)

    def letters(self) -> list[Delivery]:
        """Webhooks sent since the last time this was asked."""
        new = list(self.tracker.postman.log)[self.read :]
        self.read += len(new)
        return new

    def deliver(self, letter: Delivery, **headers: str | None) -> Response:
        """Post a webhook to the service; headers (with _ for -) replace the true ones, None leaves one out."""
        told: dict[str, str | None] = {
            "x-hub-signature": signature(SECRET, letter.body),
            "x-atlassian-webhook-identifier": letter.identifier,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        sent = [(name.encode(), value.encode("latin-1")) for name, value in told.items() if value is not None]
        answer: Response = self.web.post("/webhooks/jira", content=letter.body, headers=sent)
        return answer

    def ring(self) -> None:
        """Deliver what was sent since the last time, in order."""
        for letter in self.letters():
            assert self.deliver(letter).status_code == 200

    def follow(self) -> None:
        """Deliver, drain, let the throttle pass, publish."""
        self.ring()
        self.settle()

    # What there is to see

    def issue(self, key: str) -> Document:
        found = self.tracker.issue(key)
        assert found is not None, key
        return found

    def fault(self, path: str, **does: Any) -> None:
        """Switch on a fault of the site for the API paths that this regular expression finds."""
        faults.add(self.site, {"path": path, **does})

    def mend(self) -> None:
        faults.remove(self.site)

    def with_wiki(self, wrap: Callable[[Wiki], Any]) -> World:
        """The same world, but with this around its wiki."""
        return replace(self.world, wiki=wrap(self.world.need_wiki()))

    def with_settings(self, **given: object) -> World:
        """The same world, but with these settings."""
        return replace(self.world, settings=self.world.settings.model_copy(update=given))

    @contextmanager
    def another_process(self) -> Iterator["Place"]:
        """A second house on the same database."""
        engine = open_engine(self.world.settings.database_url)
        with put_together(self.world.settings, engine, self.clock) as house, ExitStack() as stack:
            house.world.need_wiki().deployment()  # each process asks once which Confluence it is
            yield Place(self.site, self.door, self.clock, house, stack)
        engine.dispose()

    # In the store

    def row(self, page_id: str) -> PageRow:
        with self.world.reading() as session:
            return session.get_one(PageRow, page_id)

    def rows(self) -> list[PageRow]:
        with self.world.reading() as session:
            return list(session.scalars(select(PageRow).where(PageRow.archived_at.is_(None)).order_by(PageRow.id)))

    def wiki_id(self, page_id: str) -> str:
        found = self.row(page_id).wiki_id
        assert found is not None, f"{page_id} is not published"
        return found

    def page(self, page_id: str) -> Shown:
        wiki_id = self.wiki_id(page_id)
        page = wiki.page_of(self.site, wiki_id)
        version = wiki.present_version(self.site, page)
        return Shown(wiki_id, page["title"], page["version"], version["message"], stored_body(self.site, wiki_id))

    def titles(self) -> list[str]:
        """Of all pages in the space but its homepage."""
        return sorted(page["title"] for page in self.site.store.table(PAGES) if page["parentId"])

    def versions(self) -> dict[str, int]:
        return {page["title"]: page["version"] for page in self.site.store.table(PAGES) if page["parentId"]}

    def everything_written(self) -> str:
        """Bodies, titles and messages of all versions of all pages."""
        versions = self.site.store.table(wiki.VERSIONS)
        return "\n".join(f"{one['title']}\n{one['message']}\n{one['body']}" for one in versions)

    def stored_issue(self, key: str) -> IssueRow | None:
        with self.world.reading() as session:
            return session.scalar(select(IssueRow).where(IssueRow.key == key))

    def evidence(self) -> set[str]:
        """Keys of the issues that are evidence now."""
        with self.world.reading() as session:
            question = (
                select(IssueRow.key)
                .join(MembershipRow, MembershipRow.issue_id == IssueRow.id)
                .where(MembershipRow.left_at.is_(None))
            )
            return set(session.scalars(question))

    @contextmanager
    def counting(self) -> Iterator[Counter[str]]:
        """The requests that the site answers while the block lasts, such as `PUT pages/#`; filled at its end."""
        before, counted = len(self.site.asked), Counter[str]()
        yield counted
        for one in list(self.site.asked)[before:]:
            counted[f"{one.method} {re.sub(r'/[0-9]+', '/#', ROOT.sub('', one.path))}"] += 1
