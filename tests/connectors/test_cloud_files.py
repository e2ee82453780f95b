"""Files on Confluence Cloud: uploaded once, then in new versions, quietly; and what refuses them."""

import pytest

from app.errors import Forbidden, NotFound, Rejected, Transient
from app.ports import Attachment
from connectors.sandbox import faults
from connectors.sandbox.confluence import attach_file, restrict_page
from connectors.sandbox.confluence.core.attachments import attachments_of, content_of
from connectors.sandbox.confluence.core.watchers import told_files
from connectors.sandbox.site import ADMIN

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def page(wiki, space):
    return wiki.create(space.id, space.homepage_id, "Company", "<p />", "")


def test_a_file_arrives_byte_for_byte_with_its_type_and_comment(site, wiki, page):
    kept = wiki.attach(page.id, "kr-1.png", PNG, "image/png", "a1b2c3d4 진행 추이")
    assert (kept.name, kept.comment) == ("kr-1.png", "a1b2c3d4 진행 추이")
    assert wiki.attachments(page.id) == [kept]
    (stored,) = attachments_of(site, page.id)
    assert content_of(site, stored) == PNG
    assert stored["mediaType"] == "image/png"
    assert wiki.page(page.id).version == 1


def test_a_second_upload_is_a_new_version_of_the_same_file_and_nobody_is_told(site, wiki, page):
    first = wiki.attach(page.id, "kr-1.png", PNG, "image/png", "one")
    second = wiki.attach(page.id, "kr-1.png", b"other", "image/png", "two")
    assert second == Attachment(first.id, "kr-1.png", "two")
    (stored,) = attachments_of(site, page.id)
    assert (stored["version"]["number"], content_of(site, stored), content_of(site, stored, 1)) == (2, b"other", PNG)
    assert told_files(site, page.id) == []
    attach_file(site, page.id, "notes.txt", b"x")
    assert told_files(site, page.id) == [("notes.txt", 1)]


def test_all_files_of_a_page_are_listed_however_many_there_are(site, wiki, page):
    site.page_size_cap = 2
    for number in range(5):
        attach_file(site, page.id, f"{number}.png", b"x", f"comment {number}")
    assert [(one.name, one.comment) for one in wiki.attachments(page.id)] == [
        (f"{number}.png", f"comment {number}") for number in range(5)
    ]


def test_a_page_that_is_out_of_sight_or_may_not_be_changed_takes_no_files(site, wiki, page):
    with pytest.raises(NotFound):
        wiki.attach("999999", "a.png", PNG, "image/png", "")
    with pytest.raises(NotFound):
        wiki.attachments("999999")
    restrict_page(site, page.id, writers=[ADMIN])
    with pytest.raises(Forbidden):
        wiki.attach(page.id, "a.png", PNG, "image/png", "")
    assert wiki.attachments(page.id) == []


@pytest.mark.parametrize(("status", "error"), [(403, Forbidden), (404, NotFound), (413, Rejected), (400, Rejected)])
def test_a_refused_upload_says_which_kind_it_was_and_is_not_sent_again(site, wiki, page, status, error):
    faults.add(site, {"status": status, "path": "/child/attachment$"})
    with pytest.raises(error, match="PUT /rest/api/content"):
        wiki.attach(page.id, "a.png", PNG, "image/png", "")
    assert len([one for one in site.asked if "/child/attachment" in one.path]) == 1


def test_an_upload_whose_answer_is_lost_is_in_doubt_and_not_sent_again(site, wiki, page):
    faults.add(site, {"lose_answer": True, "path": "/child/attachment$", "count": 1})
    with pytest.raises(Transient) as caught:
        wiki.attach(page.id, "a.png", PNG, "image/png", "one")
    assert caught.value.sent
    (kept,) = wiki.attachments(page.id)
    assert (kept.name, kept.comment) == ("a.png", "one")


def test_an_upload_met_by_a_rate_limit_is_sent_again_whole(site, wiki, page, naps):
    faults.add(site, {"status": 429, "headers": {"Retry-After": "1"}, "path": "/child/attachment$", "count": 1})
    wiki.attach(page.id, "a.png", PNG, "image/png", "one")
    (stored,) = attachments_of(site, page.id)
    assert (naps, content_of(site, stored), stored["version"]["number"]) == ([1.0], PNG, 1)


def test_an_upload_whose_answer_has_no_file_is_in_doubt(site, wiki, page):
    faults.add(site, {"status": 200, "body": {"results": []}, "path": "/child/attachment$"})
    with pytest.raises(Transient, match="without the file") as caught:
        wiki.attach(page.id, "a.png", PNG, "image/png", "")
    assert caught.value.sent
