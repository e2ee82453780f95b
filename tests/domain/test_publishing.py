"""What is decided about a page, situation by situation."""

from dataclasses import dataclass, replace

import pytest

from app.domain import notes
from app.domain.publishing import (
    AdoptVersion,
    Attempt,
    Conflict,
    Create,
    Decision,
    Known,
    Lost,
    NeedOurStoredBody,
    Reason,
    Record,
    Rendered,
    Situation,
    Skip,
    Update,
    decide,
    found_our_creation,
    is_due,
)
from app.domain.storage import canonical
from app.domain.version_message import has_tag, message, tag
from tests.domain.rewriting import rewritten

US, PERSON = "account-us", "account-person"
OLD, NEW = "0" * 64, "f" * 64


def anchor(name: str) -> str:
    parameter = f'<ac:parameter ac:name="">{name}</ac:parameter>'
    return f'<p><ac:structured-macro ac:name="anchor">{parameter}</ac:structured-macro></p>'


def body(score: str, zone: str = "<p>Write here</p>") -> str:
    return f"<h2>Sales</h2><p>Score {score}</p>{anchor(notes.NOTES_BEGIN)}{zone}{anchor(notes.NOTES_END)}<p>End</p>"


@dataclass(frozen=True)
class Page:
    """A page as the wiki has it."""

    version: int = 5
    title: str = "Sales"
    status: str = "current"
    message: str = message(OLD, "KR1 done")
    author_id: str = US
    body: str = rewritten(body("0.4"), 1)
    parent_id: str | None = "1"
    space_id: str = "9"


KNOWN = Known("77", "9", "Sales", 5, OLD)
PENDING = replace(KNOWN, pending=Attempt(5, NEW))
TAKE_OVER = replace(KNOWN, take_over=True)
NEWS = Rendered("Sales", body("0.6"), NEW)
NO_NEWS = Rendered("Sales", body("0.4"), OLD)

OURS = Page()
RENAMED = Page(6, "Sales!", message="", author_id=PERSON, body=rewritten(body("0.4"), 2))
EDITED = Page(6, message="", author_id=PERSON, body=rewritten(body("1.0"), 3))
NOTED = Page(6, message="", author_id=PERSON, body=body("0.4", "<p>Kim:  caf&eacute;</p>"))
ARRIVED = Page(6, message=message(NEW, "news"), body=rewritten(body("0.6"), 4))
TORN = Page(6, message="", author_id=PERSON, body=body("0.4").replace(anchor(notes.NOTES_END), ""))


def known_as(page_id: str | None) -> Known:
    return Known(page_id, "9")


