"""Values in seldom weather: closed cycles, which are final, and resolutions written in other alphabets."""

import re

import pytest
from sqlalchemy import func, select

from app.db.models import CheckInRow, MeasurementRow
from app.errors import Invalid
from app.services import checkins
from connectors.sandbox.jira import catalogue
from tests.journeys.company import OKRS, PAGES, RED, SMALL
from tests.journeys.place import Place

OLD = """  - id: O-OLD
    title: Last quarter
    team: blue
    cycle: 2026-Q3
    key_results:
      - id: KR-OLD
        title: Launched before
        owner: ada
        metric: KR-3
        progress: {mode: from_to, baseline: 0, target: 100}
        evidence:
          - {keys: [RED-2, RED-3, RED-4, RED-5], mode: contributing}
"""


def measured(place: Place, metric: str) -> list[str]:
    with place.world.reading() as session:
        question = select(MeasurementRow.value).where(MeasurementRow.metric_id == metric).order_by(MeasurementRow.id)
        return [f"{value.normalize():f}" for value in session.scalars(question)]


def two_cycles(state: str) -> str:
    """KR-3's metric is also that of a key result of the cycle before, which is in this state."""
    before = f"cycles:\n  - {{id: 2026-Q3, starts_on: 2026-07-01, ends_on: 2026-09-30, state: {state}}}\n"
    text = re.sub(r"(\n    team: \w+\n)", r"\1    cycle: 2026-Q4\n", OKRS.replace("cycles:\n", before))
    return (
        text
        + OLD
        + PAGES.replace("team: red}", "team: red, cycle: 2026-Q4}").replace(
            "team: blue}", "team: blue, cycle: 2026-Q4}"
        )
    )


def test_a_check_in_for_a_closed_cycle_is_refused(running: Place) -> None:
    running.apply(SMALL.replace("ends_on: 2026-12-31}", "ends_on: 2026-12-31, state: closed}"))
    with pytest.raises(Invalid, match="closed"):
        checkins.check_in(running.world, "KR-1", "7")
    with running.world.reading() as session:
        assert session.scalar(select(func.count()).select_from(CheckInRow)) == 0


def test_work_of_a_closed_cycle_is_not_counted_in_a_shared_metric(place: Place) -> None:
    place.apply(two_cycles("open"))
    place.sync()
    place.apply(two_cycles("closed"))
    place.sync()
    assert measured(place, "KR-3") == ["37.5", "25"]  # 3 of 8, then Blue's own 1 of 4


def test_a_metric_of_closed_cycles_alone_is_not_measured_any_more(running: Place) -> None:
    running.apply(SMALL.replace("ends_on: 2026-12-31}", "ends_on: 2026-12-31, state: closed}"))
    running.settle()
    running.transition("RED-4", "Done")
    running.follow()
    assert measured(running, "KR-2") == ["50"]


def test_a_resolution_beyond_ascii_is_excluded_whatever_its_case(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(catalogue.RESOLUTIONS, "10009", ("Überholt", "Something newer does it."))
    place.edit("RED-2", resolution="10009")
    excluding = 'source: {type: jira.share_done, exclude_resolutions: ["ÜBERHOLT"]}}'
    place.start(SMALL.replace("source: jira.share_done}", excluding, 1))
    stored = place.stored_issue("RED-2")
    assert stored is not None
    assert stored.resolution == "Überholt"
    assert measured(place, "KR-2") == ["33.333333"]
    assert place.page(RED).cell("Four things", "Now") == "33.33%"
