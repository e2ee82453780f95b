"""A comment below a page is a check-in: once, by the owner alone, answered, and never of what was written before."""

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from app.db.models import CheckInRow, CommentRow, MeasurementRow, PageRow, RunRow
from app.errors import AppError, Forbidden, Transient, Unfitting
from app.services import comments, okrs, preview, status, vitals
from connectors.sandbox.confluence import comment_footer, comment_inline
from connectors.sandbox.confluence.core.comments import comments_of
from connectors.sandbox.site import ADMIN, Site
from tests.journeys import company
from tests.journeys.company import BLUE, RED, SERVICE, SMALL
from tests.journeys.conftest import Opening
from tests.journeys.nights import Watched
from tests.journeys.place import Place

ADA, BO, STRANGER = "712020:ada", "712020:bo", "712020:stranger"
MINUTES = 60
TEXT = SMALL.replace("en: Ada}, team: company}", f'en: Ada}}, team: company, account_id: "{ADA}"}}').replace(
    "en: Bo}, team: red}", f'en: Bo}}, team: red, account_id: "{BO}"}}'
)
CONFIDENTIAL = """kpis:
  - id: KPI-9
    title: Churn of the board's list
    person: ada
    metric: KR-1
    progress: {mode: from_to, baseline: 10, target: 5}
    confidential: true
"""


def with_people(site: Site) -> None:
    company.fill(site)
    for account, name in ((ADA, "Ada"), (BO, "Bo"), (STRANGER, "Somebody")):
        site.add_user(f"{name}@example.com", name, account_id=account)


def switched_on(opening: Opening, engine: Engine, text: str = TEXT, **given: object) -> Place:
    place = opening(engine, with_people, comment_check_ins="true", **given)
    place.start(text)
    assert comments.read(place.world)["read"] == 0
    place.clock.move(5 * MINUTES)
    return place


@pytest.fixture
def talking(opening: Opening, engine: Engine) -> Place:
    """The small company's, with the channel switched on five minutes ago."""
    return switched_on(opening, engine)


def say(place: Place, words: str, by: str = ADA, page: str = BLUE, parent: str | None = None) -> str:
    body = "".join(f"<p>{line}</p>" for line in words.splitlines())
    return str(comment_footer(place.site, place.wiki_id(page), body, by, parent)["id"])


def answers(place: Place, page: str = BLUE) -> list[str]:
    """What our account said below the page, without markup."""
    found = comments_of(place.site, place.wiki_id(page), "footer")
    return [re.sub("<[^>]+>", " ", one["body"]).strip() for one in found if one["authorId"] == SERVICE]


def check_ins(place: Place, key: str = "KR-1") -> list[Any]:
    with place.world.reading() as session:
        question = (
            select(CheckInRow, MeasurementRow.value)
            .outerjoin(MeasurementRow, MeasurementRow.id == CheckInRow.measurement_id)
            .where(CheckInRow.key_result_id == key)
            .order_by(CheckInRow.id)
        )
        return [
            (str(value.normalize()) if value is not None else None, row.confidence, row.note, row.blockers, row.by)
            for row, value in session.execute(question)
        ]


def kept(place: Place) -> dict[str, tuple[str, bool]]:
    with place.world.reading() as session:
        return {row.id: (row.outcome, row.answered) for row in session.scalars(select(CommentRow))}


def later(place: Place, seconds: int = 5 * MINUTES) -> dict[str, int]:
    place.clock.move(seconds)
    return comments.read(place.world)


def test_the_owners_comment_is_a_check_in_with_an_answer_and_a_page_that_follows(talking: Place) -> None:
    before = talking.page(BLUE)
    comment = say(talking, "Hello all\n/okr kr-1 8.5% c=7 Calls to <b>everybody</b> who left\n막힘: nobody answers")
    counts = comments.read(talking.world)
    assert (counts["read"], counts["recorded"], counts["answered"]) == (1, 1, 1)
    assert check_ins(talking) == [("8.5", 7, "Calls to everybody who left", "nobody answers", "ada")]
    (answer,) = answers(talking)
    assert answer == (
        "KR-1: Recorded. Value: 8.5%. Confidence: 7/10. Score: – → 0.3, at risk. "
        "Note: Calls to everybody who left Blockers: nobody answers"
    )
    assert comments_of(talking.site, talking.wiki_id(BLUE), "footer")[-1]["parentCommentId"] == comment
    talking.settle()
    after = talking.page(BLUE)
    assert after.version == before.version + 1
    assert after.cell("Churn", "Now") == "8.5%"
    assert "Calls to everybody who left" in after.words
    assert kept(talking) == {comment: ("recorded", True)}


