"""What a plan tells before anything is done, and that what is done is what was told."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import delete, func, select

from app.db.models import ChangeRow, CheckInRow, KeyResultRow, OrganisationRow, PageRow, TeamRow
from app.db.models.definitions import Definition
from app.db.session import open_engine
from app.domain.model import Text
from app.errors import Invalid
from app.services import okrs
from app.services.okrs import Action, Difference, Entry, Plan
from app.world import World
from tests.conftest import HandClock
from tests.okrs_file.made import reread
from tests.web.service import world_on

FILE = """\
organisation: {name: Hanbit}
teams:
  - {id: company, name: Company}
  - {id: sales, name: Sales, parent: company}
people:
  - {id: minji, name: Minji, team: sales}
  - {id: jun, name: Jun}
cycles:
  - {id: Q4, starts_on: 2026-01-01, ends_on: 2026-03-31}
objectives:
  - id: O-1
    title: {ko: 더 판다, en: Sell more}
    team: sales
    key_results:
      - {id: KR-1, title: Leads, owner: minji, metric: {unit: count}, progress: {mode: from_to, baseline: 1, target: 4}}
      - id: KR-2
        title: Outlets
        owner: minji
        metric: {unit: count}
        progress: {mode: from_to, baseline: 0, target: 4}
        evidence: [{link: A-1}, {epic: A-2}]
  - id: O-2
    title: Sell better
    team: sales
    key_results:
      - {id: KR-3, title: Price, owner: jun, metric: {unit: USD}, progress: {mode: from_to, baseline: 1, target: 4}}
kpis:
  - {id: P-1, title: Churn, team: sales, metric: {unit: "%"}, progress: {mode: recurring, target: 4, period: week}}
"""


@pytest.fixture
def world(fresh_sqlite: Callable[[], str], clock: HandClock) -> Iterator[World]:
    """On SQLite alone; the command's tests have both kinds of database."""
    engine = open_engine(fresh_sqlite())
    with world_on(engine, clock) as world:
        yield world
    engine.dispose()


@pytest.fixture
def applied(world: World) -> World:
    okrs.apply(world, reread(FILE))
    return world


def changed(*pairs: tuple[str, str]) -> str:
    text = FILE
    for old, new in pairs:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def planned(world: World, text: str, reason: str = "") -> Plan:
    return okrs.plan(world, reread(text), reason=reason)


def told(plan: Plan) -> list[str]:
    return [f"{entry.action} {entry.name}: {entry.what_differs}".removesuffix(": ") for entry in plan.entries]


def history(world: World) -> list[tuple[str, str, str | None, str | None, str, str]]:
    with world.reading() as session:
        rows = session.scalars(select(ChangeRow).order_by(ChangeRow.id))
        return [
            (f"{row.subject} {row.subject_id}", row.field, row.before, row.after, row.by, row.reason) for row in rows
        ]


def test_a_plan_follows_the_order_of_the_file_and_ends_with_what_is_archived(applied: World) -> None:
    text = changed(
        ("{id: sales, name: Sales,", "{id: sales, name: {ko: 영업, en: Sales},"),
        ("  - {id: jun, name: Jun}\n", "  - {id: jun, name: Jun}\n  - {id: sora, name: Sora}\n"),
        ("KR-1, title: Leads, owner: minji", "KR-1, title: Leads, owner: jun, weight: 2.5"),
        ("baseline: 1, target: 4}}\n      - id: KR-2", "baseline: 1, target: 5}}\n      - id: KR-2"),
        ("{epic: A-2}", "{label: okr}"),
        ("title: {ko: 더 판다, en: Sell more}", "title: {ko: 훨씬 더 판다, en: Sell much more}"),
        (FILE[FILE.index("kpis:") :], ""),
    )
    assert told(planned(applied, text)) == [
        "changed team sales: name.ko Sales → 영업",
        "created person sora",
        "changed objective O-1: title.ko “더 판다” → “훨씬 더 판다”, title.en “Sell more” → “Sell much more”",
        "changed key_result KR-1: target 4 → 5, owner minji → jun, weight 1 → 2.5",
        "created evidence KR-2-label-a7c85e04",
        "changed page sales-Q4: title.ko “Q4 · Sales” → “Q4 · 영업”",
        "archived metric P-1",
        "archived kpi P-1",
        "archived evidence KR-2-epic-ca3f3bb1",
        "archived page kpi-board",
    ]


