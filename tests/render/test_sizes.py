"""Pages stay small: byte budgets, on the pages of a company as the service builds them from definitions and Jira."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.views import KeyResultView, ObjectiveView, Report
from app.render import render
from app.services.prepare import look, prepare
from tests.company.definitions import Size
from tests.company.place import prepared

ROW, WITH_EXPANDERS = 2 * 1024, 6 * 1024
WHOLE_PAGE = 1_000_000
FOLDED = {"why": (), "inputs": (), "evidence": (), "evidence_hidden": 0, "evidence_more": 0, "check_ins": ()}


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    """The company's page with 40 key results, each with five issues shown and one more, and two check-ins."""
    with prepared(Size(teams=0, objectives=10), Path(tmp_path_factory.mktemp("company"))) as place:
        facts, moment = look(place.world)
        page = next(page for page in facts.pages.values() if page.kind == "company")
        report = prepare(place.world, facts, moment, page).report
    shown = [one for objective in report.objectives for one in objective.key_results]
    assert len(shown) == 40
    assert all(len(one.evidence) == 5 and one.evidence_more for one in shown)
    assert sum(len(one.check_ins) for one in shown) > 70
    yield report


def size(report: Report, languages: tuple[str, ...]) -> int:
    return len(render(report, languages).body.encode())


def changed(report: Report, objectives: int, **parts: object) -> Report:
    """With so many of its objectives, over and over, and other values for their key results."""

    def view(number: int) -> ObjectiveView:
        one = report.objectives[number % len(report.objectives)]
        krs: tuple[KeyResultView, ...] = tuple(dataclasses.replace(kr, **parts) for kr in one.key_results)  # type: ignore[arg-type]
        return dataclasses.replace(one, id=f"O-{number}", key_results=krs)

    return dataclasses.replace(report, objectives=tuple(view(number) for number in range(objectives)))


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize(("parts", "budget"), [(FOLDED, ROW), ({}, WITH_EXPANDERS)], ids=["folded", "with expanders"])
def test_a_key_result_keeps_its_budget(company: Report, language: str, parts: dict[str, object], budget: int) -> None:
    few, many = (size(changed(company, count, **parts), (language,)) for count in (10, 20))
    assert (many - few) / 40 <= budget


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_page_of_200_key_results_is_under_a_megabyte(company: Report, language: str) -> None:
    whole = changed(company, 50)
    assert sum(len(one.key_results) for one in whole.objectives) == 200
    assert size(whole, (language,)) < WHOLE_PAGE


def test_a_second_language_costs_less_than_half_a_page_more(company: Report) -> None:
    assert size(company, ("ko", "en")) < 1.5 * size(company, ("ko",))