def test_it_is_carried_out_once_however_often_it_is_read_and_whatever_becomes_of_it(talking: Place) -> None:
    comment = say(talking, "/okr KR-1 8.5")
    for _ in range(4):
        later(talking, MINUTES)
    with talking.site.store.lock:  # the author edits it
        table = talking.site.store.table("wiki_comments")
        (page,) = [one for one in table if one["footer"]]
        edited = [{**one, "body": "<p>/okr KR-1 6</p>"} if one["id"] == comment else one for one in page["footer"]]
        table.put(talking.wiki_id(BLUE), {**page, "footer": edited})
    later(talking, MINUTES)
    assert [value for value, *_ in check_ins(talking)] == ["8.5"]
    assert len(answers(talking)) == 1


def test_when_there_is_nothing_new_one_request_is_made_and_nothing_becomes_due(talking: Place) -> None:
    say(talking, "/okr KR-1 8.5")
    comments.read(talking.world)
    talking.settle()
    say(talking, "Well done")
    with talking.counting() as asked:
        later(talking)
    assert sum(asked.values()) == 1
    with talking.counting() as asked:
        talking.settle()
    assert not asked


def test_others_are_left_alone_and_not_even_their_names_are_kept(talking: Place) -> None:
    ids = [
        say(talking, "/okr KR-1 1", by=STRANGER),
        say(talking, "/okr KR-1 1", by=ADMIN),
        say(talking, "/okr KR-1 1", by=BO),  # he owns KR-2
        say(talking, "/okr KR-99 1", by=STRANGER),
    ]
    comment_inline(talking.site, talking.wiki_id(BLUE), "Customers stay", "<p>/okr KR-1 2</p>", ADA)
    counts = comments.read(talking.world)
    assert counts["recorded"] == counts["refused"] == counts["answered"] == 0
    assert check_ins(talking) == [] and answers(talking) == []
    assert kept(talking) == dict.fromkeys(ids, ("not_ours", True))
    with talking.world.reading() as session:
        assert set(session.scalars(select(CommentRow.author_id))) == {""}


def test_a_page_that_is_not_ours_is_not_read(talking: Place) -> None:
    space = next(one for one in talking.site.store.table("wiki_spaces"))
    comment_footer(talking.site, space["homepageId"], "<p>/okr KR-1 8.5</p>", ADA)
    assert later(talking)["read"] == 0
    assert check_ins(talking) == [] and kept(talking) == {}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("/okr KR-99 5", "There is no key result “KR-99”. Yours are: KR-1, KR-3."),
        ("/okr", "Which key result is meant? Write its id, like /okr KR-3 410 c=7 … Yours are: KR-1, KR-3."),
        ("/okr KR-1", "KR-1: Nothing is said"),
        ("/okr KR-1 8.5 c=11", "KR-1: “c=11” is no confidence: write a whole number from 0 to 10 once, like c=7."),
        ("/okr KR-1 8,5", "KR-1: “8,5” cannot be read as a value in %"),
        ("/okr KR-1 ₩85", "KR-1: “₩85” cannot be read as a value in %"),
        ("/okr KR-3 50%", "KR-3: Its value comes from jira.share_done: write confidence and note without a value."),
        ("/okr KR-1 8.1234567", "KR-1: 8.1234567 has more than 6 decimal places"),
    ],
)
def test_what_the_owner_got_wrong_is_answered_once_with_the_cure(talking: Place, words: str, told: str) -> None:
    say(talking, words)
    assert comments.read(talking.world)["refused"] == 1
    later(talking)
    (answer,) = answers(talking)
    assert answer.startswith(told), answer
    assert check_ins(talking) == check_ins(talking, "KR-3") == []


def test_several_commands_in_one_comment_are_each_answered(talking: Place) -> None:
    say(talking, "/okr KR-1 8\n/okr KR-2 c=3\n/okr KR-3 c=9 ready\n/okr KR-1 x=y 자신감: 12")
    counts = comments.read(talking.world)
    assert (counts["recorded"], counts["refused"]) == (2, 1)
    (answer,) = answers(talking)
    assert re.findall(r"KR-\d: [“\w]+", answer) == ["KR-1: Recorded", "KR-3: Recorded", "KR-1: “자신감"]
    assert check_ins(talking, "KR-2") == []
    assert check_ins(talking, "KR-3") == [(None, 9, "ready", "", "ada")]


def test_the_answer_speaks_the_languages_of_the_page(opening: Opening, sqlite_engine: Engine) -> None:
    place = switched_on(opening, sqlite_engine, languages="ko,en")
    say(place, "/okr KR-1 8.5 c=7")
    comments.read(place.world)
    body = comments_of(place.site, place.wiki_id(BLUE), "footer")[-1]["body"]
    assert body == (
        "<p>KR-1: 기록했습니다. 값: 8.5%. 자신감: 7/10. 점수: – → 0.3, 주의.<br />"
        "KR-1: Recorded. Value: 8.5%. Confidence: 7/10. Score: – → 0.3, at risk.</p>"
    )


