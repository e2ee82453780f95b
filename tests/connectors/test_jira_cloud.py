"""Jira Cloud: what is asked, how pages end, what a strange issue becomes, and what the admin reads."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from app.errors import AuthFailed, Rejected, Transient
from app.ports import JiraSite, Project, Projects
from connectors.jira.cloud import JiraCloudTracker
from connectors.jira.issues import NEEDED

TEAM = "com.pyxis.greenhopper.jira:jsw-story-points"
FLOAT = "com.atlassian.jira.plugin.system.customfieldtypes:float"
FIELDS = [
    {"id": "summary", "name": "Summary"},
    {"id": "customfield_10026", "name": "Story Points", "schema": {"type": "number", "custom": FLOAT}},
    {"id": "customfield_10099", "name": "Budget", "schema": {"type": "number", "custom": FLOAT}},
    {"id": "customfield_10016", "name": "Schätzung", "schema": {"type": "number", "custom": TEAM}},
]
POINTS = ["customfield_10016", "customfield_10026"]


def issue(number, **fields):
    return {"id": str(10000 + number), "key": f"OPS-{number}", "fields": fields}


@pytest.fixture
def jira(stub, gate, pace):
    made = tracker(stub, gate, pace)
    yield made
    made.close()


def tracker(stub, gate, pace, path="", **more):
    more = {"points_field": "customfield_1", **more}
    return JiraCloudTracker(stub.url + path, "t", "bot@example.com", gate, now=pace.now, sleep=pace.sleep, **more)


def test_a_search_asks_for_the_needed_fields_only_and_ends_where_no_token_comes(stub, jira):
    stub.then(body={"issues": [issue(1)], "nextPageToken": "a", "isLast": True})
    stub.then(body={"issues": [], "nextPageToken": "b"})
    stub.then(body={"issues": [issue(2), issue(1)]})
    assert [[one.key for one in page] for page in jira.search("project = OPS")] == [["OPS-1"], [], ["OPS-2"]]
    asked = {"jql": "project = OPS", "fields": [*NEEDED, "customfield_1"], "maxResults": 100}
    assert [one.body for one in stub.asked] == [asked, asked | {"nextPageToken": "a"}, asked | {"nextPageToken": "b"}]
    assert {one.path for one in stub.asked} == {"/rest/api/3/search/jql"}


def test_a_page_token_that_comes_twice_ends_the_search_with_an_error(stub, jira):
    stub.always(body={"issues": [issue(1)], "nextPageToken": "a"})
    with pytest.raises(Transient, match="same page token twice"):
        list(jira.search("project = OPS"))
    assert len(stub.asked) == 2


def test_ids_are_asked_for_alone_so_that_jira_gives_five_thousand_at_once(stub, gate, pace):
    jira = tracker(stub, gate, pace, points_field=None)  # which fields hold points is no matter
    stub.then(body={"issues": [{"id": "1"}, {"id": "2"}], "nextPageToken": "a"})
    stub.then(body={"issues": [], "nextPageToken": "b"})
    stub.then(body={"issues": [{"id": "2"}, {"id": 3}, {"key": "OPS-4"}, None], "isLast": True})
    assert list(jira.ids("project = OPS")) == [["1", "2"], [], ["3"]]
    asked = {"jql": "project = OPS", "fields": ["id"], "maxResults": 5000}
    assert [one.body for one in stub.asked] == [asked, asked | {"nextPageToken": "a"}, asked | {"nextPageToken": "b"}]


def test_ids_that_go_round_in_circles_end_with_an_error_and_a_refusal_with_its_reason(stub, jira):
    stub.then(body={"issues": [{"id": "1"}], "nextPageToken": "a"}).then(body={"issues": [], "nextPageToken": "a"})
    with pytest.raises(Transient, match="same page token twice"):
        list(jira.ids("project = OPS"))
    stub.then(400, {"errorMessages": ["Field 'foo' does not exist."], "errors": {}})
    with pytest.raises(Rejected, match="Field 'foo' does not exist"):
        list(jira.ids("foo = 1"))


def test_no_page_token_is_ever_said(stub, jira, caplog):
    caplog.set_level("DEBUG")
    stub.always(body={"issues": [], "nextPageToken": "SEKRIT", "warnings": [{"message": "hush"}]})
    with pytest.raises(Transient) as caught:
        list(jira.search("project = OPS"))
    for text in (caught.value.message, caplog.text):
        assert "SEKRIT" not in text
        assert "hush" not in text
    assert "1 warnings" in caplog.text


def test_an_expired_token_is_not_an_empty_result(stub, jira):
    stub.then(body={"issues": []}, headers={"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"})
    with pytest.raises(AuthFailed):
        list(jira.search("project = OPS"))


def test_a_refused_query_carries_jiras_reason(stub, jira):
    stub.then(400, {"errorMessages": ["Field 'foo' does not exist."], "errors": {}})
    with pytest.raises(Rejected, match="Field 'foo' does not exist"):
        list(jira.search("foo = 1"))


@pytest.mark.parametrize("body", [[], "text", None, 7])
def test_an_answer_of_another_shape_may_pass(stub, jira, body):
    stub.always(200, b"null" if body is None else body)
    with pytest.raises(Transient, match="not a JSON object"):
        jira.issues(["1"])


def test_odd_items_in_an_answer_are_left_out(stub, jira):
    stub.then(body={"issues": [None, "x", {"id": "1"}, issue(1)], "issueErrors": "x", "warnings": 3})
    assert [one.key for one in jira.issues(["1"])] == ["OPS-1"]
    stub.then(body={"issues": None})
    assert list(jira.search("project = OPS")) == [[]]


def test_issues_are_fetched_by_the_hundred_and_each_comes_once(stub, jira):
    stub.then(body={"issues": [issue(1)]}).then(body={"issues": [issue(1), issue(2)]}).then(body={"issues": []})
    assert [one.id for one in jira.issues([str(number) for number in range(250)] + ["1"])] == ["10001", "10002"]
    assert [len(one.body["issueIdsOrKeys"]) for one in stub.asked] == [100, 100, 50]
    assert stub.asked[0].path == "/rest/api/3/issue/bulkfetch"


def test_no_ids_cost_no_request(stub, jira):
    assert jira.issues([]) == []
    assert jira.matches([], ["project = OPS"]) == [set()]
    assert jira.matches(["1"], []) == []
    assert stub.asked == []


def test_issues_that_jira_could_not_read_just_now_are_asked_for_again(stub, jira, naps):
    stub.then(body={"issues": [issue(1)], "issueErrors": [{"id": "10002", "errorMessage": "busy"}]})
    stub.then(body={"issues": [issue(2)], "issueErrors": []})
    assert [one.key for one in jira.issues(["10001", "10002"])] == ["OPS-1", "OPS-2"]
    assert stub.asked[1].body["issueIdsOrKeys"] == ["10002"]
    assert len(naps) == 1


def test_an_issue_that_stays_unreadable_is_left_out_and_named_in_the_log(stub, jira, caplog):
    stub.always(body={"issues": [], "issueErrors": [{"id": "10002", "errorMessage": "busy"}]})
    assert jira.issues(["10002"]) == []
    assert len(stub.asked) == 3
    assert "10002" in caplog.text


def test_matches_answer_each_query_in_order(stub, jira):
    stub.then(body={"matches": [{"matchedIssues": [1, 3], "errors": []}, {"matchedIssues": [], "errors": []}]})
    assert jira.matches(["3", "1", "1"], ["a = 1", "b = 1"]) == [{"1", "3"}, set()]
    assert stub.asked[0].body == {"issueIds": [1, 3], "jqls": ["a = 1", "b = 1"]}


def test_a_refused_query_among_matches_is_named_by_its_number(stub, jira):
    stub.then(
        body={"matches": [{"matchedIssues": [], "errors": []}, {"matchedIssues": [], "errors": ["Invalid JQL: b"]}]}
    )
    with pytest.raises(Rejected, match="refuses query 2: Invalid JQL: b"):
        jira.matches(["1"], ["a = 1", "b"])


def test_many_ids_and_queries_are_matched_in_batches(stub, jira):
    def answered(queries):
        return {"matches": [{"matchedIssues": [7], "errors": []}] * queries}

    for queries in (50, 10, 50, 10):
        stub.then(body=answered(queries))
    assert jira.matches([str(number) for number in range(150)], ["a = 1"] * 60) == [{"7"}] * 60
    assert [(len(one.body["issueIds"]), len(one.body["jqls"])) for one in stub.asked] == [
        (100, 50),
        (100, 10),
        (50, 50),
        (50, 10),
    ]


def test_where_jira_allows_fewer_at_a_time_batches_are_halved(stub, jira):
    one = {"matches": [{"matchedIssues": [1], "errors": []}]}
    stub.then(400, {"errorMessages": ["too many"]}).then(body=one).then(400).then(body=one).then(body=one)
    assert jira.matches(["1", "2"], ["a = 1", "b = 1"]) == [{"1"}, {"1"}]
    assert [(len(asked.body["issueIds"]), len(asked.body["jqls"])) for asked in stub.asked] == [
        (2, 2),
        (2, 1),
        (2, 1),
        (1, 1),
        (1, 1),
    ]


def test_a_match_that_is_always_refused_is_reported(stub, jira):
    stub.always(400, {"errorMessages": ["no"]})
    with pytest.raises(Rejected, match="no"):
        jira.matches([str(number) for number in range(100)], ["a = 1"] * 50)
    assert len(stub.asked) < 20


@pytest.mark.parametrize(
    ("parsed", "reason"),
    [
        ({"query": "q", "structure": {"where": {}, "orderBy": {}}}, "no condition"),
        ({"query": "q", "structure": {"where": {"clauses": []}}}, None),
        ({"query": "q"}, None),
        ({"query": "q", "errors": ["Field 'x' does not exist.", "Odd."]}, "Field 'x' does not exist.; Odd."),
    ],
)
def test_a_query_is_checked_strictly_before_it_is_kept(stub, jira, parsed, reason):
    stub.then(body={"queries": [parsed]})
    said = jira.check_query("q")
    assert (said is None) is (reason is None)
    assert reason is None or reason in said
    assert stub.asked[0].query == "validation=strict"
    assert stub.asked[0].body == {"queries": ["q"]}


def test_an_empty_query_is_refused_without_asking(stub, jira):
    assert jira.check_query("  ")
    assert stub.asked == []


def test_the_story_point_fields_are_found_out_once(stub, gate, pace):
    jira = tracker(stub, gate, pace, points_field=None)
    stub.then(body=FIELDS).then(body={"issues": [issue(1, customfield_10026=3)]}).then(body={"issues": []})
    (found,) = jira.issues(["1"])
    assert found.points == Decimal(3)
    list(jira.search("project = OPS"))
    assert [one.path for one in stub.asked].count("/rest/api/3/field") == 1
    assert stub.asked[1].body["fields"] == [*NEEDED, *POINTS]


def test_a_failed_discovery_is_made_up_for_later(stub, gate, pace):
    jira = tracker(stub, gate, pace, points_field=None)
    stub.then(403).then(body=FIELDS).then(body={"issues": []})
    with pytest.raises(Exception, match="403"):
        jira.issues(["1"])
    assert jira.issues(["1"]) == []


def test_the_account_of_the_token_is_told(stub, jira):
    stub.then(body={"accountId": "712020:a", "displayName": "Bot", "timeZone": "Asia/Seoul"})
    told = jira.myself()
    assert (told.id, told.name, told.time_zone) == ("712020:a", "Bot", "Asia/Seoul")
    stub.then(body={})
    with pytest.raises(AuthFailed, match="no account"):
        jira.myself()


def test_a_context_path_and_the_gateway_for_scoped_tokens_are_kept(stub, gate, pace):
    jira = tracker(stub, gate, pace, "/ex/jira/123-abc/", web_url="https://example.atlassian.net/")
    stub.then(body={"accountId": "1"})
    jira.myself()
    assert stub.asked[0].path == "/ex/jira/123-abc/rest/api/3/myself"
    assert jira.site == stub.url.removeprefix("http://") + "/ex/jira/123-abc"
    assert jira.browse_url("OPS-1") == "https://example.atlassian.net/browse/OPS-1"


def test_addresses_for_people_are_quoted(stub, jira):
    assert jira.browse_url("A/../B") == f"{stub.url}/browse/A%2F..%2FB"
    assert jira.search_url('labels = "a&b"') == f"{stub.url}/issues/?jql=labels+%3D+%22a%26b%22"


# What setting up asks


def test_the_site_is_asked_about_itself_without_a_login(stub, jira):
    stub.then(body={"version": "1001.0.0", "deploymentType": "Cloud", "serverTitle": "Hanbit"})
    assert jira.about() == JiraSite("Hanbit", "Cloud", "1001.0.0")
    assert stub.asked[0].path == "/rest/api/2/serverInfo"
    assert "authorization" not in {name.lower() for name in stub.asked[0].headers}


def test_an_old_server_that_names_no_deployment_is_none_of_the_clouds(stub, jira):
    stub.then(body={"version": "7.1.0"})
    assert jira.about().deployment == "Server"


@pytest.mark.parametrize("answer", [{}, [], {"status": "ok"}])
def test_an_answer_that_is_not_jiras_is_refused(stub, jira, answer):
    stub.then(body=answer)
    with pytest.raises(Rejected, match="not as Jira does"):
        jira.about()


def test_projects_are_asked_for_by_key_fifty_at_a_time(stub, jira):
    stub.then(body={"values": [{"key": "A", "name": "Alpha"}], "total": 1})
    stub.then(body={"values": [{"key": "Z"}, {"name": "keyless"}], "total": 1})
    keys = [f"P{number}" for number in range(50)] + ["A", "A"]
    assert jira.projects(keys) == Projects((Project("A", "Alpha"), Project("Z", "Z")), 2)
    assert [one.query.count("keys=") for one in stub.asked] == [50, 1]
    assert all("action=browse" in one.query for one in stub.asked)


def test_without_keys_the_first_projects_and_their_number_come_in_one_request(stub, jira):
    stub.then(body={"values": [{"key": "A", "name": "Alpha"}], "total": 700, "isLast": False})
    assert jira.projects() == Projects((Project("A", "Alpha"),), 700)
    assert "keys" not in stub.asked[0].query


def test_how_far_the_sites_clock_is_ahead_is_known_after_any_answer(stub, gate, pace, clock):
    clock.time = datetime.now(UTC) + timedelta(minutes=5)
    jira = tracker(stub, gate, pace)
    assert jira.ahead is None
    stub.then(401)
    with pytest.raises(AuthFailed):
        jira.myself()
    assert abs(jira.ahead + timedelta(minutes=5)) < timedelta(seconds=30)
    jira.close()
