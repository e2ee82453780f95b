"""Which projects a query names, and where its order begins, told from its text."""

import pytest

from app.domain import jql

NAMED = [
    ("project = BLU AND labels = launch", {"BLU"}),
    ("project=blu", {"BLU"}),
    ('project = "BLU"', {"BLU"}),
    ("PROJECT = 'Blue Team' ORDER BY key", {"BLUE TEAM"}),
    ("project in (RED, BLU)", {"RED", "BLU"}),
    ("project IN (RED,\"BLU\" , 'Other one')", {"RED", "BLU", "OTHER ONE"}),
    ("project in(RED)", {"RED"}),
    ("(project = RED OR project = BLU) AND status = Done", {"RED", "BLU"}),
    ("project != RED", set()),
    ("project not in (RED)", set()),
    ("labels = launch", set()),
    ("subproject = RED", set()),
    ("project in ()", set()),
    ("", set()),
]


@pytest.mark.parametrize(("query", "projects"), NAMED, ids=[query for query, _ in NAMED])
def test_the_projects_that_a_query_names_are_found(query: str, projects: set[str]) -> None:
    assert jql.projects_named(query) == projects


ORDERED = [
    ("project = BLU ORDER BY key DESC", "project = BLU"),
    ("project = BLU order  by key", "project = BLU"),
    ("ORDER BY key", ""),
    ('summary ~ "order by" ORDER BY key', 'summary ~ "order by"'),
    ("summary ~ 'order by'", "summary ~ 'order by'"),
]


@pytest.mark.parametrize(("query", "bare"), ORDERED, ids=[query for query, _ in ORDERED])
def test_a_query_loses_its_order_and_nothing_else(query: str, bare: str) -> None:
    assert jql.without_order(query) == bare
