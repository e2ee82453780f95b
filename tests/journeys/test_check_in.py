"""An owner knocks from inside: value, score, health, page and version message follow, and every number is explained."""

import pytest
from sqlalchemy import Engine

from app.db.models import MeasurementRow
from app.errors import Invalid, Missing
from app.services import checkins, explain
from tests.journeys.company import BLUE, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.place import Place


def test_a_check_in_moves_score_and_health_on_the_page(running: Place) -> None:
    before = running.page(BLUE)
    assert "PENDING" in before.cell("Churn", "Status")
    checkins.check_in(running.world, "KR-1", "8.5", confidence=6, note="Calls to every customer who left")
    running.settle()
    after = running.page(BLUE)
    assert after.version == before.version + 1
    assert after.cell("Churn", "Now") == "8.5%"
    assert after.cell("Churn", "Confidence") == "6/10"
    assert "AT RISK" in after.cell("Churn", "Status")  # 0.3 of the 0.53 expected by now
    assert "Calls to every customer who left" in after.words
    assert "KR-1 – → 0.3" in after.message


def test_the_page_follows_only_after_the_throttle(running: Place) -> None:
    before = running.page(BLUE)
    checkins.check_in(running.world, "KR-1", "8.5")
    running.work()
    assert running.page(BLUE) == before


def test_confidence_and_words_leave_the_score_alone(running: Place) -> None:
    checkins.check_in(running.world, "KR-1", "7.5")
    checkins.check_in(running.world, "KR-1", confidence=1, blockers="Nobody answers")
    running.settle()
    page = running.page(BLUE)
    assert page.cell("Churn", "Now") == "7.5%"
    assert page.cell("Churn", "Confidence") == "1/10"
    assert "Nobody answers" in page.words


def test_what_cannot_be_a_check_in_is_refused_and_changes_nothing(running: Place) -> None:
    with pytest.raises(Missing):
        checkins.check_in(running.world, "KR-99", "1")
    for value in ("many", "NaN", "", "1,5"):
        with pytest.raises(Invalid):
            checkins.check_in(running.world, "KR-1", value)
    with pytest.raises(Invalid, match=r"jira\.share_done"):
        checkins.check_in(running.world, "KR-2", "80")
    with running.counting() as asked:
        running.settle()
    assert not asked
    with running.world.reading() as session:
        assert session.query(MeasurementRow).filter_by(metric_id="KR-1").count() == 0


@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_explain_says_is_what_the_page_says(opening: Opening, engine: Engine, language: str) -> None:
    place = opening(engine, languages=language)
    place.start(SMALL)
    checkins.check_in(place.world, "KR-1", "8.5", confidence=6)
    place.settle()
    shown = [sentences[0] for sentences in place.page(BLUE).items()]
    for key in ("KR-1", "KR-3", "O-1", "O-3"):
        said = [" ".join(line.split()) for line in explain.explain(place.world, key, language)[1:]]
        assert len(said) >= 2
        starts = [at for at, line in enumerate(shown) if line == said[0]]
        assert any(shown[at : at + len(said)] == said for at in starts), (key, said, shown)
