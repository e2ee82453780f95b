"""Fills a sandbox site with the demo's company: people, a Confluence space, and Jira projects with linked issues."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from connectors.sandbox.confluence import add_space
from connectors.sandbox.demo.history import ZONE
from connectors.sandbox.demo.people import SERVICE_ACCOUNT, account_of, add_people
from connectors.sandbox.jira.seed import add_issue, add_project, add_security_level, link
from connectors.sandbox.site import ADMIN, Site
from connectors.sandbox.store import Document

SPACE_KEY = "OKR"
CONTENT = Path(__file__).with_name("jira.yaml")
MARK = "demo"
HR_ONLY = "인사팀만 · HR only"


def seed(site: Site, today: date) -> None:
    """Fill the site once; a second call does nothing. What a seed that was cut off left behind is cleared first."""
    marks = site.store.table(MARK)
    if "seeded" in marks:
        return
    with site.store.lock:
        if "begun" in marks:
            site.reset()
        marks.put("begun", {"on": today.isoformat()})
        add_people(site)
        add_space(site, SPACE_KEY, "한빛소프트웨어 · Hanbit Software")
        _fill_jira(site, today)
        marks.put("seeded", {"on": today.isoformat()})


@lru_cache(maxsize=1)
def content() -> dict[str, Any]:
    """jira.yaml: by project key its `name`, perhaps `style`, and `issues` in the order of their numbers."""
    return dict(YAML(typ="safe").load(CONTENT))


def _fill_jira(site: Site, today: date) -> None:
    add_security_level(site, HR_ONLY, [ADMIN, SERVICE_ACCOUNT, account_of("sujin"), account_of("jiwon")])
    issues = []
    for key, told in content().items():
        project = add_project(site, key, told["name"], style=told.get("style", "classic"))
        issues += [(row, _issue(site, project, row, number, today)) for number, row in enumerate(told["issues"])]
    for row, issue in issues:
        _links(site, row, issue)


def _issue(site: Site, project: Document, row: dict[str, Any], number: int, today: date) -> Document:
    """Times differ a little from issue to issue, always the same for the same issue and day."""
    ended = row.get("done", row.get("wont"))
    age = (30 if ended is None else ended) + 6 + number * 5 % 17
    hour = time(9 + number % 9, number * 7 % 60)
    return add_issue(
        site,
        project,
        row["summary"],
        row.get("type", "Task"),
        "Done" if ended is not None else row.get("status", "To Do"),
        parent=row.get("epic"),
        labels=row.get("labels", ()),
        story_points=row.get("points"),
        assignee=account_of(row["who"]) if "who" in row else None,
        created=datetime.combine(today - timedelta(days=age), hour, ZONE),
        resolution="Won't Do" if "wont" in row else None,
        resolved=None if ended is None else datetime.combine(today - timedelta(days=ended), hour, ZONE),
        security=HR_ONLY if row.get("security") else None,
    )


def _links(site: Site, row: dict[str, Any], issue: Document) -> None:
    for other in row.get("counts", ()):
        link(site, "Contributes", issue, other)
    for other in row.get("near", ()):
        link(site, "Relates", issue, other)
    if "blocked_by" in row:
        link(site, "Blocks", row["blocked_by"], issue)
