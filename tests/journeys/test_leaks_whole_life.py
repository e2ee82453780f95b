"""After a full life with secrets planted everywhere, each of them stands where it may, and nowhere else."""

import json
import logging
import re
import sys
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog
from sqlalchemy import Engine

from app import logs
from app.services import (
    audit,
    checkins,
    comments,
    explain,
    okrs,
    pages,
    preview,
    retention,
    status,
    sweep,
    sync,
    tokens,
)
from connectors.sandbox.confluence import add_group, comment_footer, comment_inline, edit_page
from connectors.sandbox.confluence.core.attachments import attachments_of, content_of
from connectors.sandbox.confluence.core.comments import comments_of
from connectors.sandbox.confluence.core.pages import page_of, versions_of
from connectors.sandbox.confluence.core.properties import properties_of
from connectors.sandbox.confluence.core.spaces import PAGES
from connectors.sandbox.jira.seed import add_issue, link
from connectors.sandbox.site import Site
from tests.journeys import company
from tests.journeys.api import Script
from tests.journeys.company import SERVICE
from tests.journeys.conftest import Opening
from tests.journeys.place import SECRET, Place

ADA, BO = "712020:ada", "712020:bo"
TOKEN, PASSWORD = "QzToken1x", "QzPassword2x"
HIDDEN = ("QzHiddenSummary", "QzHiddenAssignee", "QzOutsideSummary", "RED-6", "BLU-1", "BLU-9")
"""Issues with a security level, or in a project off the allow-list: nowhere at all, but in the file of OKRs."""
CONFIDENTIAL = ("41.0625", "41.06", "37.1717", "37.17", "39.3939", "QzAction")
"""Of the confidential KPI: value, target, corridor, what is done about it."""
PRIVATE = (
    *("QzVaultObjective", "QzVaultResult", "QzVaultNote", "QzVaultBlocker", "QzVaultQuery", "QzVaultMetric"),
    *(
        "QzVaultKpi",
        "QzVaultReason",
        "7713.13",
        "7,713.13",
        "6415.15",
        "6,415.15",
        "9,127.27",
        "QzVaultSecond",
        "QzVaultRemark",
    ),
)
"""Of the private team: on its own pages alone."""
KEYS = (TOKEN, SECRET, PASSWORD)
NOWHERE = (*KEYS, *HIDDEN, *CONFIDENTIAL)
OKRS = f"""
organisation: {{name: Namu}}
teams:
  - {{id: company, name: Company}}
  - {{id: red, name: Red, parent: company}}
  - {{id: vault, name: Vault, parent: company, readers: {{people: [ada], groups: [board]}}}}
people:
  - {{id: ada, name: Ada, team: vault, account_id: "{ADA}"}}
  - {{id: bo, name: Bo, team: red, account_id: "{BO}"}}
cycles:
  - {{id: 2026-Q4, starts_on: 2026-10-01, ends_on: 2026-12-31}}
objectives:
  - id: O-1
    title: Red delivers
    team: red
    key_results:
      - id: KR-1
        title: Four things finished
        owner: bo
        metric: {{unit: "%", source: jira.share_done}}
        progress: {{mode: from_to, baseline: 0, target: 100}}
        evidence:
          - {{link: RED-1, mode: contributing}}
          - keys: [RED-6, BLU-1]
          - jql: parent = RED-6 OR key = BLU-1
          - jql: parent in (RED-6, BLU-9) AND nonsense = 1
      - id: KR-2
        title: Signed up
        owner: bo
        metric: {{unit: count}}
        progress: {{mode: from_to, baseline: 0, target: 10}}
  - id: O-9
    title: QzVaultObjective
    team: vault
    supports: O-1
    page: true
    key_results:
      - id: KR-9
        title: QzVaultResult
        owner: ada
        metric: {{id: vault-metric, name: QzVaultMetric, unit: "%"}}
        progress: {{mode: from_to, baseline: 10, target: 9127.27}}
        health: {{is: at_risk, reason: QzVaultReason}}
        evidence:
          - jql: nonsense = QzVaultQuery
      - id: KR-8
        title: QzVaultSecond
        owner: ada
        metric: {{unit: count}}
        progress: {{mode: from_to, baseline: 0, target: 10}}
kpis:
  - id: KPI-1
    title: Payroll
    person: bo
    metric: {{id: payroll, unit: "%"}}
    progress: {{mode: from_to, baseline: 42.4242, target: 37.1717}}
    corridor: {{healthy: 39.3939, watch: 40.4040}}
    action: QzAction
    confidential: true
  - id: KPI-2
    title: QzVaultKpi
    team: vault
    metric: {{id: vault-kpi, unit: count}}
    progress: {{mode: from_to, baseline: 0, target: 100}}
measurements:
  - {{metric: payroll, at: 2026-11-17T09:00, value: 41.0625, by: bo}}
  - {{metric: vault-kpi, at: 2026-11-17T09:00, value: 6415.15, by: ada}}
"""
CLOSED = OKRS.replace("ends_on: 2026-12-31}", "ends_on: 2026-12-31, state: closed}")
VAULT, OBJECTIVE, RED_PAGE, HEALTH = "vault-2026-Q4", "objective-O-9", "red-2026-Q4", "sync-health"


