"""Commands in comments: what is one, what of its line is value, confidence, note and blockers, and what is refused."""

from decimal import Decimal

import pytest

from app.domain.amounts import NotANumber, leading
from app.domain.comment_text import lines
from app.domain.okr_command import Command, NotUnderstood, Statement, commands, statement


def said(text: str, unit: str = "") -> Statement:
    (command,) = commands(text.splitlines())
    return statement(command, unit)


@pytest.mark.parametrize(
    ("text", "unit", "value", "rest"),
    [
        ("410", "", 410, ""),
        ("1,200 sold", "count", 1200, " sold"),
        ("1,234,567.25", "", "1234567.25", ""),
        ("41.5%", "%", "41.5", ""),
        ("41.5 % of all", "%", "41.5", " of all"),
        ("3%p", "pp", 3, ""),
        ("₩1,200", "KRW", 1200, ""),
        ("1,200원 절감", "KRW", 1200, " 절감"),
        ("12억", "KRW", 1_200_000_000, ""),
        ("1억 2,000만원 달성", "KRW", 120_000_000, " 달성"),
        ("1억2천만", "KRW", 120_000_000, ""),
        ("1만5000", "", 15000, ""),
        ("5백만원", "KRW", 5_000_000, ""),
        ("12억", "억원", 12, ""),
        ("12억원", "억원", 12, ""),
        ("$1.2M", "USD", 1_200_000, ""),
        ("3k", "", 3000, ""),
        ("5M", "M", 5, ""),
        ("4.2/5 again", "/ 5", "4.2", " again"),
        ("4.2 / 5", "/ 5", "4.2", ""),
        ("20 days left", "days", 20, " left"),
        ("18.5일", "days", "18.5", ""),
        ("40건 확보", "count", 40, " 확보"),
        ("410 명단 확보", "count", 410, " 명단 확보"),
        ("3위", "rank", 3, ""),
        ("-3", "", -3, ""),
        ("−3.5 %", "%", "-3.5", ""),
        ("$-5", "USD", -5, ""),
        ("410, as hoped", "", 410, ", as hoped"),
        ("0", "", 0, ""),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, unit: str, value: object, rest: str) -> None:
    assert leading(text, unit) == (Decimal(str(value)), rest)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("41,5", "%"),
        ("12,34", ""),
        ("3-4", ""),
        ("+5", ""),
        ("$5", "KRW"),
        ("10월 매출", "KRW"),
        ("7 days", "%"),
        ("41.5 %", "days"),
        ("7/10", ""),
        ("1e5", ""),
        (".5", ""),
        ("1억 5천억", "KRW"),
        ("3억", "천만원"),
        ("410건을", "count"),
        ("3 만원", "KRW"),
        ("2 백만", "count"),
        ("1억 2,000 만원", "KRW"),
        ("1.2 M", "USD"),
        ("5 million", "USD"),
        ("10% → 7%", "%"),
        ("5 ~ 7", "%"),
    ],
)
def test_what_could_mean_something_else_is_not_guessed(text: str, unit: str) -> None:
    with pytest.raises(NotANumber):
        leading(text, unit)


@pytest.mark.parametrize("text", ["note", "", "- a dash", "c7", "약 40", "%", "~40"])
def test_what_begins_with_no_number_is_no_value(text: str) -> None:
    assert leading(text, "%") == (None, text)


def test_a_command_is_value_confidence_note_and_blockers() -> None:
    told = said("/okr KR-3 410 c=7 Two more calls\nblocked: the contract\nand a line below\n장애 요인： 법무 검토")
    assert told == Statement(Decimal(410), 7, "Two more calls\nand a line below", "the contract\n법무 검토")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/okr KR-3 c=7 410 note", Statement(Decimal(410), 7, "note", "")),
        ("/OKR kr-3: 410 confidence=7/10 note", Statement(Decimal(410), 7, "note", "")),
        ("／okr KR-3 ４１０", Statement(Decimal(410), None, "", "")),
        ("/okr KR-3 410 순조롭습니다 자신감: 8점", Statement(Decimal(410), 8, "순조롭습니다", "")),
        ("/okr KR-3 410, 확신=10.", Statement(Decimal(410), 10, "", "")),
        ("/okr KR-3 c = 0", Statement(None, 0, "", "")),
        ("/okr KR-3 note: 10월에 시작", Statement(None, None, "10월에 시작", "")),
        ("/okr KR-3 메모: 3 steps", Statement(None, None, "3 steps", "")),
        ("/okr KR-3\nblocker: all of it", Statement(None, None, "", "all of it")),
        ("/okr KR-3 abc=7 and Vitamin c=fine?", None),
    ],
)
def test_ways_to_write_it(text: str, told: Statement | None) -> None:
    if told is None:
        with pytest.raises(NotUnderstood):
            said(text)
    else:
        assert said(text) == told