def test_the_first_plan_of_all_creates_the_organisation_too(world: World) -> None:
    plan = planned(world, FILE)
    assert plan.created[:3] == ["organisation", "team company", "team sales"]
    assert "key_result KR-1" in plan.created and not (plan.changed or plan.archived or plan.moved)
    assert (plan.entries[0].title, plan.in_force) == ("Hanbit", 0)


def test_a_plan_changes_nothing_and_an_apply_does_just_what_it_told(applied: World) -> None:
    text = changed(("owner: jun", "owner: minji"), ("{id: jun, name: Jun}", "{id: jun, name: June}"))
    plan = planned(applied, text)
    assert planned(applied, text) == plan
    with applied.reading() as session:
        assert session.get_one(KeyResultRow, "KR-3").owner_id == "jun"
    assert okrs.apply(applied, reread(text), expected=plan) == plan
    assert planned(applied, text) == Plan()


def test_what_comes_back_is_told_with_what_is_different_about_it(applied: World) -> None:
    without = FILE[: FILE.index("  - id: O-2")] + FILE[FILE.index("kpis:") :]
    assert okrs.apply(applied, reread(without)).archived == ["metric KR-3", "objective O-2", "key_result KR-3"]
    plan = planned(applied, changed(("Sell better", "Sell best")))
    assert plan.returned == ["objective O-2", "key_result KR-3", "metric KR-3"]
    assert plan.entries[0].what_differs == "title “Sell better” → “Sell best”"
    assert okrs.apply(applied, reread(FILE)).returned == plan.returned


def test_a_plan_that_another_process_made_old_is_refused_and_nothing_changes(applied: World) -> None:
    definitions = reread(changed(("title: Price", "title: A better price")))
    plan = okrs.plan(applied, definitions)
    okrs.apply(applied, reread(changed(("name: Jun", "name: June"))))
    with pytest.raises(Invalid, match=r"In it now: person jun changed\. No longer in it: nothing") as refused:
        okrs.apply(applied, definitions, expected=plan)
    assert "run the command again" in refused.value.message
    with applied.reading() as session:
        assert session.get_one(KeyResultRow, "KR-3").title_en == "Price"
    okrs.apply(applied, definitions, expected=okrs.plan(applied, definitions))


def test_a_plan_that_was_carried_out_meanwhile_is_refused(applied: World) -> None:
    definitions = reread(changed(("title: Price", "title: A better price")))
    plan = okrs.plan(applied, definitions)
    okrs.apply(applied, definitions)
    with pytest.raises(Invalid, match="No longer in it: key_result KR-3 changed"):
        okrs.apply(applied, definitions, expected=plan)


def test_the_same_file_again_makes_nothing_due(applied: World) -> None:
    with applied.session() as session:
        for page in session.scalars(select(PageRow)):
            page.due_at = None
    assert okrs.apply(applied, reread(FILE)) == Plan()
    with applied.reading() as session:
        assert session.scalars(select(PageRow.due_at)).all() == [None] * 6
    assert history(applied) == []


# Promises


TARGET = ("baseline: 1, target: 4}}\n      - id: KR-2", "baseline: 1, target: 5}}\n      - id: KR-2")


def test_the_lines_that_need_a_reason_are_marked_and_with_one_none_is(applied: World) -> None:
    text = changed(TARGET, ("title: Price", "title: A better price"))
    assert [one.name for one in planned(applied, text).unexplained] == ["key_result KR-1"]
    assert planned(applied, text, "Two left").unexplained == []
    with pytest.raises(Invalid, match="key_result KR-1: target 4 → 5"):
        okrs.apply(applied, reread(text))
    assert history(applied) == []


def test_a_promise_of_an_open_cycle_binds_even_if_the_file_makes_the_cycle_a_draft(applied: World) -> None:
    text = changed(TARGET, ("{id: Q4, starts", "{id: Q4, state: draft, starts"))
    assert [one.name for one in planned(applied, text).unexplained] == ["key_result KR-1"]


