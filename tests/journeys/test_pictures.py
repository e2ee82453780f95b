"""Pictures hang on pages: uploaded before the body that names them, only when they changed, and never in the way."""

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from lxml import etree
from PIL import Image
from sqlalchemy import Engine, select

from app.db.models import PictureRow
from app.domain import storage
from app.services import audit, pages, publish
from connectors.sandbox.confluence.core import pages as wiki
from connectors.sandbox.confluence.core.attachments import ATTACHMENTS as ATTACHED
from connectors.sandbox.confluence.core.attachments import attachments_of, content_of
from connectors.sandbox.site import ADMIN
from tests.journeys import company
from tests.journeys.company import BLUE, RED
from tests.journeys.conftest import Opening
from tests.journeys.place import Place

TREND, KPIS, BOARD = "plainsight-trend.png", "plainsight-kpis.png", "kpi-board"
UPLOAD, READ, WRITE = "PUT content/#/child/attachment", "GET pages/#", "PUT pages/#"
ATTACHMENTS = "/child/attachment"
DAY = 24 * 3600
AC, RI = f"{{{storage.AC}}}", f"{{{storage.RI}}}"
IMAGE, FILE = AC + "image", RI + "attachment"
OKRS = company.OKRS + (
    f"pages:\n  - {{id: {RED}, kind: team, team: red}}\n  - {{id: {BLUE}, kind: team, team: blue}}\n"
    f"  - {{id: {BOARD}, kind: kpi_board}}\n"
    """kpis:
  - id: KPI-1
    title: Contract value
    team: red
    metric: {unit: USD}
    progress: {mode: from_to, baseline: 250, target: 350}
    corridor: {healthy: 320, watch: 280}
  - id: KPI-2
    title: Payroll
    team: red
    metric: {unit: "%"}
    progress: {mode: from_to, baseline: 40, target: 30}
    confidential: true
measurements:
  - {metric: KPI-1, at: 2026-10-17, value: 300, by: ada}
  - {metric: KPI-2, at: 2026-11-17, value: 34.75, by: ada}
"""
)
ONE_MORE = "  - {metric: KPI-1, at: 2026-11-17, value: 330, by: ada}\n"


def pictured(opening: Opening, engine: Engine, **given: object) -> Place:
    place = opening(engine, **({"pictures": "true"} | given))
    place.apply(OKRS)
    place.settle()
    return place


def files(place: Place, page_id: str) -> dict[str, int]:
    """The files of a page with the version of each."""
    return {one["title"]: one["version"]["number"] for one in attachments_of(place.site, place.wiki_id(page_id))}


def images(place: Place, page_id: str) -> dict[str, etree._Element]:
    """The images in the body by the file that they show."""
    found = place.page(page_id).root.iter(IMAGE)
    return {str(image.find(FILE).get(RI + "filename")): image for image in found}  # type: ignore[union-attr]


def throw_away(place: Place, page_id: str) -> None:
    """A person deletes the files of a page."""
    place.site.store.table(ATTACHED).put(place.wiki_id(page_id), {"items": []})


def test_new_pages_get_their_pictures_in_the_same_run(opening: Opening, engine: Engine) -> None:
    place = pictured(opening, engine)
    assert files(place, RED) == {TREND: 1, KPIS: 1}
    assert files(place, BLUE) == {TREND: 1}
    assert files(place, BOARD) == {KPIS: 1}
    for page_id in (RED, BLUE, BOARD):
        assert set(images(place, page_id)) == set(files(place, page_id))
        assert place.page(page_id).version == 2
        for one in attachments_of(place.site, place.wiki_id(page_id)):
            assert one["version"]["minorEdit"], "its watchers are told"
            with Image.open(BytesIO(content_of(place.site, one))) as drawn:
                assert (drawn.format, drawn.width) == ("PNG", 1360)
    alt = images(place, BLUE)[TREND].get(AC + "alt")
    assert alt is not None
    assert "All objectives: 0.3, expected 0.5" in alt
    assert place.row(RED).pictures_problem == ""


