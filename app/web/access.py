"""Who may use the API: whoever has a token; and before there is one, whoever sits at this machine."""

from typing import Annotated

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.domain.hosts import names_loopback
from app.errors import Denied, Unauthorized
from app.services import tokens
from app.services.tokens import Token
from app.world import World

FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""What a proxy adds to a request that comes from elsewhere."""

bearer = HTTPBearer(
    scheme_name="token", description="Made by `plainsight token create NAME`; prefixed `ps_`.", auto_error=False
)


def caller(request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]) -> Token | None:
    """The token that the request bears; None while there is no token and the request comes from this machine.

    Raises Unauthorized without a token that fits. It is looked up for each request, so that one that was made or
    revoked meanwhile counts at once."""
    world: World = request.app.state.world
    token = tokens.recognise(world, given.credentials) if given else None
    if token is None and tokens.exist(world):
        raise Unauthorized("Send `Authorization: Bearer <token>`. `plainsight token create NAME` makes a token.")
    if token is None:
        _refuse_strangers(request)
    return token


def may_write(token: Annotated[Token | None, Depends(caller)]) -> None:
    """Raises Denied for a token that may only read."""
    if token is not None and token.read_only:
        raise Denied(f"The token {token.name!r} may only read. Make another one: `plainsight token create NAME`.")


def _refuse_strangers(request: Request) -> None:
    """Without any token only this machine may ask: not somebody behind a proxy, and not a web page in a browser here,
    which gets hold of us by its own name for 127.0.0.1 (DNS rebinding) or by posting across sites."""
    cure = "Make a token first: `plainsight token create NAME`."
    public = request.app.state.world.settings.public_url
    if request.app.state.listens_openly or (public and not names_loopback(public)):
        raise Unauthorized(f"There is no token, and this service can be reached from elsewhere. {cure}")
    if not names_loopback(f"//{request.headers.get('host', '')}"):
        raise Denied(f"Without a token this service answers to the names localhost and 127.0.0.1 only. {cure}")
    origin = request.headers.get("origin")
    if origin is not None and not names_loopback(origin):
        raise Denied(f"Without a token no other site's page may call this service. {cure}")
    if any(name in request.headers for name in FORWARDED):
        raise Denied(f"Without a token this service does not answer through a proxy. {cure}")
