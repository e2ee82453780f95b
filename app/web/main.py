"""The web application: routes, the committing thread, and whatever else lives as long as it does."""

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from app.services import inbox
from app.web import api, docs, health, problems, webhooks
from app.web.intake import Intake
from app.world import World


class Companion(Protocol):
    """Something that starts and stops with the web application: the worker, the clock."""

    def start(self) -> None: ...

    def stop(self) -> None: ...


def our_version() -> str:
    try:
        return version("plainsight")
    except PackageNotFoundError:
        return "0"


def create_app(world: World, companions: Sequence[Companion] = ()) -> FastAPI:
    """The application; companions start in order with it and stop in reverse."""
    intake = Intake(lambda deliveries: inbox.accept(world, deliveries))

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as leaving:
            for companion in (intake, *companions):
                companion.start()
                leaving.callback(companion.stop)
            yield

    app = FastAPI(
        title="Plainsight",
        version=our_version(),
        summary="OKRs and KPIs in plain sight: Jira evidence in, Confluence status pages out.",
        lifespan=life,
        docs_url=None,
        redoc_url=None,
    )
    app.state.world, app.state.intake = world, intake
    problems.install(app)
    docs.install(app)
    for router in (health.router, webhooks.router, api.router):
        app.include_router(router)

    @app.get("/", include_in_schema=False)
    def home() -> RedirectResponse:
        return RedirectResponse("/docs")

    return app
