"""Whole pages against golden files; `UPDATE_GOLDEN=1 pytest tests/render` writes them anew, to be read before use."""

import dataclasses
import os
from pathlib import Path

import pytest

from app.domain.storage import check
from app.render import render
from tests.render import sample, sync_sample, tree_sample

FOLDER = Path(__file__).parent.parent / "golden" / "render"
REPORTS = {
    "team": sample.team_report(),
    "index": sample.index_report(),
    "stale": dataclasses.replace(sample.index_report(), trust=sample.trust(stale=True)),
    "kpi_board": sample.board_report(),
    **tree_sample.REPORTS,
    "sync_health": sync_sample.report(),
    "sync_health_well": sync_sample.report(sync_sample.WELL),
}


@pytest.mark.parametrize("languages", ["ko", "en", "ko,en"])
@pytest.mark.parametrize("name", REPORTS)
def test_a_page_equals_its_golden_file(name: str, languages: str) -> None:
    rendered = render(REPORTS[name], languages.split(","))
    check(rendered.body)
    written = f"<!-- {rendered.title} -->\n{rendered.body}"
    path = FOLDER / f"{name}.{languages.replace(',', '-')}.xml"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(written, encoding="utf-8")
    assert written == path.read_text(encoding="utf-8")
