"""The picture of KPIs over their last periods, with target and corridor; confidential ones are never on it."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from app.domain.lines import N_, Line, Quantity
from app.domain.picture import (
    MOST_PANELS,
    TOP,
    Level,
    Mark,
    Panel,
    Picture,
    Scale,
    Tick,
    Words,
    known,
    shortened,
)
from app.domain.views import KpiView, Report

NAME = "plainsight-kpis.png"
WORST_FIRST = ("unhealthy", "watch", "unknown", "healthy")
MARGIN = Fraction(1, 12)
APART = 150
"""How far two labels on the upward axis must be apart, in thousandths of it."""


def picture(report: Report, words: Words) -> Picture | None:
    """None where no KPI that may be shown has a value. Those outside their corridor come first."""
    open_ones = [one for one in report.kpis if not one.confidential and known(one.trend)]
    ranked = sorted(open_ones, key=lambda one: WORST_FIRST.index(one.corridor))
    shown = ranked[:MOST_PANELS]
    if not shown:
        return None
    panels = tuple(_panel(one, words) for one in shown)
    return Picture(NAME, _alt(shown, len(ranked) - len(shown), words), panels, _legend(panels, words))


def _panel(one: KpiView, words: Words) -> Panel:
    scale = _scale([*one.trend, one.target, one.healthy, one.watch])
    return Panel(
        title=tuple(words.texts(one.title)),
        code=one.corridor,
        status=": ".join(filter(None, (words.word(one.corridor).upper(), _aim(one, words)))),
        slots=max(len(one.trend), 2),
        actual=scale.curve(one.trend),
        newest=words.briefly(one.trend[-1], one.unit) if one.trend[-1] is not None else "",
        levels=_levels(one, scale),
        across=_periods(one),
        upwards=_upwards(one, scale, words),
    )


def _aim(one: KpiView, words: Words) -> str:
    """In the leading language alone: there is no room for two."""
    if one.target is None:
        return ""
    return words.lines(Line(N_("target {value}"), {"value": words.briefly(one.target, one.unit)}))[0]


def _scale(values: Sequence[Decimal | None]) -> Scale:
    """All that is drawn, with some room above and below; a KPI that never moved stands in the middle."""
    found = [Fraction(value) for value in values if value is not None]
    low, high = min(found), max(found)
    room = (high - low) * MARGIN or max(abs(high), Fraction(1)) * MARGIN
    return Scale(low - room, high + room)


def _levels(one: KpiView, scale: Scale) -> tuple[Level, ...]:
    """The corridor from its edge to the end of the scale; below it the zone to watch; the target as a line."""
    levels = []
    if one.healthy is not None and one.watch is not None:
        healthy, watch = scale.at(one.healthy), scale.at(one.watch)
        levels.append(Level(Mark.WATCH, watch, (min(watch, healthy), max(watch, healthy))))
        levels.append(Level(Mark.HEALTHY, healthy, (healthy, TOP) if one.rising else (0, healthy)))
    if one.target is not None:
        levels.append(Level(Mark.TARGET, scale.at(one.target)))
    return tuple(levels)


def _upwards(one: KpiView, scale: Scale, words: Words) -> tuple[Tick, ...]:
    """What matters most first, and nothing too close to what is said already."""
    values = [one.target, one.healthy, one.watch, *sorted(value for value in one.trend if value is not None)]
    ticks: list[Tick] = []
    for value in (*values[:3], values[-1], values[3]):
        if value is not None and all(abs(scale.at(value) - tick.at) >= APART for tick in ticks):
            ticks.append(Tick(scale.at(value), words.briefly(value, one.unit)))
    return tuple(sorted(ticks, key=lambda tick: tick.at))


def _periods(one: KpiView) -> tuple[Tick, ...]:
    """The first period and the newest."""
    if not one.trend_from or not one.now_period:
        return ()
    return (Tick(0, one.trend_from), Tick(TOP, one.now_period))


def _legend(panels: Sequence[Panel], words: Words) -> tuple[tuple[Mark, str], ...]:
    """Only of what is to be seen."""
    said = {
        Mark.ACTUAL: words.gettext(N_("Value")),
        Mark.TARGET: words.gettext(N_("Target")),
        Mark.HEALTHY: words.word("healthy"),
        Mark.WATCH: words.word("watch"),
    }
    seen = {Mark.ACTUAL, *(level.mark for panel in panels for level in panel.levels)}
    return tuple((mark, text) for mark, text in said.items() if mark in seen)


def _alt(shown: Sequence[KpiView], hidden: int, words: Words) -> str:
    """Each KPI with its newest value, once per language; those outside their corridor first."""
    lines = [Line(N_("KPIs over their last periods, with target and corridor."))]
    lines += [_stands(one, words) for one in shown]
    if hidden:
        lines.append(Line(N_("Not drawn: {count}."), {"count": hidden}))
    return shortened([" / ".join(words.lines(line)) for line in lines])


def _stands(one: KpiView, words: Words) -> Line:
    now = None if one.now is None else Quantity(one.now, one.unit)
    return Line(
        N_("{title}: {value}, {status}."), {"title": one.title, "value": now, "status": words.term(one.corridor)}
    )
