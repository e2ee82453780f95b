"""What is written reads back as it was, whatever the texts; and it is written as people would."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from app.domain.model import Objective, Team, Text
from app.okrs_file import Definitions, write_text
from app.okrs_file.layout import Tall, document
from connectors.sandbox.demo.okrs import TEMPLATE
from tests.okrs_file.made import comparable, everything, reread
from tests.okrs_file.strategies import ANY, HOSTILE, definitions
from tests.okrs_file.test_reading import example

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=40, deadline=None, suppress_health_check=QUIET)
@given(definitions(), st.sampled_from(["Asia/Seoul", "UTC", "America/St_Johns"]))
def test_reading_what_was_written_gives_the_same_definitions(made: Definitions, zone: str) -> None:
    text = write_text(made, zone)
    read = reread(text, zone)
    assert comparable(read) == comparable(made)
    assert write_text(read, zone) == text


def test_a_file_with_everything_in_it_is_written_again_as_it_was_read() -> None:
    text = write_text(everything(), "Asia/Seoul")
    assert comparable(reread(text)) == comparable(everything())
    assert write_text(reread(text), "Asia/Seoul") == text


VALUES = st.recursive(
    ANY | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b_c"]), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize("version", [(1, 1), (1, 2)])
@settings(max_examples=120, deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b_c", "long"]), VALUES | VALUES.map(lambda one: [one]), min_size=1))
def test_other_readers_of_yaml_see_the_same_texts(version: tuple[int, int], value: dict[str, Any]) -> None:
    yaml = YAML(typ="safe", pure=True)
    yaml.version = version
    assert yaml.load(document(Tall(value), "# head\n")) == value


@pytest.mark.parametrize("words", [*HOSTILE, "x" * 10_000, "가 나 " * 2_500 + "끝", "\x07 bell", "‮ turned"])
def test_a_hostile_title_is_kept_as_it_is(words: str) -> None:
    for title in (Text(ko=words.strip(), en=words.strip() + "!"), Text(ko=words, en=words)):
        if len(title.ko) > 1000 and title.ko == title.en:
            title = Text(ko=words.strip(), en=words.strip())
        made = Definitions(
            Text("A", "A"),
            teams=(Team("t", title),),
            cycles=everything().cycles[:1],
            objectives=(Objective("O", "2026-Q4", "t", title),),
        )
        read = reread(write_text(made, "UTC"))
        assert (read.objectives[0].title, read.teams[0].name) == (title, title)


def test_no_line_is_much_longer_than_a_screen_where_there_are_blanks_to_break_it() -> None:
    made = replace(everything(), organisation=Text("many words " * 200 + "end", "more words " * 200 + "end"))
    assert max(map(len, write_text(made, "UTC").splitlines())) <= 120


def test_the_example_of_the_docs_is_written_as_it_stands_there() -> None:
    def lines(text: str) -> list[str]:
        return [line for line in text.splitlines() if line and not line.startswith("#")]

    stands, written = lines(example()), lines(write_text(reread(example()), "Asia/Seoul"))
    assert [line for line in stands if line in written] == [line for line in written if line in stands]
    assert [line.strip() for line in stands if line not in written] == [
        "metrics: # shared ones; a metric that is used once may stand in its key result",
        "progress: {mode: relative, baseline: 2.0, change: 25, as: percent}",
        "metric:",
        'unit: "%"',
        "source: {type: jira.share_done, by: count}",
        "period: month",
        "pages: # left out: the usual ones",
        "- {key_result: KR-1, at: 2026-11-02, value: 2.3, confidence: 7, note: Guests can buy now.}",
    ]


def test_pages_are_left_out_as_long_as_they_are_the_usual_ones() -> None:
    made = reread(TEMPLATE.read_text(encoding="utf-8"))
    assert "pages:" not in write_text(made, "UTC")
    assert "pages:" in write_text(replace(made, pages=made.pages[:-1]), "UTC")
    assert "pages: []" in write_text(replace(made, pages=()), "UTC")


def test_what_is_as_usual_is_not_said() -> None:
    text = write_text(reread(TEMPLATE.read_text(encoding="utf-8")), "UTC")
    for words in (
        "rollup: weighted_mean",
        "aspirational",
        "cadence_days",
        "period: month\n",
        "mode: evidence",
    ):
        assert words not in text
    assert "weight: 2\n" in text and "kind: committed" in text and "rollup: mean" in text


def test_the_first_line_names_the_schema_for_editors() -> None:
    assert write_text(everything(), "UTC").startswith("# yaml-language-server: $schema=okrs.schema.json\n")
