"""REST: one issue, its transitions, comments and history."""

from typing import Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from connectors.sandbox.jira import changes, edits, show_issue
from connectors.sandbox.jira.asking import Call, asking
from connectors.sandbox.jira.catalogue import TRANSITIONS, translated
from connectors.sandbox.jira.errors import bad_request
from connectors.sandbox.store import Document

router = APIRouter(prefix="/rest/api/{api}/issue")


@router.get("/{key}")
def get_issue(
    request: Request,
    key: str,
    fields: list[str] = Query(default=[]),  # noqa: B008 -- how FastAPI declares a list
    expand: str = "",
) -> JSONResponse:
    with asking(request, "jira:read") as call:
        entry = call.tracker.entry(call.issue(key))
        names, changelog = show_issue.chosen(fields, "*all"), "changelog" in expand.split(",")
        return call.answer(show_issue.issue(call.show, entry, call.user, names, changelog=changelog))


@router.post("")
def create_issue(request: Request, body: dict[str, Any]) -> JSONResponse:
    with asking(request, "jira:write") as call:
        fields = body.get("fields") or {}
        project = _project(call, fields.get("project"))
        kind = _issue_type(call, project, fields.get("issuetype"))
        if "summary" not in fields:
            raise bad_request(fields={"summary": "You must specify a summary of the issue."})
        given = edits.values(call.tracker, project, None, body)
        made = changes.create(call.tracker, call.actor, project, kind, given)
        return call.answer({"id": made["id"], "key": made["key"], "self": call.show.url(f"issue/{made['id']}")}, 201)


def _project(call: Call, named: Document | None) -> Document:
    found = call.tracker.project(str((named or {}).get("key") or (named or {}).get("id")))
    if found is None or not call.tracker.may_browse(call.user, found):
        raise bad_request(fields={"project": "Specify a valid project ID or key"})
    return found


def _issue_type(call: Call, project: Document, named: Document | None) -> str:
    for type_id in project["types"]:
        kind = call.tracker.types.get(type_id) or {}
        names = (kind["name"], translated(kind["name"], call.tracker.site.language))
        if named and (named.get("id") == type_id or named.get("name") in names):
            return str(type_id)
    raise bad_request(fields={"issuetype": "Specify a valid issue type"})


@router.put("/{key}")
def edit_issue(request: Request, key: str, body: dict[str, Any]) -> Response:
    with asking(request, "jira:write") as call:
        issue = call.issue(key)
        project = call.tracker.projects.get(issue["project"]) or {}
        if "status" in (body.get("fields") or {}):
            raise bad_request(fields={"status": "Field 'status' cannot be set. Use a transition."})
        given = edits.values(call.tracker, project, issue, body)
        changed = changes.edit(call.tracker, call.actor, issue, given)
        _comments(call, changed, body)
        return Response(status_code=204)


@router.delete("/{key}")
def delete_issue(request: Request, key: str, deleteSubtasks: str = "false") -> Response:  # noqa: N803
    with asking(request, "jira:write") as call:
        changes.delete(call.tracker, call.actor, call.issue(key), subtasks=deleteSubtasks.lower() == "true")
        return Response(status_code=204)


@router.get("/{key}/transitions")
def get_transitions(request: Request, key: str) -> JSONResponse:
    with asking(request, "jira:read") as call:
        issue = call.issue(key)
        shown = [_transition(call, status_id) for status_id in statuses(call, issue)]
        return call.answer({"expand": "transitions", "transitions": shown})


def statuses(call: Call, issue: Document) -> list[str]:
    """Where an issue can go: every transition is global, its own status included."""
    project = call.tracker.projects.get(issue["project"]) or {}
    return list(project["statuses"])


def _transition(call: Call, status_id: str) -> Document:
    status = call.tracker.statuses.get(status_id) or {}
    return {
        "id": TRANSITIONS[status["name"]],
        "name": translated(status["name"], call.tracker.site.language),
        "to": call.show.status(status_id),
        "hasScreen": False,
        "isGlobal": True,
        "isInitial": False,
        "isAvailable": True,
        "isConditional": False,
        "looped": False,
    }


@router.post("/{key}/transitions")
def make_transition(request: Request, key: str, body: dict[str, Any]) -> Response:
    with asking(request, "jira:write") as call:
        issue = call.issue(key)
        wanted = str((body.get("transition") or {}).get("id"))
        for status_id in statuses(call, issue):
            status = call.tracker.statuses.get(status_id) or {}
            if TRANSITIONS[status["name"]] == wanted:
                project = call.tracker.projects.get(issue["project"]) or {}
                given = edits.values(call.tracker, project, issue, body)
                _comments(call, changes.transition(call.tracker, call.actor, issue, status_id, given), body)
                return Response(status_code=204)
        raise bad_request(
            f"It seems that you have tried to perform a workflow operation (id {wanted}) that is not valid."
        )


def _comments(call: Call, issue: Document, body: Document) -> None:
    for operation in (body.get("update") or {}).get("comment", []):
        changes.comment(call.tracker, call.actor, issue, (operation.get("add") or {}).get("body") or "")


@router.get("/{key}/changelog")
def get_changelog(request: Request, key: str, startAt: int = 0, maxResults: int = 100) -> JSONResponse:  # noqa: N803
    """The whole history, oldest first, in pages of 100 at most."""
    with asking(request, "jira:read") as call:
        issue, size = call.issue(key), min(maxResults, 100)
        total = len(issue["history"])
        values = [show_issue.history(call.show, one) for one in issue["history"][startAt : startAt + size]]
        page = {"startAt": startAt, "maxResults": size, "total": total, "isLast": startAt + size >= total}
        url = call.show.url(f"issue/{issue['id']}/changelog?maxResults={size}&startAt=")
        following = {} if page["isLast"] else {"nextPage": f"{url}{startAt + size}"}
        return call.answer({"self": f"{url}{startAt}", **following, **page, "values": values})


@router.get("/{key}/comment")
def get_comments(request: Request, key: str, startAt: int = 0, maxResults: int = 100) -> JSONResponse:  # noqa: N803
    with asking(request, "jira:read") as call:
        issue = call.issue(key)
        comments = [show_issue.comment(call.show, issue, one) for one in issue["comments"]]
        page = {"startAt": startAt, "maxResults": maxResults, "total": len(comments)}
        return call.answer({**page, "comments": comments[startAt : startAt + maxResults]})


@router.post("/{key}/comment")
def add_comment(request: Request, key: str, body: dict[str, Any]) -> JSONResponse:
    with asking(request, "jira:write") as call:
        if not body.get("body"):
            raise bad_request(fields={"comment": "Comment body can not be empty!"})
        issue = call.issue(key)
        one = changes.comment(call.tracker, call.actor, issue, body["body"])
        return call.answer(show_issue.comment(call.show, issue, one), 201)
