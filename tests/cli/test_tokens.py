"""`plainsight token`: made, listed and revoked by hand."""

import os
import re
import signal
import socket
import subprocess
import sys
import time

import pytest
import requests

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@only_sqlite
def test_a_token_is_made_listed_and_revoked(terminal) -> None:
    assert "There is no token" in terminal.do("token", "list")
    said = terminal.run("token", "create", "ci")
    assert said.code == 0 and re.fullmatch(r"ps_[\w-]{43}\n", said.out)
    assert "cannot show it again" in said.err
    terminal.do("token", "create", "wall", "--read-only")
    first, second = terminal.do("token", "list").splitlines()
    assert first.startswith(f"ci: {said.out[:8]}…, read and write, made 2") and first.endswith("never used")
    assert second.startswith("wall: ps_") and "read only" in second
    assert said.out.strip() not in first
    assert terminal.do("token", "revoke", "ci") == "ci: revoked.\n"
    assert "ci" not in terminal.do("token", "list")


@only_sqlite
def test_what_goes_wrong_is_said_in_one_sentence(terminal) -> None:
    terminal.do("token", "create", "ci")
    assert "already" in terminal.fail("token", "create", "ci")
    assert "There are: ci" in terminal.fail("token", "revoke", "wall")


@only_sqlite
def test_an_open_address_without_a_token_is_refused(terminal) -> None:
    said = terminal.fail("serve", "--host", "0.0.0.0", "--port", "0")
    assert "this machine only" in said and "plainsight token create NAME" in said


@only_sqlite
def test_a_service_at_an_open_address_stays_shut_when_its_last_token_is_revoked(terminal) -> None:
    text = terminal.do("token", "create", "ci").strip()
    with socket.socket() as probe:
        probe.bind(("0.0.0.0", 0))
        port = probe.getsockname()[1]
    arguments = ("serve", "--host", "0.0.0.0", "--port", str(port))
    process = subprocess.Popen(
        [sys.executable, "-c", "from app.main import run; run()", *arguments], env=surroundings()
    )
    try:
        await_answer(process, f"http://127.0.0.1:{port}/readyz")
        asked = f"http://127.0.0.1:{port}/api/v1/status"
        bearer = {"authorization": f"Bearer {text}"}
        assert requests.get(asked, timeout=10).status_code == 401
        assert requests.get(asked, headers=bearer, timeout=10).status_code == 200
        terminal.do("token", "revoke", "ci")
        assert requests.get(asked, timeout=10).status_code == 401
        assert requests.get(asked, headers=bearer, timeout=10).status_code == 401
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0


def surroundings() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": ":".join(sys.path)}


def await_answer(process: "subprocess.Popen[bytes]", url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            requests.get(url, timeout=1)
            return
        except requests.ConnectionError:
            time.sleep(0.05)
    pytest.fail("the service did not start")
