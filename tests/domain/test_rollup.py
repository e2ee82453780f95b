"""Roll-up: weights, the unknown left out and counted, shared metrics counted once."""

from decimal import Decimal
from fractions import Fraction

import pytest

from app.domain.model import Rollup, Text
from app.domain.rollup import Part, roll_up
from tests.domain.facts import said

HALF = Fraction(1, 2)


def part(id_: str, progress: str | None, **more: object) -> Part:
    found = None if progress is None else Fraction(progress)
    return Part(id_, Text(en=id_), found, **{"expected": HALF, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "progress"),
    [(Rollup.WEIGHTED_MEAN, "0.4"), (Rollup.MEAN, "0.5"), (Rollup.WEAKEST, "0.2")],
)
def test_an_objective_is_the_weighted_mean_the_mean_or_the_weakest(how: Rollup, progress: str) -> None:
    rolled = roll_up((part("KR1", "0.8"), part("KR2", "0.2", weight=Decimal(2))), how)
    assert rolled.progress == Fraction(progress)
    assert said(rolled.lines[-1]) == f"Rule: {how} v1"


def test_the_sum_can_be_done_again_by_hand_and_the_unknown_are_counted() -> None:
    rolled = roll_up((part("KR1", "0.8"), part("KR2", "0.2", weight=Decimal(2)), part("KR3", None)))
    assert (rolled.progress, rolled.measured, rolled.total) == (Fraction("0.4"), 2, 3)
    assert [said(line) for line in rolled.lines] == [
        "2 of 3 measured",
        "KR1: 4/5 × 1 = 4/5",
        "KR2: 1/5 × 2 = 2/5",
        "6/5 ÷ 3 = 2/5",
        "Rule: weighted_mean v1",
    ]


@pytest.mark.parametrize("how", list(Rollup))
def test_when_nothing_is_measured_the_roll_up_is_unknown(how: Rollup) -> None:
    assert roll_up((part("KR1", None),), how).progress is None
    assert roll_up((), how).progress is None
    assert not roll_up((), how).done


def test_a_shared_metric_counts_once_at_the_level_nearest_the_objective() -> None:
    far = part("team KR", "1", metric_id="conversion", level=1)
    near = part("company KR", "0.2", metric_id="conversion")
    rolled = roll_up((far, near, part("other KR", "0.4", metric_id="churn")))
    assert (rolled.progress, rolled.measured, rolled.total) == (Fraction("0.3"), 2, 2)
    assert "already counted here" in rolled.lines[1].message
    assert rolled.lines[1].values["title"] == Text(en="team KR")


def test_of_equally_near_key_results_with_one_metric_the_first_counts() -> None:
    rolled = roll_up((part("KR1", "0.2", metric_id="m"), part("KR2", "0.8", metric_id="m")))
    assert rolled.progress == Fraction("0.2")


def test_parts_without_a_metric_are_never_taken_for_the_same() -> None:
    assert roll_up((part("O1", "0.2"), part("O2", "0.8"))).progress == HALF


def test_weights_of_zero_carry_nothing() -> None:
    rolled = roll_up((part("KR1", "0.2", weight=Decimal(0)),))
    assert (rolled.progress, rolled.measured) == (None, 1)
    assert roll_up((part("KR1", "0.2", weight=Decimal(0)), part("KR2", "1"))).progress == 1


def test_the_expected_is_rolled_up_over_the_same_parts() -> None:
    parts = (part("KR1", "0.8", expected=Fraction(1)), part("KR2", "0.2"), part("KR3", None, expected=Fraction(0)))
    assert roll_up(parts).expected == Fraction(3, 4)
    assert roll_up(parts, Rollup.WEAKEST).expected == HALF


def test_an_objective_is_done_when_all_of_it_is() -> None:
    assert roll_up((part("KR1", "1", done=True), part("KR2", "1", done=True))).done
    assert not roll_up((part("KR1", "1", done=True), part("KR2", None))).done


def test_progress_is_rounded_as_it_is_stored() -> None:
    assert roll_up((part("KR1", "1"), part("KR2", "0"), part("KR3", "0"))).progress == Fraction("0.333333333333")
