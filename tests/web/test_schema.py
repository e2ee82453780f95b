"""The schema of the file of OKRs, for editors: without a token, as it says nothing about anybody."""

import json

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from app.services import okrs
from app.web.main import create_app
from tests.conftest import HandClock
from tests.web.service import world_on


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_editors_get_the_schema_without_a_token(engine: Engine, clock: HandClock) -> None:
    with world_on(engine, clock) as world, TestClient(create_app(world, listens_openly=True)) as client:
        answer = client.get("/okrs.schema.json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/schema+json"
    assert json.loads(answer.text) == okrs.schema()
