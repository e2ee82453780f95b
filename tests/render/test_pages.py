"""What holds for every page: stable bytes, small size, and the promises to its reader."""

import dataclasses
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from app.domain import notes
from app.domain.lines import Line, Quantity
from app.domain.model import Health, Text
from app.domain.page_kinds import PAGE_KINDS
from app.domain.storage import PARAMETER, parse
from app.domain.views import KeyResultView, Report
from app.errors import Invalid
from app.render import render, render_line
from tests.render import sample, sync_sample

ROOT = Path(__file__).parent.parent.parent
DIGESTS = (
    "from app.render import render; from tests.render import sample;"
    "print(*(render(report, ('ko', 'en')).digest for report in"
    " (sample.team_report(), sample.index_report(), sample.board_report())))"
)
BOTH = ("ko", "en")


def page_of(*key_results: KeyResultView) -> Report:
    objective = sample.objective(1, Text("목표 하나", "One objective"), Health.AT_RISK, *key_results)
    return dataclasses.replace(sample.team_report(), objectives=(objective,))


def text_of(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())


def test_the_same_report_gives_the_same_bytes_in_every_process() -> None:
    seen = {
        subprocess.run(
            [sys.executable, "-c", DIGESTS], env={**os.environ, "PYTHONHASHSEED": seed}, cwd=ROOT, capture_output=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1
    assert len(seen.pop().split()[0]) == 64


def test_equal_numbers_give_equal_bytes_however_they_were_written() -> None:
    one, other = (page_of(sample.key_result(target=Decimal(each))) for each in ("2.5", "2.50"))
    assert render(one, BOTH) == render(other, BOTH)


@pytest.mark.parametrize("languages", [("ko",), ("en",), BOTH])
def test_a_key_result_costs_at_most_two_kilobytes_and_six_with_its_expanders(languages: tuple[str, ...]) -> None:
    def cost(**changes: Any) -> float:
        few, many = (page_of(*[sample.key_result(each, **changes) for each in range(count)]) for count in (5, 15))
        return (len(render(many, languages).body.encode()) - len(render(few, languages).body.encode())) / 10

    folded: dict[str, Any] = {"why": (), **sample.BARE, "check_ins": ()}
    assert cost(**folded) <= 2048
    assert cost() <= 6144


def test_both_notes_anchors_stand_exactly_once_on_every_kind_of_page() -> None:
    health = sync_sample.report().sync_health
    for kind in PAGE_KINDS:
        body = render(dataclasses.replace(sample.team_report(), kind=kind, sync_health=health), BOTH).body
        assert notes.split(body) is not None


def test_what_is_unknown_is_a_dash() -> None:
    body = render(page_of(sample.key_result(1, **sample.UNMEASURED)), ["ko"]).body
    row = next(row for row in parse(body).iter("tr") if "웹 전환율" in text_of(row))
    cells = [text_of(cell) for cell in row]
    assert cells[2:] == ["–", "–", "Grey대기", "–", "–", "–"]


def test_an_outdated_key_result_names_its_last_verdict() -> None:
    body = render(page_of(sample.key_result(health=Health.OUTDATED, health_was=Health.AT_RISK)), BOTH).body
    assert "갱신지연 · OUTDATED" in body
    assert "이전: 주의" in body
    assert "was at risk" in body


def test_a_health_set_by_hand_says_so_with_its_reason() -> None:
    assert "직접 지정: 시장 급변" in render(page_of(sample.key_result(health_reason="시장 급변")), ["ko"]).body


def test_a_confidential_kpi_shows_that_it_exists_and_nothing_more() -> None:
    secret = sample.kpi(1, Text("비밀"), "unhealthy", confidential=True, now=Decimal(987), action=Text("긴급"))
    secret = dataclasses.replace(secret, why=(Line("{v}", {"v": Decimal(987)}),))
    calm = sample.kpi(2, Text("공개"), "watch")
    for kind in ("team", "kpi_board"):
        body = render(dataclasses.replace(sample.board_report(), kind=kind, kpis=(secret, calm)), ["ko"]).body
        assert "비밀" in body
        assert "987" not in body
        assert "긴급" not in body
    assert body.index("공개") < body.index("비밀"), "its place on the board must not tell that it is unhealthy"


def test_old_data_turn_the_trust_line_into_a_warning_that_says_since_when() -> None:
    fresh, stale = (render(sample.team_report(stale=old), ["ko"]).body for old in (False, True))
    assert 'ac:name="info"' in fresh
    assert 'ac:name="warning"' not in fresh
    assert 'ac:name="warning"' in stale
    assert "Jira 동기화 중단: 2026. 11. 18. 10:00 KST부터" in stale


def test_a_line_on_the_page_is_the_line_of_the_command_line() -> None:
    line = Line(
        "{start} – {end}: {actual}", {each: Quantity(Decimal(20), "days") for each in ("start", "end", "actual")}
    )
    for language in BOTH:
        body = render(page_of(sample.key_result(why=(line,))), [language]).body
        assert f"<li><p>{render_line(line, language)}</p></li>" in body


def test_a_page_in_two_languages_has_the_tables_of_one() -> None:
    one, two = (render(sample.team_report(), languages).body for languages in (["ko"], BOTH))
    assert one.count("<table") == two.count("<table")
    assert one.count('ac:name="expand"') == two.count('ac:name="expand"')


def test_a_key_result_has_one_expander_that_names_what_is_in_it() -> None:
    body = render(page_of(sample.key_result()), ["en"]).body
    titles = [text_of(each) for each in parse(body).iter(PARAMETER) if text_of(each).endswith(" — Web conversion +25%")]
    assert titles == ["Why 0.6? Evidence 3/5, Check-ins — Web conversion +25%"]
    body = render(page_of(sample.key_result(**(sample.BARE | sample.UNMEASURED))), ["en"]).body
    assert "Why no score? — Web conversion +25%" in body


def test_evidence_names_its_role_once_and_in_a_column_only_where_roles_differ() -> None:
    first, second = sample.evidence(1), dataclasses.replace(sample.evidence(2), mode="contributing")
    one, both = (render(page_of(sample.key_result(evidence=each)), ["en"]).body for each in ((first,), (first, second)))
    assert "<h4>Evidence 3/5 (evidence)</h4>" in one
    assert ">Role<" not in one
    assert ">Role<" in both
    assert "<td><p>contributing</p></td>" in both


def test_counts_leave_out_what_is_not_known_yet() -> None:
    counts = sample.team_report().counts
    assert counts is not None
    young = dataclasses.replace(counts, last_week=None, expected=None)
    body = render(dataclasses.replace(sample.team_report(), counts=young), ["en"]).body
    visible = body[: body.index('ac:name="details"')]
    assert "Since last week" not in visible
    assert "Expected by now" not in visible


def test_a_title_says_once_what_its_languages_share_at_the_start() -> None:
    titled = dataclasses.replace(sample.board_report(), title=Text("2026-Q4 · 영업", "2026-Q4 · Sales"))
    assert render(titled, BOTH).title == "2026-Q4 · 영업 / Sales"
    assert render(titled, ["en"]).title == "2026-Q4 · Sales"


def test_every_heading_of_a_table_has_words_and_a_scope() -> None:
    for report in (sample.team_report(), sample.index_report(), sample.board_report()):
        heads = list(parse(render(report, BOTH).body).iter("th"))
        assert heads
        assert all(text_of(head) and head.get("scope") in ("col", "row") for head in heads)


def test_at_most_five_changes_are_told() -> None:
    report = sample.team_report()
    body = render(dataclasses.replace(report, news=report.news * 5), ["en"]).body
    assert body.count("<strong>Nov 1") == 5


def test_pages_are_linked_by_address_where_it_is_known_and_else_by_title() -> None:
    body = render(sample.index_report(), ["en"], {"company": "https://wiki.example/7"}).body
    assert '<a href="https://wiki.example/7">Company OKRs</a>' in body
    assert '<ri:page ri:content-title="Marketing OKRs" />' in body


def test_a_page_without_data_can_be_written() -> None:
    empty = dataclasses.replace(
        sample.team_report(), objectives=(), kpis=(), news=(), history=(), counts=None, cycle=None, team=None
    )
    empty = dataclasses.replace(empty, trust=dataclasses.replace(empty.trust, as_of=None, sites=(), edit_where=""))
    words = text_of(parse(render(empty, ["en"]).body))
    assert "No data yet" in words
    assert "No objectives in this cycle yet." in words


def test_an_unknown_kind_or_no_language_is_refused_with_what_there_is() -> None:
    with pytest.raises(Invalid, match=r"'poster'.*index, company, team, kpi_board, sync_health"):
        render(dataclasses.replace(sample.team_report(), kind="poster"), ["ko"])
    with pytest.raises(Invalid, match="needs a language"):
        render(sample.team_report(), [])
