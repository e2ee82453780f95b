"""Everything that can be wrong with a file is said with its line, its place and how to mend it."""

import pytest

from app.errors import Invalid
from app.okrs_file import read_text

GOOD = """\
organisation: {name: Hanbit}
teams:
  - {id: company, name: Company}
  - {id: sales, name: Sales, parent: company}
people:
  - {id: minji, name: Minji, team: sales}
cycles:
  - {id: 2026-Q4, starts_on: 2026-10-01, ends_on: 2026-12-31}
metrics:
  - id: conversion
    name: Conversion
    unit: "%"
objectives:
  - id: O-1
    title: Sell better
    team: sales
    key_results:
      - id: KR-1
        title: Average value of a subscription
        owner: minji
        metric: {unit: USD}
        progress: {mode: from_to, baseline: 300, target: 500}
        evidence:
          - link: OKR-1
      - id: KR-2
        title: Web conversion
        owner: minji
        metric: conversion
        progress: {mode: relative, baseline: 2.0, change: 25, as: percent}
kpis:
  - id: KPI-1
    title: Contract value
    team: sales
    metric: {unit: USD}
    progress: {mode: from_to, baseline: 250, target: 350}
pages:
  - {id: index, kind: index}
  - {id: team, kind: team, team: sales, parent: index, schedule: "0 9 * * mon", time_zone: Asia/Seoul}
measurements:
  - {metric: conversion, at: 2026-11-02, value: 2.3}
check_ins:
  - {key_result: KR-1, at: 2026-11-02T09:00+09:00, confidence: 7}
"""


def refused(text: str) -> list[str]:
    with pytest.raises(Invalid) as caught:
        read_text(text)
    return caught.value.message.splitlines()


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) == 1, f"{old!r} must stand in the good file once"
    return GOOD.replace(old, new)


def test_the_file_these_tests_break_is_good() -> None:
    definitions = read_text(GOOD)
    assert [key_result.id for key_result in definitions.key_results] == ["KR-1", "KR-2"]


