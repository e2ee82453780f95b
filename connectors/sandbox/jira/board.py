"""The Jira pages for people, who act as the admin: a board whose cards move and can be edited, and a page per issue."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from connectors.sandbox.jira import adf, changes, edits, linking
from connectors.sandbox.jira.catalogue import CATEGORIES, translated
from connectors.sandbox.jira.errors import bad_request, not_found
from connectors.sandbox.jira.index import LinkEnd
from connectors.sandbox.jira.jql import JqlError
from connectors.sandbox.jira.search import hits
from connectors.sandbox.jira.show import Show, link_type
from connectors.sandbox.jira.tracker import Tracker, tracker_of
from connectors.sandbox.site import ADMIN
from connectors.sandbox.store import Document

router = APIRouter()

PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
)
PAGES.filters["path"] = lambda text: quote(str(text), safe="")
MOST_CARDS = 150
KEY_RESULT = "Key Result"


@router.get("/jira/board/{key}", response_class=HTMLResponse)
def board(request: Request, key: str) -> str:
    tracker = _tracker(request)
    with tracker.site.store.lock:
        project = _project(tracker, key)
        projects = sorted(tracker.projects, key=lambda one: str(one["key"]))
        return PAGES.get_template("board.html").render(project=project, projects=projects)


@router.get("/jira/board/{key}/data")
def board_data(request: Request, key: str, since: str = "") -> Response:
    """Columns and cards; 204 while nothing has changed since the version the page has."""
    tracker = _tracker(request)
    with tracker.site.store.lock:
        version = f"{id(tracker)}-{tracker.version}-{tracker.site.language}"
        if since == version:
            return Response(status_code=204)
        project = _project(tracker, key)
        issues = [issue for issue in tracker.issues if issue["project"] == project["id"]]
        columns = [_column(tracker, project, status_id, issues) for status_id in project["statuses"]]
        return JSONResponse({"version": version, "columns": columns})


def _column(tracker: Tracker, project: Document, status_id: str, issues: list[Document]) -> Document:
    status = tracker.statuses.get(status_id) or {}
    here = [issue for issue in issues if issue["status"] == status_id]
    latest = sorted(here, key=lambda issue: (-issue["updated"], int(issue["id"])))[:MOST_CARDS]
    return {
        "id": status_id,
        "name": translated(status["name"], tracker.site.language),
        "category": status["category"],
        "count": len(here),
        "points": sum(issue["numbers"].get(project["points"]) or 0 for issue in here),
        "cards": [_card(tracker, project, issue) for issue in latest],
    }


def _card(tracker: Tracker, project: Document, issue: Document) -> Document:
    kind = tracker.types.get(issue["type"]) or {}
    person = tracker.site.store.table("users").get(issue["assignee"]) if issue["assignee"] else None
    parent = tracker.issues.get(issue["parent"]) if issue["parent"] else None
    return {
        "key": issue["key"],
        "summary": issue["summary"],
        "type": kind["name"],
        "typeName": translated(kind["name"], tracker.site.language),
        "points": issue["numbers"].get(project["points"]),
        "labels": issue["labels"],
        "assignee": person["displayName"] if person else None,
        "parent": {"key": parent["key"], "summary": parent["summary"]} if parent else None,
        "results": _results(tracker, issue),
    }


def _results(tracker: Tracker, issue: Document) -> list[Document]:
    """The key results this issue is linked to."""
    others = [tracker.issues.get(end.other) for end in tracker.entry(issue).links]
    shown = [other for other in others if other and (tracker.types.get(other["type"]) or {})["name"] == KEY_RESULT]
    return [{"key": other["key"], "summary": other["summary"]} for other in shown]


@router.post("/jira/board/{key}/issues/{issue_key}")
def change(request: Request, key: str, issue_key: str, body: dict[str, Any]) -> Response:
    """Any of `status` (id), `summary`, `points`, `labels`: the same changes as over REST, so webhooks are sent."""
    tracker = _tracker(request)
    with tracker.site.store.lock:
        issue = _issue(tracker, issue_key)
        project = tracker.projects.get(issue["project"]) or {}
        fields = {name: body[name] for name in ("summary", "labels") if name in body}
        if "points" in body:
            fields[project["points"]] = body["points"]
        issue = changes.edit(tracker, ADMIN, issue, edits.values(tracker, project, issue, {"fields": fields}))
        if "status" in body:
            if body["status"] not in project["statuses"]:
                raise bad_request(f"The project has no status '{body['status']}'.")
            issue = changes.transition(tracker, ADMIN, issue, body["status"])
        return JSONResponse({"key": issue["key"]})


@router.post("/jira/board/{key}/issues")
def create(request: Request, key: str, body: dict[str, Any]) -> Response:
    """A new task, linked to a key result if `result` names one."""
    tracker = _tracker(request)
    with tracker.site.store.lock:
        project = _project(tracker, key)
        given = edits.values(tracker, project, None, {"fields": {"summary": body.get("summary")}})
        task = next(one for one in project["types"] if (tracker.types.get(one) or {})["name"] == "Task")
        made = changes.create(tracker, ADMIN, project, task, given)
        if body.get("result"):
            linking.link(tracker, link_type("10004"), made, _issue(tracker, body["result"]))
        return JSONResponse({"key": made["key"]}, 201)


@router.get("/browse/{key}", response_class=HTMLResponse)
def browse(request: Request, key: str) -> str:
    tracker = _tracker(request)
    with tracker.site.store.lock:
        issue = _issue(tracker, key)
        project = tracker.projects.get(issue["project"]) or {}
        user = tracker.site.store.table("users").get(ADMIN) or {}
        show = Show(tracker, zone=user["timeZone"])
        statuses = [tracker.statuses.get(status_id) or {} for status_id in project["statuses"]]
        return PAGES.get_template("browse.html").render(
            projects=sorted(tracker.projects, key=lambda one: str(one["key"])),
            issue=issue,
            project=project,
            card=_card(tracker, project, issue),
            status=_status(tracker, issue["status"]),
            statuses=[_status(tracker, status["id"]) for status in statuses],
            description=adf.to_text(issue["description"]),
            resolution=show.resolution(issue["resolution"]),
            times={name: _time(show, issue[name]) for name in ("created", "updated", "resolved")},
            children=[_line(tracker, child) for child in tracker.children(issue["id"])],
            links=[_linked(tracker, end) for end in tracker.entry(issue).links],
            history=[_told(show, one) for one in reversed(issue["history"])],
            comments=[_said(show, one) for one in issue["comments"]],
        )


@router.get("/issues/", response_class=HTMLResponse)
def issues(request: Request, jql: str = "") -> str:
    """What a query finds: where the pages' links to all evidence lead."""
    tracker = _tracker(request)
    with tracker.site.store.lock:
        user = tracker.site.store.table("users").get(ADMIN)
        found, refused = [], ""
        try:
            found = [_line(tracker, entry.issue) for entry in hits(tracker, user, jql)] if jql else []
        except JqlError as error:
            refused = str(error)
        projects = sorted(tracker.projects, key=lambda one: str(one["key"]))
        return PAGES.get_template("issues.html").render(projects=projects, query=jql, found=found, refused=refused)


