"""What a person sees of the sandbox wiki in a browser, and does there."""

import pytest

from connectors.sandbox.confluence import add_page, comment_inline, stored_body
from connectors.sandbox.confluence.people import restrict_page
from tests.sandbox.wiki import V1, V2, Wiki, open_wiki

ANCHOR = '<p><ac:structured-macro ac:name="anchor"><ac:parameter ac:name="">{}</ac:parameter></ac:structured-macro></p>'


def shown(wiki: Wiki, body: str) -> str:
    """The page as HTML, from the title to the comments."""
    page = add_page(wiki.site, wiki.space["id"], f"Page {len(body)}", body)
    answer = wiki.http.get(f"/wiki/spaces/OKR/pages/{page['id']}/x")
    assert answer.status_code == 200
    return answer.text.split('<div class="wiki">')[1].split('<section class="talk"')[0]


def macro(name: str, body: str = "", **parameters: str) -> str:
    given = "".join(f'<ac:parameter ac:name="{key}">{value}</ac:parameter>' for key, value in parameters.items())
    body = f"<ac:rich-text-body>{body}</ac:rich-text-body>" if body else ""
    return f'<ac:structured-macro ac:name="{name}">{given}{body}</ac:structured-macro>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (macro("status", title="순조", colour="Green"), '<span class="lozenge green">순조</span>'),
        (macro("warning", "<p>old</p>"), '<div class="panel warning">'),
        (macro("expand", "<p>x</p>", title="Why 0.6?"), "<summary>Why 0.6?</summary>"),
        (macro("toc") + "<h2>First part</h2>", '<a href="#First-part">First part</a>'),
        (macro("chart"), "Unknown macro: <code>chart</code>"),
        (macro("jira", key="HR-12"), '<a class="card" href="/browse/HR-12">HR-12</a>'),
        ("<p>&lt;script&gt;</p><script>alert(1)</script>", "&lt;script&gt;"),
        ('<a href="http://x/browse/HR-1" data-card-appearance="inline">http://x/browse/HR-1</a>', ">HR-1</a>"),
        ('<ac:image ac:alt="Trend"><ri:attachment ri:filename="t.png"/></ac:image>', 'alt="Trend"'),
        ('<ac:link><ri:user ri:account-id="712020:writer"/></ac:link>', "@Writer"),
        ('<ac:link><ri:page ri:content-title="Nowhere"/></ac:link>', 'class="missing"'),
        ('<ac:link><ri:page ri:content-title="OKR"/></ac:link>', ">OKR</a>"),
    ],
)
def test_storage_is_shown_as_confluence_shows_it(body: str, expected: str) -> None:
    html = shown(open_wiki(), body)
    assert expected in html
    assert "<script>alert" not in html


def test_a_restricted_page_shows_a_lock_and_for_whom_it_opens() -> None:
    wiki = open_wiki()
    page = add_page(wiki.site, wiki.space["id"], "Secret", "<p>x</p>")
    address = f"/wiki/spaces/OKR/pages/{page['id']}/x"
    assert 'class="lock"' not in wiki.http.get(address).text
    restrict_page(wiki.site, page["id"], ["712020:writer"])
    assert "🔒 Viewed by Writer" in wiki.http.get(address).text


def test_no_address_that_runs_a_script_becomes_a_link() -> None:
    assert "javascript" not in shown(open_wiki(), '<p><a href="javascript:alert(1)">x</a></p>')


def test_page_properties_are_gathered_from_labelled_pages() -> None:
    wiki = open_wiki()
    facts = macro("details", "<table><tbody><tr><th>Score</th><td>0.6</td></tr></tbody></table>")
    page = wiki.create("Sales", facts)
    wiki.ask("POST", f"{V1}/content/{page['id']}/label", json=[{"prefix": "global", "name": "okr"}])
    html = shown(wiki, macro("detailssummary", cql='label = "okr"'))
    assert '<th scope="col">Score</th>' in html and "<td>0.6</td>" in html and ">Sales</a>" in html


def test_the_frame_shows_the_way_the_tree_the_version_and_its_message() -> None:
    wiki = open_wiki()
    above = wiki.create("2026-Q4")
    page = wiki.create("Company", parentId=above["id"])
    wiki.save(page["id"], 2, "<p/>", version={"number": 2, "message": "[a1b2c3d4] KR2 0.4 → 0.6"})
    html = wiki.http.get(f"/wiki{page['_links']['webui']}").text
    assert 'aria-current="page">Company</a>' in html
    assert f'pages/{above["id"]}/2026-Q4">2026-Q4</a>' in html
    assert "[a1b2c3d4] KR2 0.4 → 0.6" in html and ">v2</a>" in html
    history = wiki.http.get(f"/wiki/spaces/OKR/history/{page['id']}").text
    assert history.count("pageVersion=") == 2
    assert "You are reading version 1" in wiki.http.get(f"/wiki/spaces/OKR/pages/{page['id']}/x?pageVersion=1").text


