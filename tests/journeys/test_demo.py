"""The demo's company, end to end: the article's own numbers, through the database, onto pages in two languages."""

from datetime import date, datetime
from fractions import Fraction

import pytest
from sqlalchemy import Engine, select

from app.db.models import SnapshotRow
from app.domain.numbers import as_stored
from app.domain.page_kinds import OF_TEAMS
from app.domain.standing import RUNNING
from app.services import explain, preview
from app.services.prepare import look
from connectors.sandbox.demo import SERVICE_ACCOUNT, SPACE_KEY, seed
from connectors.sandbox.demo.history import ZONE
from connectors.sandbox.demo.okrs import okrs_text
from connectors.sandbox.site import Site
from tests.conftest import HandClock
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

TODAY = date(2026, 12, 9)
# domain.md §4; KR-M2 is the search rank told as a count, KR-C5 seven hits of ten.
GOLDEN = {
    "KR-C1": Fraction(6, 10),
    "KR-S1": Fraction(6, 10),
    "KR-C2": Fraction(1, 2),
    "KR-S2": Fraction(1, 2),
    "KR-C4": Fraction(4, 10),
    "KR-C5": Fraction(7, 10),
    "KR-C6": Fraction(1, 2),
    "KR-M2": Fraction(1, 3),
    "KR-C3": Fraction(1, 2),
    "KR-M1": Fraction(3, 4),
    "KR-S3": Fraction(7, 8),
    "KR-S4": Fraction(1, 2),
    "KR-M3": Fraction(3, 10),
}
GOLDEN_KPIS = {
    "KPI-1": "0.5",
    "KPI-2": "0.5",
    "KPI-3": "0.5",
    "KPI-4": "0.5",
    "KPI-5": "0.75",
}


@pytest.fixture
def demo(opening: Opening, engine: Engine, clock: HandClock) -> Place:
    """Everything applied, synced and published, in Korean and English."""
    clock.time = datetime.combine(TODAY, datetime.min.time().replace(hour=9), ZONE)

    def fill(site: Site) -> None:
        seed(site, TODAY)

    token = "the-demos-own"
    place = opening(
        engine,
        fill,
        confluence_space=SPACE_KEY,
        languages="ko,en",
        jira_email="plainsight@example.com",
        jira_token=token,
    )
    user = place.site.store.table("users").get(SERVICE_ACCOUNT)
    assert user is not None
    place.site.store.table("users").put(SERVICE_ACCOUNT, {**user, "token": token})
    place.start(okrs_text(TODAY))
    return place


def test_the_golden_values_stand_on_the_pages_and_in_the_store(demo: Place) -> None:
    facts, moment = look(demo.world)
    assert {key: moment.standings.key_results[key].score.progress for key in GOLDEN} == {
        key: as_stored(progress) for key, progress in GOLDEN.items()
    }
    with demo.world.reading() as session:
        kept = {row.subject_id: row.progress for row in session.scalars(select(SnapshotRow)) if row.on == TODAY}
    for key, progress in GOLDEN.items():
        assert kept[key] == as_stored(progress)
    for key, value in GOLDEN_KPIS.items():
        assert any(value in line for line in explain.explain(demo.world, key, "en")), key
    shown_lines(demo)
    assert demo.publish() == {"unchanged": 9, "updated": 1}  # sync health says that the pages of last cycle are final
    with demo.counting() as asked:
        assert demo.publish() == {"unchanged": 10}
    assert not asked
    assert {one.verdict for one in preview.preview(demo.world, list(facts.pages))} == {"unchanged"}


def shown_lines(place: Place) -> None:
    """What `explain` says of each key result stands on its page, in both languages, line by line."""
    facts, moment = look(place.world)
    running = {one.id for one in facts.cycles.values() if one.state in RUNNING}
    shown_on = [page for page in facts.pages.values() if page.kind in OF_TEAMS and page.cycle_id in running]
    pages = {page.team_id: place.page(page.id) for page in shown_on}
    for key in moment.standings.key_results:
        team = facts.objectives[facts.key_results[key].objective_id].team_id
        items = pages[team].items()
        for position, language in enumerate(("ko", "en")):
            shown = [sentences[min(position, len(sentences) - 1)] for sentences in items]
            said = [" ".join(line.split()) for line in explain.explain(place.world, key, language)[1:]]
            starts = [at for at, line in enumerate(shown) if line == said[0]]
            assert any(shown[at : at + len(said)] == said for at in starts), (key, language, said)