# What is replaced by what; the message's place and line; words it must have.
WRONG = [
    ("owner: minji\n        metric: {unit: USD}", "owner: mini\n        metric: {unit: USD}",
     "okrs.yaml:20: key_results[KR-1].owner:", ['nobody has the id "mini"', "add it to people", 'mean "minji"?']),
    ("        owner: minji\n        metric: {unit", "        metric: {unit",
     "okrs.yaml:18: key_results[KR-1]:", ['"owner" is missing; add it']),
    ("        owner: minji\n        metric: {unit", "        ownr: minji\n        metric: {unit",
     "okrs.yaml:20: key_results[KR-1].ownr:", ["unknown", 'Did you mean "owner"?']),
    ("baseline: 300, target: 500", "baseline: 500, target: 500.0",
     "okrs.yaml:22: key_results[KR-1].progress:", ["baseline and target are both 500"]),
    ("baseline: 2.0, change: 25", "baseline: 0, change: 25",
     "okrs.yaml:29: key_results[KR-2].progress:", ["`baseline` is 0", "use from_to"]),
    ("change: 25, as: percent", "change: 25", "okrs.yaml:29: key_results[KR-2].progress:", ["`as: percent`"]),
    ("metric: {unit: USD}\n        progress: {mode: from_to, baseline: 300, target: 500}",
     "metric: {unit: rank}\n        progress: {mode: from_to, baseline: 6, target: 15}",
     "okrs.yaml:22: key_results[KR-1].progress:", ["rising target", "`count`"]),
    ("mode: from_to, baseline: 300", "mode: form_to, baseline: 300",
     "okrs.yaml:22: key_results[KR-1].progress.mode:", ['no mode "form_to"', 'Did you mean "from_to"?']),
    ("mode: from_to, baseline: 300", "baseline: 300",
     "okrs.yaml:22: key_results[KR-1].progress:", ['"mode" is missing']),
    ("baseline: 300, target", "basline: 300, target",
     "okrs.yaml:22: key_results[KR-1].progress:", ["`basline`", "Did you mean `baseline`?"]),
    ("baseline: 300, target", "baseline: lots, target", "okrs.yaml:22: key_results[KR-1].progress:", ["not a number"]),
    ('unit: "%"', 'unit: "%"\n    source: jira.shared_done',
     "okrs.yaml:13: metrics[conversion].source:", ['no source "jira.shared_done"', '"jira.share_done"?']),
    ("metric: conversion\n        progress", "metric: convers\n        progress",
     "okrs.yaml:28: key_results[KR-2].metric:", ['no metric has the id "convers"', 'mean "conversion"?']),
    ("team: sales\n    key_results", "team: 영업\n    key_results",
     "okrs.yaml:16: objectives[O-1].team:", ["cannot be an id"]),
    ("team: sales\n    key_results", "team: marketing\n    key_results",
     "okrs.yaml:16: objectives[O-1].team:", ['no team has the id "marketing"', "Known: company, sales"]),
    ("name: Sales, parent: company}", "name: Sales, parent: company, readers: {people: [mini]}}",
     "okrs.yaml:4: teams[sales].readers.people:", ['nobody has the id "mini"', 'mean "minji"?']),
    ("{id: sales, name: Sales, parent: company}", "{id: sales, name: Sales, parent: company, readers: {}}",
     "okrs.yaml:4: teams[sales].readers:", ["it names nobody", "people, groups"]),
    ("{id: sales, name: Sales, parent: company}", "{id: sales, name: Sales, parent: company, readers: {groups: []}}",
     "okrs.yaml:4: teams[sales].readers.groups:", ["it is empty"]),
    ("{id: index, kind: index}", "{id: index, kind: indx}",
     "okrs.yaml:37: pages[index].kind:", ['"indx" is none of index, cycle, company', 'mean "index"?']),
    ("{id: index, kind: index}", "{id: index, kind: index, sections: [notes, page]}",
     "okrs.yaml:37: pages[index].sections:", ['a page of kind index has no section "page"', 'mean "pages"?']),
    ("{id: index, kind: index}", "{id: index, kind: index, sections: [objectives]}",
     "okrs.yaml:37: pages[index].sections:", ['kind index has no section "objectives"', "Known: pages, notes, legend"]),
    ("{id: index, kind: index}", "{id: index, kind: index, sections: [pages, trust]}",
     "okrs.yaml:37: pages[index].sections:", ['"trust" stands on every page of kind index anyhow; delete it']),
    ("{id: index, kind: index}", "{id: index, kind: index, sections: [pages, notes, pages]}",
     "okrs.yaml:37: pages[index].sections:", ['"pages" stands there twice; delete one']),
    ("{id: index, kind: index}", "{id: index, kind: index, sections: []}",
     "okrs.yaml:37: pages[index].sections:", ["it is empty"]),
    ("{id: index, kind: index}", "{id: index, kind: objective}",
     "okrs.yaml:37: pages[index].objective:", ['"objective" is missing', "Add its id"]),
    ("{id: index, kind: index}", "{id: index, kind: objective, objective: O-2}",
     "okrs.yaml:37: pages[index].objective:", ['no objective has the id "O-2"', 'mean "O-1"?']),
    ("{id: index, kind: index}", "{id: index, kind: index, objective: O-1}",
     "okrs.yaml:37: pages[index].objective:", ["a page of kind index has none; delete it"]),
    ("title: Sell better", "page: often\n    title: Sell better",
     "okrs.yaml:15: objectives[O-1].page:", ["true or false"]),
    ("title: Sell better", "title: 2026", "okrs.yaml:15: objectives[O-1].title:", ["a text, not 2026", "quotes"]),
    ("title: Sell better", "title: {kr: 판매}", "okrs.yaml:15: objectives[O-1].title.kr:", ["Known: ko, en"]),
    ("title: Sell better", 'title: {ko: " "}', "okrs.yaml:15: objectives[O-1].title:", ["says nothing"]),
    ("title: Sell better", "title:", "okrs.yaml:15: objectives[O-1].title:", ["a text, not nothing"]),
    ("title: Sell better", "kind: ambitious\n    title: Sell better",
     "okrs.yaml:15: objectives[O-1].kind:", ['"ambitious" is none of aspirational, committed']),
    ("title: Sell better", "supports: O-9\n    title: Sell better",
     "okrs.yaml:15: objectives[O-1].supports:", ['nothing has the id "O-9"']),
    ("- link: OKR-1", "- {link: OKR-1, label: okr}",
     "okrs.yaml:24: key_results[KR-1].evidence[1]:", ["exactly one of link, keys", "link and label"]),
    ("- link: OKR-1", "- mode: contributing",
     "okrs.yaml:24: key_results[KR-1].evidence[1]:", ["exactly one of", "none is here"]),
    ("- link: OKR-1", "- {link: OKR-1, mode: contributes}",
     "okrs.yaml:24: key_results[KR-1].evidence[1].mode:", ['Did you mean "contributing"?']),
    ("- link: OKR-1", '- {jql: "project = WEB", direction: inward}',
     "okrs.yaml:24: key_results[KR-1].evidence[1]:", ["belong to `link` only"]),
    ("- link: OKR-1", '- jql: " "', "okrs.yaml:24: key_results[KR-1].evidence[1]:", ["jql is empty"]),
    ("- link: OKR-1", "- OKR-1", "okrs.yaml:24: key_results[KR-1].evidence[1]:", ["must be a mapping"]),
    ("- link: OKR-1", "- link: OKR-1\n          - link: OKR-1",
     "okrs.yaml:25: key_results[KR-1].evidence[2]:", ["the same evidence", "twice"]),
    ("id: KR-2", "id: KR-1", "okrs.yaml:25: key_results[KR-1].id:", ['"KR-1" is taken by key_results on line 18']),
    ("id: KPI-1", "id: KR-1", "okrs.yaml:31: kpis[KR-1].id:", ["taken by key_results on line 18"]),
    ("title: Sell better", "title: Sell better\n    title: Sell more",
     "okrs.yaml:16: objectives[O-1].title:", ["a second time (first on line 15)"]),
    ("ends_on: 2026-12-31", "ends_on: 2026-09-31", "okrs.yaml:8: cycles[2026-Q4].ends_on:", ["a date such as"]),
    ("ends_on: 2026-12-31", "ends_on: 2026-09-30", "okrs.yaml:8: cycles[2026-Q4].ends_on:", ["not after its start"]),
    ("value: 2.3", "value: 2.3 %", "okrs.yaml:40: measurements[1].value:", ['a number, not "2.3 %"']),
    ("value: 2.3", "value: .inf", "okrs.yaml:40: measurements[1].value:", ["no decimal number"]),
    ("value: 2.3", "value: 2.1234567", "okrs.yaml:40: measurements[1].value:", ["more than 6 decimal places"]),
    ("value: 2.3", "value: 1e13", "okrs.yaml:40: measurements[1].value:", ["too large"]),
    ("value: 2.3", "value: true", "okrs.yaml:40: measurements[1].value:", ["a number, not true"]),
    ("confidence: 7", "confidence: 11", "okrs.yaml:42: check_ins[1].confidence:", ["10 or less"]),
    ("confidence: 7", "confidence: 6.5", "okrs.yaml:42: check_ins[1].confidence:", ["a whole number"]),
    ("key_result: KR-1", "key_result: KR-7", "okrs.yaml:42: check_ins[1].key_result:", ["no key result has the id"]),
    ("0 9 * * mon", "0 9 * *", "okrs.yaml:38: pages[team].schedule:", ["five fields"]),
    ("Asia/Seoul", "Asia/Soul", "okrs.yaml:38: pages[team].time_zone:", ["not a time zone"]),
    ("kind: team, team: sales, ", "kind: team, ", "okrs.yaml:38: pages[team]", ['"team" is missing']),
    ("parent: index, ", "parent: team, ", "okrs.yaml:38: pages[team].parent:", ["in a circle: team → team"]),
    ("name: Company}", "name: Company, parent: sales}",
     "okrs.yaml:3: teams[company].parent:", ["in a circle: company → sales → company"]),
    ("team: sales\n    metric", "team: sales\n    person: minji\n    metric",
     "okrs.yaml:31: kpis[KPI-1]:", ["a team or a person"]),
    ("objectives:", "objectivs:", "okrs.yaml:13: objectivs:", ['Did you mean "objectives"?']),
    ("organisation: {name: Hanbit}\n", "", "okrs.yaml:1:", ['"organisation" is missing']),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "place", "words"), WRONG, ids=[f"{row[2]} {row[3][0]}" for row in WRONG])
