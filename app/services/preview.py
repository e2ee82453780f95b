"""What publishing would do, without doing it: a diff between the page in Confluence and the page as it should be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import unified_diff

from app.db.models import PageRow
from app.domain import storage
from app.errors import AppError, NotFound
from app.services.prepare import look, prepare
from app.world import World


@dataclass(frozen=True)
class Preview:
    """`verdict` in a few words; `diff` in unified lines, empty where nothing would be written."""

    page: str
    verdict: str
    diff: tuple[str, ...] = ()


def preview(world: World, ids: Sequence[str]) -> list[Preview]:
    """One for each page; only those that would be written are read from Confluence."""
    facts, moment = look(world)
    found = []
    for page_id in ids:
        try:
            prepared = prepare(world, facts, moment, facts.pages[page_id])
            found.append(_compare(world, page_id, prepared.rendered.digest, prepared.rendered.body))
        except AppError as error:
            found.append(Preview(page_id, f"cannot be published: {error.message}"))
    return found


def _compare(world: World, page_id: str, digest: str, body: str) -> Preview:
    with world.reading() as session:
        row = session.get_one(PageRow, page_id)
    if row.wiki_id is None:
        return Preview(page_id, f"would be created, {len(body.encode())} bytes")
    if row.digest == digest:
        return Preview(page_id, "unchanged")
    try:
        there = world.need_wiki().page(row.wiki_id).body
    except NotFound:
        return Preview(page_id, "is not in Confluence any more")
    diff = unified_diff(_lines(there), _lines(body), "in Confluence", "as it should be", lineterm="", n=1)
    return Preview(page_id, "would be updated", tuple(diff))


def _lines(body: str) -> list[str]:
    """One line a block, with what Confluence adds on saving left out, so that a diff shows what a reader would see."""
    return re.sub(r"(</(?:p|h[1-6]|tr|li|table|ac:structured-macro)>)", r"\1\n", storage.canonical(body)).splitlines()
