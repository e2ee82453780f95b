"""What a Jira site knows before its first issue: statuses, issue types, link types, resolutions, priorities and fields.

To add a link type, resolution or number field, add one row to its table. Names of statuses, categories and issue types
are translated when the site's language is Korean, as the real site does.
"""

from dataclasses import dataclass
from typing import Literal

Category = Literal["new", "indeterminate", "done"]


@dataclass(frozen=True)
class StatusCategory:
    """One of the three columns that every status belongs to; ids and keys are the same on every real site."""

    id: int
    key: str
    color: str
    name: str


@dataclass(frozen=True)
class LinkType:
    """`source` <outward> `destination`, and `destination` <inward> `source`."""

    id: str
    name: str
    inward: str
    outward: str


@dataclass(frozen=True)
class NumberField:
    """A custom field that holds a number (float or None)."""

    id: str
    name: str
    custom: str
    clauses: tuple[str, ...]


CATEGORIES = {
    "new": StatusCategory(2, "new", "blue-gray", "To Do"),
    "indeterminate": StatusCategory(4, "indeterminate", "yellow", "In Progress"),
    "done": StatusCategory(3, "done", "green", "Done"),
}

STATUSES: tuple[tuple[str, str, str], ...] = (
    ("10000", "To Do", "new"),
    ("3", "In Progress", "indeterminate"),
    ("10001", "Done", "done"),
)
TRANSITIONS = {"To Do": "11", "In Progress": "21", "Done": "31"}

ISSUE_TYPES: tuple[tuple[str, str, int, str], ...] = (
    ("10001", "Epic", 1, "A big user story that needs to be broken down."),
    ("10002", "Story", 0, "Functionality or a feature expressed as a user goal."),
    ("10003", "Task", 0, "A small, distinct piece of work."),
    ("10004", "Bug", 0, "A problem or error."),
    ("10005", "Sub-task", -1, "A small piece of work that is part of a larger task."),
    ("10006", "Key Result", 0, "Stands for a key result, so that work can be linked to it."),
)

LINK_TYPES = (
    LinkType("10000", "Blocks", "is blocked by", "blocks"),
    LinkType("10001", "Cloners", "is cloned by", "clones"),
    LinkType("10002", "Duplicate", "is duplicated by", "duplicates"),
    LinkType("10003", "Relates", "relates to", "relates to"),
    LinkType("10004", "Contributes", "is contributed to by", "contributes to"),
)

RESOLUTIONS = {
    "10000": ("Done", "Work has been completed on this issue."),
    "10001": ("Won't Do", "This issue won't be actioned."),
    "10002": ("Duplicate", "The problem is a duplicate of an existing issue."),
    "10003": ("Cannot Reproduce", "All attempts at reproducing this issue failed."),
}
DONE = "10000"

PRIORITIES = {"1": "Highest", "2": "High", "3": "Medium", "4": "Low", "5": "Lowest"}
MEDIUM = "3"

STORY_POINTS = NumberField(
    "customfield_10016",
    "Story Points",
    "com.atlassian.jira.plugin.system.customfieldtypes:float",
    ("cf[10016]", "Story Points"),
)
STORY_POINT_ESTIMATE = NumberField(
    "customfield_10026",
    "Story point estimate",
    "com.pyxis.greenhopper.jira:jsw-story-points",
    ("cf[10026]", "Story point estimate"),
)
NUMBER_FIELDS = (STORY_POINTS, STORY_POINT_ESTIMATE)

# id, name, schema type, items, names in JQL ("" when it cannot be searched)
SYSTEM_FIELDS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    ("summary", "Summary", "string", "", ("summary",)),
    ("description", "Description", "string", "", ("description",)),
    ("issuetype", "Issue Type", "issuetype", "", ("issuetype", "type")),
    ("project", "Project", "project", "", ("project",)),
    ("parent", "Parent", "issuelink", "", ("parent",)),
    ("status", "Status", "status", "", ("status",)),
    ("statusCategory", "Status Category", "statusCategory", "", ("statusCategory",)),
    ("statuscategorychangedate", "Status Category Changed", "datetime", "", ("statusCategoryChangedDate",)),
    ("resolution", "Resolution", "resolution", "", ("resolution",)),
    ("resolutiondate", "Resolved", "datetime", "", ("resolutiondate", "resolved")),
    ("labels", "Labels", "array", "string", ("labels",)),
    ("priority", "Priority", "priority", "", ("priority",)),
    ("assignee", "Assignee", "user", "", ("assignee",)),
    ("reporter", "Reporter", "user", "", ("reporter",)),
    ("creator", "Creator", "user", "", ("creator",)),
    ("created", "Created", "datetime", "", ("created", "createdDate")),
    ("updated", "Updated", "datetime", "", ("updated", "updatedDate")),
    ("duedate", "Due date", "date", "", ("due", "duedate")),
    ("components", "Components", "array", "component", ("component",)),
    ("fixVersions", "Fix versions", "array", "version", ("fixVersion",)),
    ("issuelinks", "Linked Issues", "array", "issuelinks", ("issueLink",)),
    ("subtasks", "Sub-tasks", "array", "issuelinks", ("subtasks",)),
    ("security", "Security Level", "securitylevel", "", ("level",)),
    ("comment", "Comment", "comments-page", "", ("comment",)),
)

KOREAN = {
    "To Do": "해야 할 일",
    "In Progress": "진행 중",
    "Done": "완료",
    "Epic": "에픽",
    "Story": "스토리",
    "Task": "작업",
    "Bug": "버그",
    "Sub-task": "하위 작업",
    "Key Result": "핵심 결과",
}


def translated(name: str, language: str) -> str:
    """The name of a status, category or issue type as a site of this language shows it."""
    return KOREAN.get(name, name) if language == "ko" else name
