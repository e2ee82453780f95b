"""Pictures as files: the same bytes each time, legible whatever the titles are, and no library before it is needed."""

import subprocess
import sys
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from PIL import Image

from app.domain.picture import TOP, Level, Mark, Panel, Picture, Tick
from app.errors import Unfitting
from app.pictures import draw, ink
from app.pictures.lettering import ELLIPSIS, MISSING, REGULAR, clean, cut, font, width, wrap

HOSTILE = (
    "$\\frac{1}{2}$ $$ ^_^ \\textbf{x}",
    "& < > \" ' ]]> <script>",
    "👩‍👩‍👧 🇰🇷 😀 \ufffd \ufffe \U0010ffff",
    "\x00\x07\x1b[31m\r\n\t\u2028",
    "\u202eמימין לשמאל مرحبا \u2066x\u2069",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
    "漢字 かな ไทย हिन्दी",
    "가" * 5000,
    "W" * 5000,
    "",
    " ",
    "\ud800 lone",
)


def panel(title: str = "Churn", **given: object) -> Panel:
    usual: dict[str, object] = {
        "title": (title,),
        "code": "at_risk",
        "status": "AT RISK",
        "slots": 14,
        "actual": (0, 100, None, 400),
        "newest": "0.4",
        "expected": tuple(TOP * week // 13 for week in range(14)),
        "across": (Tick(0, "Week 1"), Tick(TOP, "Week 14")),
        "upwards": (Tick(0, "0.0"), Tick(TOP, "1.0")),
    }
    return Panel(**(usual | given))  # type: ignore[arg-type]


def picture(*panels: Panel, leads: bool = False) -> Picture:
    return Picture("plainsight-trend.png", "", panels, ((Mark.ACTUAL, "Progress"), (Mark.EXPECTED, "Expected")), leads)


def opened(one: Picture) -> Image.Image:
    return Image.open(BytesIO(draw(one)))


def test_the_same_picture_gives_the_same_bytes_also_in_other_threads() -> None:
    one = picture(panel(), panel("이탈률"))
    with ThreadPoolExecutor(4) as threads:
        drawn = set(threads.map(draw, [one] * 8))
    assert drawn == {draw(one)}


def test_the_file_tells_nothing_but_the_picture() -> None:
    image = opened(picture(panel()))
    assert image.info == {}
    assert (image.format, image.width) == ("PNG", 1360)
    assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


def test_panels_stand_in_two_columns_and_the_leading_one_above_them() -> None:
    heights = [opened(picture(*[panel()] * count)).height for count in (2, 3, 4, 5)]
    assert heights[0] < heights[1] == heights[2] < heights[3]
    assert opened(picture(*[panel()] * 3, leads=True)).height > heights[0]


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_breaks_a_picture_or_makes_it_larger(title: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        image = opened(picture(panel(title, status=title, newest=title[:50], across=(Tick(500, title),))))
    assert image.height <= opened(picture(panel("Two lines " * 20))).height


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_never_leaves_its_room(text: str) -> None:
    face, cleaned = font(REGULAR, 36), clean(text)
    for room in (40, 300, 626):
        assert width(cut(cleaned, face, room), face) <= room
        lines = wrap(cleaned, face, room, 2)
        assert 1 <= len(lines) <= 2
        assert all(width(line, face) <= room for line in lines)


def test_korean_and_latin_letters_are_drawn_and_others_are_one_box() -> None:
    assert clean("이탈률 뷁 5 % → ₩") == "이탈률 뷁 5 % → ₩"
    assert clean("a 👩‍👩‍👧 b") == f"a {MISSING} b"
    assert clean("ㅇ\u1161\u11ab \u1112\u1161\u11ab\x07") == clean("ㅇ\u1161\u11ab 한")
    assert cut(clean("하나 둘 셋"), font(REGULAR, 20), 60).endswith(ELLIPSIS)


@pytest.mark.parametrize(
    "curve",
    [(500,), (None, None), (0, TOP), tuple([None, 300] * 7), tuple(range(0, TOP, 77))],
    ids=["one", "none", "two", "gaps", "many"],
)
def test_any_curve_can_be_drawn(curve: tuple[int | None, ...]) -> None:
    zones = [Level(mark, 500, (400, 600)) for mark in (Mark.WATCH, Mark.HEALTHY)]
    levels = (*zones, Level(Mark.TARGET, TOP), Level(Mark.TARGET, 0))
    opened(picture(panel(actual=curve, slots=max(len(curve), 2), expected=(), levels=levels)))


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, 1.4.3."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def grounds() -> Iterator[str]:
    yield ink.PAPER
    yield from ink.FILLS.values()


def test_letters_and_lines_stand_out_from_what_is_behind_them() -> None:
    assert min(contrast(ink.PAPER, colour) for colour in (ink.TEXT, ink.FAINT)) >= 4.5
    lines = [pen.colour for pen in ink.PENS.values()] + [colour for _, colour in ink.STATUS.values()]
    assert min(contrast(ground, colour) for ground in grounds() for colour in lines) >= 3


def test_nothing_is_told_by_colour_alone() -> None:
    looks = {mark: (pen.dashes, pen.width, mark in ink.FILLS, mark in ink.HATCH) for mark, pen in ink.PENS.items()}
    assert len(set(looks.values())) == len(Mark)
    by_shape = dict(ink.STATUS.values())
    assert len(by_shape) == len({colour for _, colour in ink.STATUS.values()}) == 4


def test_a_font_that_cannot_be_read_is_an_error_that_says_how_to_mend_it() -> None:
    with pytest.raises(Unfitting, match=r"Pillow cannot read the font .*PLAINSIGHT_PICTURES=false"):
        font("Unknown", 20)


def test_a_service_that_starts_loads_nothing_of_it() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import app.main, sys; print([name for name in sys.modules if name.startswith('PIL')])"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout == "[]\n"


def test_it_draws_without_a_home_and_without_a_word() -> None:
    code = (
        "from app.domain.picture import *; from app.pictures import draw\n"
        "one = Panel(('가',), 'done', 'DONE', 2, (0, 9), '1')\n"
        "print(len(draw(Picture('a.png', '', (one,), ()))))"
    )
    told = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{code}"],
        capture_output=True,
        text=True,
        env={"HOME": "/nonexistent", "TMPDIR": "/nonexistent"},
    )
    assert (told.stderr, told.returncode) == ("", 0)
    assert int(told.stdout) > 1000