def test_a_promise_made_while_the_cycle_was_a_draft_may_change_as_it_opens(world: World) -> None:
    draft = ("{id: Q4, starts", "{id: Q4, state: draft, starts")
    okrs.apply(world, reread(changed(draft)))
    assert planned(world, changed(TARGET)).unexplained == []


def test_a_new_owner_weight_or_title_needs_no_reason(applied: World) -> None:
    text = changed(("KR-1, title: Leads, owner: minji", "KR-1, title: More leads, owner: jun, weight: 3"))
    assert planned(applied, text).unexplained == []


# Order


def test_putting_the_last_first_moves_one(applied: World) -> None:
    second = FILE[FILE.index("  - id: O-2") : FILE.index("kpis:")]
    text = FILE.replace(second, "").replace("objectives:\n", "objectives:\n" + second)
    plan = planned(applied, text)
    assert (plan.entries, plan.moved) == ((), 1)


def test_something_new_at_the_top_moves_nothing(applied: World) -> None:
    plan = planned(applied, changed(("people:\n", "people:\n  - {id: sora, name: Sora}\n")))
    assert (plan.created, plan.moved) == (["person sora"], 0)


def test_a_key_result_that_goes_to_another_objective_is_changed_not_moved(applied: World) -> None:
    line = FILE[FILE.index("      - {id: KR-1") : FILE.index("      - id: KR-2")]
    plan = planned(applied, FILE.replace(line, "").replace("kpis:\n", line + "kpis:\n"))
    assert told(plan) == ["changed key_result KR-1: objective O-1 → O-2"]
    assert plan.moved == 0 and plan.unexplained == []


def test_another_order_of_the_metrics_is_no_change(world: World) -> None:
    metrics = "metrics:\n  - {id: a, name: A, unit: x}\n  - {id: b, name: B, unit: x}\n"
    okrs.apply(world, reread(FILE.replace("objectives:\n", metrics + "objectives:\n")))
    turned = "metrics:\n  - {id: b, name: B, unit: x}\n  - {id: a, name: A, unit: x}\n"
    assert planned(world, FILE.replace("objectives:\n", turned + "objectives:\n")) == Plan()


# Identity


def test_a_new_id_under_the_same_title_is_asked_about_once(applied: World) -> None:
    entries = planned(applied, changed(("id: KR-2", "id: KR-22"))).entries
    assert [(one.name, one.twin) for one in entries if one.twin] == [("key_result KR-22", "KR-2")]
    assert "metric KR-22" in [one.name for one in entries]


def test_a_new_id_of_a_shared_metric_is_asked_about(world: World) -> None:
    def file(name: str) -> str:
        metrics = f"metrics:\n  - {{id: {name}, name: Conversion, unit: '%'}}\n"
        return FILE.replace("objectives:\n", metrics + "objectives:\n").replace("{unit: USD}", name)

    okrs.apply(world, reread(file("old")))
    entries = planned(world, file("new"), "reason").entries
    assert [(one.name, one.twin) for one in entries if one.twin] == [("metric new", "old")]


# Words


def test_of_a_long_text_the_part_is_shown_where_it_begins_to_differ() -> None:
    before = "word " * 100
    shown = str(Difference("title", before + "old", before + "new and\n\x1b[31mmore"))
    assert shown == "title “…word word word word old” → “…word word word word new and  [31mmore”"


def test_nothing_is_told_as_none() -> None:
    assert str(Difference("owner", None, "jun")) == "owner none → jun"


@pytest.mark.parametrize(
    ("archived", "in_force", "many"), [(10, 10, False), (11, 21, True), (11, 22, False), (60, 100, True)]
)
def test_many_are_more_than_ten_and_more_than_half(archived: int, in_force: int, many: bool) -> None:
    gone = tuple(Entry(Action.ARCHIVED, "team", f"t{number}") for number in range(archived))
    assert Plan(gone, in_force=in_force).archives_many is many


# History


