"""`GET /metrics` for Prometheus: how the service stands at that moment, and what this process has done so far."""

from collections.abc import Iterator

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from prometheus_client import (
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.services import vitals
from app.web.access import caller
from app.web.problems import METHODS
from app.world import World

disable_created_metrics()  # when a counter began tells nothing here, and doubles what is sent

router = APIRouter(dependencies=[Depends(caller)])


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """In the text format that the asker prefers."""
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    return Response(encode(request.app.state.metrics), media_type=media_type)


def install(app: FastAPI, world: World) -> None:
    """Count every request, and serve `/metrics` from a registry of this application's own."""
    registry = CollectorRegistry()
    for of_the_process in (ProcessCollector, PlatformCollector, GCCollector):
        of_the_process(registry=registry)
    registry.register(Standing(world, app.version))
    app.add_middleware(Counting, registry=registry)
    app.state.metrics = registry
    app.include_router(router)


class Standing(Collector):
    """What the database says, read anew for each scrape."""

    def __init__(self, world: World, version: str) -> None:
        self._world, self._version = world, version

    def collect(self) -> Iterator[Metric]:
        about = GaugeMetricFamily("plainsight_build_info", "Always 1; the version is its label.", labels=("version",))
        about.add_metric((self._version,), 1)
        yield about
        for vital, samples in vitals.read(self._world):
            family = CounterMetricFamily if vital.kind == "counter" else GaugeMetricFamily
            told = family(vital.name, vital.help, labels=vital.labels)
            for labels, figure in samples:
                told.add_metric(labels, figure)
            yield told


class Counting:
    """Counts requests by method, route and status, and times them. A route is its template, never the path asked for,
    so that nobody can fill the memory by asking for paths."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Counter(
            "plainsight_http_requests_total", "HTTP requests.", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "plainsight_http_request_duration_seconds",
            "How long HTTP requests took.",
            ("method", "route"),
            registry=registry,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500  # unless something is answered

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self._seconds.time() as timed:
            try:
                await self._app(scope, receive, noting)
            finally:
                asked = _method(scope), _route(scope)
                timed.labels(*asked)
                self._requests.labels(*asked, str(status)).inc()


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in METHODS else "other"


def _route(scope: Scope) -> str:
    """The template of the route that answered, the address of mounted files, or `none`."""
    if "route" not in scope:
        return scope.get("root_path") or "none"
    own: str = scope["route"].path  # without the prefix of the routers that it is in, which has no parameters
    asked = scope["path"].split("/")
    return "/".join(asked[: len(asked) - own.count("/")]) + own
