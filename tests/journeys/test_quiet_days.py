"""A fortnight without news: pages are published each day, and written on Mondays and when a status changes."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, select

from app.db.models import ChangeRow
from app.services import checkins
from tests.journeys.company import BLUE, RED, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

DAY = 24 * 3600
SEOUL = ZoneInfo("Asia/Seoul")


def written_in_a_fortnight(place: Place) -> dict[str, list[date]]:
    """By title the days on which a page was written, while Jira is polled and everything published each day."""
    before = place.versions()
    found: dict[str, list[date]] = {title: [] for title in before}
    for _ in range(14):
        place.clock.move(DAY)
        place.sync()
        place.settle()
        place.publish()
        after = place.versions()
        for title in found:
            found[title] += [place.world.today()] * (after[title] - before[title])
        before = after
    return found


def test_pages_are_written_on_mondays_and_when_a_status_changes(opening: Opening, sqlite_engine: Engine) -> None:
    place = opening(sqlite_engine)
    place.start(SMALL)
    checkins.check_in(place.world, "KR-1", "8.5", confidence=6)
    place.settle()
    written = written_in_a_fortnight(place)
    with place.world.reading() as session:
        changed = {at.astimezone(SEOUL).date() for at in session.scalars(select(ChangeRow.at))}
    mondays = [date(2026, 11, 23), date(2026, 11, 30)]
    assert written[place.page(RED).title] == mondays
    assert len(written[place.page(BLUE).title]) <= 3
    assert set(written[place.page(BLUE).title]) <= {*mondays, *changed}
