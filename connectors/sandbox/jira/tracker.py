"""The Jira half's state: projects, issues, links and who may see them, with the maps derived from them."""

from collections import defaultdict
from collections.abc import Iterable

from connectors.sandbox.jira import catalogue
from connectors.sandbox.jira.index import Entry, Index, LinkEnd
from connectors.sandbox.jira.postman import Postman
from connectors.sandbox.site import Site
from connectors.sandbox.store import Document


class Tracker:
    """Documents of Jira by id. Callers hold `site.store.lock` while they change or read several of them.

    Issue documents: ids of project, type, status, resolution, priority, parent and people; times in epoch milliseconds;
    `numbers` by field id; `history` oldest first. They are replaced, never changed in place.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        table = site.store.table
        self.projects = table("jira_projects")
        self.issues = table("jira_issues")
        self.keys = table("jira_keys")
        self.links = table("jira_links")
        self.remote_links = table("jira_remote_links")
        self.statuses = table("jira_statuses")
        self.types = table("jira_types")
        self.levels = table("jira_security_levels")
        self.webhooks = table("jira_webhooks")
        self.index = Index(lambda: site.now())
        self.postman = Postman(site)
        self.searches: dict[str, Document] = {}
        self.version = 0
        self._children: defaultdict[str, set[str]] = defaultdict(set)
        self._links_of: defaultdict[str, set[str]] = defaultdict(set)
        self._remote_of: defaultdict[str, set[str]] = defaultdict(set)
        self._seed()
        self._derive()

    def _seed(self) -> None:
        for status_id, name, category in catalogue.STATUSES:
            if status_id not in self.statuses:
                self.add_status(status_id, name, category)
        for type_id, name, level, description in catalogue.ISSUE_TYPES:
            if type_id not in self.types:
                self.add_type(type_id, name, level, description)

    def _derive(self) -> None:
        for issue in self.issues:
            if issue["parent"]:
                self._children[issue["parent"]].add(issue["id"])
        for link in self.links:
            self._links_of[link["source"]].add(link["id"])
            self._links_of[link["destination"]].add(link["id"])
        for link in self.remote_links:
            self._remote_of[link["issue"]].add(link["id"])
        for issue in self.issues:
            self.index.put(issue["id"], self.entry(issue), 0)

    def close(self) -> None:
        self.postman.close()

    def add_status(self, status_id: str, name: str, category: str, project: str | None = None) -> Document:
        return self.statuses.put(status_id, {"id": status_id, "name": name, "category": category, "project": project})

    def add_type(self, type_id: str, name: str, level: int, description: str, project: str | None = None) -> Document:
        document = {"id": type_id, "name": name, "level": level, "description": description, "project": project}
        return self.types.put(type_id, document)

    def project(self, key_or_id: str) -> Document | None:
        """A project by its id, its key in any case, or a key it had before."""
        by_id = self.projects.get(key_or_id)
        if by_id:
            return by_id
        key = key_or_id.upper()
        projects = list(self.projects)
        return next((p for p in projects if p["key"] == key), None) or next(
            (p for p in projects if key in p["old_keys"]), None
        )

    def issue(self, key_or_id: str) -> Document | None:
        """An issue by its id or key, in any case; the keys it had before it moved still lead to it."""
        found = self.issues.get(key_or_id)
        if found is None and (known := self.keys.get(key_or_id.upper())):
            found = self.issues.get(known["id"])
        return found

    def put(self, issue: Document, *, indexed_at_once: bool = False) -> Document:
        """Keep the new state of an issue and index it after the site's delay."""
        before = self.issues.get(issue["id"])
        if before and before["parent"]:
            self._children[before["parent"]].discard(issue["id"])
        if issue["parent"]:
            self._children[issue["parent"]].add(issue["id"])
        self.issues.put(issue["id"], issue)
        if not before or before["key"] != issue["key"]:
            self.keys.put(issue["key"], {"id": issue["id"]})
        self.reindex(issue, at_once=indexed_at_once)
        return issue

    def put_many(self, issues: Iterable[Document]) -> None:
        """New issues, all at once and indexed at once: for seeding thousands."""
        documents = {issue["id"]: issue for issue in issues}
        self.issues.put_many(documents)
        self.keys.put_many({issue["key"]: {"id": issue["id"]} for issue in documents.values()})
        for issue in documents.values():
            if issue["parent"]:
                self._children[issue["parent"]].add(issue["id"])
            self.index.put(issue["id"], self.entry(issue), 0)
        self.version += 1

    def remove(self, issue: Document) -> None:
        self.issues.delete(issue["id"])
        if issue["parent"]:
            self._children[issue["parent"]].discard(issue["id"])
        for remote in self._remote_of.pop(issue["id"], set()):
            self.remote_links.delete(remote)
        self.index.put(issue["id"], None, self.site.index_delay)
        self.version += 1

    def reindex(self, issue: Document, *, at_once: bool = False) -> None:
        self.index.put(issue["id"], self.entry(issue), 0 if at_once else self.site.index_delay)
        self.version += 1

    def entry(self, issue: Document) -> Entry:
        """The issue as it is now, with its links."""
        links = [self.links.get(link_id) for link_id in self._links_of[issue["id"]]]
        ends = [_end(link, issue["id"]) for link in links if link]
        return Entry(issue, tuple(sorted(ends, key=lambda end: int(end.link))))

    def put_link(self, link: Document, *, indexed_at_once: bool = False) -> None:
        self.links.put(link["id"], link)
        self._relink(link, add=True, at_once=indexed_at_once)

    def remove_link(self, link: Document) -> None:
        self.links.delete(link["id"])
        self._relink(link, add=False, at_once=False)

    def _relink(self, link: Document, *, add: bool, at_once: bool) -> None:
        for end in (link["source"], link["destination"]):
            (self._links_of[end].add if add else self._links_of[end].discard)(link["id"])
            if issue := self.issues.get(end):
                self.reindex(issue, at_once=at_once)

    def children(self, issue_id: str) -> list[Document]:
        """Direct children, oldest first."""
        found = [self.issues.get(child) for child in self._children.get(issue_id, ())]
        return sorted((child for child in found if child), key=lambda child: int(child["id"]))

    def put_remote(self, link: Document) -> None:
        self.remote_links.put(link["id"], link)
        self._remote_of[link["issue"]].add(link["id"])

    def remove_remote(self, link: Document) -> None:
        self.remote_links.delete(link["id"])
        self._remote_of[link["issue"]].discard(link["id"])

    def remotes(self, issue_id: str) -> list[Document]:
        found = [self.remote_links.get(link_id) for link_id in self._remote_of.get(issue_id, ())]
        return sorted((link for link in found if link), key=lambda link: int(link["id"]))

    def may_browse(self, user: Document | None, project: Document) -> bool:
        """Whether the user sees the project at all. `browse` None means everyone who may read Jira."""
        if user is None or "jira:read" not in user["rights"]:
            return False
        return project["browse"] is None or user["accountId"] in project["browse"]

    def sees(self, user: Document | None, issue: Document) -> bool:
        """Whether the user sees this issue: its project, and its security level if it has one."""
        project = self.projects.get(issue["project"])
        if project is None or user is None or not self.may_browse(user, project):
            return False
        if issue["security"] is None:
            return True
        level = self.levels.get(issue["security"])
        return level is not None and user["accountId"] in level["members"]

    def now_ms(self) -> int:
        return int(self.site.now().timestamp() * 1000)


def _end(link: Document, issue_id: str) -> LinkEnd:
    outward = link["source"] == issue_id
    return LinkEnd(link["id"], link["type"], outward, link["destination"] if outward else link["source"])


def tracker_of(site: Site) -> Tracker:
    """The one Tracker of this site."""
    return site.part("jira", Tracker)
