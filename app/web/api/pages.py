"""Pages: how they stand, what publishing would change, and publishing now."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import Field

from app.services import lookup, on_demand
from app.services.lookup import PageFound
from app.services.preview import preview_one
from app.web.access import may_write
from app.web.api.wire import Cursor, Limit, Several, TheWorld, Wire, Words, id_in_path, several
from app.web.problems import problems

router = APIRouter(tags=["Pages"])
Id = Annotated[str, id_in_path("a page", "blue")]


class Strayed(Wire):
    """What people did to a page in Confluence, as the nightly audit found it."""

    kind: str = Field(examples=["moved"])
    detail: str


class Page(Wire):
    """A status page: where it is in Confluence, how it stands, and when it is written next. Of a private team's page
    nothing is told that people wrote."""

    id: str = Field(examples=["blue"])
    kind: str = Field(examples=["team"])
    title: Words
    team_id: str | None = Field(examples=["blue"])
    cycle_id: str | None = Field(examples=["2026-Q4"])
    parent_id: str | None = Field(description="The page above it.", examples=["index"])
    languages: list[str] = Field(examples=[["ko", "en"]])
    schedule: str = Field(examples=["0 8 * * *"])
    time_zone: str = Field(examples=["Asia/Seoul"])
    state: Literal["new", "ok", "conflict", "lost", "failed"]
    problem: str = Field(description="What is wrong with it; empty: nothing.", examples=[""])
    address: str | None = Field(description="Where it is in Confluence; null: it was not written yet, or is private.")
    version: int | None = Field(description="Its version in Confluence, as we wrote or left it.", examples=[7])
    published_at: datetime | None = Field(description="When it was last written.")
    due_at: datetime | None = Field(description="It is looked at then, or at once; null: it is not due.")
    next_due_at: datetime | None = Field(description="The next time of its schedule.")
    in_progress: bool = Field(description="It is being looked at, and written if it must be.")
    lost_comments: list[str] = Field(description="Inline comments whose text is gone.")
    strayed: list[Strayed]


class Preview(Wire):
    """What publishing would do to a page."""

    page: str = Field(examples=["blue"])
    outcome: Literal["create", "update", "unchanged", "gone"]
    verdict: str = Field(description="The same in a few words.", examples=["would be updated"])
    diff: list[str] = Field(description="In unified form, from what is in Confluence to what should be.")


class PublishAccepted(Wire):
    """It will be done soon; what to look at until then."""

    pages: list[str] = Field(description="The pages that are due now.", examples=[["blue"]])
    watch: str = Field(
        description="Where to ask: a page is done once `due_at` is null and `in_progress` is false.",
        examples=["/api/v1/pages/blue"],
    )


@router.get("/pages", summary="List pages")
def list_pages(world: TheWorld, cursor: Cursor = 0, limit: Limit = 100) -> Several[Page]:
    """In the order of `okrs.yaml`."""
    return several(lookup.all_pages(world, cursor, limit), _page)


@router.get("/pages/{id}", summary="Read a page", responses=problems(404))
def read_page(world: TheWorld, key: Id) -> Page:
    """How it stands; what the states mean and what to do is in the manual (docs/operating.md)."""
    return _page(lookup.page(world, key))


@router.get(
    "/pages/{id}/preview",
    summary="Preview a page",
    dependencies=[Depends(may_write)],
    responses=problems(404, 409, 502),
)
def preview_page(world: TheWorld, key: Id) -> Preview:
    """Compares with what is in Confluence now; writes nothing. It needs a token that may write: what stands there may
    show what has been made confidential since. 409: no Confluence is configured."""
    return Preview.model_validate(preview_one(world, key))


@router.post(
    "/pages/{id}/publish",
    summary="Publish a page now",
    status_code=202,
    dependencies=[Depends(may_write)],
    responses=problems(404, 409),
)
def publish_page(world: TheWorld, key: Id) -> PublishAccepted:
    """Makes it due and wakes the job; it is written only if something changed. 409: its cycle is a draft, or closed
    and the page is final, or no Confluence is configured."""
    due = on_demand.publish_now(world, [key])
    return PublishAccepted(pages=due, watch=f"/api/v1/pages/{key}")


@router.post(
    "/publish",
    summary="Publish all pages now",
    status_code=202,
    dependencies=[Depends(may_write)],
    responses=problems(409),
)
def publish_all(world: TheWorld) -> PublishAccepted:
    """Makes all pages due whose cycle runs, and wakes the job. 409: no Confluence is configured."""
    return PublishAccepted(pages=on_demand.publish_now(world), watch="/api/v1/pages")


def _page(found: PageFound) -> Page:
    row = found.row
    return Page(
        id=row.id,
        kind=row.kind,
        title=Words(ko=row.id, en=row.id) if found.private else Words(ko=row.title_ko, en=row.title_en),
        team_id=row.team_id,
        cycle_id=row.cycle_id,
        parent_id=row.parent_id,
        languages=row.languages,
        schedule=row.schedule,
        time_zone=row.time_zone,
        state=row.state,
        problem=row.problem.partition(", near «")[0] if found.private else row.problem,
        address=None if found.private else row.wiki_url,  # the title stands in it
        version=row.wiki_version,
        published_at=row.published_at,
        due_at=row.due_at,
        next_due_at=row.next_due_at,
        in_progress=row.claimed_at is not None,
        lost_comments=["" if found.private else one["text"] for one in row.lost_comments],
        strayed=[one | {"detail": ""} if found.private else one for one in row.strayed],
    )
