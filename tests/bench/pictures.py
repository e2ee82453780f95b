"""Times of pictures: loading the library, drawing, and publishing pages with them; apart, since pages do without."""

import statistics
import subprocess
import sys
from collections.abc import Iterator
from fractions import Fraction

from app.domain.picture import TOP, Mark, Panel, Picture, Tick
from app.pictures import draw
from app.services import sync
from tests.bench.bench import company, move, place, publish_all, timed

TITLE = "고객이 처음 만나는 순간을 새롭게 설계하여 첫 주 유지율을 높인다"
ROUNDS = 9


def panel(number: int) -> Panel:
    return Panel(
        title=(f"{number}. {TITLE}", "Redesign the first moment in which people meet the product"),
        code="at_risk",
        status="주의 · AT RISK: 0.4, 기대 0.6",
        slots=14,
        actual=tuple(round(Fraction(week * (number + 5), 300) * TOP) for week in range(8)),
        newest="0.4",
        expected=tuple(TOP * week // 13 for week in range(14)),
        across=(Tick(0, "1주차"), Tick(TOP // 2, "8주차"), Tick(TOP, "14주차")),
        upwards=(Tick(0, "0.0"), Tick(TOP // 2, "0.5"), Tick(TOP, "1.0")),
    )


def picture(panels: int) -> Picture:
    legend = ((Mark.ACTUAL, "진척 · Progress"), (Mark.EXPECTED, "기대 · Expected"))
    return Picture("plainsight-trend.png", "", tuple(map(panel, range(panels))), legend, leads=panels > 2)


def bench_drawing() -> Iterator[tuple[str, float]]:
    code = (
        "import app.domain.picture, time; begun = time.perf_counter()\n"
        "import app.pictures.sheet; print(time.perf_counter() - begun)"
    )
    loaded = [float(subprocess.check_output([sys.executable, "-c", code])) for _ in range(ROUNDS)]
    yield "pictures: load the library", statistics.median(loaded)
    yield "pictures: the first drawing (opens the fonts)", timed(lambda: draw(picture(2)))
    for panels in (1, 6, 12):
        one = picture(panels)
        draw(one)
        took = statistics.median(timed(lambda one=one: draw(one)) for _ in range(ROUNDS))  # type: ignore[misc]
        yield f"pictures: draw {panels} panels, {len(draw(one)) // 1000} kB", took


def bench_hanging(teams: int) -> Iterator[tuple[str, float]]:
    with place(1, teams, company(teams, "project: T{team}"), pictures=True) as (house, url):
        sync.poll(house.world)
        counts: dict[str, int] = {}
        yield f"pictures: create {teams} pages with them", timed(lambda: counts.update(publish_all(house)))
        assert counts["created"] >= teams, counts
        yield "pictures: nothing changed", timed(lambda: counts.update(publish_all(house)))
        assert not counts["updated"], counts
        for team in range(10):
            move(url, house, f"T{team}-1", "Done")
        sync.poll(house.world)
        yield "pictures: 10 pages changed", timed(lambda: counts.update(publish_all(house)))
        assert 10 <= counts["updated"] <= 12, counts


def main() -> None:
    for part in (bench_drawing(), bench_hanging(200)):
        for name, seconds in part:
            print(f"{name:<50} {seconds:8.3f} s", flush=True)


if __name__ == "__main__":
    main()
