"""Where Jira rings: prove the sender, note it down, answer 200 (design 16). The one place with `async def`."""

import queue
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from app.errors import AppError, TooLarge, Transient
from app.services import inbox, refusals
from app.web.intake import Intake
from app.web.problems import problems
from app.world import World

router = APIRouter(tags=["Webhooks"])


async def _body(request: Request) -> bytes:
    """The raw body, refused as soon as it is known to be too large."""
    too_large = TooLarge(f"Webhook bodies are at most {inbox.BODY_LIMIT // 1024 // 1024} MB; nothing was stored.")
    declared = request.headers.get("content-length", "0")
    if declared.isdecimal() and int(declared) > inbox.BODY_LIMIT:
        raise too_large
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > inbox.BODY_LIMIT:
            raise too_large
    return bytes(body)


@router.post(
    "/webhooks/jira",
    summary="Ring as Jira does",
    operation_id="ring_as_jira",
    response_class=Response,
    response_description="Noted down; the pages follow.",
    responses=problems(400, 401, 413, 503),
    openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}},
)
async def ring(
    request: Request,
    x_hub_signature: Annotated[str | SkipJsonSchema[None], Header()] = None,
    x_atlassian_webhook_identifier: Annotated[str | SkipJsonSchema[None], Header()] = None,
) -> Response:
    """Signed with one of `PLAINSIGHT_WEBHOOK_SECRETS`. 200 after the delivery is stored; 401 unsigned or forged;
    400 not JSON; 413 too large; 503 when it could not be stored, so that Jira sends it again."""
    world: World = request.app.state.world
    intake: Intake = request.app.state.intake
    try:
        body = await _body(request)
        inbox.check_signature(body, x_hub_signature, (one.get_secret_value() for one in world.settings.webhook_secrets))
        delivery = inbox.read_delivery(body, x_atlassian_webhook_identifier)
    except AppError as error:
        await _note(request.app.state.refusals, error)
        raise
    try:
        await intake.put(delivery)
    except (SQLAlchemyError, queue.Full) as error:
        raise _busy() from error
    return Response(status_code=200)


async def _note(refused: refusals.Refusals, error: AppError) -> None:
    """Count a refusal; the database is only now and then told, and never by the loop's own thread."""
    reason = refusals.reason_of(error)
    if reason is not None and refused.count(reason):
        await run_in_threadpool(refused.write, reason)


def _busy() -> AppError:
    busy = Transient("The delivery could not be stored just now; send it again.")
    busy.status_code = 503
    return busy
