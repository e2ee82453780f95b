"""The rows of the tables that each key result has, cell by cell: a page has hundreds, and templates are slow at cells.

What a table's columns are called, and where it stands, is in templates/confluence/sections/.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from markupsafe import Markup

from app.domain.lines import N_, Line
from app.domain.views import CheckInView, EvidenceView, InputView, KeyResultView
from app.formats import UNKNOWN, sparkline
from app.markup import BREAK, escaped, link, muted, stacked, strong_stacked, trend
from app.voice import Voice

TREND_WEEKS = 8
Said = Callable[..., str]


@dataclass(frozen=True)
class Rows:
    """What templates call as `rows.…`. `lozenge`, `state` and `score_bar` are macros, the others that are given beside
    the voice are its own; all of them remember what they said."""

    REMEMBERED: ClassVar = ("lozenge", "state", "score_bar", "brief_day", "moment", "number", "text")

    voice: Voice
    lozenge: Said
    state: Said
    score_bar: Said
    brief_day: Said
    moment: Said
    number: Said
    text: Said

    def key_results(self, key_results: Sequence[KeyResultView], today: datetime | None) -> Markup:
        """Key result and owner, status, score with trend, now, from → to, confidence, last check-in, Jira."""
        return rows(self._key_result(one, today) for one in key_results)

    def _key_result(self, kr: KeyResultView, today: datetime | None) -> tuple[str, ...]:
        voice = self.voice
        return (
            below(strong_stacked(voice.texts(kr.title)), self.text(kr.owner)),
            self._status(kr),
            self._score(kr),
            strong_stacked(voice.short_quantities(kr.now, kr.unit)),
            self._aim(kr),
            self._confidence(kr.confidence),
            self.brief_day(kr.last_check_in, today),
            self._issues(kr),
        )

    def _aim(self, kr: KeyResultView) -> str:
        aim = stacked(self.voice.spans(kr.start, kr.target, kr.unit))
        return below(aim, muted(self.voice.word(kr.period))) if kr.period else aim

    def _score(self, kr: KeyResultView) -> str:
        bar = self.score_bar(kr.score)
        return bar if kr.score is None else below(bar, trend(sparkline(kr.trend[-TREND_WEEKS:], 0, 1)))

    def _status(self, kr: KeyResultView) -> str:
        was = self._said(N_("was {status}"), status=kr.health_was) if kr.health_was else ""
        by_hand = self._said(N_("Set by hand: {reason}"), reason=kr.health_reason) if kr.health_reason else ""
        return below(self.lozenge(kr.health), was, by_hand)

    def _said(self, message: str, **values: object) -> Markup:
        return stacked(self.voice.lines(Line(message, values)))

    def _confidence(self, confidence: int | None) -> str:
        return UNKNOWN if confidence is None else f"{self.number(confidence)}/10"

    def _issues(self, kr: KeyResultView) -> str:
        number = self.number
        done = f"{number(kr.issues_done)}/{number(kr.issues_total)}" if kr.issues_total else UNKNOWN
        if not kr.issues_joined and not kr.issues_left:
            return done
        return below(done, muted(f"(+{number(kr.issues_joined)} −{number(kr.issues_left)})"))

    def sentences(self, lines: Iterable[Line]) -> Markup:
        """An item of a list for each."""
        return Markup("\n".join([f"<li><p>{stacked(self.voice.lines(line))}</p></li>" for line in lines]))

    def inputs(self, inputs: Sequence[InputView], unit: str) -> Markup:
        """Measured on, value, recorded by."""
        voice = self.voice
        return rows(
            (self.moment(one.at), stacked(voice.quantities(one.value, unit)), self.text(one.by) or UNKNOWN)
            for one in inputs
        )

    def evidence(self, issues: Sequence[EvidenceView], today: datetime | None, with_roles: bool) -> Markup:
        """Issue, summary, state, assignee, day resolved; and the role, where there are several."""
        return rows((*self._issue(one, today), *([self.voice.word(one.mode)] if with_roles else ())) for one in issues)

    def _issue(self, issue: EvidenceView, today: datetime | None) -> tuple[str, ...]:
        return (
            link(issue.url, issue.key),
            issue.summary,
            self.state(issue.status, issue.category),
            issue.assignee or UNKNOWN,
            self.brief_day(issue.resolved_on, today),
        )

    def check_ins(self, check_ins: Sequence[CheckInView], unit: str, today: datetime | None) -> Markup:
        """Day, by, confidence, value, note, blockers."""
        return rows(self._check_in(one, unit, today) for one in check_ins)

    def _check_in(self, said: CheckInView, unit: str, today: datetime | None) -> tuple[str, ...]:
        return (
            self.brief_day(said.at, today),
            self.text(said.by),
            self._confidence(said.confidence),
            stacked(self.voice.quantities(said.value, unit)),
            said.note or UNKNOWN,
            said.blockers or UNKNOWN,
        )


def rows(table: Iterable[Iterable[str]]) -> Markup:
    """Rows of cells; what is not markup is escaped."""
    return Markup(
        "".join([f"<tr><td><p>{CELL.join([escaped(cell) for cell in cells])}</p></td></tr>\n" for cells in table])
    )


CELL = "</p></td><td><p>"


def below(*parts: str) -> Markup:
    """The parts that say something, below each other."""
    return Markup(BREAK.join([escaped(part) for part in parts if part]))
