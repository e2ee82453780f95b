"""What a good file becomes."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from app.domain.model import EvidenceMode, Text
from app.domain.progress import MODES
from app.errors import Invalid
from app.okrs_file import read, read_text
from app.okrs_file.read import KNOWN_SOURCES
from app.okrs_file.usual_pages import HOURLY, TITLES
from app.services import okrs
from app.services.sources import SOURCES

DOCS = Path(__file__).parents[2] / "docs" / "okrs-file.md"


def example() -> str:
    (block,) = re.findall(r"```yaml\n(organisation:.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    return str(block)


def with_line(after: str, line: str) -> str:
    assert example().count(after) == 1
    return example().replace(after, f"{after}\n{line}")


def test_the_example_in_the_docs_loads() -> None:
    definitions = read_text(example())
    assert definitions.organisation == Text(ko="한빛", en="Hanbit")
    assert [page.id for page in definitions.pages] == ["index", "company", "sales", "kpis"]
    company = definitions.pages[1]
    assert (company.team_id, company.cycle_id, company.title.en) == ("company", "2026-Q4", "2026-Q4 · Company")


def test_the_docs_name_every_mode_and_source_with_its_keys() -> None:
    told = DOCS.read_text(encoding="utf-8")
    for mode in MODES.values():
        (row,) = [line for line in told.splitlines() if line.startswith(f"| `{mode.name}` |")]
        assert all(f"`{name}`" in row for name in mode.parameters)
    assert all(f"`{source}`" in told for source in SOURCES)


def test_the_docs_name_every_key_of_every_item() -> None:
    told = DOCS.read_text(encoding="utf-8")
    schema = okrs.schema()
    keys = {key for part in [schema, *schema["definitions"].values()] for key in part.get("properties", {})}
    assert [key for key in keys if f"`{key}" not in told and f"{key}:" not in told] == []


def test_the_sources_known_by_name_are_those_there_are() -> None:
    assert set(KNOWN_SOURCES) == set(SOURCES)


def test_a_source_refuses_keys_that_are_not_its_own_where_they_stand() -> None:
    with pytest.raises(Invalid) as caught:
        read_text(example().replace("by: count}", "buy: count}"), sources={n: s.parse for n, s in SOURCES.items()})
    assert "okrs.yaml:36: key_results[KR-2].metric.source: source jira.share_done: `buy`" in caught.value.message


def test_numbers_are_kept_as_their_digits() -> None:
    (first, second) = read_text(example()).key_results
    assert first.params == {"baseline": "2", "change": "25", "as": "percent"}
    assert json.loads(json.dumps(dict(second.params))) == {"baseline": "0", "target": "100"}
    (measured,) = read_text(example()).check_ins
    assert measured.value == Decimal("2.3")


def test_the_same_number_written_otherwise_is_the_same_definition() -> None:
    assert read_text(example().replace("baseline: 2.0", "baseline: 2.000")) == read_text(example())


def test_a_day_alone_is_its_noon_and_a_time_without_zone_is_local() -> None:
    (check_in,) = read_text(example(), time_zone="Asia/Seoul").check_ins
    assert check_in.at == datetime(2026, 11, 2, 3, tzinfo=UTC)
    (check_in,) = read_text(example().replace("at: 2026-11-02", "at: 2026-11-02T08:30"), time_zone="UTC").check_ins
    assert check_in.at == datetime(2026, 11, 2, 8, 30, tzinfo=UTC)


def test_a_check_in_is_by_the_owner_unless_it_says_otherwise() -> None:
    (check_in,) = read_text(example()).check_ins
    assert check_in.by == "minji"


def test_a_text_folded_over_lines_is_one_line() -> None:
    folded = (
        example()
        .replace("note: Guests can buy now.}", "note: x}")
        .replace(
            "title: {ko: 온라인에서 더 많이 판다, en: Sell more online}", "title: >-\n      Sell more\n      online"
        )
    )
    (objective,) = read_text(folded).objectives
    assert objective.title.en == "Sell more online"


@pytest.mark.parametrize("escape", ["\\0", "\\ud800"])
def test_what_no_database_keeps_is_refused_with_its_line(escape: str) -> None:
    with pytest.raises(Invalid, match=r"okrs\.yaml:19: objectives\[O-1\]\.title\.en: the character U\+"):
        read_text(example().replace("en: Sell more online", f'en: "Sell {escape}"'))


def test_a_metric_written_in_place_is_named_after_its_key_result() -> None:
    metric = next(metric for metric in read_text(example()).metrics if metric.id == "KR-2")
    assert metric.name.en == "Win four media outlets"
    assert (metric.source, metric.params) == ("jira.share_done", {"by": "count"})


def test_evidence_keeps_its_id_when_the_order_changes() -> None:
    turned = example().replace(
        "          - link: OKR-1\n          - jql: project = WEB AND labels = conversion\n",
        "          - jql: project = WEB AND labels = conversion\n          - link: OKR-1\n",
    )
    before, after = read_text(example()).evidence, read_text(turned).evidence
    assert turned != example()
    assert {one.id: one for one in before} == {one.id: one for one in after}
    assert [one.mode for one in before if one.key_result_id == "KR-2"] == [EvidenceMode.CONTRIBUTING]


def test_supports_may_name_a_key_result_or_an_objective() -> None:
    lines = "  - {id: O-2, title: x, team: sales, supports: KR-1}\n  - {id: O-3, title: y, team: sales, supports: O-1}"
    text = example().replace("\nkpis:", f"{lines}\n\nkpis:")
    supports = {one.id: one.supports for one in read_text(text).objectives}
    assert supports == {"O-1": None, "O-2": ("key_result", "KR-1"), "O-3": ("objective", "O-1")}


def test_without_pages_there_are_the_usual_ones() -> None:
    text = re.sub(r"\npages:.*?\n\n", "\n", example(), flags=re.DOTALL)
    pages = read_text(text).pages
    assert [(page.id, page.kind, page.parent_id) for page in pages] == [
        ("index", "index", None),
        ("cycle-2026-Q4", "cycle", "index"),
        ("company-2026-Q4", "company", "cycle-2026-Q4"),
        ("sales-2026-Q4", "team", "company-2026-Q4"),
        ("kpi-board", "kpi_board", "index"),
        ("sync-health", "sync_health", "index"),
    ]
    assert {(page.schedule, page.time_zone, page.languages) for page in pages[:-1]} == {("", "", ())}
    assert pages[-1].schedule == HOURLY


def test_parents_come_before_their_children_whatever_the_order_in_the_file() -> None:
    text = example().replace("  - {id: index, kind: index, title: OKR}\n", "")
    text = text.replace("\ncheck_ins:", "  - {id: index, kind: index, title: OKR}\n\ncheck_ins:")
    assert [page.id for page in read_text(text).pages] == ["index", "company", "sales", "kpis"]


def test_kpis_without_okrs_work_alone() -> None:
    definitions = read_text(
        "organisation: {name: A}\nteams: [{id: a, name: A}]\n"
        "kpis: [{id: K, title: k, team: a, metric: {unit: USD}, progress: {mode: from_to, baseline: 1, target: 2}}]\n"
    )
    assert [page.kind for page in definitions.pages] == ["index", "kpi_board", "sync_health"]


def test_a_file_with_nothing_but_a_name_has_an_index_and_sync_health() -> None:
    assert [page.kind for page in read_text("organisation: {name: A}\n").pages] == ["index", "sync_health"]


def test_a_sync_health_page_is_hourly_unless_it_says_otherwise() -> None:
    text = "organisation: {name: A}\npages:\n  - {id: health, kind: sync_health}\n"
    (usual,) = read_text(text).pages
    (other,) = read_text(text.replace("sync_health", "sync_health, title: Watch, schedule: 0 9 * * *")).pages
    assert (usual.title, usual.schedule) == (TITLES["sync_health"], HOURLY)
    assert (other.title.en, other.schedule) == ("Watch", "0 9 * * *")


def test_health_may_be_set_by_hand_with_a_reason() -> None:
    text = with_line(
        "        progress: {mode: from_to, baseline: 0, target: 100}", "        health: {is: at_risk, reason: x}"
    )
    (_, key_result) = read_text(text).key_results
    assert (key_result.hand_health, key_result.hand_reason) == ("at_risk", "x")


def test_hostile_texts_are_kept_as_they_are(tmp_path: Path) -> None:
    title = "]]> & < > \u202e 😀 '\"" + "가" * 300
    file = tmp_path / "okrs.yaml"
    file.write_text(example().replace("en: Sell more online", f"en: {json.dumps(title, ensure_ascii=False)}"))
    (objective,) = read(file).objectives
    assert objective.title.en == title


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"organisation: \xff\n", "okrs.yaml:1: this is not UTF-8"),
        (b"\xef\xbb\xbfa: 1\n", "unknown"),
        (None, "no file"),
    ],
)
def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path, content: bytes | None, words: str) -> None:
    file = tmp_path / "okrs.yaml"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Invalid, match=words):
        read(file)


def test_reading_twice_gives_equal_definitions() -> None:
    first = read_text(example())
    assert first == read_text(example())
    assert first == replace(first)
