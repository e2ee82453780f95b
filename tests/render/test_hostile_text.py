"""What people type comes out as they typed it, in every place of a page, and changes nothing else."""

import dataclasses
from typing import Any

import pytest

from app.domain.lines import Line
from app.domain.model import Health, Text
from app.domain.storage import check, parse
from app.render import render
from tests.render import sample

MARK = "QXQ"
CODES = {
    *("page", "kind", "mode", "rollup", "period", "corridor", "time_zone", "state", "category", "field", "message"),
    *("health", "health_was", "overall", "edit_where"),
}
HOSTILE = {
    "markup": "<script>alert('&amp;')</script> & \"quoted\" </p></td>",
    "cdata": "]]> <![CDATA[ <!-- --> <?php ?>",
    "macro": '<ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">plainsight-notes-begin</ac:parameter>',
    "templates": "{{ report }} {% raw %} {title} %(x)s {",
    "emoji": "🚀👩‍💻 𠮷野家",
    "control": "a\x00b\x08c\x1fd\ufffee\uffff\ud800f\x85\u2028g",
    "right to left": "\u202eעברית العربية\u2066",
    "lines": "one\r\ntwo\rthree\n\tfour",
    "long": "long 가나다 " * 40,
}
PAGES = [sample.team_report(), sample.team_report(stale=True), sample.index_report(), sample.board_report()]


def spoken(value: Any, words: str) -> Any:
    """The same value with every text that a person may have typed replaced."""
    if isinstance(value, Text):
        return Text(f"{words}가", f"{words}A") if value.ko or value.en else value
    if isinstance(value, Line):
        return Line(value.message, {name: spoken(each, words) for name, each in value.values.items()})
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
        return dataclasses.replace(
            value, **{name: each if name in CODES else spoken(each, words) for name, each in fields.items()}
        )
    if isinstance(value, tuple):
        return tuple(spoken(each, words) for each in value)
    if type(value) is str and value:
        return f"https://jira.example/{words}" if value.startswith("https://") else words
    return value


def texts(body: str) -> list[tuple[str, str, str]]:
    return [(str(node.tag), node.text or "", node.tail or "") for node in parse(body).iter()]


def cleaned(words: str) -> str:
    kept = "".join(each for each in words if each not in "\x00\x08\x1f\ufffe\uffff\ud800")
    return kept.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.parametrize("languages", [("ko",), ("en",), ("ko", "en")])
@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_every_text_node_says_what_was_typed_and_no_element_is_added(words: str, languages: tuple[str, ...]) -> None:
    for page in PAGES:
        plain, hostile = (render(spoken(page, each), languages).body for each in (MARK, words))
        check(hostile)
        expected = [tuple(part.replace(MARK, cleaned(words)) for part in node) for node in texts(plain)]
        assert texts(hostile) == expected


def test_a_title_is_one_line_of_at_most_255_characters() -> None:
    title = render(dataclasses.replace(PAGES[0], title=Text("긴\x00 제목\n" * 100)), ["ko"]).title
    assert len(title) == 255
    assert title.startswith("긴 제목 긴 제목")


def test_an_address_that_is_not_of_the_web_is_no_link() -> None:
    issue = dataclasses.replace(sample.evidence(1), url="javascript:alert(1)")
    objective = sample.objective(1, Text("가"), Health.DONE, sample.key_result(evidence=(issue,)))
    body = render(dataclasses.replace(PAGES[0], objectives=(objective,)), ["ko"]).body
    assert "MKT-1" in body
    assert "javascript" not in body
