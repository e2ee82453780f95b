"""How long a page takes to render: a team's, 20 key results with all expanders, each report for the first time.

Words, heads of tables and numbers may have been said on other pages before; nothing of a page itself.
"""

import math
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import _lru_cache_wrapper
from pathlib import Path

from app import formats
from app import render as rendering
from app.domain.page_kinds import PAGE_KINDS, sections_of
from app.domain.views import Report
from app.services.prepare import look, prepare
from tests.company.definitions import Size
from tests.company.place import prepared

TEAMS, WARM, ROUNDS = 12, 3, 10
PICTURES = {"trend", "kpi_history"}
CACHED = [one for one in (*vars(formats).values(), rendering._vocabulary) if isinstance(one, _lru_cache_wrapper)]


def bench_render() -> Iterator[tuple[str, float]]:
    with tempfile.TemporaryDirectory() as folder, prepared(Size(TEAMS, 3 + 5 * TEAMS, issues=8), Path(folder)) as place:
        facts, moment = look(place.world)
        pages = [page for page in facts.pages.values() if page.kind == "team"]
        reports = [plain(prepare(place.world, facts, moment, page).report) for page in pages]
    assert {sum(len(one.key_results) for one in report.objectives) for report in reports} == {20}
    for languages in (("ko",), ("en",), ("ko", "en")):
        took = sorted(cold(reports, languages))
        name = f"render a page of 20 key results, {'+'.join(languages)}"
        yield f"{name}, median", statistics.median(took)
        yield f"{name}, p95", took[math.ceil(len(took) * 0.95) - 1]


def plain(report: Report) -> Report:
    """Without pictures: they are timed apart."""
    kept = [section for section in PAGE_KINDS[report.kind].sections if section not in PICTURES]
    assert set(sections_of(report.kind, kept)).isdisjoint(PICTURES)
    return replace(report, sections=tuple(kept))


def cold(reports: list[Report], languages: tuple[str, ...]) -> Iterator[float]:
    for number in range(ROUNDS):
        for cache in CACHED:
            cache.cache_clear()
        turned = reports[number:] + reports[:number]
        for report in turned[:WARM]:
            rendering.render(report, languages)
        for report in turned[WARM:]:
            begun = time.perf_counter()
            rendered = rendering.render(report, languages)
            yield time.perf_counter() - begun
            assert rendered.body.count('ac:name="expand"') >= 20
