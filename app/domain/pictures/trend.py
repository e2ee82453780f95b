"""The picture of a page's progress, week by week, against what was expected: the whole first, then its parts."""

from fractions import Fraction

from app.domain.lines import N_, Line, Quantity
from app.domain.model import Text
from app.domain.picture import MOST_PANELS, TOP, Mark, Panel, Picture, Scale, Tick, Words, known, shortened
from app.domain.views import Report, TrendView

NAME = "plainsight-trend.png"
SCALE = Scale(Fraction(0), Fraction(1))
WHOLE = Text("전체 목표", "All objectives")


def picture(report: Report, words: Words) -> Picture | None:
    """None where nothing was measured yet. The parts come worst first, as on the page; the best of too many are left
    out."""
    shown = [one for one in report.trends if known(one.progress)][:MOST_PANELS]
    if not shown:
        return None
    return Picture(
        name=NAME,
        alt=_alt(report, shown, words),
        panels=tuple(_panel(one, words) for one in shown),
        legend=((Mark.ACTUAL, words.gettext(N_("Progress"))), (Mark.EXPECTED, words.gettext(N_("Expected")))),
        leads=len(shown) > 1 and shown[0].whole,
    )


def _panel(one: TrendView, words: Words) -> Panel:
    return Panel(
        title=tuple(words.texts(one.title or WHOLE)),
        code=one.health.value,
        status=_status(one, words),
        slots=max(len(one.expected), len(one.progress), 2),
        actual=SCALE.curve(one.progress),
        newest=words.score(one.score) if one.progress[-1] is not None else "",
        expected=SCALE.curve(one.expected),
        across=_weeks(one, words),
        upwards=tuple(Tick(at, words.score(Fraction(at, TOP))) for at in (0, TOP // 2, TOP)),
    )


def _status(one: TrendView, words: Words) -> str:
    """The health, and the figures in the leading language alone: there is no room for two."""
    status = words.word(one.health).upper()
    if one.expected_now is None:
        return status
    values = {"score": words.score(one.score), "expected": words.score(one.expected_now)}
    figures = Line(N_("{score}, expected {expected}"), values)
    return f"{status}: {words.lines(figures)[0]}"


def _weeks(one: TrendView, words: Words) -> tuple[Tick, ...]:
    """The first week, this one and the last; this one alone where they are too close."""
    last = max(len(one.expected), len(one.progress), 2)
    now = len(one.progress)
    shown = [week for week in (1, now, last) if week == now or abs(week - now) * 6 >= last]
    spoken = (words.lines(Line(N_("Week {week}"), {"week": week}))[0] for week in dict.fromkeys(shown))
    places = ((week - 1) * TOP // (last - 1) for week in dict.fromkeys(shown))
    return tuple(Tick(at, said) for at, said in zip(places, spoken, strict=True))


def _alt(report: Report, shown: list[TrendView], words: Words) -> str:
    """The whole, the worst and the best in words, once per language; `shown` comes worst first."""
    lines = [Line(N_("Progress week by week against what was expected."))]
    parts = [one for one in shown if not one.whole]
    lines += [_stands(one) for one in shown if one.whole]
    if parts:
        lines.append(Line(N_("Worst: {what}"), {"what": _stands(parts[0])}))
    if len(parts) > 1:
        lines.append(Line(N_("Best: {what}"), {"what": _stands(parts[-1])}))
    hidden = len(report.trends) - len(shown)
    if hidden:
        lines.append(Line(N_("Not drawn: {count}."), {"count": hidden}))
    return shortened([" / ".join(words.lines(line)) for line in lines])


def _stands(one: TrendView) -> Line:
    score = None if one.score is None else Quantity(one.score, "progress")
    expected = None if one.expected_now is None else Quantity(one.expected_now, "progress")
    return Line(
        N_("{title}: {score}, expected {expected}, {status}."),
        {"title": one.title or WHOLE, "score": score, "expected": expected, "status": one.health},
    )
