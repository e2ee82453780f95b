"""Tokens: who may use the REST API, and whether only to read.

A token is 256 random bits, so its plain SHA-256 is as good as a slow hash would be: there is nothing to guess. It is
told once and then known by that digest alone, by which it is also looked up.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256

from sqlalchemy import select

from app.db.models import TokenRow
from app.errors import Invalid, Missing
from app.world import World

PREFIX = "ps_"
SHOWN = 8
LONGEST_NAME = 64


@dataclass(frozen=True)
class Token:
    """`start` are the first characters, to tell tokens apart; days are meant in the configured zone."""

    name: str
    start: str
    read_only: bool
    created_on: date
    used_on: date | None


def create(world: World, name: str, *, read_only: bool = False) -> str:
    """Make a token and return it: the one time that it is told. Invalid: a name that cannot be one, or is taken."""
    if not name or name != name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise Invalid(
            f"{name!r} cannot be a token's name: give 1 to {LONGEST_NAME} characters, such as ci or dashboard."
        )
    text = PREFIX + secrets.token_urlsafe(32)
    with world.session() as session:
        if session.scalar(select(TokenRow.id).where(TokenRow.name == name)):
            raise Invalid(
                f"There is a token {name!r} already. Choose another name, or `plainsight token revoke` it first."
            )
        session.add(
            TokenRow(
                name=name,
                digest=_digest(text),
                start=text[:SHOWN],
                read_only=read_only,
                created_at=world.now(),
                used_at=None,
            )
        )
    return text


def known(world: World) -> list[Token]:
    """All tokens, in the order of their names."""
    with world.reading() as session:
        return [_token(world, row) for row in session.scalars(select(TokenRow).order_by(TokenRow.name))]


def revoke(world: World, name: str) -> None:
    """From now on this token opens nothing. Missing: there is none of that name."""
    with world.session() as session:
        row = session.scalar(select(TokenRow).where(TokenRow.name == name))
        if row is None:
            names = ", ".join(session.scalars(select(TokenRow.name).order_by(TokenRow.name)))
            raise Missing(f"There is no token {name!r}. There are: {names or 'none yet'}.")
        session.delete(row)


def exist(world: World) -> bool:
    """Whether there is any token at all."""
    with world.reading() as session:
        return session.scalar(select(TokenRow.id).limit(1)) is not None


def recognise(world: World, text: str) -> Token | None:
    """Whose token this is; the day of its use is written down, once a day."""
    with world.reading() as session:
        row = session.scalar(select(TokenRow).where(TokenRow.digest == _digest(text)))
    if row is None:
        return None
    today = datetime.combine(world.today(), time(), world.settings.zone).astimezone(UTC)
    if row.used_at != today:
        with world.session() as session:
            row = session.get(TokenRow, row.id)
            if row is None:  # revoked meanwhile
                return None
            row.used_at = today
    return _token(world, row)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _token(world: World, row: TokenRow) -> Token:
    zone = world.settings.zone
    used_on = row.used_at.astimezone(zone).date() if row.used_at else None
    return Token(row.name, row.start, row.read_only, row.created_at.astimezone(zone).date(), used_on)
