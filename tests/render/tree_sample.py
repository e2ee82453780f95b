"""Reports of the kinds of pages that tell of a whole cycle, built from the small company of the domain's tests."""

from dataclasses import replace

from app.domain.report import build
from app.domain.views import Report
from tests.domain import test_private_teams as private
from tests.domain.company import moment, report
from tests.domain.test_kinds_of_pages import TODAY, facts


def of(page: str) -> Report:
    return report(facts(), page, TODAY)


def session() -> Report:
    """Of a team, so that something stands above it."""
    given = facts()
    return build(given, replace(given.pages["session-Q1"], team_id="web"), moment(given, TODAY))


def beside_private_teams(page: str) -> Report:
    return report(private.planted(), page, private.TODAY)


REPORTS = {
    "cycle": of("cycle-Q4"),
    "objective": of("objective-O-S"),
    "session": session(),
    "close_out": of("close-out-Q4"),
    "closed": of("close-out-Q3"),
    "archive": of("archive"),
    "beside_private": beside_private_teams("company-Q4"),
    "cycle_beside_private": beside_private_teams("cycle-Q4"),
}
