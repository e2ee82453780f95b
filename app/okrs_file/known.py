"""The ids that a file defines: each once, and what refers to one must find it."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.okrs_file.document import Block, Rows
from app.okrs_file.problems import Problems, nearest

# Sections whose ids share one set of names, so that `explain KR-1` and `supports: KR-1` mean one thing.
ONE_NAMESPACE = ("objectives", "key_results", "kpis")
SECTIONS = ("teams", "people", "cycles", "metrics", *ONE_NAMESPACE, "pages")
NOTHING = {
    "teams": "no team has the id",
    "people": "nobody has the id",
    "cycles": "no cycle has the id",
    "metrics": "no metric has the id",
    "objectives": "no objective has the id",
    "key_results": "no key result has the id",
    "kpis": "no KPI has the id",
    "pages": "no page has the id",
}


@dataclass(frozen=True)
class Known:
    """Ids by section, of broken items too: a mistake in an item is told once, not again wherever it is named."""

    ids: dict[str, dict[str, int]]
    problems: Problems

    def refer(self, place: Block, key: str, value: str | None, *sections: str) -> str | None:
        """The section in which `value` is defined; None if it is not (that is reported) or not given."""
        if value is None:
            return None
        for section in sections:
            if value in self.ids[section]:
                return section
        names = [name for section in sections for name in self.ids[section]]
        said = NOTHING[sections[0]] if len(sections) == 1 else "nothing has the id"
        self.problems.add(
            place.line_of(key),
            place.path(key),
            f'{said} "{value}"; add it to {" or ".join(sections)}, or name one that is there.{nearest(value, names)}',
        )
        return None


def known_in(top: Block, problems: Problems) -> Known:
    """Collect all ids; those defined twice are reported where they stand the second time."""
    ids: dict[str, dict[str, int]] = {section: {} for section in SECTIONS}
    for section, block in _items(top):
        taken = not _define(ids, section, block, block.get("id"), problems)
        inline = block.get("metric")
        if section in ("key_results", "kpis") and isinstance(inline, Block) and not (taken and "id" not in inline):
            _define(ids, "metrics", inline, inline.get("id") or block.get("id"), problems)
    return Known(ids, problems)


def _define(ids: dict[str, dict[str, int]], section: str, block: Block, name: object, problems: Problems) -> bool:
    """False if the id is taken by another."""
    if not isinstance(name, str) or not name:
        return True
    rivals = ONE_NAMESPACE if section in ONE_NAMESPACE else (section,)
    for rival in rivals:
        if name in ids[rival]:
            problems.add(
                block.line_of("id"),
                block.path("id"),
                f'the id "{name}" is taken by {rival} on line {ids[rival][name]}; give each its own.',
            )
            return False
    ids[section][name] = block.line_of("id")
    return True


def _items(top: Block) -> Iterator[tuple[str, Block]]:
    for section in SECTIONS:
        for block in blocks(top.get(section)):
            yield section, block
            if section == "objectives":
                yield from (("key_results", inner) for inner in blocks(block.get("key_results")))


def blocks(value: object) -> list[Block]:
    """The mappings of a list; nothing for anything else."""
    return [item for item in value if isinstance(item, Block)] if isinstance(value, Rows) else []
