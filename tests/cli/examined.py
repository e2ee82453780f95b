"""What the doctor says at a terminal, read as a person reads it, and a webhook that really rings."""

from dataclasses import dataclass

import pytest
import requests
from sqlalchemy import Engine

from app.main import put_together
from app.settings import load
from app.web.main import create_app
from tests.cli.conftest import PERSON, Said, Terminal
from tests.web.service import served, signature

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SECRETS = ("open-sesame", "wrong-token", "ring-ring")
FINE, LOOK, WRONG = "✓", "!", "✗"


@dataclass(frozen=True)
class Line:
    sign: str
    said: str
    cure: str


class Told(dict[str, list[Line]]):
    """What the doctor said, by point, and the exit status."""

    code: int
    last: str

    def one(self, point: str) -> Line:
        (line,) = self[point]
        return line

    @property
    def wrong(self) -> set[str]:
        return {point for point, lines in self.items() if any(line.sign == WRONG for line in lines)}


def examine(terminal: Terminal) -> Told:
    said = terminal.run("doctor")
    assert said.err == "" and said.code in (0, 1)
    told = read(said)
    assert said.code == (1 if told.wrong else 0)
    return told


def read(said: Said) -> Told:
    told = Told()
    told.code = said.code
    assert not [secret for secret in SECRETS if secret in said.out + said.err]
    *lines, told.last = said.out.strip().splitlines()
    for line in lines:
        if line[:1] in (FINE, LOOK, WRONG):
            point, _, rest = line[2:].partition(": ")
            told.setdefault(point, []).append(Line(line[0], rest, ""))
        elif line.startswith("    "):
            before = told[point].pop()
            told[point].append(Line(before.sign, before.said, line.strip()))
        else:
            assert line == ""
    for found in told.values():
        assert all(bool(line.cure) == (line.sign != FINE) for line in found)
    return told


def change_user(site, **given) -> None:
    users = site.store.table("users")
    users.put(PERSON, {**users.get(PERSON), **given})


def ring(engine: Engine, secret: str | None, body: bytes = b'{"webhookEvent": "jira:issue_updated"}') -> int:
    """Deliver to the real application with the settings of the terminal."""
    with put_together(load(), engine) as house, served(create_app(house.world)) as url:
        headers = {"X-Hub-Signature": signature(body, secret)} if secret else {}
        return requests.post(f"{url}/webhooks/jira", body, headers=headers, timeout=10).status_code
