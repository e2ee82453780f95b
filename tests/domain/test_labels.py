"""Labels by which people's reports and searches find our pages."""

import re

from app.domain.facts import PageDefinition
from app.domain.labels import fitting, labels
from app.domain.model import Text


def test_a_page_has_the_labels_of_its_kind_and_its_cycle() -> None:
    page = PageDefinition("red", "team", Text("Red"), "red", "2026-Q4")
    assert labels(page) == ("plainsight", "okr", "okr-team", "okr-2026-q4")
    assert labels(PageDefinition("board", "kpi_board", Text("KPIs"))) == ("plainsight", "okr", "okr-kpi-board")


def test_no_label_has_a_sign_that_confluence_refuses() -> None:
    """Source: Confluence's documentation of labels names the signs."""
    hostile = "Q4 2026: (Sales) & [Ops]!#^*?@<>;,./\\'\"`~{}|=+% 하반기"
    assert re.fullmatch(r"[\w-]+", fitting(hostile))
    assert "하반기" in fitting(hostile)
    assert len(fitting("x" * 999)) == 255