def test_each_mistake_is_named_with_its_line_and_its_cure(old: str, new: str, place: str, words: list[str]) -> None:
    lines = refused(changed(old, new))
    said = [line for line in lines if line.startswith(place)]
    assert said, lines
    assert all(word in said[0] for word in words), said
    assert all(line.split(": ")[0].startswith(place.partition(":")[0]) for line in lines), lines
    assert len(lines) == 1 or ("unknown" in said[0] and len(lines) == 2), lines


UNREADABLE = [
    ("a: [1,\nb: 2\n", "okrs.yaml:3:", "Look at the indentation"),
    ("a: b: c\n", "okrs.yaml:1:", "must stand in quotes"),
    ("a: 1\n\tb: 2\n", "okrs.yaml:2:", "not with tabs"),
    ("a: *b\n", "okrs.yaml:1:", "begins with * must stand in quotes"),
    ("a: 1\n--- \nb: 2\n", "okrs.yaml:2:", "one document"),
    ("a: 1\nb: \x07\n", "okrs.yaml:2:", "U+0007"),
    ("", "okrs.yaml:1:", "empty or no mapping"),
    ("- a\n", "okrs.yaml:1:", "empty or no mapping"),
    ("a: &x [*x]\n", "okrs.yaml:1:", "aliases"),
    ("<<: {a: 1}\n", "okrs.yaml:1:", "<<"),
    ("a: !!python/object:os.system x\n", "okrs.yaml:1:", "python/object"),
    ("a: " + "[" * 400 + "]" * 400, "okrs.yaml:1:", "nested too deeply"),
    ("a: " + "[" * 30 + "]" * 30, "okrs.yaml:1:", "nested too deeply"),
]


