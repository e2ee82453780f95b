"""The REST API as far as it goes: how things stand, and how a score came about."""

import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request

from app.errors import Unauthorized
from app.services import explain, status
from app.world import World


def check_token(request: Request) -> None:
    """A bearer token is asked for once one is configured; without one the service listens on loopback only."""
    expected = request.app.state.world.settings.api_token.get_secret_value()
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    fits = hmac.compare_digest(given.strip().encode(), expected.encode())
    if expected and not (fits and scheme.lower() == "bearer"):
        raise Unauthorized("Send `Authorization: Bearer <token>` with the token set as PLAINSIGHT_API_TOKEN.")


router = APIRouter(prefix="/api/v1", tags=["api"], dependencies=[Depends(check_token)])


@router.get("/status", summary="How the service stands")
def read_status(request: Request) -> dict[str, Any]:
    """Sites, pages with their problems, what waits in the inbox, and the last runs with their counts."""
    world: World = request.app.state.world
    return status.read(world)


@router.get("/key-results/{key_result_id}/explanation", summary="How a score came about")
def read_explanation(
    request: Request,
    key_result_id: Annotated[str, Path(max_length=64)],
    language: Annotated[str, Query(pattern="^(ko|en)$")] = "en",
) -> dict[str, Any]:
    """The formula with its numbers, line by line, equal to what the page says. 404: no such key result or KPI."""
    world: World = request.app.state.world
    return {"id": key_result_id, "lines": explain.explain(world, key_result_id, language)}