def _status(tracker: Tracker, status_id: str) -> Document:
    status = tracker.statuses.get(status_id) or {}
    category = CATEGORIES[status["category"]].key
    return {"id": status_id, "name": translated(status["name"], tracker.site.language), "category": category}


def _line(tracker: Tracker, issue: Document) -> Document:
    return {"key": issue["key"], "summary": issue["summary"], "status": _status(tracker, issue["status"])}


def _linked(tracker: Tracker, end: LinkEnd) -> Document:
    kind, other = link_type(end.type), tracker.issues.get(end.other) or {}
    return {"how": kind.outward if end.outward else kind.inward, **_line(tracker, other)}


def _told(show: Show, history: Document) -> Document:
    author = show.user(history["author"]) or {"displayName": "Former user"}
    return {"who": author["displayName"], "when": _time(show, history["created"]), "items": history["items"]}


def _said(show: Show, comment: Document) -> Document:
    author = show.user(comment["author"]) or {"displayName": "Former user"}
    return {"who": author["displayName"], "when": _time(show, comment["created"]), "text": adf.to_text(comment["body"])}


def _time(show: Show, ms: int | None) -> str | None:
    text = show.time(ms)
    return text[:16].replace("T", " ") if text else None


def _tracker(request: Request) -> Tracker:
    return tracker_of(request.app.state.site)


def _project(tracker: Tracker, key: str) -> Document:
    found = tracker.project(key)
    if found is None:
        raise not_found(f"No project could be found with key '{key}'.")
    return found


def _issue(tracker: Tracker, key: str) -> Document:
    found = tracker.issue(key)
    if found is None:
        raise not_found()
    return found
