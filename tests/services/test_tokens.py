"""Tokens: told once, known by their digest, gone when revoked."""

from datetime import date

import pytest
from sqlalchemy import select

from app.db.models import TokenRow
from app.errors import Invalid, Missing
from app.services import tokens
from tests.web.service import world_on


@pytest.fixture
def world(engine, clock):
    with world_on(engine, clock, time_zone="Asia/Seoul") as world:
        yield world


def rows(world) -> list[TokenRow]:
    with world.reading() as session:
        return list(session.scalars(select(TokenRow).order_by(TokenRow.name)))


def test_a_token_is_told_once_and_never_stored(world) -> None:
    text = tokens.create(world, "ci")
    assert text.startswith("ps_") and len(text) > 40
    stored = {column.name: getattr(rows(world)[0], column.name) for column in TokenRow.__table__.columns}
    assert text not in str(stored) and text.startswith(stored["start"]) and len(stored["start"]) == 8
    assert len(stored["digest"]) == 64


def test_no_two_tokens_are_alike(world) -> None:
    assert len({tokens.create(world, f"token {number}") for number in range(20)}) == 20


def test_a_token_is_recognised_with_its_rights_and_anything_else_is_not(world) -> None:
    writing, reading = tokens.create(world, "ci"), tokens.create(world, "wall", read_only=True)
    for text, name, read_only in ((writing, "ci", False), (reading, "wall", True)):
        found = tokens.recognise(world, text)
        assert found is not None and (found.name, found.read_only) == (name, read_only)
    for text in ("", "ps_", writing[:-1], writing + "x", writing.upper(), rows(world)[0].digest, "é", "\0"):
        assert tokens.recognise(world, text) is None


def test_the_day_of_its_last_use_is_kept_and_no_more(world, clock) -> None:
    text = tokens.create(world, "ci")
    assert tokens.known(world)[0].used_on is None
    clock.move(1234)
    tokens.recognise(world, text)
    first = rows(world)[0].used_at
    assert first is not None and first.astimezone(world.settings.zone).time().isoformat() == "00:00:00"
    assert tokens.known(world)[0].used_on == date(2026, 3, 2)
    clock.move(3600)
    tokens.recognise(world, text)
    assert rows(world)[0].used_at == first
    clock.move(86_400)
    assert tokens.recognise(world, text).used_on == tokens.known(world)[0].used_on == date(2026, 3, 3)


def test_a_revoked_token_opens_nothing_and_its_name_is_free(world) -> None:
    text = tokens.create(world, "ci")
    assert tokens.exist(world)
    tokens.revoke(world, "ci")
    assert tokens.recognise(world, text) is None
    assert not tokens.exist(world) and rows(world) == []
    assert tokens.create(world, "ci") != text


def test_a_name_that_is_taken_is_refused_and_the_token_stays_as_it_is(world) -> None:
    text = tokens.create(world, "ci", read_only=True)
    with pytest.raises(Invalid, match=r"already.*plainsight token revoke"):
        tokens.create(world, "ci")
    found = tokens.recognise(world, text)
    assert found is not None and found.read_only


@pytest.mark.parametrize("name", ["", " ", " ci", "ci ", "a\nb", "a\0b", "\ud800", "x" * 65])
def test_what_cannot_be_a_name_is_refused(world, name) -> None:
    with pytest.raises(Invalid, match="cannot be a token's name"):
        tokens.create(world, name)
    assert rows(world) == []


@pytest.mark.parametrize("name", ["ci", "Grafana 벽", "x" * 64, "o'brien; drop table tokens"])
def test_any_printable_name_will_do(world, name) -> None:
    tokens.create(world, name)
    assert [one.name for one in tokens.known(world)] == [name]


def test_revoking_what_is_not_there_names_what_is(world) -> None:
    with pytest.raises(Missing, match="There are: none yet"):
        tokens.revoke(world, "ci")
    tokens.create(world, "wall")
    with pytest.raises(Missing, match="There are: wall"):
        tokens.revoke(world, "ci")
