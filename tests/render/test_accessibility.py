"""axe-core looks at a page of every kind as the sandbox shows it, on a desk and on a phone: nothing serious."""

import shutil
from collections.abc import Iterator
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from app.domain.page_kinds import PAGE_KINDS
from app.render import render
from connectors.sandbox.confluence import add_space
from connectors.sandbox.confluence.people import add_page, attach_file, comment_footer
from connectors.sandbox.confluence.ui.view import page_url
from connectors.sandbox.run import running
from connectors.sandbox.site import Site
from tests.render.filled import Filler

CHROMIUM = shutil.which("chromium")
AXE = Path(__file__).parent.parent / "axe" / "axe.min.js"
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63fcffff3f030005fe02fea7"
    "9b2b9d0000000049454e44ae426082"
)
WIDTHS = {"desktop": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine")


@pytest.fixture(scope="module")
def addresses() -> Iterator[dict[str, str]]:
    """Where a page of each kind is read that has everything a page may have."""
    site = Site()
    space = add_space(site, "OKR", "OKR")
    with running(site) as url:
        yield {kind: url + page_url(site, published(site, space["id"], kind)) for kind in PAGE_KINDS}


def published(site: Site, space_id: str, kind: str) -> dict[str, object]:
    numbers = count(1)
    rendered = render(Filler(lambda: f"word {next(numbers)}").report(kind), ("ko", "en"))
    page = add_page(site, space_id, kind, rendered.body)
    for picture in rendered.pictures:
        attach_file(site, page["id"], picture.name, DOT)
    comment_footer(site, page["id"], "<p>Well done</p>")
    return page


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium.new_context().new_page()
        chromium.close()


@cache
def axe() -> str:
    return AXE.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", PAGE_KINDS)
def test_axe_finds_nothing_serious(addresses: dict[str, str], browser: Page, kind: str, width: str) -> None:
    browser.set_viewport_size(WIDTHS[width])
    browser.goto(addresses[kind])
    browser.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    browser.evaluate(axe())
    found = browser.evaluate("axe.run(document, {resultTypes: ['violations']})")
    assert found["testEngine"]["version"] == "4.14.1"
    assert found["url"] == browser.url
    grave = [
        f"{one['impact']} {one['id']}: {one['help']}: {node['html'][:200]} {node['failureSummary'][:200]}"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]
    assert grave == []