SITUATIONS: dict[str, tuple[Known, Rendered, Page | None, dict[int, Page | None], Decision]] = {
    "a page never created is created": (known_as(None), NEWS, None, {}, Create("Sales", NEWS.body)),
    "a creation whose answer was lost and that arrived is recorded": (
        replace(known_as(None), pending=Attempt(0, NEW)),
        NEWS,
        Page(1, message=message(NEW, "new")),
        {},
        Record(1, NEW, "Sales"),
    ),
    "a creation on Cloud, where none can carry a tag, is known by the body that it has": (
        replace(known_as(None), pending=Attempt(0, OLD)),
        NEWS,
        Page(1, message="", body=rewritten(body("0.6"), 4)),
        {},
        Record(1, NEW, "Sales"),
    ),
    "a creation on Cloud with an older body is recorded, and will be written again": (
        replace(known_as(None), pending=Attempt(0, NEW)),
        NEWS,
        Page(1, message="", body=rewritten(body("0.4"), 4)),
        {},
        Record(1, "", "Sales"),
    ),
    "a page by our account that we never rendered is not taken for our creation": (
        replace(known_as(None), pending=Attempt(0, NEW)),
        NEWS,
        Page(1, message="", body="<p>Meeting notes</p>"),
        {},
        Conflict(Reason.NOT_OURS),
    ),
    "a creation that did not arrive is made again": (
        replace(known_as(None), pending=Attempt(0, NEW)),
        NEWS,
        None,
        {},
        Create("Sales", NEWS.body),
    ),
    "a page with the same digest at our version is skipped": (KNOWN, NO_NEWS, OURS, {}, Skip(Reason.UNCHANGED)),
    "a page at our version with news is updated": (KNOWN, NEWS, OURS, {}, Update(5, "Sales", body("0.6"))),
    "a write that arrived although its answer was lost is recorded": (
        PENDING,
        NEWS,
        ARRIVED,
        {},
        Record(6, NEW, "Sales"),
    ),
    "a write that arrived is recorded even where the figures went on since": (
        PENDING,
        Rendered("Sales", body("0.7"), "e" * 64),
        ARRIVED,
        {},
        Record(6, NEW, "Sales"),
    ),
    "a write that did not arrive is made again": (PENDING, NEWS, OURS, {}, Update(5, "Sales", body("0.6"))),
    "a write that did not arrive and is no longer wanted is dropped": (
        PENDING,
        NO_NEWS,
        OURS,
        {},
        Skip(Reason.UNCHANGED),
    ),
    "our tag in another account's version is not our write": (
        PENDING,
        NEWS,
        replace(ARRIVED, author_id=PERSON),
        {},
        NeedOurStoredBody(5),
    ),
    "our account without the tag is a person who uses it": (
        PENDING,
        NEWS,
        replace(EDITED, author_id=US),
        {5: OURS},
        Conflict(Reason.EDITED, "version 6, after our version 5"),
    ),
    "a tag at a later version is a restored one": (
        PENDING,
        NEWS,
        replace(ARRIVED, version=8),
        {6: None},
        NeedOurStoredBody(5),
    ),
    "a newer version asks for the body that we wrote": (KNOWN, NEWS, RENAMED, {}, NeedOurStoredBody(5)),
    "a rename without news is adopted": (KNOWN, NO_NEWS, RENAMED, {5: OURS}, AdoptVersion(6)),
    "a rename with news is updated under the person's title": (
        KNOWN,
        NEWS,
        RENAMED,
        {5: OURS},
        Update(6, "Sales!", body("0.6")),
    ),
    "a rename was kept before and is still kept": (
        replace(KNOWN, version=7),
        NEWS,
        Page(7, "Sales!"),
        {},
        Update(7, "Sales!", body("0.6")),
    ),
    "a renamed objective renames its page": (
        KNOWN,
        Rendered("Sales and service", body("0.6"), NEW),
        OURS,
        {},
        Update(5, "Sales and service", body("0.6")),
    ),
    "a renamed objective leaves the name that a person gave": (
        KNOWN,
        Rendered("Sales and service", body("0.6"), NEW),
        RENAMED,
        {5: OURS},
        Update(6, "Sales!", body("0.6")),
    ),
    "notes are carried over byte for byte": (
        KNOWN,
        NEWS,
        NOTED,
        {5: OURS},
        Update(6, "Sales", body("0.6", "<p>Kim:  caf&eacute;</p>")),
    ),
    "notes without news of ours are adopted": (KNOWN, NO_NEWS, NOTED, {5: OURS}, AdoptVersion(6)),
    "notes written earlier are carried at our own version, too": (
        KNOWN,
        NEWS,
        replace(NOTED, version=5),
        {},
        Update(5, "Sales", body("0.6", "<p>Kim:  caf&eacute;</p>")),
    ),
    "an edit of what is ours is left alone": (
        KNOWN,
        NEWS,
        EDITED,
        {5: OURS},
        Conflict(Reason.EDITED, "version 6, after our version 5"),
    ),
    "an edit is reported even without news": (
        KNOWN,
        NO_NEWS,
        EDITED,
        {5: OURS},
        Conflict(Reason.EDITED, "version 6, after our version 5"),
    ),
    "a removed anchor is an edit": (
        KNOWN,
        NEWS,
        TORN,
        {5: OURS},
        Conflict(Reason.EDITED, "version 6, after our version 5"),
    ),
    "a take-over writes over an edit, without another question": (
        TAKE_OVER,
        NEWS,
        EDITED,
        {},
        Update(6, "Sales", body("0.6", '<p local-id="ids">Write here</p>')),
    ),
    "a take-over writes even without news": (TAKE_OVER, NO_NEWS, TORN, {}, Update(6, "Sales", body("0.4"))),
    "a version of ours that is gone leaves the page to a person": (
        KNOWN,
        NEWS,
        EDITED,
        {5: None},
        Conflict(Reason.VERSION_GONE, "version 5"),
    ),
    "a lost write beneath a rename is asked for first": (
        PENDING,
        NEWS,
        replace(RENAMED, version=7, body=ARRIVED.body),
        {},
        NeedOurStoredBody(6),
    ),
    "a lost write beneath a rename is known by its tag": (
        PENDING,
        NEWS,
        replace(RENAMED, version=7, body=rewritten(body("0.6"), 9)),
        {6: ARRIVED},
        AdoptVersion(7),
    ),
    "what lies beneath a rename and is not ours counts as a person's": (
        PENDING,
        NEWS,
        replace(RENAMED, version=7),
        {6: RENAMED, 5: OURS},
        Update(7, "Sales!", body("0.6")),
    ),
    "a wiki set back to an older state is left alone": (
        KNOWN,
        NEWS,
        replace(OURS, version=3),
        {},
        Conflict(Reason.OLDER_THAN_OURS, "we wrote version 5, the page has 3"),
    ),
    "a page that we know but never wrote is left alone": (known_as("77"), NEWS, OURS, {}, Conflict(Reason.NOT_OURS)),
    "a page that we know but never wrote can be taken over": (
        replace(known_as("77"), take_over=True),
        NEWS,
        Page(title="Theirs", body="<p>x</p>"),
        {},
        Update(5, "Theirs", body("0.6")),
    ),
    "a deleted page is lost": (KNOWN, NEWS, None, {}, Lost(Reason.DELETED)),
    "an archived page is lost": (KNOWN, NEWS, Page(status="archived"), {}, Lost(Reason.ARCHIVED)),
    "a trashed page is lost": (KNOWN, NEWS, Page(status="trashed"), {}, Lost(Reason.TRASHED)),
    "a draft is lost": (KNOWN, NEWS, Page(status="draft"), {}, Lost(Reason.UNPUBLISHED)),
    "an archived page is lost even to a take-over": (
        TAKE_OVER,
        NEWS,
        Page(status="archived"),
        {},
        Lost(Reason.ARCHIVED),
    ),
    "a page moved to another space is lost": (KNOWN, NEWS, Page(space_id="8"), {}, Lost(Reason.MOVED)),
    "a page moved below another page is still ours": (
        KNOWN,
        NEWS,
        Page(parent_id="2"),
        {},
        Update(5, "Sales", body("0.6")),
    ),
}


