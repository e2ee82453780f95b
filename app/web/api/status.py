"""How the service stands, for those who run it."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter
from pydantic import Field

from app.services import status
from app.web.api import pages
from app.web.api.wire import TheWorld, Wire

router = APIRouter(tags=["Runs"])


class Finding(Wire):
    """Something that somebody must mend, or should know: the same as on the sync-health page and in `/metrics`."""

    finding: str = Field(examples=["pages_failed"])
    count: int
    is_problem: bool = Field(description="Somebody must act; else it is for information.")
    says: str = Field(examples=["Pages that could not be written: 1"])


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
    is_final: bool = Field(description="Its cycle is closed, and it was written for the last time.")
    is_marked: bool = Field(description="It carries our labels, and the property by which it is known.")
    pictures_problem: str = Field(description="Why it stands without pictures; empty: it does not.")
    lost_comments: list[str]
    strayed: list[StrayedStatus]


class UnansweredComment(Wire):
    """A check-in in a comment, whose answer Confluence did not take."""

    page: str = Field(examples=["blue"])
    problem: str


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
    """What is wrong, sites, pages with their problems, what waits, and the last run of each kind."""

    findings: list[Finding]
    sites: list[SiteStatus]
    pages: list[PageStatus]
    unanswered_comments: list[UnansweredComment]
    refused_evidence: list[RefusedEvidence]
    parked_jobs: list[ParkedJob]
    waiting_deliveries: int
    refused_deliveries: list[RefusedDeliveries]
    runs: list[LastRun]


@router.get("/status", summary="How the service stands")
def read_status(world: TheWorld) -> Status:
    """What `plainsight status` prints."""
    return Status.model_validate(status.read(world, to_everybody=True))
