"""Writes the demo's okrs.yaml for the day it is started: the cycle that is running then, with the weeks before it."""

import re
from datetime import date, timedelta
from pathlib import Path

from connectors.sandbox.demo import history

TEMPLATE = Path(__file__).with_name("okrs.yaml")
# Cycles of the template, which is itself a good file, by how many months after the running one they start.
CYCLES = {
    -3: ("2026-Q3", "2026-07-01", "2026-09-30"),
    0: ("2026-Q4", "2026-10-01", "2026-12-31"),
    3: ("2027-Q1", "2027-01-01", "2027-03-31"),
}


def cycle_of(today: date, months: int = 0) -> tuple[str, date, date]:
    """Id, first and last day of the demo's cycle: three whole months of which the last is running; or of one that
    starts so many months later.

    In the last month of a quarter that is the quarter. On other days it is shifted, as a company may whose fiscal year
    starts in another month; a demo without two months behind it would have little to show.
    """
    first = history.month_back(today, 2 - months)
    last = history.month_back(today, -1 - months) - timedelta(days=1)
    return f"{last.year}-Q{(last.month + 2) // 3}", first, last


def write_okrs(folder: Path, today: date) -> Path:
    """Write `okrs.yaml` into the folder and return its path; a file that is there already is left as it is."""
    path = folder / "okrs.yaml"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        written = path.with_suffix(".new")
        written.write_text(okrs_text(today), encoding="utf-8")
        written.replace(path)
    return path


def okrs_text(today: date) -> str:
    """The file as it is written on a day."""
    words = {
        old: str(new)
        for months, cycle in CYCLES.items()
        for old, new in zip(cycle, cycle_of(today, months), strict=True)
    }
    text = re.sub("|".join(words), lambda found: words[found[0]], TEMPLATE.read_text(encoding="utf-8"))
    return text + _measurements(today, cycle_of(today)[1]) + _check_ins(today)


def _measurements(today: date, first: date) -> str:
    rows = [
        f"  - {{metric: {value.metric}, at: {value.at:%Y-%m-%dT%H:%M}+09:00, value: {value.value}"
        + (f", by: {value.by}}}" if value.by else "}")
        for value in history.values(today, first)
    ]
    return "\n# The past, so that there are trends to see.\nmeasurements:\n" + "\n".join(rows) + "\n"


def _check_ins(today: date) -> str:
    rows = []
    for said in history.check_ins(today):
        rows.append(f"  - key_result: {said.key_result}")
        rows.append(f"    at: {said.at:%Y-%m-%dT%H:%M}+09:00")
        rows.append(f"    confidence: {said.confidence}")
        rows.append(f"    note: {said.note}")
        if said.blockers:
            rows.append(f"    blockers: {said.blockers}")
    return "\ncheck_ins:\n" + "\n".join(rows) + "\n"
