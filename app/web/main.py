"""The web application: routes, the committing thread, and whatever else lives as long as it does."""

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Protocol

from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from app.services import inbox
from app.services.refusals import Refusals
from app.web import api, docs, document, health, problems, prometheus, schema, webhooks
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


def create_app(world: World, companions: Sequence[Companion] = (), *, listens_openly: bool = False) -> FastAPI:
    """The application; companions start in order with it and stop in reverse. `listens_openly`: at an address that can
    be reached from elsewhere, so that nobody is let in without a token."""
    intake, refused = Intake(lambda deliveries: inbox.accept(world, deliveries)), Refusals(world)
    together: tuple[Companion, ...] = (intake, refused, *companions)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        with ExitStack() as leaving:
            for companion in together:
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
        generate_unique_id_function=document.name_of,
    )
    app.state.listens_openly = listens_openly
    app.state.world, app.state.intake, app.state.refusals = world, intake, refused
    problems.install(app)
    document.install(app)
    docs.install(app)
    prometheus.install(app, world)
    for router in (health.router, webhooks.router, schema.router, api.router):
        app.include_router(router)

    @app.get("/", include_in_schema=False)
    def home() -> RedirectResponse:
        return RedirectResponse("/docs")

    return app