def fill(site: Site) -> None:
    """RED-6 has a security level; BLU is off the allow-list, and linked all the same."""
    company.fill(site)
    site.add_user(company.EMAIL, "Plainsight", account_id=SERVICE, token=TOKEN, rights=company_rights())
    site.add_user("qz@example.com", "QzHiddenAssignee", account_id="712020:qz")
    for account, name in ((ADA, "Ada"), (BO, "Bo")):
        site.add_user(f"{name.lower()}@example.com", name, account_id=account)
    add_group(site, "board", [ADA])
    secret = {"security": company.SECRET_LEVEL, "assignee": "712020:qz"}
    link(site, "Contributes", add_issue(site, "RED", "QzHiddenSummary", **secret), "RED-1")
    link(site, "Contributes", add_issue(site, "BLU", "QzOutsideSummary"), "RED-1")


def company_rights() -> tuple[str, ...]:
    return ("jira:read", "wiki:read", "wiki:write")


@pytest.fixture
def heard() -> Iterator[StringIO]:
    """All that is logged, down to DEBUG, as the service logs it."""
    root, kept = logging.getLogger(), (logging.getLogger().handlers, logging.getLogger().level, sys.stderr)
    everything = sys.stderr = StringIO()
    try:
        yield everything
    finally:
        root.handlers, root.level, sys.stderr = kept
        structlog.reset_defaults()


@pytest.fixture
def lived(opening: Opening, sqlite_engine: Engine, heard: StringIO) -> Place:
    place = opening(
        sqlite_engine,
        fill,
        jira_token=TOKEN,
        database_url=f"postgresql://plainsight:{PASSWORD}@db/plainsight",  # told to nobody; the engine is there already
        projects="RED",
        comment_check_ins="true",
        pictures="true",
        log_level="DEBUG",
        log_format="json",
    )
    logs.set_up(place.world.settings)
    live(place)
    return place


def live(place: Place) -> None:
    place.apply(OKRS)
    for _ in range(3):
        place.settle()
    assert {place.row(page).state for page in (VAULT, OBJECTIVE, RED_PAGE, HEALTH)} == {"ok"}
    comments.read(place.world)
    place.clock.move(60)
    talk(place)
    place.listen()
    change(place)
    fail(place)
    people_write(place)
    nights(place)
    place.apply(CLOSED, reason="The end")
    for _ in range(3):
        place.settle()
    place.clock.move(3600)
    place.publish(HEALTH)


