"""How the service stands, for those who run it."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from app.services import status
from app.web.api import pages
from app.web.api.wire import TheWorld, Wire

router = APIRouter(tags=["Runs"])


class SiteStatus(Wire):
    """A site, and since when it does not answer."""

    site: str = Field(examples=["example.atlassian.net"])
    in_sync: bool
    ok_at: datetime | None = Field(description="When it was last read in full.")
    out_since: datetime | None
    error: str


class StrayedStatus(pages.Strayed):
    """With what to do about it."""

    advice: str


class PageStatus(Wire):
    """How a page stands."""

    page: str = Field(examples=["blue"])
    state: str = Field(examples=["ok"])
    problem: str
    address: str | None
    version: int | None
    published_at: datetime | None
    next_due_at: datetime | None
    lost_comments: list[str]
    strayed: list[StrayedStatus]


class RefusedEvidence(Wire):
    """Evidence whose query or issue Jira refuses."""

    evidence: str
    key_result: str = Field(examples=["KR-1"])
    reason: str


class ParkedJob(Wire):
    """A job that waits for somebody to mend something."""

    kind: str = Field(examples=["poll"])
    reason: str


class RefusedDeliveries(Wire):
    """Webhooks that were not accepted, by reason."""

    reason: str = Field(examples=["unsigned"])
    count: int
    at: datetime = Field(description="When the last one came.")


class LastRun(Wire):
    """The last run of a kind."""

    kind: str = Field(examples=["poll"])
    started_at: datetime
    finished_at: datetime | None
    seconds: float | None
    counts: dict[str, Any]
    error: str


class Status(Wire):
    """Sites, pages with their problems, what waits, and the last run of each kind."""

    sites: list[SiteStatus]
    pages: list[PageStatus]
    refused_evidence: list[RefusedEvidence]
    parked_jobs: list[ParkedJob]
    waiting_deliveries: int
    refused_deliveries: list[RefusedDeliveries]
    runs: list[LastRun]


@router.get("/status", summary="How the service stands")
def read_status(world: TheWorld) -> Status:
    """What `plainsight status` prints."""
    return Status.model_validate(status.read(world))
