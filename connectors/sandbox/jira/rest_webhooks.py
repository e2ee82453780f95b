"""REST: the webhooks that a site's admin registers."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from connectors.sandbox.jira import hooks
from connectors.sandbox.jira.asking import Call, asking
from connectors.sandbox.jira.errors import not_found
from connectors.sandbox.store import Document

router = APIRouter(prefix="/rest/webhooks/1.0/webhook")


@router.get("")
def list_webhooks(request: Request) -> JSONResponse:
    with asking(request, "jira:admin") as call:
        return call.answer([hooks.shown(call.tracker, hook) for hook in call.tracker.webhooks])


@router.post("")
def create_webhook(request: Request, body: dict[str, Any]) -> JSONResponse:
    with asking(request, "jira:admin") as call:
        return call.answer(hooks.shown(call.tracker, hooks.register(call.tracker, body)), 201)


@router.get("/{hook_id}")
def get_webhook(request: Request, hook_id: str) -> JSONResponse:
    with asking(request, "jira:admin") as call:
        return call.answer(hooks.shown(call.tracker, _hook(call, hook_id)))


@router.put("/{hook_id}")
def change_webhook(request: Request, hook_id: str, body: dict[str, Any]) -> JSONResponse:
    with asking(request, "jira:admin") as call:
        changed = hooks.register(call.tracker, {**_hook(call, hook_id), **body}, hook_id)
        return call.answer(hooks.shown(call.tracker, changed))


@router.delete("/{hook_id}")
def delete_webhook(request: Request, hook_id: str) -> Response:
    with asking(request, "jira:admin") as call:
        call.tracker.webhooks.delete(_hook(call, hook_id)["id"])
        return Response(status_code=204)


def _hook(call: Call, hook_id: str) -> Document:
    found = call.tracker.webhooks.get(hook_id)
    if found is None:
        raise not_found(f"No webhook with id '{hook_id}' exists.")
    return found
