"""A file that changes its shape: something new above what is there, another metric, another order."""

import pytest
from sqlalchemy import Engine, select

from app.db.models import ChangeRow, TeamRow
from app.errors import Invalid
from app.services import okrs
from tests.journeys.company import BLUE, OKRS, PAGES, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.place import Place
from tests.journeys.shown import text_of

SWAPPED = SMALL.replace(
    'metric: {unit: "%"}\n        progress: {mode: from_to, baseline: 10',
    "metric: other\n        progress: {mode: from_to, baseline: 10",
).replace("objectives:\n", 'metrics:\n  - {id: other, name: Other, unit: "%"}\nobjectives:\n')


def history(place: Place) -> list[tuple[str, str | None, str | None, str]]:
    with place.world.reading() as session:
        promises = ChangeRow.subject == "key_result", ChangeRow.field != "health"
        rows = session.scalars(select(ChangeRow).where(*promises).order_by(ChangeRow.id))
        return [(row.field, row.before, row.after, row.reason) for row in rows]


def test_a_new_team_may_be_put_above_one_that_is_there(running: Place) -> None:
    company = "{id: company, name: {ko: 전사, en: Company}"
    above = SMALL.replace(f"  - {company}}}", f"  - {company}, parent: group}}\n  - {{id: group, name: Group}}")
    assert above != SMALL
    applied = running.apply(above)
    assert applied.created == ["team group"]
    assert applied.changed == ["team company"]
    with running.world.reading() as session:
        assert session.get_one(TeamRow, "company").parent_id == "group"


def test_a_new_page_may_be_put_above_one_that_is_there(opening: Opening, engine: Engine) -> None:
    place = opening(engine)
    place.apply(OKRS + "pages:\n  - {id: top, kind: index}\n  - {id: red, kind: team, team: red, parent: top}\n")
    place.apply(
        OKRS + "pages:\n  - {id: top, kind: index}\n  - {id: red, kind: team, team: red, parent: middle}\n"
        "  - {id: middle, kind: company, parent: top}\n"
    )
    place.settle()
    assert place.row("red").parent_id == "middle"
    assert {row.state for row in place.rows()} == {"ok"}


def test_another_metric_is_a_changed_promise_that_needs_a_reason(running: Place) -> None:
    assert SWAPPED.count("other") == 2
    with pytest.raises(Invalid, match="metric"):
        running.apply(SWAPPED)
    assert history(running) == []
    running.apply(SWAPPED, reason="The old one counted trials")
    assert history(running) == [("metric", "KR-1", "other", "The old one counted trials")]
    running.settle()
    assert "The old one counted trials" in running.page(BLUE).words


def headings(place: Place) -> list[str]:
    """Blue's objectives, in the order of its page."""
    texts = [text_of(heading) for heading in place.page(BLUE).root.iter("h3")]
    return [title for text in texts for title in ("Customers stay", "Blue launches") if title in text]


def test_another_order_alone_reaches_the_pages(place: Place) -> None:
    text = OKRS.replace("labels = launch", "labels = nobody")  # both are pending: what is worse stands first
    head, first, second, third = text.split("  - id: O-")
    place.start(text + PAGES)
    assert headings(place) == ["Customers stay", "Blue launches"]
    applied = place.apply("  - id: O-".join((head, third, second, first)) + PAGES)
    assert (applied.created, applied.changed, applied.archived) == ([], [], [])
    assert applied.moved > 0
    place.settle()
    assert headings(place) == ["Blue launches", "Customers stay"]


def test_what_is_exported_and_applied_again_asks_nothing_and_writes_nothing(running: Place) -> None:
    versions = running.versions()
    with running.counting() as asked:
        assert not running.apply(okrs.export(running.world, with_values=True).text)
        running.settle()
    assert not asked
    assert running.versions() == versions


def test_a_new_owner_is_kept_in_the_history_and_is_no_news_of_the_page(running: Place) -> None:
    before = running.page(BLUE).words
    text = SMALL.replace("Churn from 10 % to 5 %}\n        owner: ada", "Churn – 10 % to 5 %}\n        owner: bo")
    assert running.apply(text, reason="Ada is away").changed == ["key_result KR-1", "metric KR-1"]
    running.settle()
    assert {row[0] for row in history(running)} == {"title.en", "owner"}
    after = running.page(BLUE).words
    assert "Churn – 10 % to 5 %" in after and "Bo" in after
    assert "Ada is away" not in after
    assert set(after.split()) - set(before.split()) <= {"Bo", "–"}
