"""Running the service in the foreground until it is asked to stop."""

import socket
from contextlib import suppress

import structlog
import uvicorn

from app import jobs
from app.domain.hosts import is_loopback
from app.errors import Invalid
from app.house import House
from app.services import comments, sync, tokens
from app.web.main import create_app

log = structlog.get_logger(__name__)


def refuse_taken(host: str, port: int) -> None:
    """Raise Invalid, with what to do, if the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Invalid(
                f"Port {port} of {host} cannot be used ({error.strerror}): does another one run already? "
                "Stop it, or name another port."
            ) from None


def serve(house: House, host: str | None = None, port: int | None = None) -> None:
    """Serve until Ctrl-C or SIGTERM; what runs is finished. Invalid: an open address without a token."""
    settings = house.world.settings
    host, port = host or settings.host, settings.port if port is None else port
    if not is_loopback(host) and not tokens.exist(house.world):
        raise Invalid(
            f"Without a token for its API Plainsight listens on this machine only, not on {host}. "
            "Make one, `plainsight token create NAME`, or leave PLAINSIGHT_HOST at 127.0.0.1."
        )
    refuse_taken(host, port)
    with house.world.session() as session:  # what was missed while nobody served
        for kind in (jobs.RECONCILE, sync.POLL, comments.COMMENTS):
            house.queue.enqueue(session, kind)
    app = create_app(house.world, (house.queue, house.clock), listens_openly=not is_loopback(host))
    log.info("serving", address=f"http://{host}:{port}")
    server = uvicorn.Server(uvicorn.Config(app, host, port, log_config=None, timeout_graceful_shutdown=10))
    with suppress(KeyboardInterrupt):  # raised once more by uvicorn when all is drained
        server.run()
