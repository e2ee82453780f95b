"""The KPI board says what changed: where KPIs stand in their corridors, and what they aim at, with the reason."""

from sqlalchemy import Engine

from tests.journeys.conftest import Opening
from tests.journeys.place import Place

DAY = 24 * 3600
KPIS = """
organisation: {name: Namu}
teams:
  - {id: company, name: Company}
  - {id: sales, name: Sales, parent: company}
people: [{id: ada, name: Ada}]
kpis:
  - id: KPI-1
    title: Contract value
    team: sales
    metric: {unit: USD}
    progress: {mode: from_to, baseline: 250, target: 350}
    corridor: {healthy: 320, watch: 280}
  - id: KPI-2
    title: Payroll
    team: company
    metric: {unit: "%"}
    progress: {mode: from_to, baseline: 40, target: 30}
    corridor: {healthy: 35, watch: 38}
    confidential: true
measurements:
  - {metric: KPI-1, at: 2026-11-17, value: 330, by: ada}
  - {metric: KPI-2, at: 2026-11-17, value: 34, by: ada}
"""


def board_of(opening: Opening, engine: Engine) -> Place:
    place = opening(engine, jira_url="")
    place.apply(KPIS)
    place.settle()
    return place


def test_without_news_it_says_so_and_counts_how_many_stand_how(opening: Opening, engine: Engine) -> None:
    page = board_of(opening, engine).page("kpi-board")
    assert "Nothing important has changed since Nov 9, 2026." in page.words
    assert "KPI 2 |" in page.words
    assert page.words.index("CONFIDENTIAL") < page.words.index("Contract value")
    assert page.words.index("Payroll") < page.words.index("Contract value"), "the company first"
    assert "History of targets" not in page.words


def test_a_kpi_that_leaves_its_corridor_is_news_on_the_board_and_a_confidential_one_is_not(
    opening: Opening, engine: Engine
) -> None:
    place = board_of(opening, engine)
    place.work()
    place.tick("snapshot")
    place.clock.move(DAY)
    place.apply(
        KPIS
        + "  - {metric: KPI-1, at: 2026-11-18, value: 270, by: ada}\n"
        + "  - {metric: KPI-2, at: 2026-11-18, value: 39, by: ada}\n"
    )
    place.tick("snapshot")
    place.settle()
    page = place.page("kpi-board")
    assert page.items()[0] == ["Nov 19 Contract value: healthy → unhealthy"]
    assert "Payroll:" not in page.words


def test_another_target_stands_in_the_history_with_its_unit_and_reason(opening: Opening, engine: Engine) -> None:
    place = board_of(opening, engine)
    text = KPIS.replace("target: 350", "target: 340").replace("target: 30}", "target: 31}")
    text = text.replace("title: Contract value", "title: Contract value a month")
    place.apply(text, reason="A weaker market")
    place.settle()
    page = place.page("kpi-board")
    (row,) = page.table("Date")
    assert row[1:4] == ["Contract value a month", "target", "$350 → $340"]
    assert row[5] == "A weaker market"
    assert "Contract value a month: target $350 → $340, because: A weaker market" in page.words
    assert "31%" not in page.words