def without_ids(decision: Decision) -> Decision:
    """The zone is carried with the ids that the store gave it; that it is the same page is what matters here."""
    return replace(decision, body=canonical(decision.body)) if isinstance(decision, Update) else decision


@pytest.mark.parametrize("sentence", SITUATIONS)
def test_in_this_situation(sentence: str) -> None:
    known, rendered, page, versions, expected = SITUATIONS[sentence]
    decision = decide(Situation(known, rendered, US, page, versions))
    assert without_ids(decision) == without_ids(expected)


def test_notes_come_over_byte_for_byte_in_an_update() -> None:
    decision = decide(Situation(KNOWN, NEWS, US, NOTED, {5: OURS}))
    assert isinstance(decision, Update)
    assert "<p>Kim:  caf&eacute;</p>" in decision.body


def test_comments_are_carried_and_the_lost_ones_named() -> None:
    marker = '<ac:inline-comment-marker ac:ref="{}">{}</ac:inline-comment-marker>'
    stored = body("0.4").replace("Score 0.4", f"{marker.format('a', 'Score')} {marker.format('b', '0.4')}")
    decision = decide(Situation(KNOWN, NEWS, US, replace(OURS, body=stored)))
    assert isinstance(decision, Update)
    assert f"{marker.format('a', 'Score')} 0.6" in decision.body
    assert [(comment.ref, comment.text) for comment in decision.lost] == [("b", "0.4")]