def test_a_closed_cycle_takes_nothing_more(talking: Place) -> None:
    talking.apply(TEXT.replace("2026-12-31}", "2026-12-31, state: closed}"))
    say(talking, "/okr KR-1 8.5")
    comments.read(talking.world)
    assert answers(talking) == ["KR-1: Its cycle 2026-Q4 is closed, and its grades are final."]
    assert check_ins(talking) == []


def test_a_confidential_value_is_recorded_and_not_repeated(opening: Opening, sqlite_engine: Engine) -> None:
    place = switched_on(opening, sqlite_engine, TEXT + CONFIDENTIAL)
    say(place, "/okr KR-1 8.515151 c=7")
    comments.read(place.world)
    (answer,) = answers(place)
    assert answer == "KR-1: Recorded. What was said is not repeated here, because not everybody may read it."
    assert [value for value, *_ in check_ins(place)] == ["8.515151"]


def test_what_was_written_before_the_channel_was_switched_on_is_never_carried_out(
    opening: Opening, engine: Engine
) -> None:
    place = opening(engine, with_people, comment_check_ins="true")
    place.start(TEXT)
    say(place, "/okr KR-1 9")
    place.clock.move(40 * MINUTES)
    say(place, "/okr KR-1 9")
    place.clock.move(1)
    comments.read(place.world)
    for _ in range(5):
        later(place)
    assert check_ins(place) == [] and answers(place) == []
    say(place, "/okr KR-1 8")
    later(place)
    assert [value for value, *_ in check_ins(place)] == ["8"]


def test_switched_off_and_on_again_it_begins_anew(talking: Place) -> None:
    off = talking.with_settings(comment_check_ins=False)
    with talking.counting() as asked:
        assert comments.read(off) == {}
    assert not asked
    say(talking, "/okr KR-1 9")
    talking.clock.move(1)
    comments.read(talking.world)
    later(talking)
    assert check_ins(talking) == []
    with pytest.raises(Unfitting, match="PLAINSIGHT_COMMENT_CHECK_INS"):
        comments.read_now(off)


def test_what_was_written_while_the_service_was_down_is_read_afterwards(talking: Place) -> None:
    say(talking, "/okr KR-1 8.5")
    assert later(talking, 3 * 24 * 3600)["recorded"] == 1
    with talking.world.reading() as session:
        measured = session.scalars(select(MeasurementRow).where(MeasurementRow.metric_id == "KR-1")).one()
    assert measured.at < talking.clock() - timedelta(days=2), "as of when it was written"


def test_the_clock_reads_comments_by_itself(talking: Place) -> None:
    say(talking, "/okr KR-1 8.5")
    talking.tick(comments.COMMENTS)
    assert len(answers(talking)) == 1
    with talking.world.reading() as session:
        runs = session.scalars(select(RunRow).where(RunRow.kind == comments.COMMENTS).order_by(RunRow.id)).all()
    assert runs[-1].counts["recorded"] == 1


def test_a_process_that_died_before_it_answered_is_made_up_for(talking: Place) -> None:
    def died(*_given: Any) -> None:
        raise KeyboardInterrupt

    say(talking, "/okr KR-1 8.5")
    with pytest.raises(KeyboardInterrupt):
        comments.read(talking.with_wiki(lambda wiki: Watched(wiki, answer=died)))
    assert len(check_ins(talking)) == 1 and answers(talking) == []
    assert later(talking, MINUTES)["answered"] == 0, "somebody may be answering now"
    assert later(talking)["answered"] == 1
    assert len(check_ins(talking)) == len(answers(talking)) == 1


def test_an_answer_whose_own_answer_was_lost_is_not_given_twice(talking: Place) -> None:
    def lost(*given: Any) -> None:
        talking.world.need_wiki().answer(*given)
        raise Transient("Confluence was gone.", sent=True)

    say(talking, "/okr KR-1 8.5 c=3 A &amp; B <i>said</i>")
    counts = comments.read(talking.with_wiki(lambda wiki: Watched(wiki, answer=lost)))
    assert counts["unanswered"] == 1
    assert later(talking)["answered"] == 1
    assert len(answers(talking)) == len(check_ins(talking)) == 1


