"""Definitions that are refused: each message says what, where and how to mend it (domain.md §5)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.domain.definitions import check_key_result, check_kpi, check_supports
from app.domain.model import Corridor, Cycle, Health, KeyResult, Kpi, Metric, Objective, Text
from app.domain.progress import mode_of
from app.errors import Invalid

CYCLE = Cycle("2026-Q4", "2026-Q4", date(2026, 10, 1), date(2026, 12, 31))
DAYS = Metric("sale-days", Text("평균 판매 일수", "Average days to a sale"), "days")
FROM_TO = {"baseline": 20, "target": 17}
KEY_RESULT = KeyResult("KR1", "O1", Text("판매 일수", "Days to a sale"), "jiwoo", "sale-days", "from_to", FROM_TO)
KPI = Kpi("K1", Text("계약 금액", "Contract value"), "sale-days", "from_to", FROM_TO, team_id="sales")


@pytest.mark.parametrize(
    ("mode", "unit", "params", "message"),
    [
        ("from_to", "days", {"baseline": 20}, "`target` is missing; give a number"),
        ("from_to", "days", {"baseline": 20, "target": "20.0"}, "baseline and target are both 20"),
        (
            "from_to",
            "days",
            {"baseline": "20 days", "target": 1},
            "'20 days', which is not a number; write it",
        ),
        ("from_to", "days", {"baseline": True, "target": 1}, "'True', which is not a number"),
        ("from_to", "days", {"baseline": "NaN", "target": 1}, "`baseline` is out of range"),
        ("from_to", "days", {"baseline": "1e999999999", "target": 1}, "`baseline` is out of range"),
        ("from_to", "days", {"baseline": "1e-999999999", "target": 1}, "more than 6 decimal places"),
        ("from_to", "days", {"baseline": "0.1234567", "target": 1}, "more than 6 decimal places"),
        ("from_to", "days", {"basline": 20, "target": 17}, "`basline` is not a parameter.*Did you mean `baseline`"),
        ("from_to", "rank", {"baseline": 6, "target": 15}, "6 → 15 is a rising target, but with unit `rank`"),
        ("relative", "%", {"baseline": 2, "change": 25}, "`as` must say what the change means"),
        ("relative", "%", {"baseline": 2, "change": 25, "as": "pp"}, "`as` is 'pp'; give percent or points"),
        ("relative", "USD", {"baseline": 2, "change": 25, "as": "points"}, "`as: points` needs a metric in %"),
        ("relative", "USD", {"baseline": 0, "change": 25}, "`baseline` is 0.*use from_to"),
        ("relative", "%", {"baseline": 0, "change": 25, "as": "points"}, "`baseline` is 0.*use from_to"),
        ("relative", "USD", {"baseline": -5, "change": 25}, "can be read two ways.*Use from_to"),
        ("relative", "USD", {"baseline": 5, "change": 0}, "baseline and target are both 5"),
        ("relative", "USD", {"baseline": 5, "change": -3, "direction": "down"}, "give the sign or the direction"),
        ("relative", "rank", {"baseline": 6, "change": 50}, "rising target, but with unit `rank`"),
        ("periods", "points", {"n": 13, "of": 12, "threshold": 4}, "13 of 12 cannot be reached"),
        ("periods", "points", {"n": "2.5", "of": 12, "threshold": 4}, "`n` is 2.5; give a whole number from 1 to 400"),
        ("periods", "points", {"n": 0, "of": 12, "threshold": 4}, "`n` is 0; give a whole number from 1 to 400"),
        ("periods", "points", {"n": 1, "of": 2, "threshold": 4, "period": "day"}, "give week or month or quarter"),
        ("periods", "rank", {"n": 1, "of": 2, "threshold": 4}, "rising target, but with unit `rank`"),
        ("recurring", "count", {"target": 0}, "`target` is 0; give a number above 0"),
        ("recurring", "count", {"target": 4, "carry_over": "yes"}, "`carry_over` is 'yes'; give true or false"),
        ("recurring", "rank", {"target": 4}, "rising target, but with unit `rank`"),
        ("boolean", "", {"target": 1}, "`target` is not a parameter of this mode; it has none"),
    ],
)
def test_parameters_that_cannot_be_computed_are_refused(
    mode: str, unit: str, params: Mapping[str, object], message: str
) -> None:
    with pytest.raises(Invalid, match=f"^{mode}: .*{message}"):
        mode_of(mode).parse(params, unit)


def test_a_float_from_a_file_is_the_number_that_was_written() -> None:
    params = mode_of("from_to").parse({"baseline": 2.3, "target": 0.1}, "%")
    assert (params.baseline, params.target) == (Decimal("2.3"), Decimal("0.1"))


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"owner_id": ""}, "key result KR1 “Days to a sale” has no owner; name the one person"),
        ({"weight": Decimal(-1)}, "key result KR1 .* has the weight -1; give 0 or more"),
        ({"cadence_days": 0}, "key result KR1 .* has a cadence of 0 days; give 1 or more"),
        ({"hand_health": Health.AT_RISK, "hand_reason": " "}, "set by hand without a reason; say why"),
        ({"mode": "from-to"}, "key result KR1 .*: `from-to` is not a progress mode; .* Did you mean `from_to`"),
        ({"params": {"baseline": 20, "target": 20}}, "key result KR1 .*: from_to: baseline and target are both 20"),
        (
            {"mode": "periods", "params": {"n": 10, "of": 15, "threshold": 4}},
            "`of` is 15, but from 2026-10-01 to 2026-12-31 there are 14 weeks; give at most 14",
        ),
    ],
)
def test_a_key_result_that_cannot_stand_is_refused_by_name(changed: Mapping[str, object], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        check_key_result(replace(KEY_RESULT, **changed), DAYS, CYCLE)  # type: ignore[arg-type]


def test_what_can_stand_passes() -> None:
    check_key_result(KEY_RESULT, DAYS, CYCLE)
    check_kpi(KPI, DAYS)
    check_kpi(replace(KPI, corridor=Corridor(Decimal(18), Decimal(19))), DAYS)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"team_id": None}, "KPI K1 “Contract value” has no owner; name a team or a person"),
        ({"corridor": Corridor(Decimal(19), Decimal(18))}, "should fall, .* give `healthy` below `watch`"),
        ({"params": {**FROM_TO, "due": "June"}}, "KPI K1 .*: `due` is 'June', which is not a day"),
        ({"params": {**FROM_TO, "starts_on": "2026-04-01"}}, "`starts_on` needs `due`"),
        ({"params": {**FROM_TO, "starts_on": "2026-04-01", "due": "2026-03-01"}}, "lies before `starts_on`"),
    ],
)
def test_a_kpi_that_cannot_stand_is_refused_by_name(changed: Mapping[str, object], message: str) -> None:
    with pytest.raises(Invalid, match=message):
        check_kpi(replace(KPI, **changed), DAYS)  # type: ignore[arg-type]


def objective(id_: str, supports: tuple[str, str] | None = None) -> Objective:
    return Objective(id_, "2026-Q4", "sales", Text(en=id_), supports=supports)


def test_a_key_result_may_become_an_objective_below_it() -> None:
    check_supports(
        [objective("company"), objective("sales", ("key_result", "KR1"))],
        [replace(KEY_RESULT, objective_id="company")],
    )


def test_a_loop_is_refused_with_its_path_also_through_a_key_result() -> None:
    objectives = [
        objective("O0", ("objective", "O1")),
        objective("O1", ("key_result", "KR1")),
        objective("O2", ("objective", "O1")),
    ]
    with pytest.raises(Invalid, match="loop: O1 → KR1 → O2 → O1; take one"):
        check_supports(objectives, [replace(KEY_RESULT, objective_id="O2")])


def test_an_objective_never_supports_itself_or_its_own_key_result() -> None:
    with pytest.raises(Invalid, match="loop: O1 → O1;"):
        check_supports([objective("O1", ("objective", "O1"))], [])
    with pytest.raises(Invalid, match="loop: O1 → KR1 → O1;"):
        check_supports([objective("O1", ("key_result", "KR1"))], [KEY_RESULT])


def test_support_of_something_that_is_not_there_is_refused() -> None:
    with pytest.raises(Invalid, match="objective O1 “O1” supports key result KR9, which is not there"):
        check_supports([objective("O1", ("key_result", "KR9"))], [])
    with pytest.raises(Invalid, match=r"key result KR1 .* belongs to objective O1, which is not there"):
        check_supports([], [KEY_RESULT])
