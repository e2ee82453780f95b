"""Is the process alive, and can it do its work?"""

from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.world import World

router = APIRouter(tags=["health"])


@router.get("/livez", summary="Is the process alive?")
def livez() -> dict[str, str]:
    """Always 200 while the process answers."""
    return {"status": "ok"}


@router.get("/readyz", summary="Can it do its work?", responses={503: {"description": "The database is away."}})
def readyz(request: Request, response: Response) -> dict[str, str]:
    """200 when the database answers, else 503."""
    world: World = request.app.state.world
    try:
        with world.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        response.status_code = 503
        return {"status": "the database does not answer"}
    return {"status": "ok"}
