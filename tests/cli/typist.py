"""A person at a terminal: types into a program that runs in a pseudo terminal of its own, and reads what it shows."""

import fcntl
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

PROGRAM = "import fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); from app.main import run; run()"
PATIENCE = 60.0
CONTROL = re.compile(r"\x1b\[[?0-9;]*[A-Za-z]|\r")
CTRL_C = "\x03"


class Typist:
    """`answer` waits for a question and types. `seen` is all that stood on the screen, without colours."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.fcntl(self._master, fcntl.F_SETFD, fcntl.FD_CLOEXEC)
        surroundings = {"PATH": os.environ["PATH"], "PYTHONPATH": ":".join(sys.path), "TERM": "xterm", "COLUMNS": "200"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *arguments],
            cwd=folder,
            env=surroundings | environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self._shown = b""
        self._read_up_to = 0

    def __enter__(self) -> "Typist":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._master)

    @property
    def seen(self) -> str:
        return CONTROL.sub("", self._shown.decode(errors="replace"))

    def answer(self, question: str, typed: str = "") -> None:
        """Wait until `question` has been asked, after what was answered before, and type a line (nothing: Enter)."""
        self.type(question, typed + "\n")

    def type(self, question: str, keys: str) -> None:
        self._wait_for(question)
        os.write(self._master, keys.encode())

    def ends(self) -> int:
        """Wait for the program's end; its exit status."""
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline):
            pass
        return self._process.wait(timeout=PATIENCE)

    def _wait_for(self, question: str) -> None:
        deadline = time.monotonic() + PATIENCE
        while (found := self.seen.find(question, self._read_up_to)) < 0:
            assert self._read(deadline), f"never asked {question!r}:\n{self.seen}"
        self._read_up_to = found + len(question)
        while not self.seen[self._read_up_to :].endswith(": "):
            assert self._read(deadline), f"no prompt after {question!r}:\n{self.seen}"

    def _read(self, deadline: float) -> bool:
        """Take in what is shown next; False once the program has closed its terminal, or does nothing any more."""
        ready, _, _ = select.select([self._master], [], [], max(0.0, deadline - time.monotonic()))
        try:
            shown = os.read(self._master, 65536) if ready else b""
        except OSError:  # Linux says so when the other end is closed
            shown = b""
        self._shown += shown
        return bool(shown)
