"""Where a page hangs, and what to do about it."""

import pytest

from app.domain.placing import Step, step


@pytest.mark.parametrize(
    ("put", "wanted", "present", "displaced", "expected"),
    [
        ("1", "1", "1", False, Step.STAY),
        ("1", "2", "1", False, Step.MOVE),
        ("1", "2", "2", False, Step.STAY),
        ("1", "2", "3", False, Step.LEAVE),
        ("1", "1", "3", True, Step.LEAVE),
        (None, "2", "1", False, Step.MOVE),
        (None, "2", "1", True, Step.LEAVE),
        (None, "2", "2", True, Step.STAY),
        ("1", "2", None, False, Step.LEAVE),
    ],
    ids=[
        "as it should be",
        "its definition was moved",
        "somebody moved it there already",
        "both were moved",
        "people moved it",
        "an older version put it there",
        "and people had moved it",
        "and people put it right",
        "people took it to the top",
    ],
)
def test_what_to_do(put: str | None, wanted: str, present: str | None, displaced: bool, expected: Step) -> None:
    assert step(put, wanted, present, displaced=displaced) is expected
