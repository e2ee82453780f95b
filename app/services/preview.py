"""What publishing would do, without doing it: a diff between the page in Confluence and the page as it should be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff

from app.db.models import PageRow
from app.domain import storage
from app.domain.facts import Facts
from app.domain.report import Moment
from app.errors import AppError, NotFound
from app.services.pages import known
from app.services.prepare import look, prepare
from app.world import World


@dataclass(frozen=True)
class Preview:
    """`outcome` is `create`, `update`, `unchanged`, `gone` or `refused`, and `verdict` says the same in a few words;
    `diff` in unified lines, empty where nothing would be written."""

    page: str
    outcome: str
    verdict: str
    diff: tuple[str, ...] = ()


def preview(world: World, ids: Sequence[str]) -> list[Preview]:
    """One for each page; only those that would be written are read from Confluence."""
    facts, moment = look(world)
    found = []
    for page_id in ids:
        try:
            found.append(_preview(world, facts, moment, page_id))
        except AppError as error:
            found.append(Preview(page_id, "refused", f"cannot be published: {error.message}"))
    return found


def preview_one(world: World, page_id: str) -> Preview:
    """As above, but with the reason raised why it cannot be compared. Missing: there is no such page."""
    known(world, [page_id])
    return _preview(world, *look(world), page_id)


def _preview(world: World, facts: Facts, moment: Moment, page_id: str) -> Preview:
    prepared = prepare(world, facts, moment, facts.pages[page_id])
    return _compare(world, page_id, prepared.rendered.digest, prepared.rendered.body)


def _compare(world: World, page_id: str, digest: str, body: str) -> Preview:
    with world.reading() as session:
        row = session.get_one(PageRow, page_id)
    if row.wiki_id is None:
        return Preview(page_id, "create", f"would be created, {len(body.encode())} bytes")
    if row.digest == digest:
        return Preview(page_id, "unchanged", "unchanged")
    try:
        there = world.need_wiki().page(row.wiki_id).body
    except NotFound:
        return Preview(page_id, "gone", "is not in Confluence any more")
    diff = unified_diff(_lines(there), _lines(body), "in Confluence", "as it should be", lineterm="", n=1)
    return Preview(page_id, "update", "would be updated", tuple(diff))


def _lines(body: str) -> list[str]:
    """One line a block, with what Confluence adds on saving left out, so that a diff shows what a reader would see."""
    return re.sub(r"(</(?:p|h[1-6]|tr|li|table|ac:structured-macro)>)", r"\1\n", storage.canonical(body)).splitlines()