@pytest.mark.parametrize("page", [OURS, RENAMED])
def test_a_stored_body_that_nobody_can_read_is_left_alone(page: Page) -> None:
    decision = decide(Situation(KNOWN, NEWS, US, replace(page, body="<p>"), {5: OURS}))
    assert isinstance(decision, Conflict)
    assert decision.reason == Reason.UNREADABLE


def test_notes_are_never_dropped_by_a_body_without_a_place_for_them() -> None:
    decision = decide(Situation(KNOWN, replace(NEWS, body="<p>no zone</p>"), US, NOTED, {5: OURS}))
    assert isinstance(decision, Conflict)
    assert decision.reason == Reason.NOTES_DO_NOT_FIT


def test_after_a_record_the_next_decision_is_at_rest() -> None:
    assert isinstance(decide(Situation(PENDING, NEWS, US, ARRIVED)), Record)
    recorded = replace(KNOWN, version=6, digest=NEW)
    assert decide(Situation(recorded, NEWS, US, ARRIVED)) == Skip(Reason.UNCHANGED)


@pytest.mark.parametrize(
    ("why", "known", "digest", "due"),
    [
        ("the same digest and nothing pending", KNOWN, OLD, False),
        ("news", KNOWN, NEW, True),
        ("a pending attempt", PENDING, OLD, True),
        ("a take-over", TAKE_OVER, OLD, True),
        ("no page yet", replace(KNOWN, page_id=None), OLD, True),
    ],
)
def test_the_wiki_is_asked_only_with_a_reason(why: str, known: Known, digest: str, due: bool) -> None:
    assert is_due(known, digest) is due


def test_the_tag_stands_first_in_the_version_message() -> None:
    assert message("a1b2c3d4e5", "KR2 0.4 → 0.6,\n HR-12 done") == "[a1b2c3d4] KR2 0.4 → 0.6, HR-12 done"
    assert tag("a1b2c3d4e5") == "[a1b2c3d4]"
    assert has_tag("[a1b2c3d4] x", "a1b2c3d4e5")
    assert not has_tag("Reverted: [a1b2c3d4] x", "a1b2c3d4e5")


@pytest.mark.parametrize("words", ["가" * 300, "🙂" * 300, "x" * 245])
def test_a_long_message_is_cut_as_java_counts(words: str) -> None:
    text = message(NEW, words)
    assert len(text.encode("utf-16-le")) // 2 <= 255
    assert text.endswith("…")
    assert has_tag(text, NEW)
    assert message(NEW, "x" * 244) == f"{tag(NEW)} {'x' * 244}"


@pytest.mark.parametrize(
    ("sentence", "page", "found"),
    [
        ("ours", Page(1, message=message(NEW, "new")), True),
        ("title in other case", Page(1, "SALES", message=message(NEW, "new")), True),
        ("somebody else's", Page(1, message=message(NEW, "new"), author_id=PERSON), False),
        ("without our tag", Page(1, message=message(OLD, "new")), False),
        ("created on Cloud, without any message", Page(1, message=""), True),
        ("written to since", Page(2, message=message(NEW, "new")), False),
        ("below another page", Page(1, message=message(NEW, "new"), parent_id="2"), False),
        ("archived", Page(1, status="archived", message=message(NEW, "new")), False),
        ("another title", Page(1, "Marketing", message=message(NEW, "new")), False),
    ],
)
def test_a_creation_without_an_answer_is_found_only_if_it_is(sentence: str, page: Page, found: bool) -> None:
    other = Page(3, "Sales", author_id=PERSON)
    assert found_our_creation([other, page], "Sales", "1", US, NEW) == (page if found else None)
