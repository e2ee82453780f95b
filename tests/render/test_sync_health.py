"""The sync-health page has words, and a way out, for everything that publishing and the audit can say."""

import dataclasses

import pytest

from app.domain.publishing import Reason
from app.domain.storage import parse
from app.domain.straying import ADVICE, EDITED, OPENED, RENAMED, STILL_PRIVATE, TITLE_TAKEN
from app.domain.sync_health.facts import Deliveries, Refusal
from app.render import render
from tests.render import sync_sample

LOST = {"deleted", "archived", "trashed", "unpublished", "moved"}
CONFLICT = {"edited", "notes_do_not_fit", "unreadable", "version_gone", "older_than_ours", "not_ours"} | {
    "title_taken",
    "opened",
}
STRAYED = {*LOST, EDITED, RENAMED, OPENED, STILL_PRIVATE, TITLE_TAKEN}
INCOMPLETE = {"pictures": {"pictures_problem": "No."}, "marks": {"marked": False}}
REFUSALS = ("no_secret", "unsigned", "method", "forged", "unreadable", "too_large")


def rows(body: str, heading: str) -> list[list[str]]:
    """The rows of the table that has this heading."""
    for table in parse(body).iter("table"):
        head, *found = (
            [" ".join("".join(map(str, cell.itertext())).split()) for cell in row] for row in table.iter("tr")
        )
        if heading in head:
            return found
    return []


def test_every_reason_of_publishing_is_told_here() -> None:
    assert {str(kind) for kind in ADVICE} == STRAYED
    assert LOST | CONFLICT | {"unchanged"} == {reason.value for reason in Reason}


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        *(("lost", reason) for reason in sorted(LOST)),
        *(("conflict", reason) for reason in sorted(CONFLICT)),
        *(("strayed", reason) for reason in sorted(STRAYED)),
        *(("incomplete", reason) for reason in INCOMPLETE),
    ],
)
def test_a_finding_about_a_page_is_said_in_words_with_what_to_do(state: str, reason: str) -> None:
    pages = {"strayed": {"strayed": ((reason, ""),)}, "incomplete": INCOMPLETE.get(reason, {})}
    page = sync_sample.page("x", **pages[state]) if state in pages else sync_sample.page("x", state, reason)
    report = sync_sample.report(dataclasses.replace(sync_sample.WELL, pages=(page,)))
    for language, heading in (("en", "What is the matter"), ("ko", "문제")):
        (row,) = rows(render(report, [language]).body, heading)
        assert len(row[2]) > 5 and row[2] != reason
        assert row[3]
        if language == "ko":
            assert reason not in row[2]


def test_only_what_is_lost_by_a_move_is_to_be_put_back() -> None:
    def cure(**given: object) -> str:
        page = dataclasses.replace(sync_sample.SALES, **given)  # type: ignore[arg-type]
        report = sync_sample.report(dataclasses.replace(sync_sample.WELL, pages=(page,)))
        return rows(render(report, ["en"]).body, "What is the matter")[0][3]

    assert cure(strayed=(("moved", "page 7"),)) == "Nothing"
    assert cure(state="lost", problem="moved").endswith("plainsight publish sales")
    assert cure(state="lost", problem="moved", strayed=(("moved", "space 8"),)).endswith("plainsight publish sales")
    assert cure(state="conflict", problem="edited: version 4").endswith("plainsight publish --take-over sales")
    assert "new id" in cure(state="lost", problem="deleted")


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_refused_webhook_is_said_in_words_with_the_cure_while_it_matters(reason: str) -> None:
    given = Deliveries(True, None, refused=(Refusal(reason, 2, sync_sample.NOW),))
    facts = dataclasses.replace(sync_sample.WELL, deliveries=given)
    (row,) = rows(render(sync_sample.report(facts), ["ko"]).body, "거부 사유")
    assert reason not in row[0]
    assert row[1] == "2"
    assert row[3] and not row[3].startswith("없음")
    mended = dataclasses.replace(facts, deliveries=dataclasses.replace(given, last_at=sync_sample.NOW))
    assert rows(render(sync_sample.report(mended), ["ko"]).body, "거부 사유")[0][3].startswith("없음")


def test_every_page_links_to_it_once_it_has_an_address() -> None:
    report = sync_sample.report()
    index = dataclasses.replace(report, kind="index", trust=dataclasses.replace(report.trust, health_page="health"))
    assert "Sync health" not in render(index, ["en"]).body
    body = render(index, ["en"], {"health": "https://wiki.example/health"}).body
    assert '<a href="https://wiki.example/health">Sync health</a><br />' in body
