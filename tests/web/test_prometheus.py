"""`/metrics`: Prometheus reads what the database says, what this process did, and no name that the docs do not have."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families as metrics_of
from sqlalchemy import event

from app.db.jobs import Job
from app.db.models import (
    CycleRow,
    EvidenceRow,
    InboxRow,
    KeyResultRow,
    MetricRow,
    ObjectiveRow,
    PageRow,
    PersonRow,
    RefusedDeliveryRow,
    RunRow,
    SyncRow,
    TeamRow,
)
from app.db.session import open_engine
from app.domain.sync_health.findings import NOTICES, PROBLEMS
from app.services import tokens
from app.services.vitals import VITALS
from tests.web.service import service_on

DOCS = Path(__file__).parents[2] / "docs" / "metrics.md"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SEOUL_MIDNIGHT = datetime(2026, 6, 29, 15, 0, tzinfo=UTC)  # 30 June, 0:00

only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def scrape(url: str, **headers: str) -> dict[tuple[str, frozenset[str]], float]:
    """Sample by name and label values."""
    answer = requests.get(f"{url}/metrics", headers=headers, timeout=10)
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, frozenset(sample.labels.values())): sample.value
        for family in metrics_of(answer.text)
        for sample in family.samples
    }


def figures(samples: dict[tuple[str, frozenset[str]], float], name: str) -> dict[str, float]:
    """The samples of one metric by their label value; without a label by nothing."""
    return {" ".join(sorted(labels)): value for (known, labels), value in samples.items() if known == name}


def fill(session) -> None:
    """Two sites, one of them out; seven pages in all states; deliveries, refusals, runs, parked jobs."""
    session.add(SyncRow(site="a.example", ok_at=NOW - timedelta(minutes=1)))
    session.add(SyncRow(site="b.example", out_since=NOW, error="the token was not accepted"))
    session.add(SyncRow(site="c.example"))
    states = ("new", "ok", "ok", "ok", "conflict", "lost", "failed")
    for number, state in enumerate(states):
        session.add(page(f"p{number}", state, due_at=NOW - timedelta(minutes=number) if number in (1, 2) else None))
    session.add(page("later", "ok", due_at=NOW + timedelta(seconds=3)))
    session.add(page("gone", "lost", due_at=NOW - timedelta(days=9), archived_at=NOW))
    for number, done in enumerate((True, False, False)):
        received = NOW - timedelta(seconds=30 - number)
        session.add(delivery(str(number), received, received if done else None))
        session.flush()
    session.add(RefusedDeliveryRow(reason="forged", at=NOW, count=4))
    session.add(RefusedDeliveryRow(reason="unsigned", at=NOW, count=1))
    for kind in ("drain", "drain", "publish"):
        key = str(len(session.new))
        session.add(Job(kind=kind, key=key, error="the token was not accepted", failed_at=NOW))
    session.add(Job(kind="poll", key="", due_at=NOW))
    run(session, "poll", minutes=9, seconds=5, error="")
    run(session, "poll", minutes=4, seconds=2.5, error="Jira answered 401")
    run(session, "publish", minutes=8, seconds=1, error="")
    evidence(session)


def page(name: str, state: str, due_at: datetime | None, archived_at: datetime | None = None) -> PageRow:
    return PageRow(
        id=name,
        kind="status",
        title_ko=name,
        title_en=name,
        languages=["en"],
        schedule="0 8 * * *",
        time_zone="UTC",
        state=state,
        due_at=due_at,
        archived_at=archived_at,
    )


def delivery(name: str, received: datetime, done: datetime | None) -> InboxRow:
    return InboxRow(identifier=name, received_at=received, event="jira:issue_updated", issue_ids=["1"], done_at=done)


def run(session, kind: str, minutes: float, seconds: float, error: str) -> None:
    began = NOW - timedelta(minutes=minutes)
    ended = began + timedelta(seconds=seconds)
    session.add(RunRow(kind=kind, started_at=began, finished_at=ended, counts={}, error=error))
    session.flush()


def evidence(session) -> None:
    """Three pieces: one fine, one refused, one refused and archived."""
    words = {"name_ko": "x", "name_en": "x"}
    titles = {"title_ko": "x", "title_en": "x"}
    session.add(TeamRow(id="t", **words))
    session.add(PersonRow(id="p", **words))
    session.add(MetricRow(id="m", unit="count", source="manual", params={}, **words))
    session.add(CycleRow(id="c", name="x", starts_on=date(2026, 1, 1), ends_on=date(2026, 3, 31), state="open"))
    session.flush()
    session.add(ObjectiveRow(id="o", cycle_id="c", team_id="t", kind="committed", rollup="weighted", **titles))
    session.flush()
    result = {"objective_id": "o", "owner_id": "p", "metric_id": "m", "mode": "from_to", "params": {}}
    session.add(KeyResultRow(id="k", weight=Decimal(1), cadence_days=7, **result, **titles))
    session.flush()
    for name, error, archived in (("1", "", None), ("2", "no such field", None), ("3", "no such field", NOW)):
        row = {"key_result_id": "k", "kind": "jql", "value": "x", "mode": "signal"}
        session.add(EvidenceRow(id=name, error=error, archived_at=archived, **row))


@pytest.fixture
def filled(engine, clock):
    stated = {"jira_token_expires_on": date(2026, 6, 30), "time_zone": "Asia/Seoul"}
    with service_on(engine, clock, **stated) as service:
        with service.world.session() as session:
            fill(session)
        yield service


def test_every_figure_is_what_the_database_says(filled) -> None:
    told = scrape(filled.url)
    at = NOW.timestamp()
    assert {vital.name: figures(told, vital.name) for vital in VITALS} == {
        "plainsight_sync_in_sync": {"a.example": 1, "b.example": 0, "c.example": 1},
        "plainsight_sync_last_success_timestamp_seconds": {"a.example": at - 60},
        "plainsight_findings": {
            **{" ".join(sorted((code, "problem"))): 0 for code in PROBLEMS},
            **{" ".join(sorted((code, "notice"))): 0 for code in NOTICES},
            **{"pages_conflict problem": 1, "pages_lost problem": 1, "pages_failed problem": 1},
            **{"problem webhooks_refused": 1, "evidence_refused problem": 1, "jobs_parked problem": 3},
            **{"problem runs_failed": 1},
        },
        "plainsight_pages_final": {"": 0},
        "plainsight_pages": {"new": 1, "ok": 4, "conflict": 1, "lost": 1, "failed": 1},
        "plainsight_pages_due": {"": 2},
        "plainsight_pages_oldest_due_age_seconds": {"": 120},
        "plainsight_inbox_waiting": {"": 2},
        "plainsight_webhook_last_received_timestamp_seconds": {"": at - 28},
        "plainsight_refused_deliveries_total": {"forged": 4, "unsigned": 1},
        "plainsight_parked_jobs": {"drain": 2, "publish": 1},
        "plainsight_evidence_refused": {"": 1},
        "plainsight_run_last_timestamp_seconds": {"poll": at - 237.5, "publish": at - 479},
        "plainsight_run_last_duration_seconds": {"poll": 2.5, "publish": 1},
        "plainsight_run_last_failed": {"poll": 1, "publish": 0},
        "plainsight_token_expires_timestamp_seconds": {"jira": SEOUL_MIDNIGHT.timestamp()},
    }


def test_an_empty_database_tells_of_nothing_that_it_does_not_know(service) -> None:
    told = scrape(service.url)
    assert figures(told, "plainsight_pages") == {"new": 0, "ok": 0, "conflict": 0, "lost": 0, "failed": 0}
    for known in ("plainsight_pages_due", "plainsight_pages_oldest_due_age_seconds", "plainsight_inbox_waiting"):
        assert figures(told, known) == {"": 0}
    for unknown in ("plainsight_sync_in_sync", "plainsight_webhook_last_received_timestamp_seconds"):
        assert figures(told, unknown) == {}


def test_a_page_that_is_due_later_is_not_late(service) -> None:
    with service.world.session() as session:
        session.add(page("later", "ok", due_at=NOW + timedelta(minutes=1)))
    told = scrape(service.url)
    assert figures(told, "plainsight_pages_due") == figures(told, "plainsight_pages_oldest_due_age_seconds") == {"": 0}


def test_the_last_runs_are_found_without_reading_them_all(service, engine) -> None:
    with service.world.session() as session:
        for number in range(2000):
            run(session, ("drain", "poll", "publish")[number % 3], minutes=-number, seconds=1, error="")
    asked: list[tuple[str, Any]] = []

    def note(_connection, _cursor, statement, parameters, *_more) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    told = scrape(service.url)
    event.remove(engine, "before_cursor_execute", note)
    assert figures(told, "plainsight_run_last_timestamp_seconds")["poll"] == NOW.timestamp() + 1999 * 60 + 1
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    questions = [(statement, parameters) for statement, parameters in asked if "FROM runs" in statement]
    assert questions
    with engine.connect() as connection:
        for statement, parameters in questions:
            plan = str(connection.exec_driver_sql(explain + statement, parameters).all())
            # On PostgreSQL the planner chooses by its statistics, which may be none yet: any index will do.
            wanted = "ix_runs_kind_id" if engine.dialect.name == "sqlite" else "Index"
            assert wanted in plan and "Seq Scan" not in plan, statement + plan


@only_sqlite
def test_requests_are_counted_by_their_route_never_by_their_path(service) -> None:
    for number in range(3):
        requests.get(f"{service.url}/api/v1/key-results/KR-{number}/explanation", timeout=10)
        requests.get(f"{service.url}/no/such/{number}", timeout=10)
    requests.get(f"{service.url}/livez", timeout=10)
    requests.post(f"{service.url}/livez", timeout=10)
    requests.request("BREW", f"{service.url}/livez", timeout=10)
    requests.get(f"{service.url}/docs", timeout=10)
    service.ring({"webhookEvent": "jira:issue_updated", "issue": {"id": "1"}})
    told = scrape(service.url)
    template = next(path for path in service.app.openapi()["paths"] if re.match("/api/v1/key-results/.*/expl", path))
    counted = {
        labels: value for (name, labels), value in told.items() if name == "plainsight_http_requests_total" and value
    }
    assert counted == {
        frozenset({"GET", template, "404"}): 3,
        frozenset({"GET", "none", "404"}): 3,
        frozenset({"GET", "/livez", "200"}): 1,
        frozenset({"POST", "/livez", "405"}): 1,
        frozenset({"other", "/livez", "405"}): 1,
        frozenset({"GET", "/docs", "200"}): 1,
        frozenset({"POST", "/webhooks/jira", "200"}): 1,
    }
    assert told["plainsight_http_request_duration_seconds_count", frozenset({"GET", "none"})] == 3
    assert 0 < told["plainsight_http_request_duration_seconds_sum", frozenset({"POST", "/webhooks/jira"})] < 10


@only_sqlite
def test_every_address_of_the_api_counts_under_its_template(service) -> None:
    templates = service.app.openapi()["paths"]
    for path, operations in templates.items():
        for method in operations:
            requests.request(method, service.url + re.sub("{.*?}", "one-of-many", path), timeout=10)
    told = [set(labels) for name, labels in scrape(service.url) if name == "plainsight_http_requests_total"]
    assert {label for labels in told for label in labels if label.startswith("/")} == set(templates)


@only_sqlite
def test_mounted_files_count_as_one_route(service) -> None:
    page = requests.get(f"{service.url}/docs", timeout=10).text
    files = re.findall(r'"(/swagger-ui[^"]+)"', page)
    assert len(files) == 2
    for file in files:
        assert requests.get(service.url + file, timeout=10).status_code == 200
    routes = {labels for (name, labels), _ in scrape(service.url).items() if name == "plainsight_http_requests_total"}
    assert {next(iter(one - {"GET", "200"})) for one in routes} == {"/docs", files[0].rpartition("/")[0]}


@only_sqlite
def test_a_bug_counts_as_a_request_that_failed(service) -> None:
    @service.app.get("/bug")
    def bug() -> None:
        raise ZeroDivisionError

    requests.get(f"{service.url}/bug", timeout=10)
    assert scrape(service.url)["plainsight_http_requests_total", frozenset({"GET", "/bug", "500"})] == 1


@only_sqlite
def test_the_process_and_the_version_are_told_too(service) -> None:
    told = scrape(service.url)
    assert figures(told, "plainsight_build_info") == {service.app.version: 1}
    assert figures(told, "process_resident_memory_bytes")[""] > 1_000_000
    assert {"python_info", "python_gc_collections_total"} <= {name for name, _ in told}


@only_sqlite
def test_an_asker_of_open_metrics_gets_them(filled) -> None:
    headers = {"Accept": "application/openmetrics-text; version=1.0.0"}
    answer = requests.get(f"{filled.url}/metrics", headers=headers, timeout=10)
    assert answer.headers["content-type"].startswith("application/openmetrics-text")
    assert "plainsight_pages" in {family.name for family in open_metrics(answer.text)}


@only_sqlite
def test_two_applications_in_a_process_count_apart(service, engine, clock) -> None:
    with service_on(engine, clock) as another:
        requests.get(f"{another.url}/livez", timeout=10)
        assert ("plainsight_http_requests_total", frozenset({"GET", "/livez", "200"})) in scrape(another.url)
    assert ("plainsight_http_requests_total", frozenset({"GET", "/livez", "200"})) not in scrape(service.url)


@only_sqlite
def test_metrics_are_guarded_as_the_api_is_and_no_part_of_its_document(service) -> None:
    token = tokens.create(service.world, "prometheus", read_only=True)
    assert requests.get(f"{service.url}/metrics", timeout=10).status_code == 401
    assert figures(scrape(service.url, Authorization=f"Bearer {token}"), "plainsight_pages_due") == {"": 0}
    assert "/metrics" not in service.app.openapi()["paths"]


def test_without_its_database_the_scrape_fails(clock, tmp_path) -> None:
    folder = tmp_path / "taken away"
    folder.mkdir()
    engine = open_engine(f"sqlite:///{folder}/x.db")
    folder.rmdir()
    with service_on(engine, clock) as service:
        assert requests.get(f"{service.url}/metrics", timeout=10).status_code == 503


@only_sqlite
def test_the_docs_name_every_metric_with_its_kind_labels_and_meaning(service) -> None:
    scrape(service.url)
    rows = re.findall(r"^\| `(plainsight_\w+)` \| (\w+) \| (.*?) ?\| (.*) \|$", DOCS.read_text(), re.MULTILINE)
    told = {family.name: (family.type, family.documentation) for family in service.app.state.metrics.collect()}
    ours = {name: words for name, words in told.items() if name.startswith("plainsight_")}
    assert {name.removesuffix("_total"): (kind, words) for name, kind, _, words in rows} == ours
    labels = {name: tuple(re.findall(r"`(\w+)`", named)) for name, _, named, _ in rows}
    assert {vital.name: vital.labels for vital in VITALS}.items() <= labels.items()


def test_the_alerts_in_the_docs_ask_for_metrics_that_exist() -> None:
    text = DOCS.read_text(encoding="utf-8")
    known = set(re.findall(r"^\| `(plainsight_\w+)`", text, re.MULTILINE))
    asked = set(
        re.findall(r"plainsight_\w+", re.findall(r"^```yaml\n(groups:.*?)^```", text, re.DOTALL | re.MULTILINE)[0])
    )
    assert asked and {re.sub("_(bucket|count|sum)$", "", name) for name in asked} <= known


def test_names_keep_the_conventions_of_prometheus() -> None:
    for vital in VITALS:
        assert re.fullmatch(r"plainsight(_[a-z]+)+", vital.name)
        assert vital.name.endswith("_total") is (vital.kind == "counter")
        assert not re.search("milli|minute|hour|_ms$", vital.name)
        assert vital.help.endswith(".")
