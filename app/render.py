"""A report as a Confluence page: storage format in one or more languages, the same bytes for the same report.

A section is a file in templates/confluence/sections/; which ones a page has, app/domain/page_kinds.py says.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from app import formats
from app.domain.lines import N_, Line, Quantity
from app.domain.model import WORST_FIRST
from app.domain.notes import NOTES_BEGIN, NOTES_END
from app.domain.page_kinds import PAGE_KINDS, sections_of
from app.domain.publishing import Rendered
from app.domain.views import KpiView, ObjectiveView, Report
from app.errors import Invalid
from app.voice import Voice, say

TEMPLATES = Path(__file__).parent.parent / "templates" / "confluence"
TITLE_LIMIT = 255
TREND_WEEKS = 8
TREND_PERIODS = 12
CORRIDORS_WORST_FIRST = ("unhealthy", "watch", "unknown", "healthy")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, languages: Sequence[str], links: Mapping[str, str] | None = None) -> Rendered:
    """The page in the languages, the first one leading.

    `links` maps page ids of ours to addresses in the wiki. A page that is not in it is linked by its title where the
    report knows that. Raises `Invalid` for a language without a catalogue and for a page kind without a template.
    """
    if not languages:
        raise Invalid("A page needs a language: name at least one, for example `ko` or `ko,en`.")
    sections = sections_of(_known(report.kind), report.sections)
    voice = Voice(tuple(languages), report.trust.time_zone)
    page = environment().get_template("page.xml.j2")
    body = page.render(
        _vocabulary(voice), report=report, links=links or {}, sections=sections, health=report.sync_health
    )
    return _sealed(voice.text(report.title), body)


def render_line(line: Line, language: str, time_zone: str = "UTC") -> str:
    """One sentence as plain text, in the words of the page."""
    return say(line, language, time_zone)


def _known(kind: str) -> str:
    if kind not in PAGE_KINDS:
        raise Invalid(f"There is no page kind {kind!r}: choose from {', '.join(PAGE_KINDS)}.")
    return kind


def _sealed(title: str, body: str) -> Rendered:
    title = " ".join(_NOT_IN_XML.sub("", title).split())[:TITLE_LIMIT]
    body = _NOT_IN_XML.sub("", body)
    return Rendered(title, body, sha256(f"{title}\n{body}".encode()).hexdigest())


@cache
def environment() -> Environment:
    """Compiled once per process. Every value is escaped, and a name that the report does not have is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.tests["web_address"] = is_web_address
    made.globals |= {
        "bar": formats.bar,
        "sparkline": formats.sparkline,
        "unknown": formats.UNKNOWN,
        "worst_first": WORST_FIRST,
        "WEEKS": TREND_WEEKS,
        "PERIODS": TREND_PERIODS,
        "Quantity": Quantity,
        "N_": N_,
        "by_team": by_team,
        "by_corridor": by_corridor,
        "orphans": orphans,
        "NOTES_BEGIN": NOTES_BEGIN,
        "NOTES_END": NOTES_END,
    }
    return made


@lru_cache(maxsize=64)
def _vocabulary(voice: Voice) -> dict[str, object]:
    """What templates may call, made once per voice: its methods, and the macros that speak with it as `m`.

    What is said over and over with the same words (lozenges, heads of tables, codes, names) is made once.
    """
    names = (
        *("each", "lines", "label", "word", "term", "text", "texts", "why", "summary"),
        *("quantities", "spans", "changes", "counted", "number", "score"),
        *("day", "brief_day", "moment"),
    )
    words: dict[str, object] = {"_": voice.gettext, **{name: getattr(voice, name) for name in names}}

    def stacked(sentences: Sequence[str]) -> Markup:
        """Sentences below each other, one per language; the first leads."""
        return Markup("<br />").join([escape(sentences[0]), *map(macros.muted, sentences[1:])])

    words |= {"stacked": stacked, "word": cache(voice.word)}
    words |= {name: lru_cache(maxsize=2048)(getattr(voice, name)) for name in ("text", "brief_day")}
    macros: Any = environment().get_template("macros.xml.j2").make_module(words)
    once = {name: lru_cache(maxsize=256)(getattr(macros, name)) for name in ("lozenge", "head", "score_bar")}
    return words | once | {"m": macros}


def is_web_address(url: str | None) -> bool:
    """What may stand in a link; anything else is shown as text."""
    return url is not None and url.startswith(("https://", "http://"))


def by_team(kpis: Sequence[KpiView]) -> list[tuple[object, list[KpiView]]]:
    """The KPIs of each team (in the order of their first one), outside the corridor first."""
    teams: dict[object, list[KpiView]] = {}
    for kpi in kpis:
        teams.setdefault(kpi.team, []).append(kpi)
    return [(team, sorted(mine, key=_corridor_rank)) for team, mine in teams.items()]


def by_corridor(kpis: Sequence[KpiView]) -> list[tuple[str, int]]:
    """How many KPIs stand how, those outside the corridor first; confidential ones are counted apart."""
    stands = Counter("confidential" if kpi.confidential else kpi.corridor for kpi in kpis)
    return [(code, stands[code]) for code in (*CORRIDORS_WORST_FIRST, "confidential") if stands[code]]


def _corridor_rank(kpi: KpiView) -> int:
    """Confidential ones rank as unknown: their place must not give them away."""
    return CORRIDORS_WORST_FIRST.index("unknown" if kpi.confidential else kpi.corridor)


def orphans(objectives: Sequence[ObjectiveView]) -> list[ObjectiveView]:
    """Objectives with nothing above and nothing below them."""
    return [objective for objective in objectives if not objective.supports and not objective.supported_by]
