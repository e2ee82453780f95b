"""A report as a Confluence page: storage format in one or more languages, the same bytes for the same report.

A section is a file in templates/confluence/sections/; which ones a page has, app/domain/page_kinds.py says.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import Namespace

from app import formats
from app.domain.lines import N_, Line, Quantity
from app.domain.model import WORST_FIRST
from app.domain.notes import NOTES_BEGIN, NOTES_END
from app.domain.page_kinds import PAGE_KINDS, sections_of
from app.domain.picks import by_corridor, by_health, by_team, orphans, roles, worst
from app.domain.pictures import pictures_of
from app.domain.publishing import Rendered
from app.domain.sync_health.findings import SAYS
from app.domain.views import Report
from app.errors import Invalid
from app.markup import PIECES, Code, is_web_address, stacked, table
from app.rows import Rows
from app.voice import Voice, say

TEMPLATES = Path(__file__).parent.parent / "templates" / "confluence"
TITLE_LIMIT = 255
TREND_WEEKS = 8
TREND_PERIODS = 12
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROLS = bytes(code for code in range(0x20) if code not in b"\t\n\r")


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
    pictures = pictures_of(report, sections, voice)
    body = page.render(
        _vocabulary(voice),
        report=report,
        links=links or {},
        sections=sections,
        health=report.sync_health,
        pictures=pictures,
    )
    return replace(_sealed(voice.text(report.title), body), pictures=tuple(pictures.values()))


def render_line(line: Line, language: str, time_zone: str = "UTC") -> str:
    """One sentence as plain text, in the words of the page."""
    return say(line, language, time_zone)


def _known(kind: str) -> str:
    if kind not in PAGE_KINDS:
        raise Invalid(f"There is no page kind {kind!r}: choose from {', '.join(PAGE_KINDS)}.")
    return kind


def _sealed(title: str, body: str) -> Rendered:
    title = as_title(_allowed(title)[0])
    body, written = _allowed(body)
    return Rendered(title, body, sha256(f"{title}\n".encode() + written).hexdigest())


def as_title(words: str) -> str:
    """As a page may be called: one line of at most 255 characters."""
    return " ".join(words.split())[:TITLE_LIMIT]


def _allowed(text: str) -> tuple[str, bytes]:
    """Without what XML 1.0 forbids, and the same in UTF-8. Few texts have any of that, and that much is soon seen."""
    with suppress(UnicodeEncodeError):  # a surrogate without its other half
        written = text.encode()
        if len(written) == len(written.translate(None, _CONTROLS)) and "\ufffe" not in text and "\uffff" not in text:
            return text, written
    text = _NOT_IN_XML.sub("", text)
    return text, text.encode()


class _Environment(Environment):
    """Jinja with the short ways of app/markup.py."""

    code_generator_class = Code


@cache
def environment() -> Environment:
    """Compiled once per process. Every value is escaped, and a name that the report does not have is an error."""
    made = _Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.tests["web_address"] = is_web_address
    made.globals.clear()  # an include goes through them all, twice; what templates may call is in the vocabulary
    return made


REMEMBERED = ("text", "day", "brief_day", "moment", "number", "question", "evidence", "contents")


@lru_cache(maxsize=64)
def _vocabulary(voice: Voice) -> dict[str, object]:
    """What templates may call, made once per voice: its methods, and the macros that speak with it as `m`.

    What is said over and over with the same words (lozenges, heads of tables, codes, names) is made once.
    """
    names = (
        *("lines", "label", "term", "texts", "why"),
        *("quantities", "short_quantities", "spans", "changes", "counted", "score"),
    )
    words: dict[str, Any] = dict(GIVEN) | {name: getattr(voice, name) for name in names}
    words |= {name: lru_cache(maxsize=2048)(getattr(voice, name)) for name in REMEMBERED}
    words |= {
        "_": _once(voice.gettext),
        "each": _once(voice.each),
        "word": cache(voice.word),
        "stacked": stacked,
        "table": table,
    }
    macros: Any = environment().get_template("macros.xml.j2").make_module(words | PIECES)
    once = {name: lru_cache(maxsize=256)(getattr(macros, name)) for name in ("lozenge", "head", "score_bar", "state")}
    words |= {name: once[name] for name in ("lozenge", "head", "score_bar")}
    words["rows"] = Rows(voice, **{name: (words | once)[name] for name in Rows.REMEMBERED})
    return words | {"m": SimpleNamespace(**vars(macros) | PIECES | once)}


def _once(say: Callable[..., Any]) -> Callable[..., Any]:
    """What has no values in it, or plain ones, is said once."""
    said = lru_cache(maxsize=4096)(lambda message, *values: say(message, **dict(values)))

    def phrase(message: str, **values: object) -> Any:
        plain = all(type(value) in (int, str) for value in values.values())
        return said(message, *values.items()) if plain else say(message, **values)

    return phrase


GIVEN: Mapping[str, object] = {
    "range": range,
    "namespace": Namespace,
    "bar": formats.bar,
    "sparkline": formats.sparkline,
    "unknown": formats.UNKNOWN,
    "worst_first": WORST_FIRST,
    "WEEKS": TREND_WEEKS,
    "PERIODS": TREND_PERIODS,
    "Quantity": Quantity,
    "N_": N_,
    "as_title": as_title,
    "roles": roles,
    "by_health": by_health,
    "worst": worst,
    "by_team": by_team,
    "by_corridor": by_corridor,
    "orphans": orphans,
    "NOTES_BEGIN": NOTES_BEGIN,
    "NOTES_END": NOTES_END,
    "FINDINGS": SAYS,
}
"""What templates may call or name whatever the language."""
