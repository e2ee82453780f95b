"""REST: links between issues, their types, and remote links."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from connectors.sandbox.jira import changes, linking
from connectors.sandbox.jira.asking import Call, asking
from connectors.sandbox.jira.catalogue import LINK_TYPES, LinkType
from connectors.sandbox.jira.errors import bad_request, not_found
from connectors.sandbox.jira.show import link_type
from connectors.sandbox.store import Document

router = APIRouter(prefix="/rest/api/{api}")


@router.get("/issueLinkType")
def link_types(request: Request) -> JSONResponse:
    with asking(request, "jira:read") as call:
        return call.answer({"issueLinkTypes": [call.show.link_type(kind) for kind in LINK_TYPES]})


@router.get("/issueLinkType/{type_id}")
def one_link_type(request: Request, type_id: str) -> JSONResponse:
    with asking(request, "jira:read") as call:
        return call.answer(call.show.link_type(_link_type({"id": type_id})))


@router.post("/issueLink")
def create_link(request: Request, body: dict[str, Any]) -> Response:
    """From `inwardIssue` (the source, which e.g. blocks) to `outwardIssue`; 201 without a body."""
    with asking(request, "jira:write") as call:
        kind = _link_type(body.get("type") or {})
        source, destination = _end(call, body, "inwardIssue"), _end(call, body, "outwardIssue")
        linking.link(call.tracker, kind, source, destination)
        if said := (body.get("comment") or {}).get("body"):
            changes.comment(call.tracker, call.actor, source, said)
        return Response(status_code=201)


def _link_type(named: Document) -> LinkType:
    for kind in LINK_TYPES:
        if named.get("id") == kind.id or (named.get("name") or "").lower() == kind.name.lower():
            return kind
    raise not_found(f"No issue link type with name '{named.get('name') or named.get('id')}' found.")


def _end(call: Call, body: Document, name: str) -> Document:
    named = body.get(name) or {}
    if not (named.get("key") or named.get("id")):
        raise bad_request(f"'{name}' must name an issue by its key or id.")
    return call.issue(str(named.get("key") or named.get("id")))


@router.get("/issueLink/{link_id}")
def get_link(request: Request, link_id: str) -> JSONResponse:
    with asking(request, "jira:read") as call:
        link = _link(call, link_id)
        ends = {name: call.show.brief(call.issue(link[end])) for name, end in _ENDS}
        url = call.show.url(f"issueLink/{link_id}")
        return call.answer({"id": link_id, "self": url, "type": call.show.link_type(link_type(link["type"])), **ends})


_ENDS = (("inwardIssue", "source"), ("outwardIssue", "destination"))


@router.delete("/issueLink/{link_id}")
def delete_link(request: Request, link_id: str) -> Response:
    with asking(request, "jira:write") as call:
        linking.unlink(call.tracker, _link(call, link_id))
        return Response(status_code=204)


def _link(call: Call, link_id: str) -> Document:
    found = call.tracker.links.get(link_id)
    if found is None:
        raise not_found(f"No issue link with id '{link_id}' exists.")
    for _, end in _ENDS:
        call.issue(found[end])
    return found


@router.get("/issue/{key}/remotelink")
def get_remote_links(request: Request, key: str, globalId: str | None = None) -> JSONResponse:  # noqa: N803
    with asking(request, "jira:read") as call:
        links = call.tracker.remotes(call.issue(key)["id"])
        if globalId is None:
            return call.answer([_shown(call, link) for link in links])
        for link in links:
            if link["globalId"] == globalId:
                return call.answer(_shown(call, link))
        raise not_found(f"No remote link with globalId '{globalId}' exists for this issue.")


@router.post("/issue/{key}/remotelink")
def put_remote_link(request: Request, key: str, body: dict[str, Any]) -> JSONResponse:
    with asking(request, "jira:write") as call:
        issue = call.issue(key)
        made, new = linking.put_remote(call.tracker, issue, body)
        url = call.show.url(f"issue/{issue['id']}/remotelink/{made['id']}")
        return call.answer({"id": int(made["id"]), "self": url}, 201 if new else 200)


@router.delete("/issue/{key}/remotelink")
def delete_remote_links(request: Request, key: str, globalId: str) -> Response:  # noqa: N803
    with asking(request, "jira:write") as call:
        for link in call.tracker.remotes(call.issue(key)["id"]):
            if link["globalId"] == globalId:
                call.tracker.remove_remote(link)
                return Response(status_code=204)
        raise not_found(f"No remote link with globalId '{globalId}' exists for this issue.")


@router.get("/issue/{key}/remotelink/{link_id}")
def get_remote_link(request: Request, key: str, link_id: str) -> JSONResponse:
    with asking(request, "jira:read") as call:
        return call.answer(_shown(call, _remote(call, key, link_id)))


@router.put("/issue/{key}/remotelink/{link_id}")
def replace_remote_link(request: Request, key: str, link_id: str, body: dict[str, Any]) -> Response:
    with asking(request, "jira:write") as call:
        known = _remote(call, key, link_id)
        call.tracker.put_remote(linking.remote(link_id, known["issue"], body))
        return Response(status_code=204)


@router.delete("/issue/{key}/remotelink/{link_id}")
def delete_remote_link(request: Request, key: str, link_id: str) -> Response:
    with asking(request, "jira:write") as call:
        call.tracker.remove_remote(_remote(call, key, link_id))
        return Response(status_code=204)


def _remote(call: Call, key: str, link_id: str) -> Document:
    found, issue = call.tracker.remote_links.get(link_id), call.issue(key)
    if found is None or found["issue"] != issue["id"]:
        raise not_found(f"The remote link with id '{link_id}' does not belong to this issue.")
    return found


def _shown(call: Call, link: Document) -> Document:
    url = call.show.url(f"issue/{link['issue']}/remotelink/{link['id']}")
    known = {name: link[name] for name in ("globalId", "application", "relationship") if link[name] is not None}
    return {"id": int(link["id"]), "self": url, **known, "object": link["object"]}