def test_a_picture_tells_nothing_confidential(opening: Opening, engine: Engine) -> None:
    place = pictured(opening, engine)
    for page_id in (RED, BOARD):
        image = images(place, page_id)[KPIS]
        assert "Contract value: $300" in str(image.get(AC + "alt"))
        assert "Payroll" not in etree.tostring(image, encoding="unicode")
        for one in attachments_of(place.site, place.wiki_id(page_id)):
            assert "Payroll" not in one["comment"]
            assert "34" not in one["title"]


def test_without_news_pictures_cost_nothing(opening: Opening, engine: Engine) -> None:
    place = pictured(opening, engine)
    with place.counting() as asked:
        for _ in range(20):
            place.clock.move(8 * 60)
            assert place.publish() == {"unchanged": 3}
    assert not asked


def test_a_page_whose_picture_changed_costs_one_upload_one_read_and_one_write(opening: Opening, engine: Engine) -> None:
    place = pictured(opening, engine)
    place.apply(OKRS + ONE_MORE)
    with place.counting() as asked:
        assert place.publish(BOARD) == {"updated": 1}
    assert asked == {READ: 1, UPLOAD: 1, WRITE: 1}
    assert files(place, BOARD) == {KPIS: 2}
    assert "Contract value: $330" in str(images(place, BOARD)[KPIS].get(AC + "alt"))


def test_a_picture_is_there_before_the_body_that_names_it(opening: Opening, engine: Engine) -> None:
    place = pictured(opening, engine)
    before = len(place.site.asked)
    place.transition("RED-4", "Done")
    place.clock.move(60)
    place.sync()
    place.publish(RED)
    asked = [(one.method, one.path) for one in list(place.site.asked)[before:]]
    sent = [("attachment" if ATTACHMENTS in path else "body") for method, path in asked if method == "PUT"]
    assert sent == ["attachment", "body"]


class Died(BaseException):
    """The process ends here: nothing of ours catches it."""


class Dying:
    """A wiki that takes the file, or the body, while the process dies before it hears of that."""

    def __init__(self, real: Any, call: str, *, arrives: bool) -> None:
        self.real, self.call, self.arrives = real, call, arrives

    def __getattr__(self, name: str) -> Any:
        return self.die if name == self.call else getattr(self.real, name)

    def die(self, *given: Any, **more: Any) -> Any:
        if self.arrives:
            getattr(self.real, self.call)(*given, **more)
        raise Died


@pytest.mark.parametrize(
    ("call", "arrives", "version"),
    [("update", False, 2), ("attach", False, 2), ("attach", True, 3)],
    ids=["before the body", "before the file", "before it is written down"],
)
def test_a_crash_around_the_upload_is_repaired(
    opening: Opening, engine: Engine, call: str, arrives: bool, version: int
) -> None:
    """Only a file that nobody wrote down is sent once more, as a new version of the same file."""
    place = pictured(opening, engine)
    place.apply(OKRS + ONE_MORE)
    with pytest.raises(Died):
        dying = place.with_wiki(lambda real: Dying(real, call, arrives=arrives))
        publish.publish(dying, pages.claim(dying, [BOARD]))
    place.clock.move(3600)
    assert place.publish(BOARD) == {"updated": 1}
    assert files(place, BOARD) == {KPIS: version}
    assert place.page(BOARD).version == 3
    with place.counting() as asked:
        place.publish(BOARD)
    assert not asked


@pytest.mark.parametrize("status", [400, 403, 404, 413])
def test_a_site_that_takes_no_files_has_pages_without_pictures_and_is_asked_again_after_a_day(
    opening: Opening, engine: Engine, status: int
) -> None:
    place = opening(engine, pictures="true")
    place.fault(ATTACHMENTS, status=status)
    place.apply(OKRS)
    place.settle()
    for page_id in (RED, BLUE, BOARD):
        assert not images(place, page_id)
        assert (place.row(page_id).state, str(status) in place.row(page_id).pictures_problem) == ("ok", True)
    place.publish()
    with place.counting() as asked:
        place.clock.move(DAY - 3600)
        place.publish()
    assert UPLOAD not in asked
    place.mend()
    place.clock.move(3700)
    place.publish()
    assert set(images(place, RED)) == {TREND, KPIS}
    assert (place.row(RED).pictures_problem, place.row(RED).pictures_refused_at) == ("", None)


