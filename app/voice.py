"""The languages of one page speaking as one: labels joined by ` · `, longer texts by ` / `, equal words said once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from types import NoneType
from typing import Any

from app import formats
from app.catalogues import catalogue, translate
from app.domain.lines import N_, Line, Quantity
from app.domain.model import Health, Text

HEALTH_WORDS = {
    Health.OFF_TRACK: N_("off track"),
    Health.AT_RISK: N_("at risk"),
    Health.OUTDATED: N_("outdated"),
    Health.PENDING: N_("pending"),
    Health.ON_TRACK: N_("on track"),
    Health.DONE: N_("done"),
}
CORRIDOR_WORDS = {
    "healthy": N_("healthy"),
    "watch": N_("watch"),
    "unhealthy": N_("unhealthy"),
    "unknown": N_("no value"),
    "confidential": N_("confidential"),
}
KIND_WORDS = {
    "aspirational": N_("aspirational"),
    "committed": N_("committed"),
}
ROLLUP_WORDS = {
    "weighted_mean": N_("weighted mean"),
    "mean": N_("plain mean"),
    "weakest": N_("weakest key result"),
}
PERIOD_WORDS = {"week": N_("weekly"), "month": N_("monthly"), "quarter": N_("quarterly")}
MODE_WORDS = {"evidence": N_("evidence"), "contributing": N_("contributing")}
SYNC_WORDS = {
    "in_sync": N_("in sync"),
    "out_of_sync": N_("out of sync"),
    "unread": N_("not read yet"),
    "arriving": N_("arriving"),
    "refused": N_("refused"),
    "stuck": N_("stuck"),
    "none_yet": N_("none yet"),
    "no_secret": N_("not set up"),
    "failed": N_("failed"),
    "conflict": N_("conflict"),
    "lost": N_("lost"),
    "strayed": N_("changed"),
    "incomplete": N_("incomplete"),
}
BAND_WORDS = {
    "green": N_("achieved"),
    "amber": N_("partial"),
    "red": N_("missed"),
    "unmeasured": N_("unmeasured"),
}
WORDS = {
    "private": N_("private"),
    **BAND_WORDS,
    **CORRIDOR_WORDS,
    **SYNC_WORDS,
    **KIND_WORDS,
    **ROLLUP_WORDS,
    **PERIOD_WORDS,
    **MODE_WORDS,
    **{str(health): words for health, words in HEALTH_WORDS.items()},
}


def say_value(value: object, language: str, time_zone: str) -> str:
    """A value of a `Line` as the language writes it; a zone is needed for times of day alone."""
    return SAYS.get(type(value), _say_by_base)(value, language, time_zone)


def _say_by_base(value: object, language: str, time_zone: str) -> str:
    words = next((SAYS[kind] for kind in type(value).__mro__ if kind in SAYS), None)
    if words is None:
        raise TypeError(f"A line cannot say {value!r}: give {', '.join(kind.__name__ for kind in SAYS)}.")
    return words(value, language, time_zone)


SAYS: Mapping[type, Callable[[Any, str, str], str]] = {
    str: lambda value, language, zone: str(value),
    NoneType: lambda value, language, zone: formats.UNKNOWN,
    Health: lambda value, language, zone: translate(HEALTH_WORDS[value], language),
    Text: lambda value, language, zone: value.in_language(language),
    Line: lambda value, language, zone: say(value, language, zone),
    Quantity: lambda value, language, zone: formats.quantity(value.value, value.unit, language),
    datetime: lambda value, language, zone: formats.moment(value, zone, language),
    date: lambda value, language, zone: formats.day(value, language),
    **dict.fromkeys((int, Decimal, Fraction), lambda value, language, zone: formats.number(value, language)),
}
"""How a value of each type is said; a subclass as its base is."""


def say(line: Line, language: str, time_zone: str) -> str:
    """The sentence in the language with its values put in."""
    words = catalogue(language).get(line.message, line.message)
    if not line.values:
        return words
    said = {
        name: SAYS.get(type(value), _say_by_base)(value, language, time_zone) for name, value in line.values.items()
    }
    return words.format_map(said)


@dataclass(frozen=True)
class Voice:
    """What templates call. Made of languages (the first one leads) and the time zone of the page."""

    languages: tuple[str, ...]
    time_zone: str

    def __post_init__(self) -> None:
        for language in self.languages:
            catalogue(language)

    def each(self, message: str, **values: object) -> list[str]:
        """The sentence once per language, for texts that stand below each other."""
        return self.lines(Line(message, values))

    def lines(self, line: Line) -> list[str]:
        """The same of a sentence that was made elsewhere."""
        first, *others = self.languages
        said = [say(line, first, self.time_zone)]
        for language in others:
            words = say(line, language, self.time_zone)
            if words not in said:
                said.append(words)
        return said

    def label(self, line: Line) -> str:
        return " · ".join(self.lines(line))

    def gettext(self, message: str, **values: object) -> str:
        """What templates call as `_`."""
        return self.label(Line(message, values))

    def word(self, code: str) -> str:
        """A code of the domain (a health, a period, a mode …) in words; one that has none stays as it is."""
        return self.gettext(WORDS.get(code, code))

    def term(self, code: str, **values: object) -> Line:
        """The same as a value of a sentence."""
        return Line(WORDS.get(code, code), values)

    def why(self, value: Decimal | None) -> Line:
        """The question that an explanation answers."""
        return (
            Line(N_("Why {score}?"), {"score": self.score(value)}) if value is not None else Line(N_("Why no score?"))
        )

    def question(self, score: Decimal | None) -> str:
        return self.label(self.why(score))

    def evidence(self, done: int, total: int) -> str:
        return self.label(Line(N_("Evidence {done}/{total}"), {"done": done, "total": total}))

    def contents(self, score: Decimal | None, evidence: tuple[int, int] | None, check_ins: bool) -> str:
        """What is behind a key result: `Why 0.6? Evidence 3/5, Check-ins`."""

        def said(voice: Voice) -> str:
            parts = [voice.evidence(*evidence)] if evidence else []
            parts += [voice.gettext(N_("Check-ins"))] if check_ins else []
            return " ".join(filter(None, [voice.question(score), ", ".join(parts)]))

        return " · ".join(self._distinct(lambda language: said(Voice((language,), self.time_zone))))

    def texts(self, text: Text) -> list[str]:
        return list(dict.fromkeys([text.in_language(language) for language in self.languages]))

    def text(self, text: Text) -> str:
        """In all languages; parts that they share at the start are said once: `2026-Q4 · 영업 / Sales`."""
        first, *others = self.texts(text)
        return " / ".join([first, *(_without_shared_parts(other, first) for other in others)])

    def quantities(self, value: formats.Number | None, unit: str) -> list[str]:
        """A number with its unit, once per language that writes it differently."""
        return list(dict.fromkeys([_quantity(value, unit, language) for language in self.languages]))

    def briefly(self, value: formats.Number, unit: str) -> str:
        """A number with its unit in the leading language, large ones in short, where there is no room for more."""
        return formats.brief(value, unit, self.languages[0])

    def short_quantities(self, value: formats.Number | None, unit: str) -> list[str]:
        """As `quantities`, for the cells of a table: from a million on in short."""
        return list(dict.fromkeys([_short(value, unit, language) for language in self.languages]))

    def spans(self, start: formats.Number | None, target: formats.Number | None, unit: str) -> list[str]:
        """From where to where, in short: `20일 → 17일`, `20 days → 17 days`; without a start the target alone."""
        if start is None:
            return self.short_quantities(target, unit)
        spans = [f"{_short(start, unit, each)} → {_short(target, unit, each)}" for each in self.languages]
        return list(dict.fromkeys(spans))

    def changes(self, now: Decimal | None, before: Decimal | None, unit: str) -> list[str]:
        """`now` against `before`, with its sign; unknown where one of them is."""
        difference = None if now is None or before is None else now - before
        return self._distinct(lambda language: formats.change(difference, unit, language))

    def number(self, value: formats.Number | None) -> str:
        return _quantity(value, "", self.languages[0])

    def score(self, value: Decimal | Fraction | None) -> str:
        return formats.score(value, self.languages[0])

    def day(self, value: date | datetime | None) -> str:
        """A date; on a page in several languages once, in the form that all of them read."""
        if value is None:
            return formats.UNKNOWN
        plain = formats.local_day(value, self.time_zone)
        return formats.day(plain, self.languages[0]) if len(self.languages) == 1 else plain.isoformat()

    def brief_day(self, value: date | datetime | None, today: datetime | None) -> str:
        """A date without its year, unless that is another one than the year of `today`."""
        if value is None or today is None:
            return self.day(value)
        plain, present = (formats.local_day(each, self.time_zone) for each in (value, today))
        if plain.year != present.year:
            return self.day(plain)
        if len(self.languages) > 1:
            return f"{plain:%m/%d}"
        return formats.day_of_year(plain, self.languages[0])

    def moment(self, value: datetime) -> str:
        if len(self.languages) == 1:
            return formats.moment(value, self.time_zone, self.languages[0])
        return formats.iso_moment(value, self.time_zone)

    def counted(self, kind: str, counts: Sequence[tuple[str, int]], words: Mapping[str, str]) -> list[str]:
        """What a kind of run counted, in one sentence: `issues found 3, pages updated 1`. The messages by name, or by
        `kind.name` where a name means something else elsewhere."""

        def line(name: str, count: int) -> Line:
            message = words.get(f"{kind}.{name}") or words.get(name, "{name} {count}")
            return Line(message, {"name": name, "count": count})

        def said(language: str) -> str:
            return ", ".join(say(line(name, count), language, self.time_zone) for name, count in counts)

        return self._distinct(said)

    def _distinct(self, words: Callable[[str], str]) -> list[str]:
        return list(dict.fromkeys([words(language) for language in self.languages]))


def _without_shared_parts(words: str, first: str) -> str:
    """Parts end at ` · `; the last one is always kept."""
    parts, leading = words.split(" · "), first.split(" · ")
    while len(parts) > 1 and len(leading) > 1 and parts[0] == leading[0]:
        parts, leading = parts[1:], leading[1:]
    return " · ".join(parts)


def _short(value: formats.Number | None, unit: str, language: str) -> str:
    return formats.UNKNOWN if value is None else formats.brief(value, unit, language, 1_000_000, 2)


def _quantity(value: formats.Number | None, unit: str, language: str) -> str:
    return formats.UNKNOWN if value is None else formats.quantity(value, unit, language)
