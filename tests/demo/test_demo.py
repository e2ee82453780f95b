"""The demo as a newcomer sees it: started by its command, looked at in a real browser, stopped with Ctrl-C."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium")
PLAINSIGHT = [sys.executable, "-c", "from app.main import run; run()"]
PATIENCE = 60

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def demo(folder: Path, port: int, sandbox_port: int) -> Iterator["subprocess.Popen[str]"]:
    """The running demo, once it serves."""
    ports = ["--port", str(port), "--sandbox-port", str(sandbox_port)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PLAINSIGHT_")}
    process = subprocess.Popen(
        [*PLAINSIGHT, "demo", "--folder", str(folder), *ports],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    )
    try:
        wait_until_ready(process, f"http://127.0.0.1:{port}/readyz")
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(PATIENCE)


def wait_until_ready(process: "subprocess.Popen[str]", url: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    process.kill()
    pytest.fail(f"the demo did not start: {process.communicate()[0]}")


def stop(process: "subprocess.Popen[str]") -> str:
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    return said


@contextmanager
def browser() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
        chromium.close()


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_card_moved_on_the_board_changes_the_page_and_moved_back_changes_it_back(tmp_path: Path) -> None:
    port, sandbox_port = free_port(), free_port()
    with demo(tmp_path / "demo", port, sandbox_port) as process, browser() as page:
        page.goto(f"http://127.0.0.1:{sandbox_port}/wiki/spaces/OKR/overview")
        for name in ("OKR", r"\d{4}-Q\d", "Company", "Marketing"):
            page.get_by_role("link", name=re.compile(rf"{name}$")).last.click()
        board = page.context.new_page()
        board.goto(f"http://127.0.0.1:{sandbox_port}/jira/board/MKT")
        board.get_by_role("button", name="Move MKT-5 to Done").click()
        page.get_by_text("KR-M1 0.8 → 1.0, MKT-5 Done").first.wait_for(timeout=PATIENCE * 1000)
        board.get_by_role("button", name="Move MKT-5 to In Progress").click()
        page.get_by_text("KR-M1 1.0 → 0.8, MKT-5 In Progress").first.wait_for(timeout=PATIENCE * 1000)

        said = stop(process)
        assert "14 created" in said
        assert f"http://127.0.0.1:{sandbox_port}/jira/board/MKT" in said
        assert not is_listening(port)
        assert not is_listening(sandbox_port)

    with demo(tmp_path / "demo", port, sandbox_port) as process:
        said = stop(process)
    assert "0 definitions applied" in said
    assert "0 created" in said


@pytest.mark.parametrize(("option", "other"), [("--port", "--sandbox-port"), ("--sandbox-port", "--port")])
def test_a_port_that_is_taken_is_named(tmp_path: Path, option: str, other: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [*PLAINSIGHT, "demo", "--folder", str(tmp_path), option, str(port), other, str(free_port())],
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert ended.returncode == 1
    assert f"Port {port} of 127.0.0.1 cannot be used" in ended.stderr
