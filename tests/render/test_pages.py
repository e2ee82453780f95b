"""What holds for every page: stable bytes, small size, and the promises to its reader."""

import dataclasses
import os
import subprocess
import sys
from decimal import Decimal
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from app.domain import notes
from app.domain.lines import Line, Quantity
from app.domain.model import Health, Text
from app.domain.page_kinds import PAGE_KINDS
from app.domain.storage import AC, NAME, PARAMETER, parse
from app.domain.views import KeyResultView, RefView, Report
from app.errors import Invalid
from app.render import render, render_line
from tests.render import sample
from tests.render.filled import Filler

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


def filled(kind: str) -> Report:
    numbers = count()
    return Filler(lambda: f"word{next(numbers)}").report(kind)


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


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_both_notes_anchors_stand_exactly_once_on_every_kind_of_page(kind: str) -> None:
    assert notes.split(render(filled(kind), BOTH).body) is not None


def test_what_is_unknown_is_a_dash() -> None:
    body = render(page_of(sample.key_result(1, **sample.UNMEASURED)), ["ko"]).body
    row = next(row for row in parse(body).iter("tr") if "웹 전환율" in text_of(row))
    cells = [text_of(cell) for cell in row]
    assert cells[1:] == ["Grey대기", "–", "–", "2% → 2.5%", "–", "–", "–"]


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
    assert "Jira example.atlassian.net 동기화 중단: 2026. 11. 18. 10:00 KST부터" in stale


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


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_every_table_has_headings_with_words_and_a_scope(kind: str) -> None:
    body = parse(render(filled(kind), BOTH).body)
    heads = list(body.iter("th"))
    assert heads
    assert all(text_of(head) and head.get("scope") in ("col", "row") for head in heads)
    assert all(next(table.iter("th"), None) is not None for table in body.iter("table"))


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_headings_go_down_one_level_at_a_time(kind: str) -> None:
    """The title of the page is the first level."""
    levels = [1, *(int(str(one.tag)[1]) for one in parse(render(filled(kind), BOTH).body).iter("h1", "h2", "h3", "h4"))]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert 1 not in levels[1:]


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_links_have_words_pictures_have_a_text_instead_and_lozenges_say_what_they_mean(kind: str) -> None:
    body = parse(render(filled(kind), BOTH).body)
    assert all(text_of(link) for link in body.iter("a"))
    assert all(image.get(f"{{{AC}}}alt") for image in body.iter(f"{{{AC}}}image"))
    titles = [text_of(one) for one in body.iter(PARAMETER) if one.get(NAME) == "title"]
    colours = [one for one in body.iter(PARAMETER) if one.get(NAME) == "colour"]
    assert len(titles) >= len(colours)
    assert all(titles)


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
    with pytest.raises(Invalid, match=f"'poster'.*{', '.join(PAGE_KINDS)}"):
        render(dataclasses.replace(sample.team_report(), kind="poster"), ["ko"])
    with pytest.raises(Invalid, match="needs a language"):
        render(sample.team_report(), [])


def below(number: int, health: Health) -> RefView:
    return RefView("objective", f"O-{number}", Text(f"목표 {number}", f"Below {number}"), health, Decimal("0.5"))


def test_what_many_objectives_support_is_counted_and_only_the_worst_eight_are_named() -> None:
    many = tuple(below(number, Health.AT_RISK if number > 57 else Health.ON_TRACK) for number in range(60))
    objective = sample.objective(1, Text("목표", "One"), Health.AT_RISK, sample.key_result(), supported_by=many)
    body = render(dataclasses.replace(sample.team_report(), objectives=(objective,)), ["en"]).body
    assert "Supported by: <strong>60</strong>:" in body
    cell = next(cell for cell in parse(body).iter("td") if text_of(cell).startswith("60:"))
    lines = [text_of(line) for line in cell.iter("p")]
    assert lines[0] == "60: YellowAT RISK 2 GreenON TRACK 58"
    assert [line.rsplit(" ", 1)[1] for line in lines[1:9]] == ["58", "59", "0", "1", "2", "3", "4", "5"]
    assert lines[9:] == ["Not listed here: 52"]


def test_a_side_of_the_alignment_on_which_nothing_stands_is_left_out() -> None:
    top = sample.objective(
        1, Text("위", "Top"), Health.DONE, sample.key_result(), supported_by=(below(2, Health.DONE),)
    )
    leaf = sample.objective(2, Text("끝", "Leaf"), Health.DONE, sample.key_result(), supports=sample.BRAND)
    for objectives, heads in (
        ((top,), ["Objective", "Below"]),
        ((leaf,), ["Above", "Objective"]),
        ((top, leaf), ["Above", "Objective", "Below"]),
    ):
        body = render(dataclasses.replace(sample.team_report(), objectives=objectives), ["en"]).body
        table = parse(body[body.index("<h2>Alignment") : body.index("<h2>Notes")])
        assert [text_of(head) for head in table.iter("th")] == heads
        assert {len(row) for row in table.iter("tr")} == {len(heads)}


def test_a_page_of_many_objectives_links_to_each() -> None:
    def page(count: int) -> str:
        objectives = tuple(
            sample.objective(one, Text(f"O{one}"), Health.DONE, sample.key_result()) for one in range(count)
        )
        return render(dataclasses.replace(sample.team_report(), objectives=objectives), ["ko"]).body

    assert 'ac:name="toc"' not in page(6)
    assert 'ac:name="toc"' in page(7)


def test_large_numbers_are_short_in_the_table_and_exact_in_the_explanation() -> None:
    now = Decimal("5345454545.45")
    why = (Line("{now}", {"now": Quantity(now, "KRW")}),)
    body = render(page_of(sample.key_result(now=now, start=Decimal(48 * 10**8), unit="KRW", why=why)), ["ko"]).body
    assert "<strong>₩53.45억</strong>" in body
    assert "₩48억 →" in body
    assert "₩5,345,454,545.45" in body


def test_a_target_that_starts_anew_each_month_says_so() -> None:
    monthly = sample.key_result(1, start=None, target=Decimal(40), unit="count", period="month")
    row = next(row for row in parse(render(page_of(monthly), ("en",)).body).iter("tr") if "Web conv" in text_of(row))
    assert text_of(row[4]) == "40monthly"


def test_before_a_cycle_its_page_says_when_it_begins() -> None:
    report = sample.team_report()
    assert report.cycle
    ahead = dataclasses.replace(report, cycle=dataclasses.replace(report.cycle, week=0))
    body = render(ahead, ("en",)).body
    assert "begins on " in body and "week 0" not in body


def test_a_final_page_tells_nothing_that_may_change_after_it_was_written() -> None:
    report = sample.team_report()
    assert report.cycle and "in sync" in render(report, ("en",)).body
    closed = dataclasses.replace(report, cycle=dataclasses.replace(report.cycle, state="closed"))
    body = render(closed, ("en",)).body
    assert "closed: these figures are final" in body
    assert "in sync" not in body and "Change goals and figures" not in body
