"""Is the process alive, and can it do its work?"""

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.world import World

router = APIRouter(tags=["Health"])


class Health(BaseModel):
    """`ok`, or what is wrong."""

    status: str = Field(examples=["ok"])


@router.get("/livez", summary="Is the process alive?")
def livez() -> Health:
    """Always 200 while the process answers."""
    return Health(status="ok")


@router.get(
    "/readyz",
    summary="Can it do its work?",
    responses={503: {"model": Health, "description": "The database is away."}},
)
def readyz(request: Request, response: Response) -> Health:
    """200 when the database answers, else 503."""
    world: World = request.app.state.world
    try:
        with world.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        response.status_code = 503
        return Health(status="the database does not answer")
    return Health(status="ok")