def talk(place: Place) -> None:
    """Check-ins by hand and in comments, on the private page, on one for everybody, good ones and bad ones."""
    checkins.check_in(place.world, "KR-9", "55.5", confidence=3, note="QzVaultNote", blockers="QzVaultBlocker")
    checkins.check_in(place.world, "KR-2", "4", note="Fine")
    comment_footer(place.site, place.wiki_id(VAULT), "<p>/okr KR-9 7713.13 c=4 QzVaultNote</p>", ADA)
    for words in ("/okr KR-9 7713.13 c=4", "/okr KR-9 c=7713.13", "/okr KR-9 1,23,4", "/okr KR-99 1", "/okr KR-2 9"):
        comment_footer(place.site, place.wiki_id(RED_PAGE), f"<p>{words}</p>", ADA)
    comment_footer(place.site, place.wiki_id(RED_PAGE), "<p>/okr KR-2 5</p>", BO)
    assert comments.read(place.world)["recorded"] == 3
    place.settle()


def change(place: Place) -> None:
    """Webhooks about what is secret and what is not, and deliveries that are refused."""
    for key in ("RED-6", "RED-4", "BLU-1"):
        place.transition(key, "Done")
    letters = place.letters()
    for letter in letters:
        place.deliver(letter)
    place.deliver(letters[0], x_hub_signature="sha256=" + "0" * 64)
    place.settle()
    place.clock.move(300)
    place.tick(sync.POLL)
    place.settle()


def fail(place: Place) -> None:
    """Both sites refuse, break down and forget us, and say what they should not."""
    said = {
        "errorMessages": ["An issue with key 'RED-6' does not exist for field 'key'."],
        "message": "No issue RED-6.",
    }
    page = place.wiki_id(VAULT)
    for fault in (
        {"path": f"/pages/{page}$", "method": "PUT", "status": 400, "body": {"message": "Error parsing xhtml"}},
        {"path": f"/pages/{page}$", "method": "PUT", "status": 500},
        {"path": "^/wiki/", "status": 401},
    ):
        checkins.check_in(place.world, "KR-8", "2", note="QzVaultNote")
        place.fault(**fault)
        place.settle()
        place.mend()
    for status_code in (400, 401, 403, 503):
        place.fault("/search/jql$", status=status_code, body=said)
        place.clock.move(300)
        place.tick(sync.POLL)
        place.settle()
        place.mend()
    place.clock.move(300)
    place.tick(sync.POLL)
    for _ in range(2):
        place.clock.move(60)
        place.publish()


def people_write(place: Place) -> None:
    """On the private page: a comment whose text goes away, then an edit that makes a conflict."""
    comment_inline(place.site, place.wiki_id(VAULT), "QzVaultNote", "<p>QzVaultRemark</p>", ADA)
    checkins.check_in(place.world, "KR-9", "56", note="Another one")
    checkins.check_in(place.world, "KR-9", "57", note="And another")
    place.settle()
    edit_page(place.site, place.wiki_id(OBJECTIVE), "<p>QzVaultRemark</p>", "QzVaultRemark", ADA)
    checkins.check_in(place.world, "KR-9", "58", note="A last one")
    place.settle()
    assert place.row(OBJECTIVE).state == "conflict"


def nights(place: Place) -> None:
    place.clock.move(24 * 3600)
    for kind in (sync.POLL, sweep.SWEEP, audit.AUDIT, retention.RETENTION, "snapshot", comments.COMMENTS, pages.DUE):
        place.tick(kind)
        place.settle()


def of_pages(place: Place, ids: set[str]) -> str:
    """All that these pages ever were: versions, labels, properties, files with names and bytes, and our answers."""
    site, told = place.site, []
    for page in ids:
        told += [page_of(site, page), *versions_of(site, page_of(site, page)), *properties_of(site, page)]
        files = attachments_of(site, page)
        told += [*files, *(content_of(site, one).decode("latin-1") for one in files)]
        told += [one["body"] for one in comments_of(site, page, "footer") if one["authorId"] == SERVICE]
    return "\n".join(json.dumps(one, ensure_ascii=False, default=str) for one in told)


