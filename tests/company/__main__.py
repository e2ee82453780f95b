"""Takes pictures of a company's pages: `python -m tests.company FOLDER [--company large] [--languages ko]`.

`make images` makes those in docs/images with it: `--docs`.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from connectors.sandbox.confluence.core.pages import pages_in
from connectors.sandbox.confluence.core.spaces import space_by_key
from connectors.sandbox.confluence.ui.view import page_url
from tests.company.definitions import LARGE, SMALL
from tests.company.place import Place, published

SIZES = {"small": SMALL, "large": LARGE}
WIDTHS = {"desktop": (1280, 900), "phone": (390, 844)}


def addresses(place: Place) -> dict[str, str]:
    """Where each page is read, by its title."""
    space = space_by_key(place.site, "OKR")
    assert space
    pages = pages_in(place.site, space["id"], frozenset({"current"}))
    return {page["title"]: place.url + page_url(place.site, page) for page in pages}


def take(browser: Browser, url: str, path: Path, width: str, height: int = 0) -> None:
    """The page down to a height, in pixels; 0: the whole of it."""
    size = WIDTHS[width]
    context = browser.new_context(viewport={"width": size[0], "height": height or size[1]})
    page = context.new_page()
    page.goto(url)
    page.evaluate("document.querySelectorAll('img').forEach(one => { one.loading = 'eager' })")
    page.wait_for_load_state("networkidle")
    page.screenshot(path=path, full_page=not height)
    context.close()


DOCS = (
    ("page", "전사 / Company", "desktop", 1460),
    ("page-phone", "전사 / Company", "phone", 1460),
    ("cycle", "2026-Q4", "desktop", 1460),
)
"""What docs/images has: the file, the end of the page's title, the width, how much of the height."""


def take_for_docs(browser: Browser, place: Place, folder: Path) -> None:
    for name, ending, width, height in DOCS:
        url = next(url for title, url in addresses(place).items() if title.endswith(ending))
        path = folder / f"{name}.png"
        take(browser, url, path, width, height)
        with Image.open(path) as picture:
            picture.convert("RGB").quantize(96).save(path, optimize=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--company", choices=SIZES, default="small")
    parser.add_argument("--languages", default="ko,en")
    parser.add_argument("--docs", action="store_true", help="those of docs/images")
    parser.add_argument("--only", default="", help="pages whose titles have this in them")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        published(SIZES[given.company], Path(folder), given.languages) as place,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        if given.docs:
            take_for_docs(browser, place, given.folder)
        for title, url in ({} if given.docs else addresses(place)).items():
            if given.only in title:
                for width in WIDTHS:
                    name = "".join(one if one.isalnum() else "-" for one in title)
                    take(browser, url, given.folder / f"{name}.{given.languages}.{width}.png", width)
        browser.close()


if __name__ == "__main__":
    main()
