"""Bodies of the shapes that Jira really sends (tests/fixtures/webhooks), through the real intake over HTTP.

They are written after captured ones, with names, ids and addresses of our own. `cloud-…` are Jira Cloud's, `server-…`
Data Center's, where a comment names no issue and an old body has no type of event.
"""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.db.jobs import Job
from tests.web.service import Service, service_on

FOLDER = Path(__file__).parent.parent / "fixtures" / "webhooks"

# What each body says: its event, and the issues that rang.
BODIES: dict[str, tuple[str, list[str]]] = {
    "cloud-issue-created": ("jira:issue_created", ["20101"]),
    "cloud-issue-created-security-level": ("jira:issue_created", ["20102"]),
    "cloud-issue-assigned-empty-changelog": ("jira:issue_updated", ["20101"]),
    "cloud-issue-updated-status-translated": ("jira:issue_updated", ["20103"]),
    "cloud-issue-updated-resolved": ("jira:issue_updated", ["20103"]),
    "cloud-issue-updated-rank": ("jira:issue_updated", ["20103"]),
    "cloud-issue-updated-sprint": ("jira:issue_updated", ["20103"]),
    "cloud-issue-updated-without-user": ("jira:issue_updated", ["20101"]),
    "cloud-issue-moved": ("jira:issue_updated", ["20104"]),
    "cloud-issue-deleted": ("jira:issue_deleted", ["20105"]),
    "cloud-issuelink-created": ("issuelink_created", ["20101", "20013"]),
    "cloud-issuelink-deleted": ("issuelink_deleted", ["20101", "20013"]),
    "cloud-comment-created": ("comment_created", ["20101"]),
    "server-comment-created": ("comment_created", []),
    "server-issue-updated": ("jira:issue_updated", ["20101"]),
    "server-old-issue-updated": ("jira:issue_updated", ["20101"]),
    "version-merged": ("jira:version_deleted", []),
}


@pytest.fixture
def service(engine: Engine, clock: Callable[[], datetime]) -> Iterator[Service]:
    with service_on(engine, clock) as service:
        yield service


def body_of(name: str) -> bytes:
    return (FOLDER / f"{name}.json").read_bytes()


def test_every_body_in_the_folder_is_tried() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == BODIES.keys()


def test_every_captured_shape_is_accepted_and_rings_its_issues(service: Service) -> None:
    for name in BODIES:
        assert service.ring(body_of(name), name).status_code == 200, name
    stored = {row.identifier: (row.event, row.issue_ids) for row in service.inbox()}
    assert stored == BODIES
    assert [row.identifier for row in service.inbox() if row.deleted] == ["cloud-issue-deleted"]
    assert {row.identifier for row in service.inbox() if row.done_at} == {"server-comment-created", "version-merged"}
    with service.world.reading() as session:
        assert session.get(Job, ("drain", "")) is not None


@pytest.mark.parametrize("name", BODIES)
def test_no_body_holds_what_belongs_to_real_people_or_sites(name: str) -> None:
    text = body_of(name).decode()
    assert "atlassian.net" not in text
    for _, _, rest in (text.partition(start) for start in ('"emailAddress": "', '"self": "https://')):
        assert not rest or rest.startswith(("sample", "hanbit.example"))
    assert isinstance(json.loads(text), dict)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_of_a_body_but_who_rang_is_kept(service: Service) -> None:
    service.ring(body_of("cloud-comment-created"), "one")
    kept = service.inbox()[0]
    words = " ".join(str(getattr(kept, column.key)) for column in kept.__table__.columns)
    assert "They said yes" not in words and "sample1" not in words and "Taeho" not in words
