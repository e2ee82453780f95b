"""A page read as its reader does: by rows and headings, list items, words."""

from dataclasses import dataclass

from lxml import etree

from app.domain import storage


@dataclass(frozen=True)
class Shown:
    """A page as Confluence has it now."""

    id: str
    title: str
    version: int
    message: str
    body: str

    @property
    def root(self) -> etree._Element:
        return storage.parse(self.body)

    @property
    def words(self) -> str:
        return " ".join(" ".join(map(str, self.root.itertext())).split())

    def cell(self, title: str, heading: str) -> str:
        """Out of the first table row whose first or second cell begins with this title: what stands beneath the
        heading."""
        for table in self.root.iter("table"):
            head, *rows = ([text_of(cell) for cell in row] for row in table.iter("tr"))
            for row in rows:
                if any(one.startswith(title) for one in row[:2]) and heading in head:
                    return row[head.index(heading)]
        raise AssertionError(f"no row {title!r} with a {heading!r} on {self.title}")

    def table(self, heading: str) -> list[list[str]]:
        """The rows of the first table whose first column has this heading."""
        for table in self.root.iter("table"):
            head, *rows = ([text_of(cell) for cell in row] for row in table.iter("tr"))
            if head and head[0] == heading:
                return rows
        raise AssertionError(f"no table {heading!r} on {self.title}")

    def items(self) -> list[list[str]]:
        """The items of all lists; of each the sentences that stand below each other, one for each language."""
        return [_stacked(item) for item in self.root.iter("li")]

    def cells(self) -> list[str]:
        """The untouched text of all cells."""
        return ["".join(map(str, cell.itertext())) for cell in self.root.iter("td")]

    def macros(self) -> list[str]:
        return [str(macro.get(storage.NAME)) for macro in self.root.iter(storage.MACRO)]


def _stacked(item: etree._Element) -> list[str]:
    parts = [""]
    for element in item.iter():
        if element.tag == "br":
            parts.append("")
        parts[-1] += element.text or ""
        if element is not item:
            parts[-1] += element.tail or ""
    return [" ".join(part.split()) for part in parts]


def text_of(element: etree._Element) -> str:
    return " ".join("".join(map(str, element.itertext())).split())