@pytest.mark.parametrize("path", ["/wiki/spaces/OKR", "/wiki/spaces/OKR/overview"])
def test_a_space_opens_at_its_homepage(path: str) -> None:
    wiki = open_wiki()
    assert wiki.http.get(path).headers["location"].endswith(f"/pages/{wiki.space['homepageId']}/OKR")


def test_what_is_not_there_is_a_page_that_says_so() -> None:
    for path in ("/wiki/spaces/OKR/pages/999", "/wiki/spaces/NOPE", "/wiki/x/zz"):
        answer = open_wiki().http.get(path)
        assert answer.status_code == 404 and "Page not found" in answer.text


def test_the_sign_of_life_changes_with_text_and_comments_and_only_then() -> None:
    wiki = open_wiki()
    page = wiki.create("Company", "<p>one two</p>")

    def stamp() -> str:
        return str(wiki.http.get(f"/wiki/live/{page['id']}").json()["stamp"])

    stamps = [stamp()]
    assert stamp() == stamps[0]
    comment_inline(wiki.site, page["id"], "two")
    stamps.append(stamp())
    wiki.save(page["id"], 2, "<p>three</p>")
    stamps.append(stamp())
    assert len(set(stamps)) == 3


def test_a_person_edits_the_page_and_is_told_what_is_wrong_with_the_text() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    path = f"/wiki/spaces/OKR/pages/edit-v2/{page['id']}"
    sent = {"number": "2", "title": "Firm", "body": "<p>a & b</p>", "message": "m", "by": "712020:reader"}
    refused = wiki.http.post(path, data=sent)
    assert refused.status_code == 400
    assert "Error parsing xhtml" in refused.text and "a &amp; b" in refused.text
    assert wiki.http.post(path, data={**sent, "body": "<p>new</p>"}).status_code == 303
    now = wiki.get(f"{V2}/pages/{page['id']}")
    assert (now["title"], now["version"]["number"], now["version"]["authorId"]) == ("Firm", 2, "712020:reader")
    assert "Current Version: [2]" in wiki.http.post(path, data=sent | {"body": "<p/>"}).text


def test_a_person_edits_the_notes_and_nothing_else() -> None:
    wiki = open_wiki()
    body = f"<p>ours</p>{ANCHOR.format('notes-start')}<p>old</p>{ANCHOR.format('notes-end')}<p>end</p>"
    page = wiki.create("Company", body)
    path = f"/wiki/spaces/OKR/pages/edit-v2/{page['id']}"
    form = wiki.http.get(f"{path}?part=notes").text
    assert "old" in form and "ours" not in form.split("<textarea")[1].split("</textarea>")[0]
    wiki.http.post(path, data={"number": "2", "part": "notes", "body": "<p>새 메모</p>"})
    stored = stored_body(wiki.site, page["id"])
    assert "새 메모" in stored and "old" not in stored and "ours" in stored and "end" in stored


def test_a_person_comments_in_plain_words() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    wiki.http.post(f"/wiki/spaces/OKR/comment/{page['id']}", data={"words": "<b>좋아요</b>\nyes"})
    html = wiki.http.get(f"/wiki/spaces/OKR/pages/{page['id']}/x").text
    assert "&lt;b&gt;좋아요&lt;/b&gt;" in html and "1 comment<" in html


def test_a_person_comments_on_the_text_they_marked() -> None:
    wiki = open_wiki()
    page = wiki.create("Company", "<p>two</p><p>one two &rarr; three</p>")
    path = f"/wiki/spaces/OKR/comment/{page['id']}"
    sent = {"words": "why?", "selection": "two", "run": "one two → three"}
    assert wiki.http.post(path, data=sent).status_code == 303
    assert '<p>two</p><p>one <mark class="comment"' in wiki.http.get(f"/wiki/spaces/OKR/pages/{page['id']}/x").text
    assert wiki.get(f"{V2}/pages/{page['id']}")["version"]["number"] == 1
    assert wiki.http.post(path, data={"words": "why?", "selection": "nowhere"}).status_code == 400


def test_every_page_of_the_wiki_is_whole_and_needs_nothing_from_elsewhere() -> None:
    wiki = open_wiki()
    page = wiki.create("Company")
    for path in ("/wiki", f"/wiki/spaces/OKR/pages/{page['id']}/x", f"/wiki/spaces/OKR/history/{page['id']}"):
        html = wiki.http.get(path).text
        assert 'src="http' not in html and "@import" not in html and 'rel="stylesheet"' not in html
