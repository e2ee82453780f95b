"""The service on each database in turn, really served."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import Engine

from tests.web.service import Service, service_on


@pytest.fixture
def service(engine: Engine, clock: Callable[[], datetime]) -> Iterator[Service]:
    with service_on(engine, clock) as service:
        yield service
