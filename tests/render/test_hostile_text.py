"""What people type comes out as they typed it, in every place of a page of every kind, and changes nothing else."""

import dataclasses
import re
from collections.abc import Callable
from functools import cache
from itertools import count

import pytest

from app.domain.model import Health, Text
from app.domain.page_kinds import PAGE_KINDS
from app.domain.storage import check, parse
from app.render import render
from tests.render import sample
from tests.render.filled import Filler
from tests.render.hostile import strings

ROUNDS = 12
CUT = ("}alt=", "}content-title=")
"""Attributes of which only so much is kept as there is room for."""
SLOT = re.compile(r"QX(\d+)QX")
HOSTILE = ["Z|" + "|".join(strings()[number::ROUNDS]) + "|Z" for number in range(ROUNDS)]
LANGUAGES = [("ko",), ("en",), ("ko", "en")]


def numbered() -> Callable[[], str]:
    numbers = count()
    return lambda: f"QX{next(numbers)}QX"


def body_of(kind: str, languages: tuple[str, ...], words: Callable[[], str]) -> str:
    return render(Filler(words).report(kind), languages).body


@cache
def plain(kind: str, languages: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Every element with its attributes and the text in and after it, where each text of the report has its number."""
    return nodes(body_of(kind, languages, numbered()))


def nodes(body: str) -> list[tuple[str, ...]]:
    return [
        (str(node.tag), node.text or "", node.tail or "", *(f"{name}={value}" for name, value in node.attrib.items()))
        for node in parse(body).iter()
    ]


@cache
def cleaned(words: str) -> str:
    """As XML has it: without the characters that it forbids, and lines ended in one way."""
    kept = "".join(
        one for one in words if one in "\t\n\r" or " " <= one < "\ud800" or "\ue000" <= one not in "\ufffe\uffff"
    )
    return kept.replace("\r\n", "\n").replace("\r", "\n")


def unspaced(words: str) -> str:
    """Attributes have no lines, and alt texts and titles of pages neither spaces at their ends nor two in a row."""
    return "".join(words.split())


def assert_same(kind: str, languages: tuple[str, ...], hostile: str, said: Callable[[int], str]) -> None:
    check(hostile)
    for expected, found in zip(plain(kind, languages), nodes(hostile), strict=True):
        if "QX" not in "".join(expected):
            assert found == expected
            continue
        filled = [SLOT.sub(lambda slot: cleaned(said(int(slot[1]))), part) for part in expected]
        assert found[:3] == tuple(filled[:3])
        for is_now, should_be in zip(found[3:], filled[3:], strict=True):
            assert_same_attribute(unspaced(is_now), unspaced(should_be))


def assert_same_attribute(found: str, expected: str) -> None:
    short = any(name in found for name in CUT) and len(expected) > 255
    assert expected.startswith(found.rstrip(".…")) if short else found == expected


def test_there_are_more_than_five_hundred_strings() -> None:
    assert len(strings()) >= 500
    assert sum(one.count("|") - 1 for one in HOSTILE) >= 500


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_every_string_in_every_field_of_every_kind_comes_out_as_it_was_typed(kind: str) -> None:
    """A field has another twelfth of the strings in each round, and no two neighbours the same."""
    for number in range(ROUNDS):
        languages = LANGUAGES[number % len(LANGUAGES)] if number < 2 else ("ko", "en")

        def said(slot: int, number: int = number) -> str:
            return HOSTILE[(slot + number) % ROUNDS]

        numbers = count()
        assert_same(kind, languages, body_of(kind, languages, lambda: said(next(numbers))), said)  # noqa: B023


@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_ten_thousand_characters_in_every_field_come_out(kind: str) -> None:
    def said(slot: int) -> str:
        return f"{slot}<&가🚀" * (10_000 // len(f"{slot}<&가🚀"))

    numbers = count()
    assert_same(kind, ("ko",), body_of(kind, ("ko",), lambda: said(next(numbers))), said)


def test_a_title_is_one_line_of_at_most_255_characters() -> None:
    title = render(dataclasses.replace(sample.team_report(), title=Text("긴\x00 제목\n" * 100)), ["ko"]).title
    assert len(title) == 255
    assert title.startswith("긴 제목 긴 제목")


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    issue = dataclasses.replace(sample.evidence(1), url="javascript:alert(1)")
    objective = sample.objective(1, Text("가"), Health.DONE, sample.key_result(evidence=(issue,)))
    body = render(dataclasses.replace(sample.team_report(), objectives=(objective,)), ["ko"]).body
    assert "MKT-1" in body
    assert "javascript" not in body
