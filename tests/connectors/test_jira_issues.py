"""Jira's JSON read into issues: whole ones, odd ones, and story points out of two kinds of fields."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.model import IssueLink, StatusCategory
from connectors.jira.issues import NEEDED, find_points_fields, read_issue

TEAM = "com.pyxis.greenhopper.jira:jsw-story-points"
FLOAT = "com.atlassian.jira.plugin.system.customfieldtypes:float"
FIELDS = [
    {"id": "summary", "name": "Summary"},
    {"id": "customfield_10026", "name": "Story Points", "schema": {"type": "number", "custom": FLOAT}},
    {"id": "customfield_10099", "name": "Budget", "schema": {"type": "number", "custom": FLOAT}},
    {"id": "customfield_10016", "name": "Schätzung", "schema": {"type": "number", "custom": TEAM}},
]
POINTS = ["customfield_10016", "customfield_10026"]


def issue(number, **fields):
    return {"id": str(10000 + number), "key": f"OPS-{number}", "fields": fields}


def test_points_are_found_by_type_and_then_by_name_also_a_translated_one():
    korean = {"id": "customfield_5", "name": "스토리 포인트", "schema": {"custom": FLOAT}}
    hidden = {"id": "customfield_6", "name": "X", "untranslatedName": "Story Points", "schema": {"custom": FLOAT}}
    text = {"id": "customfield_7", "name": "Story Points", "schema": {"custom": "…:textfield"}}
    assert find_points_fields([*FIELDS, korean, hidden, text, {}]) == (*POINTS, "customfield_5", "customfield_6")


@pytest.mark.parametrize(
    ("values", "points"),
    [
        ({}, None),
        ({POINTS[0]: None, POINTS[1]: None}, None),
        ({POINTS[0]: 0, POINTS[1]: 5}, Decimal(0)),
        ({POINTS[0]: None, POINTS[1]: 5.0}, Decimal(5)),
        ({POINTS[0]: 2, POINTS[1]: 5}, Decimal(2)),
        ({POINTS[0]: 0.1}, Decimal("0.1")),
        ({POINTS[0]: "3"}, None),
        ({POINTS[0]: True}, None),
        ({POINTS[0]: float("nan")}, None),
    ],
)
def test_points_of_two_fields_are_coalesced_never_added_and_null_is_not_zero(values, points):
    assert read_issue(issue(1, **values), POINTS).points == points


def test_a_whole_issue_is_read():
    read = read_issue(
        issue(
            1,
            summary="  <b>&",
            status={"name": "К выполнению", "statusCategory": {"key": "indeterminate", "name": "В работе"}},
            issuetype={"name": "Epic", "hierarchyLevel": 1},
            project={"key": "OPS"},
            created="2021-10-11T12:49:07.232+0900",
            updated="2021-10-11T12:49:07.232+0000",
            resolutiondate="2021-10-12T00:00:00.000-0500",
            resolution={"name": "Done"},
            assignee={"displayName": "Kim", "accountId": "1"},
            labels=["a", "b"],
            parent={"id": "9", "key": "OPS-9"},
            subtasks=[{"id": "11"}, {"id": 12}],
            issuelinks=[
                {"type": {"id": "10004"}, "inwardIssue": {"id": "21"}},
                {"type": {"id": "10000"}, "outwardIssue": {"id": "22"}},
            ],
            security={"id": "1", "name": "Secret"},
        )
    )
    assert read.category is StatusCategory.INDETERMINATE
    assert (read.summary, read.status, read.type_name, read.type_level) == ("  <b>&", "К выполнению", "Epic", 1)
    assert read.created_at == datetime(2021, 10, 11, 3, 49, 7, 232000, UTC)
    assert read.updated_at == datetime(2021, 10, 11, 12, 49, 7, 232000, UTC)
    assert read.resolved_at == datetime(2021, 10, 12, 5, tzinfo=UTC)
    assert (read.resolution, read.assignee, read.labels) == ("Done", "Kim", ("a", "b"))
    assert (read.parent_id, read.subtask_ids) == ("9", ("11", "12"))
    assert read.links == (IssueLink("10004", "inward", "21"), IssueLink("10000", "outward", "22"))
    assert read.hidden


@pytest.mark.parametrize(
    "sent",
    [
        {"id": 1, "key": "DO-1"},
        {"id": "1", "key": "DO-1", "fields": None},
        {"id": "1", "key": "DO-1", "fields": dict.fromkeys(NEEDED)},
        {"id": "1", "key": "DO-1", "fields": {name: "odd" for name in NEEDED if name not in ("summary", "security")}},
        {
            "id": "1",
            "key": "DO-1",
            "fields": {"status": {"statusCategory": {"key": "later"}}, "issuelinks": [{}, None]},
        },
    ],
)
def test_an_issue_with_missing_or_odd_fields_is_read_all_the_same(sent):
    read = read_issue(sent)
    assert (read.id, read.key, read.project) == ("1", "DO-1", "DO")
    assert read.category is StatusCategory.UNDEFINED
    assert read.updated_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert not read.hidden
    assert read.links == ()


@pytest.mark.parametrize("sent", [{}, {"id": "1"}, {"key": "DO-1"}])
def test_what_has_no_identity_is_no_issue(sent):
    assert read_issue(sent) is None
