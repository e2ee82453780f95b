"""What journeys by night share: days that pass, changes that nobody tells of, a tracker that answers otherwise."""

from collections.abc import Callable
from typing import Any

import pytest

from app.services import sweep
from app.services.sweep import REPAIRS
from connectors.sandbox.jira.seed import add_security_level
from connectors.sandbox.site import ADMIN, Site
from tests.journeys.company import SMALL
from tests.journeys.place import Place

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For journeys whose databases are not the matter."""
QUERY = "{jql: project = BLU AND labels = launch, mode: contributing}"


def a_day(place: Place) -> None:
    """With a poll in the evening."""
    place.clock.move(23 * 3600)
    place.sync()
    place.settle()
    place.clock.move(3600)


def repaired(place: Place) -> dict[str, int]:
    """A day passes, then the sweep runs: its repairs, without zeros."""
    a_day(place)
    counts = sweep.sweep(place.world)
    mended = {name: counts[name] for name in REPAIRS if counts[name]}
    assert counts["repaired"] == sum(mended.values())
    return mended


def silently(place: Place, key: str, **given: Any) -> None:
    """Without a webhook, and without `updated`: as rights change, or as if the poll had missed it."""
    with place.site.store.lock:
        place.tracker.put({**place.issue(key), **given})


def restricted(site: Site) -> str:
    return str(add_security_level(site, "Others", [ADMIN])["id"])


def with_evidence(evidence: str) -> str:
    """The small company's file, with this instead of the query about launches."""
    return SMALL.replace(QUERY, evidence)


class Watched:
    """The same tracker, but for the calls that are answered by these instead."""

    def __init__(self, tracker: Any, **instead: Callable[..., Any]) -> None:
        self._tracker, self._instead = tracker, instead

    def __getattr__(self, name: str) -> Any:
        return self._instead.get(name) or getattr(self._tracker, name)