@pytest.mark.parametrize(
    "text", ["/okr KR-3", "/okr KR-3 c=11", "/okr KR-3 c=-1", "/okr KR-3 c=7.5", "/okr KR-3 c=7 c=8", "/okr KR-3 1,5"]
)
def test_what_is_not_understood_says_how_to_write_it(text: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        said(text, "%")
    assert "like" in refused.value.line.message


def test_only_a_line_that_begins_with_it_is_a_command() -> None:
    for line in ("see /okr KR-3 410", "/okra KR-3 410", "okr KR-3 410", "/ okr KR-3", "//okr KR-3", "“/okr KR-3 410”"):
        assert commands([line]) == ()
    told = commands(["Hello", "/okr KR-1 5", "more", "/okr", "/okr KR-2 note"])
    assert told == (Command("KR-1", "5", ("more",)), Command("", ""), Command("KR-2", "note"))


def test_korean_that_a_mac_typed_is_the_same_korean() -> None:
    decomposed = "\u110c\u1161\u1109\u1175\u11ab\u1100\u1161\u11b7"  # 자신감, letter by letter
    assert said(f"/okr KR-3 {decomposed}=7").confidence == 7


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("<p>/okr KR-1 5</p><p>b</p>", ("/okr KR-1 5", "b")),
        ("<p>/okr KR-1 5<br />막힘: x<br/></p>", ("/okr KR-1 5", "막힘: x")),
        ("<p>/okr&nbsp;KR-1\n  <strong>5</strong> &lt;b&gt; &amp; &uuml;</p>", ("/okr KR-1 5 <b> & ü",)),
        ("<ul><li><p>/okr a</p></li><li>b</li></ul>", ("/okr a", "b")),
        ('<p>Hi <ac:link><ri:user ri:account-id="1" /></ac:link>, you</p>', ("Hi @Bo, you",)),
        ('<p>Hi <ac:link><ri:user ri:userkey="2" /></ac:link></p>', ("Hi @…",)),
        ('<p>see <a href="https://example.com/x">this</a></p>', ("see this",)),
        ('<p><ac:link><ri:page ri:content-title="Plan" /></ac:link></p>', ("Plan",)),
        (
            '<p><ac:link><ri:page ri:content-title="Plan" /><ac:link-body>our <b>plan</b></ac:link-body></ac:link></p>',
            ("our plan",),
        ),
        ('<p>by <time datetime="2026-11-20" /></p>', ("by 2026-11-20",)),
        ('<p>ok <ac:emoticon ac:name="tick" ac:emoji-fallback="✅" /></p>', ("ok ✅",)),
        ('<p><span style="text-decoration: line-through;">/okr KR-1 4</span></p><pre>/okr KR-1 3</pre>', ()),
        ("<p><code>/okr KR-1 5</code></p><p>b</p>", ("b",)),
        (
            '<ac:structured-macro ac:name="quote"><ac:rich-text-body><p>/okr KR-1 7</p></ac:rich-text-body>'
            "</ac:structured-macro>",
            (),
        ),
        ("<p>a <del>/okr KR-1 4</del> b</p><blockquote><p>/okr KR-1 3</p></blockquote>", ("a b",)),
        (
            '<ac:structured-macro ac:name="code"><ac:parameter ac:name="title">/okr t</ac:parameter>'
            "<ac:plain-text-body><![CDATA[/okr KR-1 7]]></ac:plain-text-body></ac:structured-macro>",
            (),
        ),
        (
            '<ac:structured-macro ac:name="status"><ac:parameter ac:name="title">late</ac:parameter>'
            '<ac:parameter ac:name="colour">Red</ac:parameter></ac:structured-macro> <!-- /okr KR-1 1 -->',
            ("late",),
        ),
        (
            "<ac:task-list><ac:task><ac:task-id>1</ac:task-id><ac:task-status>incomplete</ac:task-status>"
            "<ac:task-body>do it</ac:task-body></ac:task></ac:task-list>",
            ("do it",),
        ),
        ('<p>a<ac:inline-comment-marker ac:ref="1">b</ac:inline-comment-marker>c</p>', ("abc",)),
        ("", ()),
    ],
)
def test_the_text_of_a_comment_is_what_its_reader_sees(body: str, told: tuple[str, ...]) -> None:
    assert lines(body, {"1": "Bo"}) == told
