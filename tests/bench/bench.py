"""Times of the main job against a sandbox in a process of its own; counts are checked before times are told.

Times depend on the machine and on what else it does: compare runs of one machine, quote medians.
"""

import argparse
import hashlib
import hmac
import json
import multiprocessing
import statistics
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from app import logs, settings
from app.house import House
from app.main import open_house
from app.okrs_file import read_text
from app.services import inbox, okrs, pages, publish, sync
from app.services.sources import SOURCES
from connectors.sandbox.confluence import add_space
from connectors.sandbox.jira.seed import add_issues, add_project
from connectors.sandbox.run import running
from connectors.sandbox.site import ADMIN, Site
from tests.bench.render import bench_render

SECRET = "bench"
SPACES = ("OKR", "MD", "LIB")
"""Ours, and one for each that is compared with us (side_by_side.py)."""
CHECKS = {name: source.parse for name, source in SOURCES.items()}


def sandbox(ends: Connection, issues: int, teams: int) -> None:
    """The site: one project with everything, and one small project a team. Lives until its parent says stop."""
    site = Site()
    for key in SPACES:
        add_space(site, key, key)
    add_issues(site, add_project(site, "BIG", "Big"), issues)
    for team in range(teams):
        add_issues(site, add_project(site, f"T{team}", f"Team {team}"), 1)
    user = site.store.table("users").get(ADMIN)
    assert user is not None
    with running(site) as url:
        ends.send((url, user["email"], user["token"]))
        ends.recv()


@contextmanager
def place(issues: int, teams: int, okrs_yaml: str, *, pictures: bool = False) -> Iterator[tuple[House, str]]:
    """A house on a fresh SQLite database, connected to a fresh sandbox; the definitions are applied."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=sandbox, args=(theirs, issues, teams), daemon=True)
    process.start()
    theirs.close()
    url, email, token = ours.recv()
    with tempfile.TemporaryDirectory() as folder:
        configured = settings.load(
            database_url=f"sqlite:///{Path(folder) / 'bench.db'}",
            jira_url=url,
            jira_email=email,
            jira_token=token,
            confluence_url=url,
            confluence_space="OKR",
            webhook_secrets=SECRET,
            throttle_seconds=0,
            languages="en",
            pictures=pictures,
            log_level="ERROR",
        )
        logs.set_up(configured)
        with open_house(configured) as house:
            okrs.apply(house.world, read_text(okrs_yaml, sources=CHECKS))
            yield house, url
    ours.send("stop")
    process.join()


def company(teams: int, evidence: str) -> str:
    """One objective and one key result a team, a page each."""
    lines = ["organisation: {name: Bench}", "teams:", "  - {id: top, name: Top}"]
    lines += [f"  - {{id: t{team}, name: Team {team}, parent: top}}" for team in range(teams)]
    lines += ["people:", "  - {id: kim, name: Kim}"]
    first, last = date.today() - timedelta(days=60), date.today() + timedelta(days=30)
    lines += ["cycles:", f"  - {{id: now, starts_on: {first}, ends_on: {last}}}", "objectives:"]
    for team in range(teams):
        lines += [
            f"  - id: O{team}",
            f"    title: Objective {team}",
            f"    team: t{team}",
            "    key_results:",
            f"      - id: KR{team}",
            f"        title: Key result {team}",
            "        owner: kim",
            "        metric: {unit: '%', source: jira.share_done}",
            "        progress: {mode: from_to, baseline: 0, target: 100}",
            f"        evidence: [{{{evidence.format(team=team)}, mode: contributing}}]",
        ]
    return "\n".join(lines) + "\n"


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def publish_all(house: House) -> dict[str, int]:
    return publish.publish(house.world, pages.claim(house.world, pages.known(house.world, None)))


def call(url: str, path: str, body: object = None, headers: dict[str, str] | None = None, method: str = "") -> object:
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(url + path, data, {"Content-Type": "application/json"} | (headers or {}))
    request.method = method or ("POST" if data else "GET")
    with urllib.request.urlopen(request) as answer:
        text = answer.read()
    return json.loads(text) if text else None


def move(url: str, house: House, key: str, target: str) -> None:
    """A transition, as a person with the site's own account makes it."""
    token = house.world.settings.jira_token.get_secret_value()
    headers = {"Authorization": f"Bearer {token}"}
    steps = call(url, f"/rest/api/3/issue/{key}/transitions", headers=headers)["transitions"]  # type: ignore[index]
    step = next(one for one in steps if one["to"]["name"] == target)
    call(url, f"/rest/api/3/issue/{key}/transitions", {"transition": {"id": step["id"]}}, headers)


