"""REST: what the site is and knows: server, people, fields, statuses, types, projects."""

from datetime import UTC

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse

from connectors.sandbox.jira import catalogue
from connectors.sandbox.jira.asking import Call, asking
from connectors.sandbox.jira.errors import not_found
from connectors.sandbox.store import Document

router = APIRouter(prefix="/rest/api/{api}")
edge = APIRouter()

CLOUD_ID = "00000000-0000-4000-8000-0000000000c1"


@edge.get("/_edge/tenant_info")
def tenant() -> Document:
    return {"cloudId": CLOUD_ID}


@router.get("/serverInfo")
def server(request: Request) -> JSONResponse:
    with asking(request, "jira:read", anonymous=True) as call:
        site = call.tracker.site
        return call.answer(
            {
                "baseUrl": site.base_url,
                "displayUrl": site.base_url,
                "displayUrlConfluence": f"{site.base_url}/wiki",
                "version": "1001.0.0-SNAPSHOT",
                "versionNumbers": [1001, 0, 0],
                "deploymentType": "Cloud",
                "buildNumber": 100283,
                "buildDate": "2026-11-02T00:00:00.000+0000",
                "serverTime": call.show.time(int(site.now().astimezone(UTC).timestamp() * 1000)),
                "scmInfo": "sandbox",
                "serverTitle": "Jira",
                "serverTimeZone": "Etc/UTC",
            }
        )


@router.get("/myself")
def myself(request: Request) -> JSONResponse:
    with asking(request, "jira:read") as call:
        locale = "ko_KR" if call.tracker.site.language == "ko" else "en_US"
        groups: Document = {"size": 0, "items": []}
        shown = {**(call.show.user(call.actor) or {}), "locale": locale, "groups": groups, "applicationRoles": groups}
        return call.answer(shown)


@router.get("/field")
def fields(request: Request) -> JSONResponse:
    """System fields for everyone, custom fields only for those who may read."""
    with asking(request, "jira:read", anonymous=True) as call:
        custom = [_custom(number) for number in catalogue.NUMBER_FIELDS] if call.user else []
        return call.answer([*(_system(*row) for row in catalogue.SYSTEM_FIELDS), *custom])


def _system(name: str, title: str, kind: str, items: str, clauses: tuple[str, ...]) -> Document:
    return {
        "id": name,
        "key": name,
        "name": title,
        "custom": False,
        "orderable": True,
        "navigable": name != "comment",
        "searchable": True,
        "clauseNames": list(clauses),
        "schema": {"type": kind, **({"items": items} if items else {}), "system": name},
    }


def _custom(number: catalogue.NumberField) -> Document:
    return {
        "id": number.id,
        "key": number.id,
        "name": number.name,
        "untranslatedName": number.name,
        "custom": True,
        "orderable": True,
        "navigable": True,
        "searchable": True,
        "clauseNames": list(number.clauses),
        "schema": {"type": "number", "custom": number.custom, "customId": int(number.id.rpartition("_")[2])},
    }


@router.get("/status")
def statuses(request: Request) -> JSONResponse:
    with asking(request, "jira:read") as call:
        seen = [status for status in call.tracker.statuses if _in_sight(call, status)]
        return call.answer([call.show.status(status["id"]) for status in seen])


@router.get("/issuetype")
def issue_types(request: Request) -> JSONResponse:
    with asking(request, "jira:read") as call:
        seen = [kind for kind in call.tracker.types if _in_sight(call, kind)]
        return call.answer([call.show.issue_type(kind["id"]) for kind in seen])


def _in_sight(call: Call, document: Document) -> bool:
    project = call.tracker.projects.get(document["project"]) if document["project"] else None
    return project is None or call.tracker.may_browse(call.user, project)


@router.get("/statuscategory")
def categories(request: Request) -> JSONResponse:
    with asking(request, "jira:read") as call:
        none = {"id": 1, "key": "undefined", "colorName": "medium-gray", "name": "No Category"}
        undefined = {"self": call.show.url("statuscategory/1"), **none}
        return call.answer([undefined, *(call.show.category(key) for key in catalogue.CATEGORIES)])


@router.get("/resolution")
def resolutions(request: Request) -> JSONResponse:
    with asking(request, "jira:read") as call:
        return call.answer([call.show.resolution(key) for key in catalogue.RESOLUTIONS])


@router.get("/priority")
def priorities(request: Request) -> JSONResponse:
    with asking(request, "jira:read") as call:
        return call.answer([call.show.priority(key) for key in catalogue.PRIORITIES])


@router.get("/project/search")
def find_projects(
    request: Request,
    startAt: int = 0,  # noqa: N803 -- the wire's names
    maxResults: int = 50,  # noqa: N803
    query: str = "",
    keys: list[str] = Query(default=[]),  # noqa: B008
    id: list[int] = Query(default=[]),  # noqa: A002, B008
) -> JSONResponse:
    with asking(request, "jira:read", anonymous=True) as call:
        seen = [p for p in call.tracker.projects if call.tracker.may_browse(call.user, p)]
        wanted = {key.upper() for key in keys}
        found = [
            p
            for p in sorted(seen, key=lambda p: str(p["key"]))
            if (not wanted or p["key"] in wanted)
            and (not id or int(p["id"]) in id)
            and query.lower() in f"{p['key']} {p['name']}".lower()
        ]
        page = found[startAt : startAt + min(maxResults, 50)]
        url = call.show.url(f"project/search?maxResults={maxResults}&startAt=")
        last = startAt + len(page) >= len(found)
        answer: Document = {"self": f"{url}{startAt}", "maxResults": min(maxResults, 50), "startAt": startAt}
        following = {} if last else {"nextPage": f"{url}{startAt + len(page)}"}
        listed = [_listed(call, project) for project in page]
        return call.answer({**answer, **following, "total": len(found), "isLast": last, "values": listed})


def _listed(call: Call, project: Document) -> Document:
    more = {"style": project["style"], "isPrivate": project["browse"] is not None, "properties": {}}
    return {"expand": "description,lead,issueTypes,url,projectKeys", **call.show.project(project["id"]), **more}


@router.get("/project/{key}")
def get_project(request: Request, key: str) -> JSONResponse:
    with asking(request, "jira:read") as call:
        return call.answer(call.show.project_in_full(call.project(key)))


@router.get("/project/{key}/statuses")
def project_statuses(request: Request, key: str) -> JSONResponse:
    with asking(request, "jira:read") as call:
        project = call.project(key)
        shown = [call.show.status(status_id) for status_id in project["statuses"]]
        kinds = [call.show.issue_type(type_id) for type_id in project["types"]]
        named = ("self", "id", "name", "subtask")
        return call.answer([{**{name: kind[name] for name in named}, "statuses": shown} for kind in kinds])


@router.get("/user")
def get_user(request: Request, accountId: str) -> JSONResponse:  # noqa: N803
    with asking(request, "jira:read") as call:
        found = call.show.user(accountId)
        if found is None:
            raise not_found("Specified user does not exist or you do not have required permissions")
        return call.answer(found)
