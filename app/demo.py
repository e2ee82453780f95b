"""The demo: a sandbox Atlassian site and the service on this machine, the article's company in both, and a tour."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from dotenv import dotenv_values
from rich.console import Console

from app import cli
from app.errors import Invalid
from app.house import House
from app.services import comments, okrs, pages, publish, status, sync
from app.web.serve import refuse_taken, serve

out = Console()
READY_SECONDS = 60


def demo(
    folder: Annotated[Path, typer.Option(help="Where everything of the demo lies.")] = Path(".demo"),
    port: Annotated[int, typer.Option(help="Port of the service.")] = 8080,
    sandbox_port: Annotated[int, typer.Option(help="Port of the sandbox Atlassian site.")] = 8090,
) -> None:
    """Show the main job on this machine: no account, no network. Ctrl-C ends it; the next run goes on from there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in [name for name in os.environ if name.startswith("PLAINSIGHT_")]:
        del os.environ[name]  # a real site's settings have no business here, nor has a .env file
    for taken in (port, sandbox_port):
        refuse_taken("127.0.0.1", taken)
    with _sandbox(folder, sandbox_port, f"http://127.0.0.1:{port}/webhooks/jira"):
        given: dict[str, object] = {
            name.removeprefix("PLAINSIGHT_").lower(): value
            for name, value in dotenv_values(folder / "plainsight.env").items()
        }
        given |= {"database_url": f"sqlite:///{folder / 'plainsight.db'}", "port": str(port), "log_level": "WARNING"}
        given |= {"comment_check_ins": "true", "poll_schedule": "* * * * *"}  # so that an answer comes within a minute
        given["_env_file"] = None
        with cli.Opened.house(**given) as house:
            _fill(house, folder)
            _tour(house, folder, port, sandbox_port)
            serve(house)
    out.print("\nStopped. `make demo` goes on from here; `make demo-reset` starts over.")


@contextmanager
def _sandbox(folder: Path, port: int, webhook: str) -> Iterator[None]:
    """The sandbox in a process of its own, as a real site would be; ended by its pid."""
    arguments = ["sandbox", "--folder", str(folder), "--port", str(port), "--company", "--webhook", webhook]
    log = (folder / "sandbox.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-c", "from app.main import run; run()", *arguments],
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C is for us; we end it when the service has stopped
    )
    try:
        _await(process, f"http://127.0.0.1:{port}/_sandbox/settings", folder)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


def _await(process: "subprocess.Popen[bytes]", url: str, folder: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            last = (folder / "sandbox.log").read_text(encoding="utf-8").strip().splitlines()[-3:]
            raise Invalid("The sandbox did not start: " + " ".join(last))
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise Invalid(f"The sandbox did not answer within {READY_SECONDS} s; its log is {folder / 'sandbox.log'}.")


def _fill(house: House, folder: Path) -> None:
    world = house.world
    with cli.progress_bar() as bar:
        bar("Reading okrs.yaml", 0, 0)
        definitions = okrs.read(world, folder / "okrs.yaml")
        applied = okrs.apply(world, definitions, by="demo", reason="demo")
        sync.poll(world, bar)
        counts = publish.publish(world, pages.claim(world, pages.known(world, None)), bar)
        comments.read(world)  # what is written from now on is read
    made = counts.get("created", 0), counts.get("updated", 0), counts.get("unchanged", 0)
    out.print(
        f"{len(applied.created)} definitions applied; pages: {made[0]} created, {made[1]} updated, {made[2]} unchanged."
    )


def _tour(house: House, folder: Path, port: int, sandbox_port: int) -> None:
    report = {one["page"]: one for one in status.read(house.world)["pages"]}
    company = next((page for key, page in report.items() if key.startswith("company")), None)
    for name, address in (
        ("Company page", company["address"] if company else "not published; `plainsight status` says why"),
        ("Jira board", f"http://127.0.0.1:{sandbox_port}/jira/board/MKT"),
        ("All of the sandbox", f"http://127.0.0.1:{sandbox_port}/"),
        ("API docs", f"http://127.0.0.1:{port}/docs"),
        ("OKRs and KPIs", str(folder / "okrs.yaml")),
    ):
        out.print(f"  [bold]{name:<20}[/bold]{address}", highlight=False, soft_wrap=True)
    out.print("Move MKT-5 on the board to Done and watch the Marketing page follow. Ctrl-C ends the demo.")
    out.print("Below that page, write as Haeun Choi: /okr KR-M3 44 c=8 Half-way. It is answered within a minute.")