def found(secrets: tuple[str, ...], text: str) -> list[str]:
    """Those of the secrets that stand in the text, with what is around them."""
    return [
        text[max(0, at.start() - 90) : at.end() + 40] for one in secrets for at in re.finditer(re.escape(one), text)
    ]


def test_after_a_whole_life_every_secret_stands_where_it_may_and_nowhere_else(lived: Place, heard: StringIO) -> None:
    pages_tell_no_more_than_they_may(lived)
    logs_tell_nothing(heard.getvalue())
    the_api_tells_what_everybody_may_read(lived)
    the_admins_own_commands_tell_no_key_and_no_hidden_issue(lived)


def pages_tell_no_more_than_they_may(lived: Place) -> None:
    all_pages = {page["id"] for page in lived.site.store.table(PAGES)}
    mine = {lived.wiki_id(VAULT), lived.wiki_id(OBJECTIVE)}
    private, public = of_pages(lived, mine), of_pages(lived, all_pages - mine)
    assert found(NOWHERE, private) == []
    assert len({one for one in PRIVATE if one in private}) >= 11, "the private pages do tell"
    assert found((*NOWHERE, *PRIVATE), public) == []
    assert len(public) > 50_000 and "Four things finished" in public and "Counted but not shown" in public


def logs_tell_nothing(logged: str) -> None:
    """The key of a hidden issue may stand in an error that Jira answered: who reads logs runs the service."""
    assert found((*KEYS, *HIDDEN[:3], *CONFIDENTIAL, *PRIVATE), logged) == []
    assert "page not published" in logged and "left alone" in logged


def the_api_tells_what_everybody_may_read(lived: Place) -> None:
    """With a token that may only read: its answers, refusals included, and the metrics."""
    reader = Script(lived, tokens.create(lived.world, "reader", read_only=True))
    told = "\n".join(reader.everything())
    told += "".join(reader.get(path).text for path in refused_paths())
    told += "".join(lived.web.get(path).text for path in ("/livez", "/readyz", "/openapi.json", "/api/v1/pages"))
    told += lived.web.get("/metrics", headers={"authorization": f"Bearer {reader.token}"}).text
    told += reader.post("/key-results/KR-9/check-ins", {"note": "x"}).text
    assert found((*NOWHERE, *PRIVATE), told) == []
    assert len(told) > 20_000 and "Signed up" in told and "plainsight_findings" in told


def the_admins_own_commands_tell_no_key_and_no_hidden_issue(lived: Place) -> None:
    """They do tell what teams and KPIs keep to themselves: they have the file."""
    summaries = HIDDEN[:3]
    for with_values in (False, True):
        exported = okrs.export(lived.world, with_values=with_values).text
        assert found((*KEYS, *summaries), exported) == []
        assert "QzVaultObjective" in exported
    assert found((*KEYS, *summaries), json.dumps(status.read(lived.world))) == []
    lived.apply(OKRS, reason="Again")
    said = [explain.explain(lived.world, key, "en") for key in ("O-1", "KR-1", "KR-9", "KPI-1", "KPI-2")]
    assert found((*KEYS, *HIDDEN, *CONFIDENTIAL), json.dumps(said, ensure_ascii=False)) == []
    looked = preview.preview(lived.world, pages.known(lived.world, None))
    assert found((*KEYS, *HIDDEN, *CONFIDENTIAL), str(looked)) == []


def refused_paths() -> Iterator[str]:
    for kind, key in (("objectives", "O-9"), ("key-results", "KR-9"), ("kpis", "KPI-2"), ("metrics", "vault-metric")):
        yield f"/{kind}/{key}"
        yield f"/{kind}/{key}/explanation"
        yield f"/{kind}/nothing"
    yield from ("/key-results/KR-9/check-ins", "/check-ins/1", "/metrics/vault-metric/measurements")
    yield from ("/metrics/payroll/measurements", f"/pages/{VAULT}", f"/pages/{OBJECTIVE}", f"/pages/{VAULT}/preview")
    yield from ("/objectives?team=vault", "/kpis?team=vault", "/status")
