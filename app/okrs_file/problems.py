"""What is wrong with a file, gathered so that everything is reported at once."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field

from app.errors import Invalid


@dataclass(frozen=True)
class Problem:
    """One thing to mend: `line` counts from 1, `where` is e.g. `key_results[KR-2].owner` (empty: the whole file)."""

    line: int
    where: str
    message: str


@dataclass
class Problems:
    """The problems found in one file so far; `name` is how the file is called in messages."""

    name: str
    found: list[Problem] = field(default_factory=list)

    def add(self, line: int, where: str, message: str) -> None:
        problem = Problem(line, where, message)
        if problem not in self.found:
            self.found.append(problem)

    def refuse_if_any(self) -> None:
        """Raise Invalid with one line for each problem, in the order of the file; nothing if there is none."""
        if not self.found:
            return
        ordered = sorted(self.found, key=lambda problem: problem.line)
        lines = [f"{self.name}:{p.line}: {p.where + ': ' if p.where else ''}{p.message}" for p in ordered]
        raise Invalid("\n".join(lines))


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean "x"?` if a known word is near, else what there is to choose from (at most twelve)."""
    names = list(dict.fromkeys(known))
    lowered = {name.lower(): name for name in names}
    close = difflib.get_close_matches(word.lower(), list(lowered), n=1, cutoff=0.6)
    if close:
        return f' Did you mean "{lowered[close[0]]}"?'
    if not names:
        return ""
    return f" Known: {', '.join(names[:12])}{', …' if len(names) > 12 else ''}."