def bench_sync(issues: int) -> Iterator[tuple[str, float]]:
    with place(issues, 0, company(1, "project: BIG")) as (house, _url):
        yield f"first sync of {issues} issues", timed(lambda: sync.poll(house.world))
        counts: dict[str, int] = {}
        yield "incremental sync, nothing changed", timed(lambda: counts.update(sync.poll(house.world)))
        assert not counts["joined"] and not counts["left"], counts


def bench_publish(teams: int) -> Iterator[tuple[str, float]]:
    with place(1, teams, company(teams, "project: T{team}")) as (house, url):
        sync.poll(house.world)
        counts: dict[str, int] = {}
        yield f"publish: create {teams} pages", timed(lambda: counts.update(publish_all(house)))
        assert counts["created"] >= teams, counts
        yield "publish: nothing changed", timed(lambda: counts.update(publish_all(house)))
        assert counts["unchanged"] == len(pages.known(house.world, None)), counts
        for team in range(10):
            move(url, house, f"T{team}-1", "Done")
        sync.poll(house.world)
        yield "publish: 10 pages changed", timed(lambda: counts.update(publish_all(house)))
        assert 10 <= counts["updated"] <= 12, counts


def bench_latency(teams: int, latency: float = 0.1) -> Iterator[tuple[str, float]]:
    """Each answer of the site comes 100 ms late; pages that did not change are rendered all the same."""
    only_teams = "pages:\n" + "".join(f"  - {{id: p{team}, kind: team, team: t{team}}}\n" for team in range(teams))
    with place(1, teams, company(teams, "project: T{team}") + only_teams) as (house, url):
        sync.poll(house.world)
        publish_all(house)
        took = []
        for turn in range(5):
            for team in range(10):
                move(url, house, f"T{team * teams // 10}-1", "In Progress" if turn % 2 else "Done")
            sync.poll(house.world)
            call(url, "/_sandbox/faults", {"path": "^/wiki/", "delay": latency})
            call(url, "/_sandbox/asked", method="DELETE")
            counts: dict[str, int] = {}
            took.append(timed(lambda counts=counts: counts.update(publish_all(house))))  # type: ignore[misc]
            assert (counts["updated"], counts["unchanged"]) == (10, teams - 10), counts
            asked = Counter(one["method"] for one in call(url, "/_sandbox/asked"))  # type: ignore[attr-defined]
            assert asked == {"GET": 10, "PUT": 10}, asked
            call(url, "/_sandbox/faults", method="DELETE")
        yield f"publish: 10 of {teams} pages changed, {latency * 1000:.0f} ms latency", statistics.median(took)


def bench_ring(rounds: int) -> Iterator[tuple[str, float]]:
    """From the delivery's arrival to the page written, throttle 0, every step in turn in one thread."""
    with place(1, 3, company(3, "project: T{team}")) as (house, url):
        sync.poll(house.world)
        publish_all(house)
        house.queue.run_pending()
        took = []
        for number in range(rounds):
            move(url, house, "T1-1", "In Progress" if number % 2 else "Done")
            issue = call(
                url,
                "/rest/api/3/issue/T1-1",
                headers={"Authorization": f"Bearer {house.world.settings.jira_token.get_secret_value()}"},
            )
            body = json.dumps({"webhookEvent": "jira:issue_updated", "issue": {"id": issue["id"]}}).encode()  # type: ignore[index]
            signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()

            def ring(body: bytes = body, signature: str = signature, number: int = number) -> None:
                inbox.check_signature(body, signature, [SECRET])
                inbox.accept(house.world, [inbox.read_delivery(body, f"bench-{number}")])
                house.queue.run_pending()

            took.append(timed(ring))
        yield f"ring to page written, median of {rounds}", statistics.median(took)
        yield "ring to page written, slowest", max(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--issues", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    for part in (
        bench_render(),
        bench_sync(given.issues),
        bench_publish(given.pages),
        bench_latency(given.pages),
        bench_ring(given.rounds),
    ):
        for name, seconds in part:
            print(f"{name:<50} {seconds:8.4f} s", flush=True)
