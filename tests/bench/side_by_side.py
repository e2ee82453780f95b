"""The same pages on the same sandbox, published by us, by md2conf and by a plain script of atlassian-python-api.

Counts and times in one run, each answer of the site delayed. md2conf runs as its own process, as its users run it, so
its start-up is in its times. The others get the bodies that we rendered; they compute nothing.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from atlassian import ConfluenceV2  # type: ignore[attr-defined]

from app.house import House
from app.services import sync
from app.services.prepare import look, prepare
from tests.bench.bench import call, company, move, place, publish_all, timed

CHANGED = 10
BODY = "```csf\n<div>{body}</div>\n```\n"


@dataclass(frozen=True)
class Page:
    title: str
    body: str


def rendered(house: House) -> list[Page]:
    """What our pages of teams say now; links to our other pages and all."""
    facts, moment = look(house.world)
    teams = [page for page in facts.pages.values() if page.kind == "team"]
    made = [prepare(house.world, facts, moment, page).rendered for page in teams]
    return [Page(one.title, one.body) for one in made]


def with_md2conf(house: House, url: str, folder: Path, pages: list[Page]) -> None:
    """Markdown files with the storage format in a fenced block, which md2conf passes through."""
    for page in pages:
        path = folder / f"{page.title.replace(' ', '-')}.md"
        known = path.read_text(encoding="utf-8").splitlines()[:1] if path.exists() else []
        mark = [line for line in known if "confluence" in line]  # the id that md2conf noted there
        head = "\n".join([*mark, f"---\ntitle: {page.title!r}\n---"]) + "\n\n"
        path.write_text(head + BODY.format(body=page.body), encoding="utf-8")
    token = house.world.settings.jira_token.get_secret_value()
    command = [sys.executable, "-m", "md2conf", str(folder), "--api-url", f"{url}/wiki/", "-d", "localhost", "-s", "MD"]
    options = ["-u", house.world.settings.jira_email, "--no-generated-by", "--comments", "keep", "-l", "error"]
    environment = os.environ | {"CONFLUENCE_API_KEY": token}
    subprocess.run([*command, *options], check=True, env=environment)


def with_the_library(house: House, url: str, pages: list[Page]) -> None:
    """As its examples do it: look each page up by its title, then write it."""
    given = house.world.settings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wiki = ConfluenceV2(url=f"{url}/wiki", username=given.jira_email, password=given.jira_token.get_secret_value())
    space = wiki.get_space_by_key("LIB")["id"]
    for page in pages:
        found = list(wiki.get_pages(space_id=space, title=page.title, body_format="storage", limit=1))
        if found:
            number = found[0]["version"]["number"]
            wiki.update_page(found[0]["id"], page.title, page.body, status="current", version=number)
        else:
            wiki.create_page(space, page.title, page.body)


def counted(url: str, work: Callable[[], object]) -> tuple[float, int, int]:
    """Seconds, requests to the wiki, and writes among them."""
    call(url, "/_sandbox/asked", method="DELETE")
    seconds = timed(work)
    asked = [one for one in call(url, "/_sandbox/asked?path=/wiki/") if "/_sandbox" not in one["path"]]  # type: ignore[attr-defined]
    return seconds, len(asked), sum(one["method"] in ("PUT", "POST") for one in asked)


def side_by_side(number: int, delay: float) -> Iterator[tuple[str, str, float, int, int]]:
    """Who, what, seconds, requests, writes."""
    with place(1, number, company(number, "project: T{team}")) as (house, url), tempfile.TemporaryDirectory() as folder:
        sync.poll(house.world)
        files = Path(folder)
        some = min(CHANGED, number)
        steps = (("create", 0), ("nothing changed", 0), (f"{some} changed", some))
        call(url, "/_sandbox/faults", {"path": "/wiki/(api|rest)/", "delay": delay})
        for what, changes in steps:
            for team in range(changes):
                move(url, house, f"T{team}-1", "Done")
            if changes:
                sync.poll(house.world)
            yield "Plainsight", what, *counted(url, lambda: publish_all(house))
            pages = rendered(house)
            yield "md2conf", what, *counted(url, lambda: with_md2conf(house, url, files, pages))  # noqa: B023
            yield "plain script", what, *counted(url, lambda: with_the_library(house, url, pages))  # noqa: B023


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--delay", type=float, default=0.1, help="seconds before each answer of the wiki")
    given = parser.parse_args()
    print(f"{given.pages} pages, {given.delay * 1000:.0f} ms latency")
    print(f"{'':16}{'':20}{'seconds':>9}{'requests':>10}{'writes':>8}")
    for who, what, seconds, requests, writes in side_by_side(given.pages, given.delay):
        print(f"{who:16}{what:20}{seconds:9.2f}{requests:10}{writes:8}", flush=True)


if __name__ == "__main__":
    main()