@pytest.mark.parametrize(("text", "place", "words"), UNREADABLE, ids=[repr(row[0][:20]) for row in UNREADABLE])
def test_text_that_is_no_such_yaml_is_refused_with_its_line(text: str, place: str, words: str) -> None:
    lines = refused(text)
    assert lines[0].startswith(place), lines
    assert any(words in line for line in lines), lines


def test_a_loop_in_supports_is_refused_with_its_path() -> None:
    text = changed("team: sales\n    key_results", "team: sales\n    supports: KR-2\n    key_results")
    (line,) = refused(text)
    assert line.startswith("okrs.yaml:17: objectives[O-1].supports:")
    assert "KR-2" in line
    assert "→" in line


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = GOOD.replace("owner: minji", "owner: nobody").replace("value: 2.3", "value: x").replace("0 9 *", "99 9 *")
    text = text.replace("    title: Contract value\n", "")
    lines = refused(text)
    assert [line.split(":")[1] for line in lines] == ["20", "27", "31", "37", "39"]


def test_a_broken_item_does_not_make_what_names_it_wrong() -> None:
    text = changed("- {id: minji, name: Minji, team: sales}", "- {id: minji, nam: Minji, team: sales}")
    assert {line.split(":")[1] for line in refused(text)} == {"6"}


def test_a_check_in_gives_no_value_for_a_metric_that_jira_measures() -> None:
    text = changed('unit: "%"', 'unit: "%"\n    source: jira.share_done')
    text = text.replace("key_result: KR-1, ", "key_result: KR-2, value: 3, ")
    (line,) = refused(text)
    assert "okrs.yaml:43: check_ins[1].value: its metric is measured by jira.share_done" in line


def test_two_pages_of_one_title_are_refused_because_confluence_does() -> None:
    text = changed(
        "{id: index, kind: index}", "{id: index, kind: index, title: OKR}\n  - {id: b, kind: index, title: okr}"
    )
    (line,) = refused(text)
    assert line.startswith("okrs.yaml:38: pages[b].title:")
