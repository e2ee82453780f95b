"""Summaries as only people, or attackers, write them: every page stays valid and shows them as they are."""

from sqlalchemy import Engine

from connectors.sandbox.jira.seed import add_issue
from connectors.sandbox.site import Site
from tests.journeys import company
from tests.journeys.conftest import Opening

HOSTILE = (
    "<script>alert('x')</script> & <b>bold</b>",
    "]]> & ]]&gt; &nbsp; &amp;amp; \"quoted\" 'twice'",
    '<ac:structured-macro ac:name="html"><ac:plain-text-body><![CDATA[<img/>]]></ac:plain-text-body>',
    "{{ 7 * 7 }} {% raw %} ${7*7} #{x}",
    "👩‍👩‍👧‍👦 𝕳𝖊𝖑𝖑𝖔 \U0010fffd 한글 ㅎㅏㄴ",
    "\u202eright to left\u202c עברית العربية",
    "x" * 255,
    "bell \x07 null \x00 escape \x1b[31m nonchar \ufffe end",
    "</td></tr></table></ac:rich-text-body></ac:structured-macro><p>out",
    "plainsight-notes-begin plainsight-notes-end [a1b2c3d4]",
    "<!-- comment --> <?pi?> <!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]> &e;",
    "javascript:alert(1) https://example.com/?a=1&b=2",
)
FORBIDDEN = dict.fromkeys([0x00, 0x07, 0x1B, 0xFFFE])


def key_result(number: int, keys: list[str]) -> str:
    return (
        f"      - {{id: KR-{number}, title: Result {number}, owner: ada, metric: {{unit: count}},\n"
        f"         progress: {{mode: boolean}}, evidence: [{{keys: [{', '.join(keys)}]}}]}}\n"
    )


def hostile_company(site: Site) -> None:
    company.empty_site(site)
    for summary in HOSTILE:
        add_issue(site, "RED", summary)


def test_each_summary_comes_out_as_the_text_of_its_cell(opening: Opening, engine: Engine) -> None:
    place = opening(engine, hostile_company)
    keys = [f"RED-{number + 1}" for number in range(len(HOSTILE))]
    results = "".join(key_result(number, keys[number * 4 : number * 4 + 4]) for number in range(3))
    place.start(
        "organisation: {name: Namu}\nteams: [{id: red, name: Red}]\npeople: [{id: ada, name: Ada}]\n"
        "cycles: [{id: 2026-Q4, starts_on: 2026-10-01, ends_on: 2026-12-31}]\n"
        f"objectives:\n  - id: O-1\n    title: Red\n    team: red\n    key_results:\n{results}"
        "pages: [{id: red, kind: team, team: red}]\n"
    )
    page = place.page("red")  # parsed as XML on the way
    assert "script" not in {element.tag for element in page.root.iter()}
    assert set(page.macros()) <= {"info", "status", "expand", "anchor", "details"}
    cells = page.cells()
    for summary in HOSTILE:
        assert summary.translate(FORBIDDEN) in cells, summary
