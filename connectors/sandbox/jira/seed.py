"""Fills the Jira half from Python, for tests and the demo. What is seeded is indexed at once and rings no webhook."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from connectors.sandbox.jira import catalogue
from connectors.sandbox.jira.changes import new_issue
from connectors.sandbox.jira.tracker import Tracker, tracker_of
from connectors.sandbox.site import ADMIN, Site
from connectors.sandbox.store import Document

CLASSIC, TEAM = "classic", "next-gen"


def add_project(
    site: Site,
    key: str,
    name: str,
    *,
    style: Literal["classic", "next-gen"] = "classic",
    lead: str = ADMIN,
    browse: Sequence[str] | None = None,
    components: Sequence[str] = (),
    versions: Sequence[str] = (),
) -> Document:
    """A software project. `next-gen` is team-managed: it has statuses, types and estimates of its own.

    `browse` names the accounts that may see it; None is everyone. One that exists already is returned unchanged.
    """
    tracker = tracker_of(site)
    with site.store.lock:
        if known := tracker.project(key):
            return known
        project_id = str(site.store.next_id("jira_project"))
        own = style == TEAM
        project: Document = {
            "id": project_id,
            "key": key,
            "name": name,
            "style": style,
            "lead": lead,
            "counter": 0,
            "statuses": [_own_status(tracker, row, project_id) if own else row[0] for row in catalogue.STATUSES],
            "types": [_own_type(tracker, row, project_id) if own else row[0] for row in catalogue.ISSUE_TYPES],
            "points": catalogue.STORY_POINT_ESTIMATE.id if own else catalogue.STORY_POINTS.id,
            "components": [{"id": str(site.store.next_id("jira_part")), "name": part} for part in components],
            "versions": [{"id": str(site.store.next_id("jira_part")), "name": part} for part in versions],
            "browse": list(browse) if browse is not None else None,
            "old_keys": [],
        }
        return tracker.projects.put(project_id, project)


def _own_status(tracker: Tracker, row: tuple[str, str, str], project_id: str) -> str:
    status_id = str(tracker.site.store.next_id("jira_status", 10100))
    tracker.add_status(status_id, row[1], row[2], project_id)
    return status_id


def _own_type(tracker: Tracker, row: tuple[str, str, int, str], project_id: str) -> str:
    type_id = str(tracker.site.store.next_id("jira_type", 10100))
    tracker.add_type(type_id, row[1], row[2], row[3], project_id)
    return type_id


def add_security_level(site: Site, name: str, members: Sequence[str]) -> Document:
    """A security level: issues that carry it are seen by these accounts only."""
    tracker = tracker_of(site)
    with site.store.lock:
        level_id = str(site.store.next_id("jira_level"))
        return tracker.levels.put(level_id, {"id": level_id, "name": name, "members": list(members)})


def add_issue(
    site: Site,
    project: Document | str,
    summary: str,
    issue_type: str = "Task",
    status: str = "To Do",
    *,
    parent: Document | str | None = None,
    labels: Sequence[str] = (),
    story_points: float | None = None,
    assignee: str | None = None,
    created: datetime | None = None,
    resolution: str | None = None,
    resolved: datetime | None = None,
    security: str | None = None,
    description: str | None = None,
    components: Sequence[str] = (),
    fix_versions: Sequence[str] = (),
) -> Document:
    """An issue. `project` and `parent` are documents or keys; `assignee` is an account id; names are the English ones.

    Done issues get the resolution Done unless another is named, resolved at `resolved` or when they were created.
    """
    tracker = tracker_of(site)
    with site.store.lock:
        home = _project(tracker, project)
        done = status == "Done"
        at = int(created.timestamp() * 1000) if created else tracker.now_ms()
        ended = int(resolved.timestamp() * 1000) if resolved else at
        given: Document = {
            "summary": summary,
            "status": _of(tracker.statuses.get, home["statuses"], status, "status"),
            "parent": _issue(tracker, parent)["id"] if parent else None,
            "labels": sorted(set(labels)),
            "assignee": assignee,
            "created": at,
            "updated": max(at, ended) if done else at,
            "status_changed": ended if done else at,
            "resolution": _resolution(resolution or "Done") if done else None,
            "resolved": ended if done else None,
            "security": _level(tracker, security) if security else None,
            "description": description,
            "components": [_part(home["components"], name) for name in components],
            "fix_versions": [_part(home["versions"], name) for name in fix_versions],
            home["points"]: story_points,
        }
        made = new_issue(tracker, ADMIN, home, _of(tracker.types.get, home["types"], issue_type, "type"), given)
        tracker.projects.put(home["id"], home)
        return tracker.put(made, indexed_at_once=True)


def add_issues(site: Site, project: Document | str, count: int, *, labels: Sequence[str] = ()) -> list[Document]:
    """Many plain tasks, every third done, in one write: 10,000 take about a second."""
    tracker = tracker_of(site)
    with site.store.lock:
        home = _project(tracker, project)
        task = _of(tracker.types.get, home["types"], "Task", "type")
        first = site.store.next_id("jira_issue")
        made = [_plain(tracker, home, task, number, first + number, list(labels)) for number in range(count)]
        site.store.table("sequences").put("jira_issue", {"value": first + count - 1})
        tracker.projects.put(home["id"], home)
        tracker.put_many(made)
        return made


def _plain(tracker: Tracker, home: Document, task: str, number: int, issue_id: int, labels: list[str]) -> Document:
    done = number % 3 == 2
    now = tracker.now_ms()
    ended: Document = {"resolution": catalogue.DONE, "resolved": now} if done else {}
    status = home["statuses"][2 if done else number % 3]
    points = float(number % 8 + 1)
    given = {"summary": f"Task {number + 1}", "status": status, "labels": labels, home["points"]: points, **ended}
    return new_issue(tracker, ADMIN, home, task, given, issue_id)


def link(site: Site, link_type: str, inward: Document | str, outward: Document | str) -> Document:
    """`inward` <outward name> `outward`, as the REST call has it: link(site, "Blocks", a, b) says that a blocks b."""
    tracker = tracker_of(site)
    with site.store.lock:
        kind = next(kind for kind in catalogue.LINK_TYPES if kind.name == link_type)
        ends = {"source": _issue(tracker, inward)["id"], "destination": _issue(tracker, outward)["id"]}
        made = {"id": str(site.store.next_id("jira_link")), "type": kind.id, **ends}
        tracker.put_link(made, indexed_at_once=True)
        return made


def _project(tracker: Tracker, named: Document | str) -> Document:
    found = tracker.project(named if isinstance(named, str) else named["id"])
    if found is None:
        raise LookupError(f"no project {named!r}: add_project first")
    return {**found}


def _issue(tracker: Tracker, named: Document | str) -> Document:
    found = tracker.issue(named if isinstance(named, str) else named["id"])
    if found is None:
        raise LookupError(f"no issue {named!r}: add_issue first")
    return found


def _of(get: object, ids: list[str], name: str, what: str) -> str:
    assert callable(get)
    known = {get(one)["name"]: one for one in ids}
    if name not in known:
        raise LookupError(f"no {what} {name!r}; there are {', '.join(known)}")
    return str(known[name])


def _resolution(name: str) -> str:
    return next(key for key, (known, _) in catalogue.RESOLUTIONS.items() if known == name)


def _level(tracker: Tracker, name: str) -> str:
    return str(next(level["id"] for level in tracker.levels if level["name"] == name))


def _part(parts: list[Document], name: str) -> str:
    return str(next(part["id"] for part in parts if part["name"] == name))
