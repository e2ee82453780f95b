"""REST: search by JQL, count, match, parse, bulk fetch; and the searches that Jira has removed."""

from typing import Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from connectors.sandbox import faults
from connectors.sandbox.jira import jql, search, show_issue
from connectors.sandbox.jira.asking import asking
from connectors.sandbox.jira.errors import bad_request
from connectors.sandbox.store import Document

router = APIRouter(prefix="/rest/api/{api}")

PAGE_FAULTS = ("empty_page", "repeat_token")
MOST_FETCHED = 100
# `expand` is a comma-delimited text here, and a list in bulkfetch
_SHAPES = {"jql": str, "nextPageToken": str, "maxResults": int, "fields": list, "expand": str, "reconcileIssues": list}
REMOVED = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)


@router.get("/search/jql")
def search_by_query(
    request: Request,
    jql: str = "",
    nextPageToken: str | None = None,  # noqa: N803 -- the wire's name
    maxResults: int = 50,  # noqa: N803
    fields: list[str] = Query(default=[]),  # noqa: B008 -- how FastAPI declares a list
    expand: str = "",
    reconcileIssues: list[int] = Query(default=[]),  # noqa: B008, N803
) -> JSONResponse:
    names = [name.strip() for one in fields for name in one.split(",") if name.strip()]
    asked = search.Search(
        jql, names, maxResults, nextPageToken, tuple(reconcileIssues), "changelog" in expand.split(",")
    )
    return _search(request, asked)


@router.post("/search/jql")
def search_by_body(request: Request, body: dict[str, Any]) -> JSONResponse:
    _known(body, "jql nextPageToken maxResults fields expand properties fieldsByKeys failFast reconcileIssues")
    for name, kind in _SHAPES.items():
        if body.get(name) is not None and type(body[name]) is not kind:
            raise bad_request(f"Invalid request payload: '{name}' must be of type {kind.__name__}.")
    return _search(
        request,
        search.Search(
            body.get("jql") or "",
            body.get("fields") or [],
            body.get("maxResults", 50),
            body.get("nextPageToken"),
            tuple(body.get("reconcileIssues") or ()),
            "changelog" in (body.get("expand") or "").split(","),
        ),
    )


def _search(request: Request, asked: search.Search) -> JSONResponse:
    if asked.limit < 1:
        raise bad_request("The value of maxResults must be greater than 0.")
    if len(asked.reconcile) > search.MOST_RECONCILED:
        raise bad_request(f"reconcileIssues accepts {search.MOST_RECONCILED} ids at most.")
    with asking(request, "jira:read", anonymous=True) as call:
        fault = faults.strike(call.tracker.site, request.method, request.url.path, PAGE_FAULTS)
        return call.answer(search.page(call.tracker, call.user, asked, call.show, fault))


@router.post("/search/approximate-count")
def count(request: Request, body: dict[str, Any]) -> JSONResponse:
    _known(body, "jql")
    with asking(request, "jira:read", anonymous=True) as call:
        return call.answer({"count": len(search.hits(call.tracker, call.user, body.get("jql") or ""))})


@router.api_route("/search", methods=["GET", "POST"])
def removed_search(api: str) -> JSONResponse:
    return JSONResponse({"errorMessages": [REMOVED], "errors": {}}, 410)


@router.post("/jql/match")
def match(request: Request, body: dict[str, Any]) -> JSONResponse:
    """Which of the issues each query finds, as the index knows them; a wrong query errs alone."""
    _known(body, "issueIds jqls")
    ids, queries = body.get("issueIds"), body.get("jqls")
    if not isinstance(ids, list) or not isinstance(queries, list) or not all(type(one) is int for one in ids):
        raise bad_request("issueIds must be a list of numbers and jqls a list of texts.")
    with asking(request, "jira:read", anonymous=True) as call:
        context = jql.context_of(call.tracker, call.user)
        entries = [entry for issue_id in ids if (entry := call.tracker.index.get(str(issue_id)))]
        visible = [entry for entry in entries if call.tracker.sees(call.user, entry.issue)]

        def matches(text: str) -> Document:
            if call.user is None:
                return {"matchedIssues": [], "errors": []}
            try:
                test = jql.matcher(jql.parse(text), context)
            except jql.JqlError as error:
                return {"matchedIssues": [], "errors": error.messages}
            return {"matchedIssues": [int(entry.issue["id"]) for entry in visible if test(entry)], "errors": []}

        return call.answer({"matches": [matches(text) for text in queries]})


@router.post("/jql/parse")
def parse(request: Request, body: dict[str, Any], validation: str = "strict") -> JSONResponse:
    """The tree of each query. `strict` looks names up and makes errors of them, `warn` warnings, `none` nothing."""
    _known(body, "queries")
    if validation not in ("strict", "warn", "none"):
        raise bad_request("validation must be one of strict, warn, none.")
    if not body.get("queries"):
        raise bad_request("queries must name one query at least.")
    with asking(request, "jira:read", anonymous=True) as call:
        context = jql.context_of(call.tracker, call.user)

        def parsed(text: str) -> Document:
            try:
                query = jql.parse(text)
            except jql.JqlError as error:
                return {"query": text, "errors": error.messages}
            found = {"query": text, "structure": jql.structure(query)}
            try:
                if validation != "none":
                    jql.matcher(query, context)
            except jql.JqlError as error:
                if validation == "strict":
                    return {"query": text, "errors": error.messages}
                found["warnings"] = error.messages
            return found

        return call.answer({"queries": [parsed(text) for text in body["queries"]]})


@router.post("/issue/bulkfetch")
def bulk_fetch(request: Request, body: dict[str, Any]) -> JSONResponse:
    """Issues straight from the store, in ascending order of id. Those not found or not visible are silently absent."""
    _known(body, "issueIdsOrKeys fields expand properties fieldsByKeys")
    named = body.get("issueIdsOrKeys")
    if not isinstance(named, list) or not named or not all(isinstance(one, str) for one in named):
        raise bad_request("issueIdsOrKeys must be a list of texts and must not be empty.")
    if len(named) > MOST_FETCHED:
        raise bad_request(f"issueIdsOrKeys may name {MOST_FETCHED} issues at most.")
    if not isinstance(body.get("expand", []), list):
        raise bad_request("expand must be a list here.")
    with asking(request, "jira:read", anonymous=True) as call:
        found = {issue["id"]: issue for one in named if (issue := call.tracker.issue(one))}
        visible = [issue for issue in found.values() if call.tracker.sees(call.user, issue)]
        fields = show_issue.chosen(body.get("fields") or [], "*navigable")
        changelog = "changelog" in body.get("expand", [])
        entries = [call.tracker.entry(issue) for issue in sorted(visible, key=lambda issue: int(issue["id"]))]
        shown = [show_issue.issue(call.show, entry, call.user, fields, changelog=changelog) for entry in entries]
        return call.answer({"issues": shown, "issueErrors": []})


def _known(body: Document, names: str) -> None:
    unknown = sorted(set(body) - set(names.split()))
    if unknown:
        raise bad_request(f'Unrecognized field "{unknown[0]}", not marked as ignorable.')
