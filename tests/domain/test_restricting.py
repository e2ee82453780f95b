"""Who may read a private page: kept, put right, or told, by what was asked for, put there, and made of it."""

import pytest

from app.domain.model import Readers
from app.domain.restricting import Step, is_wider, step

ADA, BO, EVE = "1", "2", "3"
ASKED = Readers((ADA, BO), ("leads",))
EVERYBODY = Readers()


@pytest.mark.parametrize(
    ("asked", "put", "there", "consent", "expected"),
    [
        (ASKED, None, EVERYBODY, False, Step.RESTRICT),
        (ASKED, None, Readers((ADA,)), False, Step.RESTRICT),
        (ASKED, None, ASKED, False, Step.KEEP),
        (ASKED, ASKED, Readers((BO, ADA), ("Leads",)), False, Step.KEEP),
        (ASKED, ASKED, Readers((ADA,)), False, Step.KEEP),
        (ASKED, ASKED, EVERYBODY, False, Step.OPENED),
        (ASKED, ASKED, Readers((ADA, BO, EVE), ("leads",)), False, Step.OPENED),
        (ASKED, ASKED, Readers((ADA,), ("all",)), False, Step.OPENED),
        (ASKED, ASKED, EVERYBODY, True, Step.RESTRICT),
        (Readers((ADA,)), ASKED, ASKED, False, Step.RESTRICT),
        (ASKED, Readers((ADA,)), Readers((ADA,)), False, Step.RESTRICT),
        (ASKED, Readers((ADA,)), EVERYBODY, False, Step.OPENED),
        (ASKED, Readers((ADA,)), ASKED, False, Step.KEEP),
    ],
    ids=[
        "new",
        "private to its maker",
        "restricted before a crash",
        "as it was put",
        "people keep it for fewer",
        "opened for everybody",
        "opened for one more",
        "opened for a group",
        "opened, and somebody agreed",
        "fewer are asked for",
        "more are asked for",
        "more are asked for, and it was opened",
        "people did what is asked for",
    ],
)
def test_what_to_do(asked: Readers, put: Readers | None, there: Readers, consent: bool, expected: Step) -> None:
    assert step(asked, put, there, consent=consent) is expected


def test_nobody_at_all_is_everybody() -> None:
    assert is_wider(EVERYBODY, ASKED)
    assert not is_wider(Readers((ADA,)), ASKED)
