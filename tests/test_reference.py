"""The generated pages of docs/ say what the code does."""

from pathlib import Path

import pytest

from app import jobs, reference
from app.errors import Invalid
from app.services.sources import SOURCES
from app.settings import Settings

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_generated_page_is_as_the_code_says(name: str) -> None:
    committed = (DOCS / name).read_text(encoding="utf-8")
    assert committed == reference.PAGES[name](), "run `make docs`"


def test_every_job_is_described_and_something_wakes_it() -> None:
    struck = dict(jobs.strikes(Settings.model_construct()))
    assert reference.JOBS_DO.keys() == jobs.JOBS.keys()
    assert struck.keys() | reference.JOBS_RUN.keys() == jobs.JOBS.keys()


def test_every_source_is_described_with_just_the_parameters_that_it_takes() -> None:
    assert reference.SOURCES_DO.keys() == SOURCES.keys()
    for source in SOURCES.values():
        with pytest.raises(Invalid) as refused:
            source.parse({"nonsense": 1})
        named = ", ".join(one.name for one in source.takes) or "none"
        assert refused.value.message.endswith(f"it has {named}.")


def test_writing_fills_a_folder(tmp_path: Path) -> None:
    reference.write(tmp_path)
    assert {page.name for page in tmp_path.iterdir()} == set(reference.PAGES)
