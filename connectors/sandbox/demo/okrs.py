"""Writes the demo's okrs.yaml for the day it is started: the cycle that is running then, with the weeks before it."""

from datetime import date, timedelta
from pathlib import Path

from connectors.sandbox.demo import history

TEMPLATE = Path(__file__).with_name("okrs.yaml")
# What stands in the template, which is itself a good file.
CYCLE, FIRST_DAY, LAST_DAY = "2026-Q4", "2026-10-01", "2026-12-31"


def cycle_of(today: date) -> tuple[str, date, date]:
    """Id, first and last day of the demo's cycle: three whole months of which the last is running.

    In the last month of a quarter that is the quarter. On other days it is shifted, as a company may whose fiscal year
    starts in another month; a demo without two months behind it would have little to show.
    """
    first = history.month_back(today, 2)
    last = history.month_back(today, -1) - timedelta(days=1)
    return f"{today.year}-Q{(today.month + 2) // 3}", first, last


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
    name, first, last = cycle_of(today)
    text = TEMPLATE.read_text(encoding="utf-8")
    for old, new in ((CYCLE, name), (FIRST_DAY, first.isoformat()), (LAST_DAY, last.isoformat())):
        text = text.replace(old, new)
    return text + _measurements(today, first) + _check_ins(today)


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
