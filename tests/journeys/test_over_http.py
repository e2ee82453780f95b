"""The whole way as it runs in service: the sandbox's postman rings over HTTP, and the worker's threads do the rest."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import requests
import uvicorn

from app.services import status, tokens
from app.web.main import create_app
from tests.journeys.company import BLUE, RED
from tests.journeys.place import THROTTLE, Place


@contextmanager
def serving(place: Place) -> Iterator[str]:
    """The service with its worker, on a free port; the clock that strikes is the test's own."""
    app = create_app(place.world, (place.house.queue,))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="on"))
    thread = threading.Thread(target=server.run, name="plainsight", daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.01)


def test_a_transition_reaches_the_page_through_the_running_service(running: Place) -> None:
    running.tracker.webhooks.clear()
    before = running.page(RED).version
    with serving(running) as url:
        running.listen(f"{url}/webhooks/jira")
        running.transition("RED-4", "Done")
        assert running.tracker.postman.flush(20)
        assert [letter.state for letter in running.letters()] == ["delivered"]
        until(lambda: status.read(running.world)["waiting_deliveries"] == 0)
        assert running.page(RED).version == before
        running.clock.move(THROTTLE)
        until(lambda: running.page(RED).version == before + 1)
        assert running.page(RED).cell("Four things", "Now") == "75%"


def test_a_script_checks_in_publishes_and_syncs(running: Place) -> None:
    bearer = {"Authorization": f"Bearer {tokens.create(running.world, 'script')}"}

    def ask(method: str, path: str, **told: object) -> requests.Response:
        answer = requests.request(method, url + path, json=told or None, headers=bearer, timeout=20)
        assert answer.ok, answer.text
        return answer

    with serving(running) as url:
        blue = running.page(BLUE).version
        told = ask("POST", "/api/v1/key-results/KR-1/check-ins", value="8.5", confidence=6, note="Called them all")
        assert ask("GET", told.headers["Location"]).json()["value"] == "8.5"
        watch = ask("POST", "/api/v1/pages/blue/publish").json()["watch"]
        running.clock.move(THROTTLE)
        until(lambda: ask("GET", watch).json()["version"] == blue + 1)
        assert running.page(BLUE).cell("Churn", "Now") == "8.5%"
        running.transition("RED-4", "Done")
        watch = ask("POST", "/api/v1/sync").json()["watch"]
        until(lambda: ask("GET", watch).json()["items"][0]["counts"]["measured"] == 1)
        running.clock.move(THROTTLE)
        until(lambda: running.page(RED).cell("Four things", "Now") == "75%")
