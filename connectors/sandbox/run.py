"""Serves a site: in a thread for tests, in the foreground for the demo and the command line."""

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from starlette.types import ASGIApp

from connectors.sandbox.jira.tracker import tracker_of
from connectors.sandbox.server import create_app
from connectors.sandbox.site import Site

FLUSH_SECONDS = 2.0


@contextmanager
def running(site: Site, port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve the site while the block lasts, on a free port if none is named; yields its base URL.

    At the end webhooks that are still due get two seconds. The store stays open. Raises OSError if the port is taken.
    """
    with listening(create_app(site), port, host) as url:
        site.base_url = url
        try:
            yield url
        finally:
            end(site)


@contextmanager
def listening(app: ASGIApp, port: int = 0, host: str = "127.0.0.1") -> Iterator[str]:
    """Serve any application in a thread while the block lasts; yields its base URL."""
    listener = _listen(host, port)
    server = uvicorn.Server(_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True)
    thread.start()
    try:
        while not server.started:
            if not thread.is_alive():
                raise RuntimeError("the sandbox did not start; its log says why")
            thread.join(0.005)
        yield f"http://{host}:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def serve(site: Site, host: str = "127.0.0.1", port: int = 8090) -> None:
    """Serve the site in the foreground until SIGINT or SIGTERM; it goes on from its state file next time.

    Call it from the main thread. Raises OSError if the port is taken.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that what follows the serving is done then, too
    with _listen(host, port) as listener:
        site.base_url = f"http://{host}:{listener.getsockname()[1]}"
        try:
            with suppress(KeyboardInterrupt):
                uvicorn.Server(_config(create_app(site))).run(sockets=[listener])
        finally:
            end(site)
            site.store.close()


def end(site: Site) -> None:
    """Let the webhooks finish; the next run of the same site makes a new postman."""
    tracker = tracker_of(site)
    tracker.postman.flush(FLUSH_SECONDS)
    tracker.close()
    with site.store.lock:
        site.parts.pop("jira", None)


def _listen(host: str, port: int) -> socket.socket:
    """A bound socket, so that the port is known, and taken, before the server starts."""
    # With the protocol named, asyncio switches off Nagle's delay: else each answer on a kept connection waits 40 ms.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=1)
