"""Pictures of a page as values, chosen from its report and said in its languages; app/pictures draws them.

A new picture is a module here, an entry in `PICTURES`, and a section of the same name in templates/confluence/sections.
"""

from collections.abc import Callable, Mapping, Sequence

from app.domain.picture import Picture, Words
from app.domain.pictures import kpi_history, trend
from app.domain.views import Report

PICTURES: Mapping[str, Callable[[Report, Words], Picture | None]] = {
    "trend": trend.picture,
    "kpi_history": kpi_history.picture,
}
"""By the section that shows it. None: there is nothing to be drawn."""


def pictures_of(report: Report, sections: Sequence[str], words: Words) -> dict[str, Picture]:
    """By the sections that show them; none on a page that does without pictures."""
    drawn = {name: PICTURES[name](report, words) for name in sections if report.pictured and name in PICTURES}
    return {name: picture for name, picture in drawn.items() if picture}
