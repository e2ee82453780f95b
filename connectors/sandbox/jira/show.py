"""Jira's representation of people, projects, statuses, types and links: the full-size objects of the real answers."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from connectors.sandbox.jira import catalogue
from connectors.sandbox.jira.catalogue import LinkType, translated
from connectors.sandbox.jira.tracker import Tracker
from connectors.sandbox.store import Document

SIZES = ("48x48", "24x24", "16x16", "32x32")


class Show:
    """Documents as the REST API shows them. `api` (3 or 2) appears in links; times are in the asking account's zone."""

    def __init__(self, tracker: Tracker, api: int = 3, zone: str = "UTC") -> None:
        self.tracker = tracker
        self.site = tracker.site
        self.api = api
        self._zone = _zone(zone)
        self._parts: dict[tuple[str, str], Document] = {}

    def url(self, path: str) -> str:
        return f"{self.site.base_url}/rest/api/{self.api}/{path}"

    def time(self, ms: int | None) -> str | None:
        """`2021-10-11T12:49:07.232+0000`: no colon in the offset."""
        if ms is None:
            return None
        when = datetime.fromtimestamp(ms / 1000, self._zone)
        return f"{when:%Y-%m-%dT%H:%M:%S}.{ms % 1000:03d}{when:%z}"

    def user(self, account_id: str | None) -> Document | None:
        found = self.site.store.table("users").get(account_id) if account_id else None
        if found is None:
            return None
        return {
            "self": self.url(f"user?accountId={found['accountId']}"),
            "accountId": found["accountId"],
            "emailAddress": found["email"],
            "avatarUrls": self.avatars(found["accountId"]),
            "displayName": found["displayName"],
            "active": found["active"],
            "timeZone": found["timeZone"],
            "accountType": "atlassian",
        }

    def avatars(self, name: str) -> Document:
        return {size: f"{self.site.base_url}/avatar/{name}.svg?size={size}" for size in SIZES}

    def status(self, status_id: str) -> Document:
        return self._once("status", status_id)

    def issue_type(self, type_id: str) -> Document:
        return self._once("type", type_id)

    def project(self, project_id: str) -> Document:
        """The short form that stands in an issue."""
        return self._once("project", project_id)

    def _once(self, kind: str, key: str) -> Document:
        """Pages of issues show the same few parts again and again."""
        if (kind, key) not in self._parts:
            make = {"status": self._status, "type": self._issue_type, "project": self._project}[kind]
            self._parts[kind, key] = make(key)
        return self._parts[kind, key]

    def category(self, key: str) -> Document:
        category = catalogue.CATEGORIES[key]
        return {
            "self": self.url(f"statuscategory/{category.id}"),
            "id": category.id,
            "key": category.key,
            "colorName": category.color,
            "name": translated(category.name, self.site.language),
        }

    def _status(self, status_id: str) -> Document:
        status = self.tracker.statuses.get(status_id) or {}
        return {
            "self": self.url(f"status/{status_id}"),
            "description": "",
            "iconUrl": f"{self.site.base_url}/images/icons/statuses/generic.png",
            "name": translated(status["name"], self.site.language),
            "id": status_id,
            "statusCategory": self.category(status["category"]),
            **self._scope(status["project"]),
        }

    def _issue_type(self, type_id: str) -> Document:
        kind = self.tracker.types.get(type_id) or {}
        return {
            "self": self.url(f"issuetype/{type_id}"),
            "id": type_id,
            "description": kind["description"],
            "iconUrl": f"{self.site.base_url}/avatar/type-{type_id}.svg?size=medium",
            "name": translated(kind["name"], self.site.language),
            "subtask": kind["level"] < 0,
            "avatarId": 10300 + int(type_id) % 100,
            "hierarchyLevel": kind["level"],
            **self._scope(kind["project"]),
        }

    def _scope(self, project_id: str | None) -> Document:
        return {"scope": {"type": "PROJECT", "project": {"id": project_id}}} if project_id else {}

    def _project(self, project_id: str) -> Document:
        project = self.tracker.projects.get(project_id) or {}
        return {
            "self": self.url(f"project/{project_id}"),
            "id": project_id,
            "key": project["key"],
            "name": project["name"],
            "projectTypeKey": "software",
            "simplified": project["style"] == "next-gen",
            "avatarUrls": self.avatars(project["key"]),
        }

    def project_in_full(self, project: Document) -> Document:
        """The form of `project/{key}`."""
        return {
            **self.project(project["id"]),
            "expand": "description,lead,issueTypes,url,projectKeys,permissions,insight",
            "description": "",
            "lead": self.user(project["lead"]),
            "components": [{**part, "self": self.url(f"component/{part['id']}")} for part in project["components"]],
            "issueTypes": [self.issue_type(type_id) for type_id in project["types"]],
            "assigneeType": "UNASSIGNED",
            "versions": [self.version(project, part["id"]) for part in project["versions"]],
            "roles": {},
            "style": project["style"],
            "isPrivate": project["browse"] is not None,
            "properties": {},
        }

    def component(self, project: Document, component_id: str) -> Document:
        part = next(part for part in project["components"] if part["id"] == component_id)
        return {"self": self.url(f"component/{component_id}"), "id": component_id, "name": part["name"]}

    def version(self, project: Document, version_id: str) -> Document:
        part = next(part for part in project["versions"] if part["id"] == version_id)
        shown = {"id": version_id, "description": "", "name": part["name"], "archived": False}
        return {"self": self.url(f"version/{version_id}"), **shown, "released": part.get("released", False)}

    def priority(self, priority_id: str) -> Document:
        name = catalogue.PRIORITIES[priority_id]
        icon = f"{self.site.base_url}/images/icons/priorities/{name.lower()}.svg"
        return {"self": self.url(f"priority/{priority_id}"), "iconUrl": icon, "name": name, "id": priority_id}

    def resolution(self, resolution_id: str | None) -> Document | None:
        if resolution_id is None:
            return None
        name, description = catalogue.RESOLUTIONS[resolution_id]
        url = self.url(f"resolution/{resolution_id}")
        return {"self": url, "id": resolution_id, "description": description, "name": name}

    def link_type(self, kind: LinkType) -> Document:
        named = {"id": kind.id, "name": kind.name, "inward": kind.inward, "outward": kind.outward}
        return {**named, "self": self.url(f"issueLinkType/{kind.id}")}

    def brief(self, issue: Document) -> Document:
        """The short form of an issue inside another: parent, subtask, linked issue."""
        return {
            "id": issue["id"],
            "key": issue["key"],
            "self": self.url(f"issue/{issue['id']}"),
            "fields": {
                "summary": issue["summary"],
                "status": self.status(issue["status"]),
                "priority": self.priority(issue["priority"]),
                "issuetype": self.issue_type(issue["type"]),
            },
        }


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def link_type(type_id: str) -> LinkType:
    """The link type of this id. Raises StopIteration for one that does not exist."""
    return next(kind for kind in catalogue.LINK_TYPES if kind.id == type_id)
