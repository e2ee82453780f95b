"""Cloud or Data Center: told by the address or asked once, late, and never with a login that belongs elsewhere."""

from base64 import b64encode

import pytest

from app.errors import AuthFailed, Invalid, NotFound, RetryAfter, Transient
from connectors.confluence.cloud import ConfluenceCloudWiki
from connectors.confluence.datacenter import ConfluenceDataCenterWiki
from connectors.confluence.detect import DetectedWiki, Login, Place, open_wiki

CLOUD = {"cloudId": "b1c2"}
SPACE = {"id": 5, "key": "OKR", "name": "Goals"}
OF_CLOUD = {"results": [{**SPACE, "id": "5"}], "_links": {}}
BOTH = Login(token="", email="", jira_token="cloud-token", jira_email="bot@example.com")
OWN = Login("pat", "", "cloud-token", "bot@example.com")


@pytest.fixture
def opened(stub, pace):
    made = []

    def build(path="", login=OWN, **more):
        made.append(open_wiki(Place(stub.url + path, now=pace.now, sleep=pace.sleep, **more), login))
        return made[-1]

    yield build
    for wiki in made:
        wiki.close()


def paths(stub):
    return [one.path for one in stub.asked]


@pytest.mark.parametrize(
    "url",
    [
        "https://example.atlassian.net",
        "https://example.atlassian.net/wiki",
        "https://old.jira.com/wiki",
        "https://api.atlassian.com/ex/confluence/123",
    ],
)
def test_an_address_of_atlassians_own_is_cloud_without_asking(url):
    wiki = open_wiki(Place(url), BOTH)
    assert isinstance(wiki, ConfluenceCloudWiki) and wiki.deployment() == "Cloud"
    assert wiki.site == url.removeprefix("https://").removesuffix("/wiki") + "/wiki"


def test_an_address_with_a_context_path_is_data_center_without_asking(opened, stub):
    wiki = opened("/confluence")
    assert isinstance(wiki, ConfluenceDataCenterWiki) and wiki.deployment() == "Data Center"
    stub.then(body=SPACE)
    assert wiki.space("OKR").id == "OKR"
    assert paths(stub) == ["/confluence/rest/api/space/OKR"]


def test_nothing_is_asked_before_the_first_call(opened, stub):
    wiki = opened()
    assert isinstance(wiki, DetectedWiki)
    assert (wiki.site, wiki.ahead) == (stub.url.removeprefix("http://"), None)
    assert stub.asked == []


@pytest.mark.parametrize("path", ["", "/wiki"])
def test_a_site_of_cloud_under_a_name_of_its_own_is_found_and_asked_once(opened, stub, path):
    wiki = opened(path, BOTH)
    stub.then(body=CLOUD).then(body=OF_CLOUD).then(body=OF_CLOUD)
    assert wiki.space("OKR").id == wiki.space("OKR").id == "5"
    assert paths(stub) == ["/_edge/tenant_info", "/wiki/api/v2/spaces", "/wiki/api/v2/spaces"]
    assert wiki.deployment() == "Cloud"
    assert wiki.site == stub.url.removeprefix("http://") + path  # as before: our store knows the site by it
    login = b64encode(b"bot@example.com:cloud-token").decode()
    assert [one.headers.get("authorization") for one in stub.asked[:2]] == [None, f"Basic {login}"]


@pytest.mark.parametrize(
    "answer",
    [{"status": 404}, {"status": 302, "headers": {"Location": "/login.action"}}, {"status": 401}, {"body": {}}],
)
@pytest.mark.parametrize("path", ["", "/wiki"])
def test_what_does_not_know_atlassians_question_is_data_center(opened, stub, answer, path):
    wiki = opened(path)
    stub.then(**answer).then(body=SPACE)
    assert wiki.space("OKR").id == "OKR"
    assert paths(stub) == ["/_edge/tenant_info", f"{path}/rest/api/space/OKR"]
    assert [one.headers.get("authorization") for one in stub.asked] == [None, "Bearer pat"]
    assert wiki.site == stub.url.removeprefix("http://") + path


def test_a_web_page_for_everything_unknown_hides_no_data_center(opened, stub, naps):
    wiki = opened("/wiki")
    for _ in range(4):
        stub.then(body=b"<html>Our company</html>", headers={"Content-Type": "text/html"})
    stub.then(body={"username": "bot", "userKey": "k1"}).then(body=SPACE)
    assert wiki.space("OKR").id == "OKR"
    assert paths(stub)[4:] == ["/wiki/rest/api/user/current", "/wiki/rest/api/space/OKR"]


def test_a_site_that_cannot_be_reached_is_told_as_such_and_asked_again_later(deaf_stub, pace):
    wiki = open_wiki(Place(deaf_stub.url, now=pace.now, sleep=pace.sleep), OWN)
    with pytest.raises(Transient, match="refused"):
        wiki.myself()
    deaf_stub.listen()
    deaf_stub.then(status=404).then(body=SPACE)
    assert wiki.space("OKR").id == "OKR"
    wiki.close()


@pytest.mark.parametrize("login, requests", [(BOTH, 4), (OWN, 8)])
def test_a_failure_of_the_moment_decides_nothing(opened, stub, login, requests):
    wiki = opened("", login)
    for _ in range(requests):
        stub.then(status=503)
    with pytest.raises(Transient, match="503"):
        wiki.space("OKR")
    stub.then(body=CLOUD).then(body=OF_CLOUD)
    assert wiki.space("OKR").id == "5"


def test_a_rate_limit_is_obeyed_while_asking(opened, stub, gate):
    wiki = opened("", gate=gate)
    stub.then(status=429, headers={"Retry-After": "120"})
    with pytest.raises(RetryAfter):
        wiki.myself()
    assert len(stub.asked) == 1


def test_the_token_of_jira_is_never_sent_to_a_data_center(opened, stub):
    wiki = opened("", BOTH)
    stub.then(status=404)
    with pytest.raises(AuthFailed, match="PLAINSIGHT_CONFLUENCE_TOKEN"):
        wiki.space("OKR")
    with pytest.raises(AuthFailed, match="Jira's is not sent there"):
        opened("/confluence", BOTH)
    assert [one.headers.get("authorization") for one in stub.asked] == [None]


def test_the_name_of_jiras_account_is_not_sent_to_a_data_center_either(opened, stub):
    named = opened("/confluence", Login("password", "bot", "cloud-token", "bot@example.com"))
    stub.then(body=SPACE)
    named.space("OKR")
    assert stub.asked[0].headers["authorization"] == f"Basic {b64encode(b'bot:password').decode()}"


def test_an_address_or_a_token_that_cannot_be_one_is_told_at_once():
    with pytest.raises(Invalid):
        open_wiki(Place("confluence"), OWN)
    with pytest.raises(AuthFailed, match="copy it once more"):
        open_wiki(Place("https://wiki.example.com"), Login("two words"))


def test_a_missing_page_is_told_by_the_site_that_was_found(opened, stub):
    wiki = opened()
    stub.then(status=404).then(status=404)
    with pytest.raises(NotFound, match="rest/api/content/7"):
        wiki.page("7")