def test_a_refusal_while_pictures_hang_takes_them_off_the_body(opening: Opening, engine: Engine) -> None:
    place = pictured(opening, engine)
    place.apply(OKRS + ONE_MORE)
    place.fault(ATTACHMENTS, status=403)
    assert place.publish(BOARD) == {"updated": 1}
    assert not images(place, BOARD)
    assert "$330" in place.page(BOARD).words
    place.mend()
    place.clock.move(DAY)
    place.publish(BOARD)
    assert set(images(place, BOARD)) == {KPIS}


def test_an_upload_that_failed_for_the_moment_is_tried_again(opening: Opening, engine: Engine) -> None:
    place = pictured(opening, engine)
    place.apply(OKRS + ONE_MORE)
    place.fault(ATTACHMENTS, lose_answer=True)
    assert place.publish(BOARD) == {"failed": 1}
    assert place.row(BOARD).pictures_problem == ""
    place.mend()
    place.clock.move(120)
    assert place.publish(BOARD) == {"updated": 1}
    assert set(files(place, BOARD)) == {KPIS}
    assert set(images(place, BOARD)) == {KPIS}


def test_a_page_that_a_person_edited_is_not_touched_by_pictures_either(opening: Opening, engine: Engine) -> None:
    place = pictured(opening, engine)
    page = place.page(BOARD)
    edit = wiki.Edit(page.title, page.body.replace("Contract value", "Value of contracts"), page.version + 1)
    wiki.save(place.site, ADMIN, page.id, edit)
    place.apply(OKRS + ONE_MORE)
    with place.counting() as asked:
        assert place.publish(BOARD) == {"conflict": 1}
    assert asked[UPLOAD] == 0
    assert files(place, BOARD) == {KPIS: 1}


def test_a_picture_that_somebody_deleted_is_found_by_the_audit_and_hung_again_without_a_new_version_of_the_page(
    opening: Opening, engine: Engine
) -> None:
    place = pictured(opening, engine)
    throw_away(place, BOARD)
    place.clock.move(3600)
    assert audit.audit(place.world)["pictures"] == 1
    place.clock.move(3)
    with place.counting() as asked:
        place.work()
    assert asked == {READ: 1, UPLOAD: 1}
    assert files(place, BOARD) == {KPIS: 1}
    assert place.page(BOARD).version == 2
    assert audit.audit(place.world)["pictures"] == 0


def test_pages_without_pictures_send_none(opening: Opening, engine: Engine) -> None:
    place = pictured(opening, engine, pictures="false")
    assert not files(place, RED)
    assert not images(place, RED)
    with place.world.reading() as session:
        assert not session.scalars(select(PictureRow)).all()


def test_a_refusal_is_no_trouble_any_more_when_nobody_asks_for_pictures(opening: Opening, engine: Engine) -> None:
    place = opening(engine, pictures="true")
    place.fault(ATTACHMENTS, status=403)
    place.apply(OKRS)
    place.settle()
    assert place.row(RED).pictures_problem
    world = replace(place.world, settings=place.world.settings.model_copy(update={"pictures": False}))
    publish.publish(world, pages.claim(world, [RED]))
    assert (place.row(RED).pictures_problem, place.row(RED).pictures_refused_at) == ("", None)


def test_switched_off_later_pages_lose_their_pictures_and_get_them_back(opening: Opening, engine: Engine) -> None:
    place = pictured(opening, engine)
    for pictures, expected in ((False, set()), (True, {KPIS})):
        world = replace(place.world, settings=place.world.settings.model_copy(update={"pictures": pictures}))
        publish.publish(world, pages.claim(world, [BOARD]))
        assert set(images(place, BOARD)) == expected
    assert files(place, BOARD) == {KPIS: 1}, "the file was there all the time"


def test_chosen_sections_choose_the_pictures(opening: Opening, engine: Engine) -> None:
    place = opening(engine, pictures="true")
    place.apply(OKRS.replace("kind: team, team: red}", "kind: team, team: red, sections: [counts, trend]}"))
    place.settle()
    assert set(files(place, RED)) == {TREND}