def test_every_changed_field_goes_into_the_history_with_who_and_why(applied: World) -> None:
    text = changed(
        ("{name: Hanbit}", "{name: Hanbit Soft}"),
        TARGET,
        ("KR-1, title: Leads, owner: minji", "KR-1, title: Leads, owner: jun, health: {is: at_risk, reason: late}"),
        ("  - {id: jun, name: Jun}\n", "  - {id: jun, name: Jun, team: sales}\n"),
        (
            "kpis:\n  - {id: P-1, title: Churn, team: sales",
            "kpis:\n  - {id: P-1, title: Churn, period: week, team: sales",
        ),
    )
    okrs.apply(applied, reread(text), by="sora", reason="The market")
    who = ("sora", "The market")
    assert history(applied) == [
        ("organisation organisation", "name", "Hanbit", "Hanbit Soft", *who),
        ("person jun", "team", None, "sales", *who),
        ("key_result KR-1", "target", "4", "5", *who),
        ("key_result KR-1", "owner", "minji", "jun", *who),
        ("key_result KR-1", "hand_health", None, "at_risk", *who),
        ("key_result KR-1", "hand_reason", None, "late", *who),
        ("kpi P-1", "period", "month", "week", *who),
        ("page index", "title", "Hanbit OKR", "Hanbit Soft OKR", *who),
    ]


def test_archiving_and_bringing_back_go_into_the_history(applied: World) -> None:
    without = FILE[: FILE.index("kpis:")]
    okrs.apply(applied, reread(without), by="sora")
    okrs.apply(applied, reread(changed(("target: 4, period: week", "target: 5, period: week"))), by="jun")
    mine = [row[1:5] for row in history(applied) if row[0] == "kpi P-1"]
    assert mine == [
        ("archived", None, "archived", "sora"),
        ("archived", "archived", None, "jun"),
        ("target", "4", "5", "jun"),
    ]


# The organisation


def test_a_database_from_before_learns_the_organisations_name(applied: World) -> None:
    with applied.session() as session:
        session.execute(delete(OrganisationRow))
    assert told(okrs.apply(applied, reread(FILE))) == ["created organisation"]
    with applied.reading() as session:
        row = session.get_one(OrganisationRow, 1)
        assert Text(row.name_ko, row.name_en) == Text("Hanbit", "Hanbit")
    assert planned(applied, FILE) == Plan()


# Values


SAID = (
    "check_ins:\n  - {key_result: KR-1, at: 2026-02-02, value: 2}\n  - {key_result: KR-1, at: 2026-02-02, value: 3}\n"
)


def test_values_are_counted_in_the_plan_and_taken_over_once(world: World) -> None:
    measured = "measurements:\n  - {metric: KR-3, at: 2026-02-01, value: 2}\n"
    assert planned(world, FILE + SAID + measured).values == 2
    assert okrs.apply(world, reread(FILE + SAID + measured)).values == 2
    assert planned(world, FILE + SAID + measured) == Plan()
    assert planned(world, FILE + SAID + measured.replace("2026-02-01", "2026-02-02")).values == 1


def test_a_check_in_of_a_closed_cycle_is_taken_over_only_with_its_key_result(world: World) -> None:
    closed = changed(("{id: Q4, starts", "{id: Q4, state: closed, starts"))
    okrs.apply(world, reread(closed + SAID))
    with world.reading() as session:
        assert session.scalar(select(func.count()).select_from(CheckInRow)) == 1
    with pytest.raises(Invalid, match="KR-1: its cycle Q4 is closed"):
        planned(world, closed + SAID.replace("02-02", "02-03"))


# What stays


def rows(world: World, table: type[Definition]) -> set[str]:
    with world.reading() as session:
        return set(session.scalars(select(table.id).where(table.archived_at.is_(None))))


def test_taking_out_what_others_name_is_refused_with_the_lines_that_name_it(applied: World) -> None:
    with pytest.raises(Invalid) as refused:
        reread(changed(("  - {id: sales, name: Sales, parent: company}\n", "")))
    said = [line for line in refused.value.message.splitlines() if 'no team has the id "sales"' in line]
    assert [line.split(": ")[1] for line in said] == [
        "people[minji].team",
        "objectives[O-1].team",
        "objectives[O-2].team",
        "kpis[P-1].team",
    ]
    assert rows(applied, TeamRow) == {"company", "sales"}
