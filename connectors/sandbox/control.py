"""The control API of the sandbox, `/_sandbox/...`: what a test or a demo switches on the site. It asks for no login.

| call | does |
|---|---|
| GET, POST /_sandbox/faults; DELETE /_sandbox/faults[/{id}] | faults on and off; `faults.py` tells what one may say |
| GET /_sandbox/asked?path=&method=; DELETE | requests answered, with status (0: answer lost); forget them |
| GET, PUT /_sandbox/settings | index_delay, page_size_cap, language, retry_delay, webhook_timeout |
| GET, POST /_sandbox/webhooks; DELETE /_sandbox/webhooks/{id} | register: name, url, events, secret, filters |
| GET, DELETE /_sandbox/deliveries | webhooks sent: state, results of each attempt, body; forget them |
| GET, POST /_sandbox/users; PATCH /_sandbox/users/{accountId} | people: token, rights, expired, active, timeZone |
| PUT /_sandbox/projects/{key}/browse | {"accounts": [...] or null}: who may see a project |
| POST /_sandbox/issues/{key}/move | {"project": KEY}: move an issue |
| POST /_sandbox/reset | forget everything |
"""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Body, Request

from connectors.sandbox import faults
from connectors.sandbox.access import Refusal
from connectors.sandbox.jira import changes, hooks
from connectors.sandbox.jira.postman import shown
from connectors.sandbox.jira.tracker import Tracker, tracker_of
from connectors.sandbox.site import ADMIN, Site
from connectors.sandbox.store import Document

router = APIRouter(prefix="/_sandbox")

SETTINGS: dict[str, type] = {
    "index_delay": float,
    "page_size_cap": int,
    "language": str,
    "retry_delay": float,
    "webhook_timeout": float,
}
PERSON = ("email", "displayName", "token", "rights", "expired", "active", "timeZone")


def _site(request: Request) -> Site:
    site: Site = request.app.state.site
    return site


def _refuse(status: int, message: str) -> Refusal:
    return Refusal(status, {"errorMessages": [message], "errors": {}})


@router.get("/faults")
def list_faults(request: Request) -> list[Document]:
    site = _site(request)
    with site.faults_lock:
        return [dict(fault) for fault in site.faults]


@router.post("/faults")
def add_fault(request: Request, fault: dict[str, Any]) -> Document:
    try:
        return faults.add(_site(request), fault)
    except ValueError as error:
        raise _refuse(400, str(error)) from None


@router.delete("/faults")
def remove_faults(request: Request) -> Document:
    faults.remove(_site(request))
    return {}


@router.delete("/faults/{fault_id}")
def remove_fault(request: Request, fault_id: int) -> Document:
    faults.remove(_site(request), fault_id)
    return {}


@router.get("/asked")
def asked(request: Request, path: str = "", method: str = "") -> list[Document]:
    """Requests whose path contains `path`, oldest first."""
    every = list(_site(request).asked)
    return [asdict(one) for one in every if path in one.path and method.upper() in ("", one.method)]


@router.delete("/asked")
def forget_asked(request: Request) -> Document:
    _site(request).asked.clear()
    return {}


@router.get("/settings")
def get_settings(request: Request) -> Document:
    return {name: getattr(_site(request), name) for name in SETTINGS}


@router.put("/settings")
def change_settings(request: Request, body: dict[str, Any]) -> Document:
    for name, value in body.items():
        if name not in SETTINGS:
            raise _refuse(400, f"unknown setting '{name}'; known are {', '.join(SETTINGS)}")
        try:
            setattr(_site(request), name, SETTINGS[name](value))
        except (TypeError, ValueError):
            raise _refuse(400, f"{name} must be {SETTINGS[name].__name__}, not {value!r}") from None
    return get_settings(request)


@router.get("/webhooks")
def list_webhooks(request: Request) -> list[Document]:
    tracker = tracker_of(_site(request))
    return [{**hook, "secret": hook["secret"] is not None} for hook in tracker.webhooks]


@router.post("/webhooks")
def add_webhook(request: Request, body: dict[str, Any]) -> Document:
    """A second webhook of the same name replaces the first, so that a demo may register at every start."""
    tracker = tracker_of(_site(request))
    with _site(request).store.lock:
        known = next((hook["id"] for hook in tracker.webhooks if hook["name"] == body.get("name")), None)
        return hooks.shown(tracker, hooks.register(tracker, body, known))


@router.delete("/webhooks/{hook_id}")
def remove_webhook(request: Request, hook_id: str) -> Document:
    with _site(request).store.lock:
        tracker_of(_site(request)).webhooks.delete(hook_id)
    return {}


@router.get("/deliveries")
def deliveries(request: Request) -> list[Document]:
    return [shown(delivery) for delivery in list(tracker_of(_site(request)).postman.log)]


@router.delete("/deliveries")
def forget_deliveries(request: Request) -> Document:
    tracker_of(_site(request)).postman.log.clear()
    return {}


@router.get("/users")
def users(request: Request) -> list[Document]:
    return list(_site(request).store.table("users"))


@router.post("/users")
def add_user(request: Request, body: dict[str, Any]) -> Document:
    """email, displayName, and optionally token, rights, timeZone, accountId."""
    if not body.get("email") or not body.get("displayName"):
        raise _refuse(400, "a user needs email and displayName")
    named = {"token": "token", "accountId": "account_id", "timeZone": "time_zone", "rights": "rights"}
    more: dict[str, Any] = {ours: body[theirs] for theirs, ours in named.items() if theirs in body}
    with _site(request).store.lock:
        return _site(request).add_user(body["email"], body["displayName"], **more)


@router.patch("/users/{account_id}")
def change_user(request: Request, account_id: str, body: dict[str, Any]) -> Document:
    """Expire a token with {"expired": true}; take rights away with a shorter list."""
    table = _site(request).store.table("users")
    unknown = [name for name in body if name not in PERSON]
    if unknown:
        raise _refuse(400, f"unknown of a user: {', '.join(unknown)}; known are {', '.join(PERSON)}")
    with _site(request).store.lock:
        user = table.get(account_id)
        if user is None:
            raise _refuse(404, f"no user {account_id}")
        return table.put(account_id, {**user, **body})


@router.put("/projects/{key}/browse")
def limit_project(request: Request, key: str, accounts: list[str] | None = Body(embed=True)) -> Document:  # noqa: B008
    tracker = tracker_of(_site(request))
    with _site(request).store.lock:
        return tracker.projects.put(_project(tracker, key)["id"], {**_project(tracker, key), "browse": accounts})


@router.post("/issues/{key}/move")
def move_issue(request: Request, key: str, project: str = Body(embed=True)) -> Document:
    tracker = tracker_of(_site(request))
    with _site(request).store.lock:
        issue = tracker.issue(key)
        if issue is None:
            raise _refuse(404, f"no issue {key}")
        moved = changes.move(tracker, ADMIN, issue, _project(tracker, project))
        return {"id": moved["id"], "key": moved["key"]}


def _project(tracker: Tracker, key: str) -> Document:
    found = tracker.project(key)
    if found is None:
        raise _refuse(404, f"no project {key}")
    return found


@router.post("/reset")
def reset(request: Request) -> Document:
    _site(request).reset()
    return {}
