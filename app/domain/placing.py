"""Where a page hangs: moved when its definition changes, left where people took it. Pure."""

from enum import StrEnum


class Step(StrEnum):
    """What to do about a page's place."""

    STAY = "stay"  # it stands where it belongs
    MOVE = "move"
    LEAVE = "leave"  # people took it elsewhere


def step(put: str | None, wanted: str, present: str | None, *, displaced: bool) -> Step:
    """By the ids of the page that we last put it under, of the one it belongs under, and of the one above it now.

    `put` None: an older version of ours put it somewhere and did not note where; then its present place is taken for
    that, unless it is known that people moved it (`displaced`).
    """
    if present == wanted:
        return Step.STAY
    if put is None:
        return Step.LEAVE if displaced else Step.MOVE
    return Step.MOVE if present == put else Step.LEAVE
