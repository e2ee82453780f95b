"""Who may read a private page: what to do when what stands on it is not what was asked for. Pure."""

from enum import StrEnum

from app.domain.model import Readers


class Step(StrEnum):
    """What to do about a page's readers, before anything is written on it."""

    KEEP = "keep"
    RESTRICT = "restrict"
    OPENED = "opened"  # somebody lets others read it: write nothing


def step(asked: Readers, put: Readers | None, there: Readers, *, consent: bool) -> Step:
    """`asked` are the readers by the definitions, `put` those that we last put on the page (None: none yet), `there`
    those that it has now (nobody at all: it is for everybody). All by account id. With `consent` what people changed
    is put right; without it, a page for fewer than asked for stays so, and one for more is not written."""
    if same(asked, there):
        return Step.KEEP
    if put is None or consent:
        return Step.RESTRICT
    if is_wider(there, put):
        return Step.OPENED
    return Step.KEEP if same(asked, put) else Step.RESTRICT


def same(one: Readers, other: Readers) -> bool:
    return set(one.people) == set(other.people) and _groups(one) == _groups(other)


def is_wider(there: Readers, than: Readers) -> bool:
    """Whether somebody may read the page who should not."""
    if not there.people and not there.groups:
        return True
    return not (set(there.people) <= set(than.people) and _groups(there) <= _groups(than))


def _groups(readers: Readers) -> set[str]:
    """Confluence minds no case in their names."""
    return {name.casefold() for name in readers.groups}