def test_an_answer_that_is_refused_is_tried_again_and_holds_up_no_other(talking: Place) -> None:
    first, second = say(talking, "/okr KR-1 8.5"), say(talking, "/okr KR-3 c=4")
    wiki = talking.world.need_wiki()

    def picky(comment: Any, body: str) -> Any:
        if comment.id == first:
            raise Forbidden("Confluence does not let the account comment.", "Give it the right to.")
        return wiki.answer(comment, body)

    counts = comments.read(talking.with_wiki(lambda one: Watched(one, answer=picky)))
    assert (counts["answered"], counts["unanswered"]) == (1, 1)
    assert kept(talking) == {first: ("recorded", False), second: ("recorded", True)}
    assert later(talking)["answered"] == 1
    assert len(answers(talking)) == 2


def test_a_comment_that_was_deleted_needs_no_answer(talking: Place) -> None:
    def gone(*_given: Any) -> None:
        raise AppError("no")

    say(talking, "/okr KR-1 8.5")
    comments.read(talking.with_wiki(lambda wiki: Watched(wiki, answer=gone)))
    talking.site.store.table("wiki_comments").put(talking.wiki_id(BLUE), {"footer": [], "inline": []})
    assert later(talking)["unanswered"] == 0
    assert [answered for _, answered in kept(talking).values()] == [True]


def test_two_processes_at_once_carry_it_out_once(talking: Place) -> None:
    say(talking, "/okr KR-1 8.5")
    wiki = talking.world.need_wiki()
    counts = []

    def meanwhile(*given: Any) -> Any:
        found = wiki.comments(*given)
        counts.append(comments.read(talking.world))
        return found

    counts.append(comments.read(talking.with_wiki(lambda one: Watched(one, comments=meanwhile))))
    assert [one["recorded"] for one in counts] == [1, 0]
    assert len(check_ins(talking)) == len(answers(talking)) == 1


def test_a_wiki_whose_clock_runs_ahead_or_behind_loses_nothing_and_dates_nothing_into_the_future(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = opening(sqlite_engine, with_people, comment_check_ins="true")
    place.start(TEXT)
    for lead in (timedelta(minutes=40), timedelta(minutes=-40)):
        place.site.now = lambda lead=lead: place.clock() + lead
        comments.read(place.with_settings(comment_check_ins=False))
        comments.read(place.world)
        place.clock.move(MINUTES)
        say(place, "/okr KR-1 8.5")
        later(place, MINUTES)
    with place.world.reading() as session:
        times = list(session.scalars(select(MeasurementRow.at).where(MeasurementRow.metric_id == "KR-1")))
        assert session.scalar(select(func.count()).select_from(CheckInRow)) == 2
    assert max(times) <= place.clock()


def test_our_own_answers_are_never_commands_even_where_a_person_shares_our_account(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = switched_on(opening, sqlite_engine, TEXT.replace(ADA, SERVICE))
    comment = say(place, "/okr KR-1 8.5", by=SERVICE)
    comments.read(place.world)
    say(place, "/okr KR-1 5", by=SERVICE, parent=comment)
    later(place)
    assert [value for value, *_ in check_ins(place)] == ["8.5"]
    assert len(answers(place)) == 3, "two of them are hers"


def test_the_export_has_what_was_said_in_a_comment(talking: Place) -> None:
    say(talking, "/okr KR-1 8.5 c=7 Said below the page", page=RED)
    comments.read(talking.world)
    assert "Said below the page" in okrs.export(talking.world, with_values=True).text
    assert preview.preview(talking.world, [BLUE])[0].outcome == "update"


def test_what_is_missing_is_said_on_the_page_by_status_and_to_prometheus(
    opening: Opening, sqlite_engine: Engine
) -> None:
    place = switched_on(opening, sqlite_engine, TEXT + "  - {id: health, kind: sync_health}\n", pictures="true")
    say(place, "/okr KR-1 8.5")
    place.fault("/footer-comments$", method="POST", status=403)
    assert comments.read(place.world)["unanswered"] == 1
    place.fault("/child/attachment", status=403)
    with place.world.session() as session:
        session.get_one(PageRow, RED).marked = False
    place.settle()
    page = place.page("health")
    found = {one["finding"]: one["says"] for one in status.read(place.world)["findings"]}
    assert set(found) == {"answers_unsent", "pages_without_pictures", "pages_unmarked"}
    assert all(says in page.words for says in found.values())
    assert "2026-Q4 · Blue : Confluence" in page.words and "Confluence took no pictures." in page.words
    counted = {labels[0]: count for vital, samples in vitals.read(place.world) for labels, count in samples if labels}
    assert {code for code in found if counted[code] == 1} == set(found)
    place.mend()
    later(place)
    place.settle()
    assert "answer could not be written" not in place.page("health").words
    assert "Read check-ins in comments" in place.page("health").words
